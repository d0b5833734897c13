"""The API's reference as one page, from `docs/openapi.json`."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

import jinja2
from markupsafe import Markup, escape

from infra.assets import ROOT
from local.exchange import Answer

DOCUMENT = ROOT / "docs" / "openapi.json"
_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
)
_TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("local", "pages"), autoescape=True, undefined=jinja2.StrictUndefined
)

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is, in words; `schema` names the one that says more."""

    words: str
    schema: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object."""

    name: str
    kinds: tuple[Kind, ...]
    required: bool
    note: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A call: what it takes, and what it answers under each status."""

    method: str
    path: str
    summary: str
    body: tuple[Kind, ...]
    answers: tuple[tuple[str, tuple[Kind, ...]], ...]
    problems: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """The name of its place in the page."""
        return f"{self.method.lower()}{self.path.replace('/', '-')}"


def reference_page() -> Answer:
    """The page."""
    return Answer(HTTPStatus.OK, _HEADERS, _rendered())


@cache
def _rendered() -> bytes:
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    schemas = document["components"]["schemas"]
    return (
        _TEMPLATES.get_template("reference.html")
        .render(
            info=document["info"],
            operations=tuple(operations(document)),
            schemas={name: (schema, tuple(_members(schema))) for name, schema in schemas.items()},
            kinds_of=kinds_of,
        )
        .encode()
    )


def with_code(text: str) -> Markup:
    """The text with what stands between backticks as code."""
    parts = (
        Markup("<code>{}</code>").format(part) if odd % 2 else escape(part) for odd, part in enumerate(text.split("`"))
    )
    return Markup().join(parts)


_TEMPLATES.filters["with_code"] = with_code


def operations(document: Schema) -> Iterator[Operation]:
    """Every call of the API, by path."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            answers = operation["responses"]
            yield Operation(
                method.upper(),
                path,
                operation["summary"],
                _content(operation.get("requestBody", {})),
                tuple((status, _content(answer)) for status, answer in answers.items() if status.startswith("2")),
                tuple(status for status in answers if not status.startswith("2")),
            )


def kinds_of(schema: Schema) -> tuple[Kind, ...]:
    """What a value of that schema can be."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return (Kind(name, schema=name),)
    if "anyOf" in schema:
        return tuple(kind for one in schema["anyOf"] for kind in kinds_of(one))
    if "enum" in schema:
        return tuple(Kind(f"« {value} »") for value in schema["enum"])
    if schema.get("type") == "array":
        return tuple(Kind(f"liste de {kind.words}", kind.schema) for kind in kinds_of(schema["items"]))
    return (Kind(_WORDS.get(schema.get("type", ""), "valeur")),)


_WORDS = {
    "string": "texte",
    "integer": "entier",
    "number": "nombre",
    "boolean": "vrai ou faux",
    "null": "null",
    "object": "objet",
}


def _content(part: Schema) -> tuple[Kind, ...]:
    return tuple(kind for content in part.get("content", {}).values() for kind in kinds_of(content["schema"]))


def _members(schema: Schema) -> Iterator[Member]:
    for name, member in schema.get("properties", {}).items():
        yield Member(name, kinds_of(member), name in schema.get("required", ()), _note(member))


def _note(member: Schema) -> str:
    """The description and the bounds, wherever they stand."""
    parts = [member, *member.get("anyOf", ())]
    said = [part["description"] for part in parts if "description" in part]
    bounds = [f"{words} {part[key]}" for part in parts for key, words in _BOUNDS.items() if key in part]
    return " ; ".join(dict.fromkeys([*said, *bounds]))


_BOUNDS = {"minLength": "longueur min.", "maxLength": "longueur max.", "pattern": "motif", "format": "format"}
