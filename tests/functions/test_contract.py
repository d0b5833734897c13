"""`docs/openapi.json` against the functions: many odd requests, no fault of ours, no answer that it does not name.

Each call is asked by somebody at the step where it works, or by nobody; with what the contract allows, with what it
forbids, and with what works. Ten requests a call; 300 in `make fuzz`.
"""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from infra.routes import LARGER_BODIES, ROUTES
from tests.exhaustive import DRAW, IS_EXHAUSTIVE
from tests.functions.deployment import forget_settings
from tests.functions.test_bad_requests import BODIES
from tests.functions.visitor import ORIGIN, Answer, Visitor
from tests.functions.walks import WALKS
from tests.functions.walks.acts import latest_request, latest_upload
from tests.functions.world import World

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT: dict[str, Any] = json.loads((ROOT / "docs/openapi.json").read_text(encoding="utf-8"))
API = schemathesis.openapi.from_dict(DOCUMENT)
FEW = 10
MANY = 300 if IS_EXHAUSTIVE else FEW
CHECKS = [checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance]
STATE = "where the requests begin"
ODD_HEADERS = st.dictionaries(st.sampled_from(["X-Flow", "X-Correlation-Id", "Sec-Fetch-Site"]), st.text(max_size=40))


CALLS = [route[:2] for route in ROUTES]


FIRST = {act.name: (walk, number) for walk in reversed(WALKS) for number, act in reversed(list(enumerate(walk.acts)))}
"""The walk and the place in it where each act comes first."""
BEGUN: dict[str, int] = {}
"""When each is about to be done."""


def begin(world: World, method: str, path: str) -> Visitor:
    """Whoever makes that call in a walk, when they are about to make it; each walk is walked once."""
    name = f"{method} {path}"
    if world.deployment.recall(f"about to {name}") is None:
        walk, _ = FIRST[name]
        visitor = walk.origin(world)
        for number, act in enumerate(walk.acts):
            if FIRST[act.name] == (walk, number):
                BEGUN[act.name] = world.now
                world.deployment.remember(f"about to {act.name}", visitor.cookies)
            assert act.do(world, visitor).said == act.says
        forget_settings()
    world.now = BEGUN[name]
    return Visitor(world.deployment.recall(f"about to {name}") or {})


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
    visitor = begin(world, method, path)
    world.deployment.remember(STATE, visitor.cookies)

    def refusal(without: str = "", headers: dict[str, str] | None = None) -> tuple[int, str | None]:
        cookies = world.deployment.recall(STATE) or {}
        here = Visitor({name: value for name, value in cookies.items() if name != f"__Host-{without}"})
        if (method, path) in LARGER_BODIES:
            return here.send(path, b"identifiant;nom", headers).said
        return here.call(method, path, BODIES.get((method, path)), headers=headers).said

    assert {name for name in ("session", "flow") if refusal(name) == (401, f"{name}-expired")} == cookies
    assert {name for name in headers if refusal(headers={name: FOREIGN[name][0]}) == FOREIGN[name][1]} == headers
    assert ("Origin" in headers) == (refusal(headers={"Origin": FOREIGN["Origin"][0]}) == FOREIGN["Origin"][1])


@pytest.mark.parametrize(("method", "path"), CALLS, ids=str)
def test_no_request_makes_a_fault_or_an_answer_outside_the_contract(world: World, method: str, path: str) -> None:
    operation = API[path][method]
    visitor = begin(world, method, path)
    latest = {"upload_id": latest_upload, "request_id": latest_request}
    parts = {name: latest[name](world) for name in re.findall(r"{(\w+)}", path)}
    world.advance(60)
    world.deployment.remember(STATE, visitor.cookies)
    now = world.now

    @seed(DRAW)
    @given(case=cases(operation, method, path, parts), known=st.booleans(), headers=ODD_HEADERS)
    @settings(
        max_examples=MANY if (method, path) in BODIES else FEW,  # without a body there is little to vary
        deadline=None,
        database=None,
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
