"""Serves the built front on a free port, with the headers it has in production, and a fake API under `/api`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.web.fake_api import Call, FakeApi
from web.build import WEB, build

HEADERS: dict[str, str] = json.loads((WEB / "headers.json").read_text(encoding="utf-8"))


@dataclass
class Site:
    """The front at `base`; a test puts its own fake API in place."""

    base: str = ""
    api: FakeApi = field(default_factory=FakeApi)


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    """Build the front into the folder and serve it for as long as the context lasts."""
    build(folder)
    served = Site()

    class Handler(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # one connection for all the modules of a page

        def __init__(self, *args: object, **more: object) -> None:
            super().__init__(*args, directory=str(folder), **more)  # type: ignore[arg-type]  # passed on as they came

        def do_GET(self) -> None:
            if self.path.startswith("/api/"):
                self._answer()
            else:
                super().do_GET()

        def _answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            call = Call(self.command, self.path, json.loads(sent) if sent else None, headers)
            status, answer = served.api.answer(call)
            body = b"" if status == 204 else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if status < 400 else "application/problem+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_DELETE = _answer  # noqa: N815  # the library calls them so

        def translate_path(self, path: str) -> str:
            found = Path(super().translate_path(path))
            pages = (found, found.with_name(f"{found.name}.html"), found / "index.html")
            return str(next((page for page in pages if page.is_file()), folder / "404.html"))

        def end_headers(self) -> None:
            for name, value in HEADERS.items():
                self.send_header(name, value)
            super().end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing: a test's output is its failures."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        served.base = f"http://127.0.0.1:{server.server_address[1]}"
        yield served
        server.shutdown()
