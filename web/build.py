"""Builds the front: renders each page and copies its assets. `python -m web.build OUT_DIR [--complete]`."""

import datetime as dt
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from activation.catalogue import catalogue
from activation.domain.menu import MENU, EntryState, Menu, benefits_of, menu_of
from activation.domain.requests.kinds import Kind
from activation.texts import current_texts

WEB = Path(__file__).parent
PAGES = WEB / "pages"
ASSETS = WEB / "assets"
DOCUMENTS = WEB / "documents"
OPERATOR = WEB / "operator.json"
EXAMPLE = WEB / "operator_example.json"
"""The values of a demo where `operator.json` is not filled in."""

_UNKNOWN = "à renseigner"
_NOTHING: Mapping[str, str] = {}
_SECURITY_TEXT_VALID = dt.timedelta(days=330)
"""RFC 9116 asks for less than a year; every deployment renews it."""
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_IMPORT = re.compile(r"""^(?:import|export)\b[^'"]*from '\./(\w[\w-]*)\.js';""", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*.*?\*/)\n", re.MULTILINE | re.DOTALL)
_LAYOUT = re.compile(r"^[ \t]+|^\n", re.MULTILINE)
_SPACE_BEFORE_OR_AFTER = re.compile(r" (?=[:»])|(?<=«) ")
_UNITS = r"[\d%€]|(?:h|secondes?|minutes?|heures?|jours?|mois|ans?)\b"
_SPACE_IN_NUMBER = re.compile(rf"(?<=\d) (?={_UNITS})(?![^<>]*>)")  # in text only: in a tag it may be a drawing's
_SPACE_BEFORE_HIGH_MARK = re.compile(r" (?=[;?!])")


class OperatorUnknownError(Exception):
    """`operator.json` still has values that only the operator knows; the message names them."""


def build(
    out: Path,
    *,
    operator_file: Path = OPERATOR,
    complete: bool = False,
    today: dt.date | None = None,
    menu: Mapping[str, str] = _NOTHING,
    benefits: Mapping[str, str] = _NOTHING,
) -> None:
    """Write the whole front into the folder: pages with clean addresses (`/a/b` is `a/b.html`), assets, documents.

    The kinds of requests are those in force on `today`, in UTC. And `.well-known/security.txt` (RFC 9116) expires 330
    days later.

    The assets lie in a folder named after their content, so that a browser may keep them for good, and a page loaded
    before a deployment never mixes two versions. One name for all: modules import each other by relative names. So a
    change to one makes a browser load all again, 25 kB compressed. `menu` and `benefits`: the stage's switches. Where
    an entry does not work here, its page says what to do instead, a hidden one's too: old links lead there. Raises
    ValueError, with a sentence, for values that they can't be switched to. `complete`: to be deployed; raises
    OperatorUnknownError while `operator_file` is not filled in. Otherwise examples stand for missing values.
    """
    operator = json.loads(operator_file.read_text(encoding="utf-8"))
    if names := unknown_of(operator):
        if complete:
            raise OperatorUnknownError(", ".join(names))
        operator = _with_examples(operator, json.loads(EXAMPLE.read_text(encoding="utf-8")))
    assets = served_assets()
    version = version_of(assets)
    today = today or dt.datetime.now(dt.UTC).date()
    shown = menu_of(menu)
    environment = _environment(operator, assets=f"/assets/{version}", today=today, menu=shown, benefits=benefits)
    replaced = _replaced(shown)
    for template in sorted(PAGES.rglob("*.html")):
        name = template.relative_to(PAGES)
        page = out / name
        page.parent.mkdir(parents=True, exist_ok=True)
        address = address_of(name)
        own = {"address": address, **replaced.get(address, {})}
        source = "switched_off.html" if address in replaced else f"pages/{name.as_posix()}"
        html = environment.get_template(source).render(**own)
        page.write_text(punctuate(html), encoding="utf-8")
    folder = out / "assets" / version
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in assets.items():
        (folder / file).write_text(content, encoding="utf-8")
    shutil.copytree(DOCUMENTS, out / "documents", dirs_exist_ok=True)
    _write_security_text(out, environment, operator, today)


def served_assets() -> dict[str, str]:
    """The assets of the pages, by file name, as they are served."""
    read = {file.name: file.read_text(encoding="utf-8") for file in sorted(ASSETS.iterdir())}
    return {name: condensed(text) if name.endswith(".js") else text for name, text in read.items()}


def version_of(assets: Mapping[str, str]) -> str:
    """A name for these assets that no other assets have."""
    return hashlib.sha256(json.dumps(assets, sort_keys=True).encode()).hexdigest()[:12]


def address_of(page: Path) -> str:
    """The path of a page, from its file's name: `index.html` is `/`."""
    path = page.with_suffix("").as_posix()
    return "/" if path == "index" else f"/{path}"


def punctuate(text: str) -> str:
    """French typography: no line parts a mark from its word, the digits of a number or a number from its unit."""
    text = _SPACE_IN_NUMBER.sub("\u00a0", _SPACE_BEFORE_OR_AFTER.sub("\u00a0", text))
    return _SPACE_BEFORE_HIGH_MARK.sub("\u202f", text)


def condensed(script: str) -> str:
    """A module without the parts that only its readers need: a quarter of what a phone would load.

    These are comments that have lines of their own, indentation and empty lines. No text of a module has several lines.
    """
    return _LAYOUT.sub("", _COMMENT.sub("", script))


@cache
def modules_of(script: str) -> tuple[str, ...]:
    """The module and all that it imports, directly or not: a page names them all, so that none waits for another."""
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


def guide_of(kinds: Sequence[Kind], addresses: Mapping[str, str]) -> dict[str, list[tuple[Kind, str]]]:
    """The benefits of the guide, by group, each with the address where it is asked for; in the catalogue's order."""
    groups: dict[str, list[tuple[Kind, str]]] = {}
    for kind in kinds:
        if kind.guide and kind.id in addresses:
            groups.setdefault(kind.guide.group, []).append((kind, addresses[kind.id]))
    return groups


def unknown_of(operator: Mapping[str, Any], path: str = "") -> list[str]:
    """The names of the values that only the operator knows and has not filled in."""
    names = []
    for name, value in operator.items():
        if isinstance(value, dict):
            names += unknown_of(value, f"{path}{name}.")
        elif _UNKNOWN in value:
            names.append(f"{path}{name}")
    return names


def _replaced(menu: Menu) -> dict[str, dict[str, object]]:
    """The paths of the pages that another page replaces, with the data for that page."""
    shown = {entry.id: entry for entry in menu}
    found: dict[str, dict[str, object]] = {}
    for entry in MENU:
        now = shown.get(entry.id)
        if now is None or now.state is not EntryState.ACTIVE:
            found[entry.url] = {"entry": entry, "link": now.url if now and now.state is EntryState.LINK else ""}
    return found


def _with_examples(operator: Mapping[str, Any], example: Mapping[str, Any]) -> dict[str, Any]:
    """The operator's values, with the example's value for each that is not filled in."""
    return {
        name: _with_examples(value, example.get(name, {}))
        if isinstance(value, dict)
        else example[name]
        if _UNKNOWN in value
        else value
        for name, value in operator.items()
    }


def _write_security_text(out: Path, environment: Environment, operator: Mapping[str, Any], today: dt.date) -> None:
    expires = f"{today + _SECURITY_TEXT_VALID}T00:00:00Z"
    file = out / ".well-known" / "security.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    text = environment.get_template("security.txt").render(contact=operator["contact"]["mail"], expires=expires)
    file.write_text(text, encoding="utf-8")


def _environment(
    operator: Mapping[str, Any], *, assets: str, today: dt.date, menu: Menu, benefits: Mapping[str, str]
) -> Environment:
    kinds, released = catalogue().in_force(today.isoformat()), catalogue().versions
    guided = {kind for kind, versions in released.items() if any(version.guide for version in versions.values())}
    environment = Environment(
        loader=FileSystemLoader(WEB),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(
        assets=assets,
        operator=operator,
        modules_of=modules_of,
        size_of=size_of,
        consent=current_texts().consent,
        terms=current_texts().terms,
        kinds={kind.id: kind for kind in kinds},
        guide=guide_of(kinds, benefits_of(guided, benefits)),
        menu=menu,
    )
    environment.filters["french_date"] = french_date
    return environment


if __name__ == "__main__":
    try:
        build(Path(sys.argv[1]), complete="--complete" in sys.argv)
    except OperatorUnknownError as unknown:
        sys.exit(f"web/operator.json is not filled in: {unknown}")
