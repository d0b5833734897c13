"""A browser in front of the functions: cookies, origin and JSON as the front sends them."""

import base64
import importlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

from infra.routes import ROUTES
from tests.dynamodb.stand_in import let_writes_be_seen
from tests.functions.response_contract import check_response_contract
from tests.functions.secrets_said import note

ORIGIN = "https://compte.exemple.fr"
_NAMES = {"function_name": "test", "memory_limit_in_mb": 256, "invoked_function_arn": "arn", "aws_request_id": "r"}
CONTEXT = SimpleNamespace(**_NAMES, get_remaining_time_in_millis=lambda: 60_000)


@dataclass(frozen=True)
class Answer:
    """What a visitor gets."""

    status: int
    headers: Mapping[str, list[str]]
    text: str

    @property
    def body(self) -> Any:
        is_file = self.headers.get("Content-Type", [""])[0].startswith("text/csv")
        return json.loads(self.text) if self.text and not is_file else None

    @property
    def code(self) -> str | None:
        return self.body.get("code") if self.status >= 400 else None

    @property
    def next_step(self) -> str | None:
        return self.body.get("next_step") if isinstance(self.body, dict) else None

    @property
    def cookies(self) -> dict[str, str]:
        return {line.partition("=")[0]: line for line in self.headers.get("Set-Cookie", [])}

    @property
    def faults(self) -> set[tuple[str, str]]:
        return {(fault["pointer"], fault["code"]) for fault in self.body.get("errors", [])}

    @property
    def said(self) -> tuple[int, str | None]:
        """Status, and next step or slug."""
        return self.status, self.code or self.next_step


@dataclass
class Visitor:
    """A browser: keeps cookies as a browser does."""

    cookies: dict[str, str] = field(default_factory=dict)
    address: str = "203.0.113.7"
    origin: str | None = ORIGIN

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: str | None = None,
        headers: Mapping[str, str | None] | None = None,
        event: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Send a request as the front does; a header given as None is left out, `event` overrides the gateway's."""
        sent: dict[str, str | None] = {"Origin": self.origin, "Content-Type": "application/json"}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent |= headers or {}
        text = raw if raw is not None else (None if body is None else json.dumps(body))
        given = {name: value for name, value in sent.items() if value is not None}
        made = gateway_event(method, path, text, given, self.address)
        answer = handler_of(method, path)(made | dict(event or {}), CONTEXT)
        self._keep(answer["multiValueHeaders"].get("Set-Cookie", []))
        note(body, self.cookies)
        seen = Answer(answer["statusCode"], answer["multiValueHeaders"], answer.get("body") or "")
        check_response_contract(seen.status, seen.headers, seen.body, sent=body)
        return seen

    def get(self, path: str, headers: Mapping[str, str | None] | None = None) -> Answer:
        return self.call("GET", path, headers=headers)

    def post(self, path: str, body: object = None, headers: Mapping[str, str | None] | None = None) -> Answer:
        return self.call("POST", path, {} if body is None else body, headers=headers)

    def put(self, path: str, body: object) -> Answer:
        return self.call("PUT", path, body)

    def send(self, path: str, file: bytes, headers: Mapping[str, str | None] | None = None) -> Answer:
        sent = {"Content-Type": "application/octet-stream", **(headers or {})}
        raw, event = base64.b64encode(file).decode(), {"isBase64Encoded": True}
        return self.call("POST", path, raw=raw, headers=sent, event=event)

    def delete(self, path: str) -> Answer:
        return self.call("DELETE", path)

    def twin(self) -> "Visitor":
        return Visitor(dict(self.cookies), self.address, self.origin)

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            name, _, value = line.partition(";")[0].partition("=")
            if "Max-Age=0" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value


def gateway_event(method: str, path: str, body: str | None, headers: Mapping[str, str], address: str) -> dict[str, Any]:
    path, _, query = path.partition("?")
    queries = parse_qs(query, keep_blank_values=True)
    return {
        "httpMethod": method,
        "path": path,
        "resource": resource_of(path),
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in queries.items()} or None,
        "multiValueQueryStringParameters": queries or None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {"identity": {"sourceIp": address}, "requestId": "r", "stage": "api"},
        "body": body,
        "isBase64Encoded": False,
    }


def handler_of(method: str, path: str) -> Any:
    """The handler that the gateway gives this call to: its own method's, else that of the path's `ANY`."""
    resource = resource_of(path.partition("?")[0])
    owners = [route for route in ROUTES if route.path == resource] or list(ROUTES)
    exact = [route for route in owners if route.method == method]
    any_method = [route for route in owners if route.method != "GET"] or owners
    return handler((exact or any_method)[0].function)


def resource_of(path: str) -> str:
    """The gateway's own name for a path, in which a part of any kind has a name in braces; else the path itself."""
    named = {route.path for route in ROUTES if "{" in route.path}
    fits = (name for name in named if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", name), path))
    return path if path in {route.path for route in ROUTES} else next(fits, path)


def handler(function: str) -> Any:
    """A function's handler, for a call that comes later than all that was written before."""
    let_writes_be_seen()
    return importlib.import_module(f"functions.{function}.handler").lambda_handler
