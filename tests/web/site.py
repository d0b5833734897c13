"""Serves the built front on a free port, with the headers it has in production."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from web.build import WEB, build

HEADERS: dict[str, str] = json.loads((WEB / "headers.json").read_text(encoding="utf-8"))


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """Build the front into the folder and serve it for as long as the context lasts; gives its address."""
    build(folder)

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: object, **more: object) -> None:
            super().__init__(*args, directory=str(folder), **more)  # type: ignore[arg-type]  # passed on as they came

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
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
