"""`docs/openapi.json` against the functions: many odd requests, no fault of ours, no answer that it does not name.

Each call is asked by somebody at the step where it works, or by nobody; with what the contract allows, with what it
forbids, and with what works. 25 requests a call; 300 with EXHAUSTIVE set (`make fuzz`).
"""

import base64
import json
import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from infra.routes import LARGER_BODIES, ROUTES
from tests.functions.correspondents import claire_and_others
from tests.functions.people import (
    ACTIVATION,
    CHANNEL,
    CONSENT,
    CONTACT,
    LOUIS,
    RESET,
    SESSION,
    TERMS,
    ask_code,
    at_home,
    credentials,
    in_session,
    prove,
)
from tests.functions.requests import REQUESTS, opened
from tests.functions.test_bad_bodies import BODIES
from tests.functions.visitor import ORIGIN, Answer, Visitor
from tests.functions.world import World

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT: dict[str, Any] = json.loads((ROOT / "docs/openapi.json").read_text(encoding="utf-8"))
API = schemathesis.openapi.from_dict(DOCUMENT)
FEW = 25
MANY = 300 if "EXHAUSTIVE" in os.environ else FEW
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
STATE = "where the requests begin"
ODD_HEADERS = st.dictionaries(st.sampled_from(["X-Flow", "X-Correlation-Id", "Sec-Fetch-Site"]), st.text(max_size=40))


def with_a_code(path: str, world: World) -> Visitor:
    """Somebody whose code is out."""
    visitor = Visitor()
    ask_code(world, visitor, LOUIS, path)
    return visitor


def with_a_verified_code(path: str, world: World) -> Visitor:
    """Somebody who may choose a password."""
    visitor = Visitor()
    prove(world, visitor, LOUIS, path)
    return visitor


def once_active(ready: Callable[[World], Visitor], world: World) -> Visitor:
    """The same, of somebody whose account is active."""
    at_home(world, LOUIS)
    return ready(world)


def signing_in(world: World) -> Visitor:
    """Somebody whose password was right."""
    visitor = Visitor()
    visitor.post(SESSION, credentials(LOUIS))
    world.deliver()
    return visitor


def proving_a_contact(world: World) -> Visitor:
    """Somebody who has just chosen another contact."""
    visitor = in_session(world, LOUIS)
    visitor.put(CHANNEL, {"channel": "sms", "mobile": "0612345678"})
    world.deliver()
    return visitor


def deciding(world: World) -> Visitor:
    """Somebody with everything to decide."""
    return in_session(world, LOUIS)


def home(world: World) -> Visitor:
    """Somebody with nothing left to decide."""
    return at_home(world, LOUIS)


def with_a_draft(world: World) -> Visitor:
    """Somebody at home who has begun a claim."""
    visitor = at_home(world, LOUIS)
    opened(visitor)
    return visitor


BEGIN: dict[str, Callable[[World], Visitor]] = {
    f"{ACTIVATION}/code": partial(with_a_code, ACTIVATION),
    f"{ACTIVATION}/verification": partial(with_a_code, ACTIVATION),
    f"{ACTIVATION}/password": partial(with_a_verified_code, ACTIVATION),
    f"{RESET}/code": partial(once_active, partial(with_a_code, RESET)),
    f"{RESET}/verification": partial(once_active, partial(with_a_code, RESET)),
    f"{RESET}/password": partial(once_active, partial(with_a_verified_code, RESET)),
    f"{SESSION}/code": partial(once_active, signing_in),
    f"{SESSION}/verification": partial(once_active, signing_in),
    f"{CONTACT}/code": proving_a_contact,
    f"{CONTACT}/verification": proving_a_contact,
    CONSENT: deciding,
    CHANNEL: deciding,
    TERMS: deciding,
    **{path: with_a_draft for _, path, _ in ROUTES if path.startswith(f"{REQUESTS}/")},
}
"""Who asks a call, so that it may work; somebody at home asks the others."""


def begin(path: str) -> Callable[[World], Visitor]:
    """Who asks that call."""
    return BEGIN.get(path, claire_and_others if path.startswith("/api/correspondent") else home)


CALLS = [route[:2] for route in ROUTES]
NAMED = {"upload_id": "20261124T093000Z-0123456789ab"}
"""What stands in an address."""
FOREIGN = {
    "Origin": ("https://ailleurs.exemple.fr", (403, "origin-rejected")),
    "X-Session": ("another", (409, "wrong-step")),
    "X-Flow": ("00000000-0000-4000-8000-000000000000", (409, "wrong-step")),
}
"""Another one's value of each header, and what it comes to."""


@pytest.mark.parametrize(("method", "path"), CALLS, ids=str)
def test_a_call_takes_the_cookies_and_headers_that_the_contract_names(world: World, method: str, path: str) -> None:
    call = DOCUMENT["paths"][path][method.lower()]
    cookies = {name for needed in call["security"] for name in needed}
    headers = {header["$ref"].rpartition("/")[2] for header in call["parameters"] if "$ref" in header}
    visitor = begin(path)(world)
    world.deployment.remember(STATE, visitor.cookies)

    def refusal(without: str = "", headers: dict[str, str] | None = None) -> tuple[int, str | None]:
        held = world.deployment.recall(STATE) or {}
        here = Visitor({name: value for name, value in held.items() if name != f"__Host-{without}"})
        if (method, path) in LARGER_BODIES:
            return here.send(path, b"identifiant;nom", headers).said
        return here.call(method, path, BODIES.get((method, path)), headers=headers).said

    assert {name for name in ("session", "flow") if refusal(name) == (401, f"{name}-expired")} == cookies
    assert {name for name in headers if refusal(headers={name: FOREIGN[name][0]}) == FOREIGN[name][1]} == headers
    assert ("Origin" in headers) == (refusal(headers={"Origin": FOREIGN["Origin"][0]}) == FOREIGN["Origin"][1])


@pytest.mark.parametrize(("method", "path"), CALLS, ids=str)
def test_no_request_makes_a_fault_or_an_answer_that_the_contract_does_not_name(
    world: World, method: str, path: str
) -> None:
    operation = API[path][method]
    visitor = begin(path)(world)
    parts = {name: NAMED.get(name) or latest_request(world) for name in re.findall(r"{(\w+)}", path)}
    world.advance(60)
    world.deployment.remember(STATE, visitor.cookies)
    now = world.now

    @given(case=cases(operation, method, path, parts), known=st.booleans(), headers=ODD_HEADERS)
    @settings(
        max_examples=MANY if (method, path) in BODIES else FEW,  # without a body there is little to vary
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any, known: bool, headers: dict[str, str]) -> None:  # drawn
        cookies = world.deployment.recall(STATE) if known else {}
        if known:
            case.path_parameters = dict(parts)
        world.now = now
        world.wire.done.clear()
        answer = send(Visitor(cookies or {}), case, headers)
        assert answer.status < 500
        case.validate_response(response_of(case, answer), checks=CHECKS)

    ask()


def latest_request(world: World) -> str:
    """The id of the request that was opened last, or of none."""
    rows = [row for row in world.rows("requests") if row["record"]["S"].startswith("R#")]
    return str(rows[-1]["request_id"]["S"]) if rows else "01ARZ3NDEKTSV4RRFFQ69G5FAV"


def cases(operation: Any, method: str, path: str, parts: dict[str, str]) -> st.SearchStrategy[Any]:
    """What the contract allows, what it forbids, and what works."""
    body = BODIES.get((method, path))
    if body is None:
        return st.just(operation.Case(path_parameters=parts))
    right = operation.Case(body=body, media_type="application/json", path_parameters=parts)
    return st.one_of(st.just(right), *(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))


def send(visitor: Visitor, case: Any, headers: dict[str, str]) -> Answer:
    """Make that request; a body that is bytes already goes as such."""
    raw = None
    if case.media_type:
        body = case.body if isinstance(case.body, bytes) else json.dumps(case.body).encode()
        raw = base64.b64encode(body).decode()
    event = {"isBase64Encoded": raw is not None}
    return visitor.call(case.method, case.formatted_path, raw=raw, headers=headers, event=event)


def response_of(case: Any, answer: Answer) -> schemathesis.Response:
    """The answer as the checks want it."""
    request = requests.Request(case.method, ORIGIN + case.formatted_path).prepare()
    headers = {name: list(values) for name, values in answer.headers.items()}
    return schemathesis.Response(answer.status, headers, answer.text.encode(), request, elapsed=0, verify=True)
