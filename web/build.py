"""Builds the front: renders each page and copies what it loads. `python -m web.build OUT_DIR`."""

import datetime as dt
import json
import re
import shutil
import sys
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from activation.texts import current_texts

WEB = Path(__file__).parent
PAGES = WEB / "pages"
ASSETS = WEB / "assets"
DOCUMENTS = WEB / "documents"

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_IMPORT = re.compile(r"""^(?:import|export)\b[^'"]*from '\./(\w[\w-]*)\.js';""", re.MULTILINE)
_SPACE_BEFORE_OR_AFTER = re.compile(r" (?=[:»])|(?<=«) ")
_SPACE_BEFORE_HIGH_MARK = re.compile(r" (?=[;?!])")


def build(out: Path) -> None:
    """Write the whole front into the folder: pages with clean addresses (`/a/b` is `a/b.html`), assets, documents."""
    environment = _environment()
    for template in sorted(PAGES.rglob("*.html")):
        name = template.relative_to(PAGES)
        page = out / name
        page.parent.mkdir(parents=True, exist_ok=True)
        html = environment.get_template(f"pages/{name.as_posix()}").render(address=address_of(name))
        page.write_text(punctuate(html), encoding="utf-8")
    shutil.copytree(ASSETS, out / "assets", dirs_exist_ok=True)
    shutil.copytree(DOCUMENTS, out / "documents", dirs_exist_ok=True)


def address_of(page: Path) -> str:
    """The path that a page is reached at, from its file's name: `index.html` is `/`."""
    path = page.with_suffix("").as_posix()
    return "/" if path == "index" else f"/{path}"


def punctuate(text: str) -> str:
    """French typography: no line starts with a mark that a space parts from its word."""
    return _SPACE_BEFORE_HIGH_MARK.sub("\u202f", _SPACE_BEFORE_OR_AFTER.sub("\u00a0", text))


@cache
def modules_of(script: str) -> tuple[str, ...]:
    """The module and all that it imports, directly or not: a page names them, so that none waits for another."""
    found = [script]
    for module in found:
        imported = _IMPORT.findall((ASSETS / f"{module}.js").read_text(encoding="utf-8"))
        found += [name for name in dict.fromkeys(imported) if name not in found]
    return tuple(found)


def size_of(url: str) -> str:
    """The size of a document of the front, in words: « 84 ko »."""
    return f"{max(1, round((WEB / url.lstrip('/')).stat().st_size / 1000))}\u00a0ko"


def french_date(day: str) -> str:
    """A day (`YYYY-MM-DD`) in words: « 1er décembre 2026 »."""
    date = dt.date.fromisoformat(day)
    return f"{'1er' if date.day == 1 else date.day} {_MONTHS[date.month - 1]} {date.year}"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(WEB),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(
        operator=json.loads((WEB / "operator.json").read_text(encoding="utf-8")),
        modules_of=modules_of,
        size_of=size_of,
        terms=current_texts().terms,
    )
    environment.filters["french_date"] = french_date
    return environment


if __name__ == "__main__":
    build(Path(sys.argv[1]))
