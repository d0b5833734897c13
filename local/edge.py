"""The one address of the local run: the front, the API under `/api`, the inbox, the gallery, the API's reference."""

import asyncio
from http import HTTPStatus

from local.exchange import Answer, Request
from local.front import Front
from local.gallery.gallery import Gallery
from local.gateway import Gateway
from local.inbox import Inbox
from local.inbox_events import InboxEvents
from local.reference import reference_page

_INBOX_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
)


class Edge:
    """Chooses the part that answers a request.

    With `nameless_refused` it refuses requests without a User-Agent, as AWS's managed rule `NoUserAgent_HEADER` does.
    """

    def __init__(
        self, *, front: Front, gateway: Gateway, inbox: Inbox, inbox_events: InboxEvents, nameless_refused: bool
    ) -> None:
        self._nameless_refused = nameless_refused
        self._front = front
        self._gallery = Gallery(front)
        self._gateway = gateway
        self._inbox = inbox
        self._inbox_events = inbox_events

    async def respond(self, request: Request) -> Answer:
        """The answer to any request."""
        if self._nameless_refused and not any(name.lower() == "user-agent" for name, _ in request.headers):
            return Answer(HTTPStatus.FORBIDDEN, (), b"")
        return await self._find(request)

    async def _find(self, request: Request) -> Answer:
        path = request.path
        if self._gallery.concerns(request):
            return await asyncio.to_thread(self._gallery.answer, request)
        if path == "/api" or path.startswith("/api/"):
            return await self._gateway.call(request)
        if path in ("/inbox", "/inbox/messages") and request.method in ("GET", "HEAD"):
            return await asyncio.to_thread(self._show_inbox, as_data=path != "/inbox")
        if path == "/inbox/events":
            return await asyncio.to_thread(self._inbox_events.answer, request)
        if path == "/reference" and request.method in ("GET", "HEAD"):
            return await asyncio.to_thread(reference_page)
        return await asyncio.to_thread(self._front.answer, request)

    def _show_inbox(self, *, as_data: bool) -> Answer:
        if as_data:
            return Answer.json(self._inbox.as_data())
        return Answer(HTTPStatus.OK, _INBOX_HEADERS, self._inbox.page().encode())
