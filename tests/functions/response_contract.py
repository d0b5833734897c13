"""What holds for every answer of the API, whatever is asked: looked at on each call that a test makes."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
SLUG = re.compile(r"[a-z]+(?:-[a-z0-9]+)*")
STEPS = {
    *("verify_code", "set_password", "give_consent", "choose_channel"),
    *("verify_contact", "accept_terms", "home", "sign_in"),
}
COOKIES = {"flow", "session", "device", "__Host-flow", "__Host-session", "__Host-device"}
LEAST_ECHO = 6
"""Shorter values stand in our own sentences by chance."""


def check_response_contract(status: int, headers: Mapping[str, list[str]], body: Any, *, sent: object) -> None:
    """Fails when an answer breaks a rule that holds for all of them."""
    assert status < 500 or status == 503
    assert headers["Cache-Control"] == ["no-store"]
    [correlation_id] = headers["X-Correlation-Id"]
    assert UUID.fullmatch(correlation_id)
    for line in headers.get("Set-Cookie", []):
        _look_at_cookie(line)
    if status < 400:
        assert body is None or body.get("next_step") in {*STEPS, None}
        return
    assert headers["Content-Type"] == ["application/problem+json"]
    _look_at_problem(status, headers, body, correlation_id)
    assert not [value for value in strings(sent) if len(value) >= LEAST_ECHO and value in str(body)]


def _look_at_cookie(line: str) -> None:
    name, _, rest = line.partition("=")
    attributes = {part.strip() for part in rest.split(";")[1:]}
    assert name in COOKIES
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= attributes
    assert ("Secure" in attributes) == name.startswith("__Host-")


def _look_at_problem(status: int, headers: Mapping[str, list[str]], body: Any, correlation_id: str) -> None:
    assert {"type", "title", "status", "detail", "code", "correlation_id"} <= body.keys()
    assert (body["status"], body["correlation_id"]) == (status, correlation_id)
    assert SLUG.fullmatch(body["code"])
    assert body["type"] == f"urn:problem-type:{body['code']}"
    assert body["title"]
    assert body["detail"].endswith(".")
    faults = body.get("errors", [])
    assert all(fault.keys() == {"pointer", "code", "detail"} for fault in faults)
    assert faults or body["code"] not in {"invalid-request", "password-rejected"}
    assert ("retry_at" in body) == ("Retry-After" in headers) == (status in {429, 503})
    if "retry_at" in body:
        assert TIME.fullmatch(body["retry_at"])
        assert int(headers["Retry-After"][0]) >= 0
    if body["code"] == "wrong-step":
        assert body["next_step"] in STEPS


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for member in members:
        yield from strings(member)
