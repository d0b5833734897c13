"""The changes that the edge (CloudFront, or the local run's) makes to a visitor's request and to the answer.

It never passes on `Host`, nor anything that a visitor says about their own address. The CloudFront Functions are
JavaScript, with the data that they need written before it.
"""

import json
from collections.abc import Mapping
from pathlib import Path

PASSED_HEADERS = (
    "Accept",
    "Content-Type",
    "Cookie",
    "Origin",
    "Sec-Fetch-Site",
    "X-Correlation-Id",
    "X-Flow",
    "X-Session",
)

PASSED_QUERIES = ("after",)
"""The only query names a place in a list: no address ever has data on a person."""

INDEXED_PAGES = frozenset(
    {
        "/index.html",
        "/accessibilite.html",
        "/conditions-generales.html",
        "/contact.html",
        "/cookies.html",
        "/donnees-personnelles.html",
        "/mentions-legales.html",
        "/plan-du-site.html",
        "/verifier.html",
    }
)
"""The pages that search engines may show; the others are steps of a person's own way."""

REDIRECTS = {"/.well-known/change-password": "/compte/informations-personnelles/mot-de-passe"}
"""Addresses that browsers and password managers know, and the pages that they lead to (W3C, change-password-url)."""

NOT_INDEXED = ("X-Robots-Tag", "noindex")

ASSETS = "/assets/"
"""The folder of the front's assets, with a folder for each version of them."""

KEPT_FOR_GOOD = ("Cache-Control", "public, max-age=31536000, immutable")
"""The header of assets: each version has a name of its own, so a browser that has it never asks again."""

_HERE = Path(__file__).parent


def clean_addresses(front: Path, headers: Mapping[str, str]) -> str:
    """The function that finds the file of a request, or answers with the front's page for a missing one."""
    files = sorted(f"/{file.relative_to(front).as_posix()}" for file in front.rglob("*") if file.is_file())
    files = [file for file in files if not file.startswith(ASSETS)]  # they have a way of their own
    sent = {**headers, **dict([NOT_INDEXED]), "Content-Type": "text/html; charset=utf-8"}
    return _program(
        "clean_addresses",
        FILES=files,
        REDIRECTS=REDIRECTS,
        NOT_FOUND=(front / "404.html").read_text(encoding="utf-8"),
        HEADERS={name.lower(): {"value": value} for name, value in sent.items()},
    )


def robots() -> str:
    """The function that tells search engines which pages they may not show."""
    return _program("robots", INDEXED=sorted(INDEXED_PAGES), ROBOTS=NOT_INDEXED)


def _program(name: str, **known: object) -> str:
    lines = [f"const {word} = {json.dumps(value, ensure_ascii=False)};" for word, value in known.items()]
    return "\n".join([*lines, (_HERE / f"{name}.js").read_text(encoding="utf-8")])
