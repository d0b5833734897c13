"""The API's reference as one page, from `docs/openapi.json`."""

import json
from collections.abc import Mapping
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
_TYPES = {"string": "texte", "integer": "entier", "boolean": "vrai ou faux", "null": "null", "object": "objet"}
_BOUNDS = {"minLength": "longueur min.", "maxLength": "longueur max.", "pattern": "motif", "format": "format"}
_OR = Markup(" ou ")

Schema = Mapping[str, Any]


@cache
def reference_page() -> Answer:
    """The page of the reference."""
    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("local", "pages"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    filters = (with_code, with_request, in_words, content, note)
    templates.filters |= {each.__name__: each for each in filters}
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return Answer(HTTPStatus.OK, _HEADERS, templates.get_template("reference.html").render(document).encode())


def with_code(text: str) -> Markup:
    """The text with the parts between backticks as code."""
    parts = (Markup("<code>{}</code>").format(part) if odd % 2 else part for odd, part in enumerate(text.split("`")))
    return Markup().join(parts)


def in_words(schema: Schema) -> Markup:
    """The possible values of that schema; the name of another schema is a link to it."""
    if "$ref" in schema:
        return Markup('<a href="#schema-{0}">{0}</a>').format(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return _OR.join(in_words(one) for one in schema["anyOf"])
    if "enum" in schema:
        return _OR.join(f"« {value} »" for value in schema["enum"])
    if schema.get("type") == "array":
        return Markup("liste de {}").format(in_words(schema["items"]))
    return escape(_TYPES.get(schema.get("type", ""), "valeur"))


def with_request(operation: Schema) -> Markup:
    """The cookies and the headers of the call. The parameters of a path stand in the path."""
    cookies = [f"__Host-{name}" for needed in operation["security"] for name in needed]
    headers = [each["$ref"].rpartition("/")[2] for each in operation["parameters"] if "$ref" in each]
    return Markup(", ").join(Markup("<code>{}</code>").format(name) for name in cookies + headers) or escape("aucun")


def content(part: Schema) -> Markup:
    """The content of a request or an answer."""
    schemas = [content["schema"] for content in part.get("content", {}).values()]
    return _OR.join(map(in_words, schemas)) if schemas else escape("aucun corps")


def note(member: Schema) -> str:
    """The description and the bounds of a member, wherever the schema has them."""
    parts = [member, *member.get("anyOf", ())]
    said = [part["description"] for part in parts if "description" in part]
    bounds = [f"{words} {part[key]}" for part in parts for key, words in _BOUNDS.items() if key in part]
    return " ; ".join(dict.fromkeys([*said, *bounds]))
