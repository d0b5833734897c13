"""A browser without pages, for the running product: keeps cookies, sends what the front sends."""

import http.client
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.inbox import Message
from tests.stack import Stack

MESSAGE_SECONDS = 20
CODE = re.compile(r"(?<!\d)(?:\d{6}|\d{8})(?!\d)")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: Any

    @property
    def code(self) -> Any:
        return self.body["code"] if self.status >= 400 else None

    @property
    def next_step(self) -> Any:
        return self.body.get("next_step")


@dataclass
class Visitor:
    """One browser, at one of this machine's own addresses."""

    product: Stack
    cookies: dict[str, str] = field(default_factory=dict)
    address: str = "127.0.0.1"

    def twin(self) -> "Visitor":
        """Another tab with the same cookies."""
        return Visitor(self.product, dict(self.cookies))

    def get(self, path: str) -> Answer:
        return self.call("GET", path)

    def post(self, path: str, body: object) -> Answer:
        return self.call("POST", path, body)

    def put(self, path: str, body: object) -> Answer:
        return self.call("PUT", path, body)

    def call(self, method: str, path: str, body: object = None, **more: str) -> Answer:
        """Send one request, as the front does; `more` are headers, `X_Session` for `X-Session`."""
        sent = None if body is None else json.dumps(body).encode()
        status, text = self._exchange(method, path, sent, {"Content-Type": "application/json"}, more)
        return Answer(status, json.loads(text) if text else None)

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], more: Mapping[str, str]
    ) -> tuple[int, bytes]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Origin": self.product.base, **headers, "Cookie": cookie}
        sent |= {name.replace("_", "-"): value for name, value in more.items()}
        status, answered, text = exchange(self.product, method, path, sent, body, address=self.address)
        for line in answered.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in line:
                del self.cookies[name]
        return status, text

    def ask_code(self, call: Callable[[], Answer], *, to: str) -> Message:
        """Make a call that sends a code to that contact; returns the message that brought the code."""
        before = {message.id for message in self.product.messages()}
        answer = call()
        assert answer.status == 202, answer
        return await_message(self.product, before, to=to, with_code=True)


def exchange(
    product: Stack,
    method: str,
    path: str,
    headers: Mapping[str, str] = {},
    body: bytes | str | None = None,
    *,
    address: str = "127.0.0.1",
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """One request as it is, from that address; its answer's status, headers and body."""
    host = product.base.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=60, source_address=(address, 0))
    connection.request(method, path, body, {"User-Agent": "test", **headers})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, answer.headers, text


def await_message(product: Stack, before: set[str], *, to: str, with_code: bool) -> Message:
    """The first message to that contact that is not one of `before`, with or without a code in it."""
    deadline = time.monotonic() + MESSAGE_SECONDS
    while time.monotonic() < deadline:
        for message in product.messages():
            if message.id not in before and message.to == to and bool(CODE.search(message.text)) == with_code:
                return message
        time.sleep(0.1)
    raise AssertionError("no message came")


def code_in(message: Message) -> str:
    """The code in a message."""
    found = CODE.search(message.text)
    assert found
    return found.group()
