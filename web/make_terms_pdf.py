"""Makes the PDF of the terms of use from their page: `python -m web.make_terms_pdf VERSION`.

Run it once, when the text of a version is final, and commit `web/documents/cgu-VERSION.pdf`: people accept that very
file, known by its SHA-256 (`activation/texts/terms/VERSION.json`). The script refuses to replace one that exists.
It takes a Chromium: `CHROMIUM` names it, else Playwright's own is used.
"""

import mimetypes
import os
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Route, sync_playwright

from web.build import DOCUMENTS, build

_SITE = "http://terms.invalid"
_PAGE = "/conditions-generales"
_FOOTER = (
    '<p style="width:100%;margin:0 20mm;font:8pt sans-serif;text-align:right">'
    '<span class="pageNumber"></span>/<span class="totalPages"></span></p>'
)


def make(version: str) -> Path:
    """Print the page of the terms as a tagged PDF with an outline, and return its path. Raises FileExistsError."""
    document = DOCUMENTS / f"cgu-{version}.pdf"
    document.touch(exist_ok=False)  # the page tells the document's size: it must be there to be built
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        document.write_bytes(_print(Path(folder)))
    return document


def _print(front: Path) -> bytes:
    def serve(route: Route) -> None:
        path = urlsplit(route.request.url).path
        file = front / (f"{path}.html" if path == _PAGE else path).lstrip("/")
        route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0])

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox"])
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


if __name__ == "__main__":
    sys.stdout.write(f"{make(sys.argv[1])}\n")
