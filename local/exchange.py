"""Requests and answers of the edge, over ASGI."""

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote

from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came. `target` is the path and query as written, `path` the path decoded."""

    method: str
    target: str
    peer: str
    headers: tuple[Header, ...]
    body: bytes

    @property
    def path(self) -> str:
        """The path, decoded."""
        return unquote(self.target.partition("?")[0])


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request."""

    status: int
    headers: tuple[Header, ...]
    body: bytes

    @classmethod
    def json(cls, value: object) -> "Answer":
        """A value as JSON, not to be stored by the browser."""
        headers = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
        return cls(HTTPStatus.OK, headers, json.dumps(value, ensure_ascii=False).encode())


Respond = Callable[[Request], Awaitable[Answer]]


class Application:
    """The ASGI application around a function from request to answer."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            await _send(await self._respond(await _read(scope, receive)), scope["method"], send)
        elif scope["type"] == "lifespan":
            await _live(receive, send)


async def _read(scope: HTTPScope, receive: ASGIReceiveCallable) -> Request:
    body, more = bytearray(), True
    while more:
        event = await receive()
        more = event["type"] == "http.request" and event["more_body"]
        body += event["body"] if event["type"] == "http.request" else b""
    query = scope["query_string"].decode("latin-1")
    return Request(
        scope["method"],
        scope["raw_path"].decode("latin-1") + (f"?{query}" if query else ""),
        scope["client"][0] if scope["client"] else "",
        tuple(_decoded(scope["headers"])),
        bytes(body),
    )


async def _send(answer: Answer, method: str, send: ASGISendCallable) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers, "trailers": False})
    body = b"" if method == "HEAD" else answer.body
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _live(receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


def _decoded(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[Header]:
    return ((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
