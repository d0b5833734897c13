"""One call of each step: the event, and the rows that it finds."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from activation.adapters.accounts import DynamoAccounts
from activation.adapters.dynamodb import DynamoWrite, Table, to_attributes
from activation.adapters.flows import DynamoFlows
from activation.adapters.outbox import DynamoOutbox
from activation.adapters.requests import DynamoRequests
from activation.adapters.sessions import DynamoSessions
from activation.adapters.tables import ACCOUNTS, FLOWS, LIMITS, OUTBOX, REQUESTS, SESSIONS, STRUCTURES, TABLES
from activation.domain.accounts import Account, PasswordRecord
from activation.domain.code_digits import code_for
from activation.domain.credentials import hash_password
from activation.domain.flows import Flow, FlowReference, FlowState, Purpose, open_flow
from activation.domain.limits import Limits
from activation.domain.outbox import code_message_for
from activation.domain.requests.request import Request
from activation.domain.sessions import open_session
from activation.domain.tokens import hash_token
from bench.aws import MAC, Row
from tests.builders import MAIL, PASSWORD, active, invited
from tests.functions import deployment
from tests.functions.visitor import ORIGIN, gateway_event

_TOKEN = "t" * 43
_FLOW_ID = "8476a536-e9f4-41e8-9739-2dfe598c3fcd"
_IDENTIFIER = "10000001"
_ASKED = {"identifier": _IDENTIFIER, "last_name": "Garcia"}
_VERIFICATION, _CODE = "/api/activation/verification", code_for(MAC, number=1, digits=6)
_COUNTED = to_attributes({"scope": "s", "failures": 1})
_STRUCTURE = to_attributes({"structure_id": "S1", "name": "Mairie de Mondomaine"})

DRAFT = Request("01M6DV7580CAJ1XP00MS6B9KRW", "482037615", _IDENTIFIER, "reclamation", "1", 0, 0, version=1)
"""A draft, as the list of requests finds it."""

STACK = "stack"

SETTINGS = deployment.SETTINGS | {
    "CODE_KEY_ID": "code",
    "PEPPER_KEY_ID": "pepper",
    "DOCUMENT_KEY_ID": "document",
    "RETRY_QUEUE_URL": "https://sqs.example/1/retry",
    "POWERTOOLS_SERVICE_NAME": "bench",
    "POWERTOOLS_METRICS_NAMESPACE": "AccountActivation",
    "POWERTOOLS_LOG_LEVEL": "WARNING",
    **{table.setting: table.name for table in TABLES},
}


@dataclass(frozen=True, slots=True)
class Step:
    """A call, and the rows that it finds, by table."""

    name: str
    handler: str
    event: Mapping[str, Any]
    rows: Mapping[str, Row]


def floor() -> Step:
    """What every step stands on, with a row to put and no step of ours: `bench/floors/stack.py`."""
    return Step(STACK, "stack.lambda_handler", _call("POST", "/api/activation", _ASKED), {})


def steps() -> tuple[Step, ...]:
    """The steps of an activation, the list of requests, and a sign-in, as of now: each succeeds."""
    now = int(time.time())
    newcomer, at_home = invited(), active(password=PasswordRecord(hash_password(MAC), "pepper"))
    sent = replace(_open(now), recipients={1: MAIL}, epoch=0)
    verified = replace(sent, state=FlowState.VERIFIED, matched=1)
    chosen = {"password": PASSWORD, "confirmation": PASSWORD}
    consents = {"consents": True, "text_version": "1"}
    waiting, stranger = _waiting(now), {ACCOUNTS.name: _person(newcomer)}
    in_session = _session(now) | {ACCOUNTS.name: _person(at_home), STRUCTURES.name: _STRUCTURE}
    drafted = {REQUESTS.name: _item(DynamoRequests(_table(REQUESTS.name)).update(DRAFT, DRAFT))}
    return (
        _step("start", "start_activation", _call("POST", "/api/activation", _ASKED), {}),
        _step("deliver a code", "deliver_message", _streamed(waiting), waiting | stranger),
        _step("verify", "verify_code", _call("POST", _VERIFICATION, {"code": _CODE}, "flow"), _flow(sent)),
        _step(
            "set password",
            "set_password",
            _call("POST", "/api/activation/password", chosen, "flow"),
            _flow(verified) | stranger,
        ),
        _step("consent", "preferences", _call("PUT", "/api/account/consent", consents, "session"), in_session),
        _step("home", "account", _call("GET", "/api/account", None, "session"), in_session),
        _step("list requests", "requests", _call("GET", "/api/requests", None, "session"), in_session | drafted),
        _step(
            "sign in",
            "sign_in",
            _call("POST", "/api/session", {"identifier": _IDENTIFIER, "password": PASSWORD}),
            {ACCOUNTS.name: _person(at_home), LIMITS.name: _COUNTED},
        ),
    )


def _step(name: str, function: str, event: Mapping[str, Any], rows: Mapping[str, Row]) -> Step:
    return Step(name, f"functions.{function}.handler.lambda_handler", event, rows)


def _call(method: str, path: str, body: object, *cookies: str) -> Mapping[str, Any]:
    values = {"flow": f"__Host-flow={_FLOW_ID}.{_TOKEN}", "session": f"__Host-session={_TOKEN}"}
    headers = {
        "Origin": ORIGIN,
        "Content-Type": "application/json",
        "Cookie": "; ".join(values[name] for name in cookies),
    }
    return gateway_event(method, path, None if body is None else json.dumps(body), headers, "203.0.113.7")


def _open(now: int) -> Flow:
    reference = FlowReference(_FLOW_ID, hash_token(_TOKEN))
    return open_flow(
        reference,
        Purpose.ACTIVATION,
        identifier=_IDENTIFIER,
        throttle_suffix="garcia",
        digits=6,
        now=now,
        limits=Limits(),
    )


def _flow(flow: Flow) -> dict[str, Row]:
    return {FLOWS.name: _item(DynamoFlows(_table(FLOWS.name)).open(flow))}


def _session(now: int) -> dict[str, Row]:
    session = open_session(
        hash_token(_TOKEN), "s-1", identifier=_IDENTIFIER, structure_id="S1", epoch=0, now=now, limits=Limits()
    )
    return {SESSIONS.name: _item(DynamoSessions(_table(SESSIONS.name)).open(session))}


def _waiting(now: int) -> dict[str, Row]:
    flow = _open(now)
    message = code_message_for(flow, _FLOW_ID, now=now)
    return {**_flow(flow), OUTBOX.name: _item(DynamoOutbox(_table(OUTBOX.name)).put(message))}


def _person(somebody: Account) -> Row:
    return _item(DynamoAccounts(_table(ACCOUNTS.name)).save(somebody))


def _table(name: str) -> Table:
    return Table(None, name)  # type: ignore[arg-type]  # nothing is asked of it


def _item(write: DynamoWrite) -> Row:
    item: Row = write.request["Item"]
    return item


def _streamed(rows: Mapping[str, Row]) -> Mapping[str, Any]:
    image = {"Keys": {"message_id": {"S": _FLOW_ID}}, "NewImage": rows[OUTBOX.name]}
    return {"Records": [{"eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": image}]}
