"""The API's reference: whole, and without a dead link."""

import json
import re

import pytest

from local.reference import DOCUMENT, Kind, kinds_of, operations, reference_page

PAGE = reference_page().body.decode()
API = json.loads(DOCUMENT.read_text(encoding="utf-8"))


def test_every_call_and_every_schema_is_in_it() -> None:
    calls = {f"{method.upper()} {path}" for path, methods in API["paths"].items() for method in methods}
    assert set(re.findall(r'<h3 class="path">([^<]+)</h3>', PAGE)) == calls
    assert set(re.findall(r'id="schema-(\w+)"', PAGE)) == set(API["components"]["schemas"])


def test_names_are_set_as_code() -> None:
    assert "`" not in PAGE
    assert "<code>code</code> en est le nom stable" in PAGE


def test_every_link_leads_somewhere_in_it() -> None:
    assert set(re.findall(r'href="#([^"]+)"', PAGE)) <= set(re.findall(r'id="([^"]+)"', PAGE))


def test_a_call_says_what_it_takes_and_what_it_answers() -> None:
    (start,) = (one for one in operations(API) if (one.method, one.path) == ("POST", "/api/activation"))
    assert start.body == (Kind("StartRequest", schema="StartRequest"),)
    assert start.answers == (("202", (Kind("StepBody", schema="StepBody"),)),)
    assert {"400", "422", "429", "503"} <= set(start.problems)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer"}, ["entier"]),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, ["texte", "null"]),
        ({"enum": ["email", "sms"]}, ["« email »", "« sms »"]),
        ({"type": "array", "items": {"$ref": "#/components/schemas/MenuEntryBody"}}, ["liste de MenuEntryBody"]),
    ],
)
def test_a_value_is_told_in_words(schema: dict[str, object], words: list[str]) -> None:
    assert [kind.words for kind in kinds_of(schema)] == words
