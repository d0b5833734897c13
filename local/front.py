"""Serves the built front, as the bucket behind CloudFront does on AWS."""

import mimetypes
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path

from infra.edge_functions import ASSETS, INDEXED_PAGES, KEPT_FOR_GOOD, NOT_INDEXED, REDIRECTS
from local.exchange import Answer, Header, Request

_NOT_FOUND_PAGE = "404.html"


class Front:
    """The pages in a folder; `/activation/code` is `activation/code.html` or `activation/code/index.html`."""

    def __init__(self, folder: Path, headers: Mapping[str, str]) -> None:
        self._folder = folder.resolve()
        self._headers: tuple[Header, ...] = tuple(headers.items())

    def answer(self, request: Request) -> Answer:
        """The page at that path, or a redirect to its address, or the page for a missing one."""
        if request.method not in ("GET", "HEAD"):
            return Answer(HTTPStatus.METHOD_NOT_ALLOWED, (*self._headers, ("Allow", "GET, HEAD")), b"")
        if target := REDIRECTS.get(request.path.rstrip("/")):
            return Answer(HTTPStatus.FOUND, (*self._headers, NOT_INDEXED, ("Location", target)), b"")
        found = next((path for path in self._candidates(request.path) if path.is_file()), None)
        if found:
            return self._file(HTTPStatus.OK, found)
        return self._file(HTTPStatus.NOT_FOUND, self._folder / _NOT_FOUND_PAGE)

    def _candidates(self, path: str) -> Iterator[Path]:
        relative = path.strip("/")
        for name in (relative, f"{relative}.html", f"{relative}/index.html"):
            candidate = (self._folder / name.lstrip("/")).resolve()
            if candidate.is_relative_to(self._folder):
                yield candidate

    def _file(self, status: HTTPStatus, path: Path) -> Answer:
        name = f"/{path.relative_to(self._folder).as_posix()}"
        headers = self._headers if name in INDEXED_PAGES else (*self._headers, NOT_INDEXED)
        if name.startswith(ASSETS):
            headers = tuple(dict((*headers, KEPT_FOR_GOOD)).items())
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        if kind.startswith("text/"):
            kind += "; charset=utf-8"
        return Answer(status, (*headers, ("Content-Type", kind)), path.read_bytes())
