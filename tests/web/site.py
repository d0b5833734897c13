"""Serves the built front on a free port as the local run does, gallery included, and a fake API under `/api`."""

import gzip
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from local.exchange import Answer, Request
from local.front import Front
from local.gallery.fake_api import Call, FakeApi
from local.gallery.gallery import Gallery
from web.build import WEB, build

EMPTY = "/vide"
"""An address of the site where nothing is and nothing runs."""
HEADERS: dict[str, str] = json.loads((WEB / "headers.json").read_text(encoding="utf-8"))


@dataclass
class Site:
    """The front at `base`; a test puts its own fake API in place."""

    base: str = ""
    api: FakeApi = field(default_factory=FakeApi)


@contextmanager
def site(
    folder: Path, *, compressed: bool = False, menu: Mapping[str, str] = {}, benefits: Mapping[str, str] = {}
) -> Iterator[Site]:
    """Build the front into the folder and serve it while the context lasts; `compressed`, as CloudFront does.

    `menu` and `benefits`: what a stage switches.
    """
    build(folder, menu=menu, benefits=benefits)
    served = Site()
    front = Front(folder, HEADERS)
    gallery = Gallery(front)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # one connection for all the modules of a page
        wbufsize = -1  # an answer goes in one piece: its end does not wait until its start has been acknowledged

        def _answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(self.command, self.path, "", tuple(self.headers.items()), sent)
            if self.path == EMPTY:
                self._send(Answer(200, (("Content-Type", "text/html"),), b""))
            elif gallery.concerns(request):
                self._send(gallery.answer(request))
            elif self.path.startswith("/api/"):
                self._send(_answer_of_api(served.api, request))
            else:
                self._send(front.answer(request))

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815  # the library calls them so

        def _send(self, plain: Answer) -> None:
            zipped = (*plain.headers, ("Content-Encoding", "gzip"))
            answer = replace(plain, headers=zipped, body=gzip.compress(plain.body)) if compressed else plain
            self.send_response(answer.status)
            for name, value in (*answer.headers, ("Content-Length", str(len(answer.body)))):
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                with suppress(ConnectionError):  # a browser that did not wait for a slow answer
                    self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Say nothing: a test's output is its failures."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        served.base = f"http://127.0.0.1:{server.server_address[1]}"
        yield served
        server.shutdown()


def _answer_of_api(api: FakeApi, request: Request) -> Answer:
    headers = {name.lower(): value for name, value in request.headers}
    is_json = request.body and headers["content-type"] == "application/json"
    call = Call(request.method, request.path, json.loads(request.body) if is_json else None, headers)
    status, answer = api.answer(call)
    body = b"" if status == 204 else json.dumps(answer).encode()
    kind = "application/json" if status < 400 else "application/problem+json"
    return Answer(status, (("Content-Type", kind),), body)
