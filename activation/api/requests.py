"""Reads a request, or refuses it, before any route runs: Powertools would answer these cases wrongly or raise."""

import base64
import ipaddress
import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from activation.api.cookies import Cookies
from activation.api.faults import field_fault
from activation.api.problems import (
    BODY_TOO_LARGE,
    INVALID_REQUEST,
    NOT_JSON,
    NOT_SIGNED,
    ORIGIN_REJECTED,
    UNSUPPORTED_MEDIA_TYPE,
    Problem,
    problem,
)
from activation.config import ApiSettings
from activation.domain.errors import NextStep, WrongStepError
from activation.domain.flows import FlowReference
from activation.domain.names import UNREADABLE
from activation.domain.tokens import name_of

MOST_BODY_BYTES = 8_192
MOST_FILE_BYTES = 4_194_304
"""The most bytes of a file that a call takes: in base64 they nearly fill the largest event that Lambda is given."""
FILES = "application/octet-stream"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_NO_ORIGIN = "null"
"""The origin that a browser without referrers may send for our own page, as for any other (docs/adr/0035)."""


class RequestRefusedError(Exception):
    """The HTTP layer, and not a use case, refuses the request; `problem` says why."""

    def __init__(self, refusal: Problem) -> None:
        super().__init__(refusal.code)
        self.problem = refusal


class Visit(NamedTuple):
    """The call's id in logs, and its caller: IP address, flow reference, hashes of the tokens in the cookies."""

    correlation_id: str
    address: str
    flow: FlowReference | None
    session: str | None
    device: str | None
    shown_session: str | None = None
    """The name (`name_of`) of the session that the page shows; None when the page does not say."""

    @property
    def is_shown(self) -> bool:
        """False when the page shows another session than the cookie's: an old tab must not act in another account.

        True when the page names no session, or the browser has none.
        """
        return None in (self.session, self.shown_session) or self.shown_session == name_of(self.session or "")


def read_visit(event: Mapping[str, Any], settings: ApiSettings, cookies: Cookies) -> Visit:
    """The visit, from the event. Its address is the one that the edge saw, never one that the client wrote."""
    proxy = APIGatewayProxyEvent(dict(event))
    headers, sent = proxy.headers, proxy.resolved_cookies_field  # each access computes them again
    return Visit(
        correlation_id=_correlation_id(headers.get("X-Correlation-Id")),
        address=_client_address(proxy, settings),
        flow=cookies.read_flow(sent, shown=headers.get("X-Flow")),
        session=cookies.read_token("session", sent),
        device=cookies.read_token("device", sent),
        shown_session=headers.get("X-Session"),
    )


def guarded(
    event: Mapping[str, Any], settings: ApiSettings, visit: Visit, *, is_signed: bool = False, is_file: bool = False
) -> dict[str, Any]:
    """The event for the routes, checked: of our own origin, at most 8,192 bytes, JSON with its media type.

    An empty body becomes `{}`. Safe methods lose their body and are not checked. The origin of a signed call is not
    checked: a foreign page cannot make a browser sign. A file (`is_file`) is bytes of at most 4,194,304, which the
    gateway sends in base64, and is not looked into.

    Raises RequestRefusedError: `origin-rejected`, `body-too-large`, `unsupported-media-type`, `not-json` or, when
    it is no object or no byte, `invalid-request`; WrongStepError when the page shows another session than the
    browser's.
    """
    proxy = APIGatewayProxyEvent(dict(event))
    if proxy.http_method.upper() in SAFE_METHODS:
        return {**event, "body": None}
    if not is_signed:
        _require_own_origin(proxy, settings)
    if not visit.is_shown:
        raise WrongStepError(NextStep.HOME)
    body = _body(event)
    media_type = (proxy.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    if is_file:
        _require_file(event, body, media_type)
        return dict(event)
    if len(body) > MOST_BODY_BYTES:
        raise RequestRefusedError(problem(BODY_TOO_LARGE))
    if not body:
        return _as_json(event, "{}")
    if media_type != "application/json":
        raise RequestRefusedError(problem(UNSUPPORTED_MEDIA_TYPE))
    try:
        text = body.decode()
        is_object = isinstance(json.loads(text, object_pairs_hook=_named_once), dict)
    except (ValueError, RecursionError):
        raise RequestRefusedError(problem(NOT_JSON)) from None
    if not is_object:  # Powertools would take a list of one object for that object
        raise RequestRefusedError(problem(INVALID_REQUEST, faults=(field_fault("", "invalid"),)))
    return _as_json(event, text)


def _require_file(event: Mapping[str, Any], body: bytes, media_type: str) -> None:
    """Refuse a body that is too long, empty, of another media type, or that the gateway has made text."""
    if len(body) > MOST_FILE_BYTES:
        raise RequestRefusedError(replace(problem(BODY_TOO_LARGE), detail="Le fichier dépasse 4 Mo."))
    if not body:
        raise RequestRefusedError(problem(INVALID_REQUEST, faults=(field_fault("file", "missing"),)))
    if media_type != FILES or not event.get("isBase64Encoded"):
        detail = f"Un fichier s'envoie sous la forme {FILES}."
        raise RequestRefusedError(replace(problem(UNSUPPORTED_MEDIA_TYPE), detail=detail))


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object. Raises ValueError for a name given twice: a check before us may have read the other value."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name is given twice")
    return members


def agent_of(proxy: APIGatewayProxyEvent) -> str:
    """The agent who signed the call: the IAM user's name, or that of the role's session.

    Raises RequestRefusedError (`not-signed`) when the gateway names nobody, or only an account.
    """
    _, named, agent = (proxy.request_context.identity.get("userArn") or "").rpartition("/")
    if not named:
        raise RequestRefusedError(problem(NOT_SIGNED))
    return agent


def _as_json(event: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The event with that body and one header `Content-Type`, in the only spelling that Powertools recognizes."""
    others = {name: value for name, value in (event.get("headers") or {}).items() if name.lower() != "content-type"}
    headers = {**others, "Content-Type": "application/json"}
    return {**event, "headers": headers, "body": text, "isBase64Encoded": False}


def _require_own_origin(proxy: APIGatewayProxyEvent, settings: ApiSettings) -> None:
    """Refuse cross-site requests: Origin must be ours or, if it is missing or `null`, Sec-Fetch-Site `same-origin`."""
    headers = proxy.headers
    origin = headers.get("Origin") or _NO_ORIGIN
    is_ours = origin in settings.public_origins
    if not is_ours and (origin != _NO_ORIGIN or headers.get("Sec-Fetch-Site") != "same-origin"):
        raise RequestRefusedError(problem(ORIGIN_REJECTED))


def _body(event: Mapping[str, Any]) -> bytes:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        if UNREADABLE in body:  # what the gateway puts in the place of bytes that are no UTF-8
            raise RequestRefusedError(problem(NOT_JSON))
        return str(body).encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError:
        raise RequestRefusedError(problem(NOT_JSON)) from None


def _correlation_id(given: str | None) -> str:
    try:
        return str(uuid.UUID(given or ""))
    except ValueError:
        return str(uuid.uuid4())


def _client_address(proxy: APIGatewayProxyEvent, settings: ApiSettings) -> str:
    """The visitor's address; 0.0.0.0 when the edge names none, so that all such calls share one count."""
    if settings.client_address == "cloudfront":
        given = (proxy.headers.get("CloudFront-Viewer-Address") or "").rpartition(":")[0].strip("[]")
    else:
        given = proxy.request_context.identity.get("sourceIp") or ""
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        return "0.0.0.0"  # noqa: S104  # a name for "unknown", nothing binds to it
