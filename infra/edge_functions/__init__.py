"""The CloudFront Functions: their JavaScript, with what they need to know written before it."""

import json
from collections.abc import Mapping
from pathlib import Path

from infra.viewer import ASSETS, INDEXED_PAGES, NOT_INDEXED

_HERE = Path(__file__).parent


def clean_addresses(front: Path, headers: Mapping[str, str]) -> str:
    """The function that finds the file of a request, or answers with the front's page that says there is none."""
    files = sorted(f"/{file.relative_to(front).as_posix()}" for file in front.rglob("*") if file.is_file())
    files = [file for file in files if not file.startswith(ASSETS)]  # they have a way of their own
    sent = {**headers, **dict([NOT_INDEXED]), "Content-Type": "text/html; charset=utf-8"}
    return _program(
        "clean_addresses",
        FILES=files,
        NOT_FOUND=(front / "404.html").read_text(encoding="utf-8"),
        HEADERS={name.lower(): {"value": value} for name, value in sent.items()},
    )


def robots() -> str:
    """The function that says what search engines may show."""
    return _program("robots", INDEXED=sorted(INDEXED_PAGES), ROBOTS=NOT_INDEXED)


def _program(name: str, **known: object) -> str:
    lines = [f"const {word} = {json.dumps(value, ensure_ascii=False)};" for word, value in known.items()]
    return "\n".join([*lines, (_HERE / f"{name}.js").read_text(encoding="utf-8")])
