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
from activation.adapters.sessions import DynamoSessions
from activation.adapters.tables import ACCOUNTS, LIMITS, OUTBOX, PENDING_CODES, SESSIONS, STRUCTURES, TABLES
from activation.domain.accounts import Account, PasswordRecord
from activation.domain.codes import code_for
from activation.domain.credentials import hash_password
from activation.domain.flows import Flow, FlowReference, FlowState, Purpose, SentCode, open_flow
from activation.domain.limits import Limits
from activation.domain.outbox import code_message_for
from activation.domain.sessions import open_session
from activation.domain.tokens import hash_token
from bench.aws import MAC, Row
from tests.builders import MAIL, PASSWORD, active, invited
from tests.functions.visitor import ORIGIN, gateway_event

_TOKEN = "t" * 43
_FLOW_ID = "8476a536-e9f4-41e8-9739-2dfe598c3fcd"
_IDENTIFIER, _NAME = "10000001", "Garcia"

SETTINGS = {
    "STAGE": "dev",
    "PUBLIC_ORIGINS": ORIGIN,
    "CLIENT_ADDRESS": "gateway",
    "MAIL_FROM": "ne-pas-repondre@exemple.fr",
    "MAIL_CONFIGURATION_SET": "mails",
    "SMS_SENDER_ID": "CNAS",
    "CODE_KEY_ID": "code",
    "PEPPER_KEY_ID": "pepper",
    "RETRY_QUEUE_URL": "https://sqs.example/1/retry",
    "POWERTOOLS_SERVICE_NAME": "bench",
    "POWERTOOLS_METRICS_NAMESPACE": "AccountActivation",
    "POWERTOOLS_LOG_LEVEL": "WARNING",
    **{table.setting: table.name for table in TABLES},
}


@dataclass(frozen=True, slots=True)
class Step:
    """A call that succeeds. `rows`: by table."""

    name: str
    function: str
    event: Mapping[str, Any]
    rows: Mapping[str, Row]
    answers: int | None = 200
    """Its status; None for what no person calls."""

    @property
    def handler(self) -> str:
        """Where Lambda finds it."""
        return f"functions.{self.function}.handler.lambda_handler"


def steps() -> tuple[Step, ...]:
    """The steps of an activation, and a sign-in, as of now."""
    now = int(time.time())
    newcomer, at_home = invited(), active(password=PasswordRecord(hash_password(MAC), "pepper"))
    sent = replace(_open(now), recipients={1: MAIL}, epoch=0)
    verified = replace(sent, state=FlowState.VERIFIED, matched=1)
    asked = {"identifier": _IDENTIFIER, "last_name": _NAME}
    chosen = {"password": PASSWORD, "confirmation": PASSWORD}
    code = {"code": code_for(MAC, number=1, digits=6)}
    signing_in = {"identifier": _IDENTIFIER, "password": PASSWORD}
    consents = {"consents": True, "text_version": "1"}
    in_session = _session(now) | {ACCOUNTS.name: _person(at_home), STRUCTURES.name: _STRUCTURE}
    return (
        Step("start", "start_activation", _call("POST", "/api/activation", asked), {}, 202),
        Step("deliver a code", "deliver_message", _STREAMED, _waiting(now) | {ACCOUNTS.name: _person(newcomer)}, None),
        Step("verify", "verify_code", _call("POST", "/api/activation/verification", code, "flow"), _flow(sent)),
        Step(
            "set password",
            "set_password",
            _call("POST", "/api/activation/password", chosen, "flow"),
            _flow(verified) | {ACCOUNTS.name: _person(newcomer)},
        ),
        Step("consent", "preferences", _call("PUT", "/api/account/consent", consents, "session"), in_session),
        Step("home", "account", _call("GET", "/api/account", None, "session"), in_session),
        Step(
            "sign in",
            "sign_in",
            _call("POST", "/api/session", signing_in),
            {ACCOUNTS.name: _person(at_home), LIMITS.name: to_attributes({"scope": "s", "failures": 1})},
            202,
        ),
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """The same call by somebody known and by somebody who is not; each with the rows that they find."""

    name: str
    function: str
    known_event: Mapping[str, Any]
    unknown_event: Mapping[str, Any]
    known: Mapping[str, Row]
    unknown: Mapping[str, Row]

    @property
    def handler(self) -> str:
        """Where Lambda finds it."""
        return f"functions.{self.function}.handler.lambda_handler"


def pairs() -> tuple[Pair, ...]:
    """Every call that an anonymous visitor can make about somebody."""
    now = int(time.time())
    decoy = _open(now)
    real = replace(decoy, recipients={1: MAIL}, epoch=0)
    resent = replace(decoy, codes={1: SentCode(6, now + 800)})
    another = hash_password(bytes(len(MAC)))  # KMS makes one MAC of every password here: this is nobody's
    at_home = _person(active(password=PasswordRecord(another, "pepper")))
    counted = {LIMITS.name: to_attributes({"scope": "s", "failures": 1})}
    wrong = {"code": f"{(int(code_for(MAC, number=1, digits=6)) + 1) % 10**6:06}"}
    verification, asked = "/api/activation/verification", {"identifier": _IDENTIFIER, "last_name": _NAME}
    again = _call("POST", "/api/activation/code", {}, "flow")
    mistyped, signing_in = _call("POST", verification, wrong, "flow"), {"identifier": _IDENTIFIER, "password": "x" * 20}
    start, sign_in = _call("POST", "/api/activation", asked), _call("POST", "/api/session", signing_in)
    return (
        Pair("start", "start_activation", start, _call("POST", "/api/activation", asked | _NOBODY), {}, {}),
        Pair(
            "send again", "start_activation", again, again, _flow(replace(resent, recipients={1: MAIL})), _flow(resent)
        ),
        Pair("verify, a wrong code", "verify_code", mistyped, mistyped, _flow(real), _flow(decoy)),
        Pair("sign in, a wrong password", "sign_in", sign_in, sign_in, counted | {ACCOUNTS.name: at_home}, counted),
    )


_NOBODY = {"identifier": "29999999"}


def _call(method: str, path: str, body: object, *cookies: str) -> Mapping[str, Any]:
    held = {"flow": f"__Host-flow={_FLOW_ID}.{_TOKEN}", "session": f"__Host-session={_TOKEN}"}
    headers = {
        "Origin": ORIGIN,
        "Content-Type": "application/json",
        "Cookie": "; ".join(held[name] for name in cookies),
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
    return {PENDING_CODES.name: _item(DynamoFlows(_table(PENDING_CODES.name)).open(flow))}


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


_STRUCTURE = to_attributes({"structure_id": "S1", "name": "Mairie de Mondomaine"})
_STREAMED = {
    "Records": [
        {
            "eventName": "INSERT",
            "eventSource": "aws:dynamodb",
            "dynamodb": {"Keys": {"message_id": {"S": _FLOW_ID}}, "NewImage": _waiting(int(time.time()))[OUTBOX.name]},
        }
    ]
}
