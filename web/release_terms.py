"""Releases a version of the terms of use from their page: `make terms DATE=2027-01-15`.

Change `web/pages/conditions-generales.html` first; run this when its text is final, and commit its output: the PDF that
people accept, known by its SHA-256, under the next number. From the deployment on that version is in force, and people
who accepted an earlier one are asked again at their next sign-in. A released version never changes. It takes a
Chromium, Playwright's own or one on the PATH.
"""

import datetime as dt
import hashlib
import json
import mimetypes
import shutil
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Route, sync_playwright

import activation.texts
from activation.texts import versions
from web.build import DOCUMENTS, build

_SITE = "http://terms.invalid"
_PAGE = "/conditions-generales"
_FOOTER = (
    '<p style="width:100%;margin:0 20mm;font:8pt sans-serif;text-align:right">'
    '<span class="pageNumber"></span>/<span class="totalPages"></span></p>'
)


def release(date: dt.date) -> Path:
    """Write the next version of the terms, its PDF and its record; returns the PDF's path."""
    version = str(int(versions("terms")[-1]) + 1)
    document = DOCUMENTS / f"cgu-{version}.pdf"
    record = Path(str(files(activation.texts))) / "terms" / f"{version}.json"
    try:
        # The page shows its own version and the document's size: both must exist before it is built.
        document.touch(exist_ok=False)
        _write(record, version, date, b"")
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder))
            document.write_bytes(_print(Path(folder)))
        _write(record, version, date, document.read_bytes())
    except BaseException:
        document.unlink(missing_ok=True)
        record.unlink(missing_ok=True)
        raise
    return document


def _write(record: Path, version: str, date: dt.date, document: bytes) -> None:
    terms = {"version": version, "date": date.isoformat(), "sha256": hashlib.sha256(document).hexdigest()}
    record.write_text(json.dumps(terms, indent=2) + "\n", encoding="utf-8")


def _print(front: Path) -> bytes:
    """The page of the terms as a tagged PDF with an outline."""

    def serve(route: Route) -> None:
        path = urlsplit(route.request.url).path
        file = front / (f"{path}.html" if path == _PAGE else path).lstrip("/")
        route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0])

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.route("**/*", serve)
        page.goto(_SITE + _PAGE)
        return page.pdf(
            format="A4",
            tagged=True,
            outline=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=_FOOTER,
            margin={"top": "20mm", "bottom": "20mm", "left": "20mm", "right": "20mm"},
        )


def main() -> None:
    """Release the version that is in force from the day on the command line; status 2 when it names none."""
    try:
        (said,) = sys.argv[1:]
        date = dt.date.fromisoformat(said)
    except ValueError:
        sys.stderr.write("usage: make terms DATE=2027-01-15\n")
        sys.exit(2)
    sys.stdout.write(f"{release(date)}\n")


if __name__ == "__main__":
    main()
