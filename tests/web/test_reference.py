"""The API's reference: whole, and without a dead link."""

import json
import re

import pytest

from local.reference import DOCUMENT, in_words, reference_page

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
    sections = dict(re.findall(r'<section id="([^"]+)">(.+?)</section>', PAGE, re.DOTALL))
    said, of_report = (
        dict(re.findall(r"<dt>(.+?)</dt><dd>(.+?)</dd>", sections[call]))
        for call in ("post-api-activation", "get-api-correspondent-uploads-{upload_id}")
    )
    assert said["Demande"] == '<a href="#schema-StartRequest">StartRequest</a>'
    assert said["202"] == '<a href="#schema-StepBody">StepBody</a>'
    assert said["Cookies et en-têtes"] == "<code>Origin</code>"
    assert {"400", "422", "429", "503"} <= set(re.findall(r"\d{3}", said["Refus et pannes"]))
    assert "202" not in said["Refus et pannes"]
    assert of_report["Cookies et en-têtes"] == "<code>__Host-session</code>", "what stands in an address is no header"


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer"}, "entier"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "texte ou null"),
        ({"enum": ["email", "<sms>"]}, "« email » ou « &lt;sms&gt; »"),
        (
            {"type": "array", "items": {"$ref": "#/components/schemas/MenuEntryBody"}},
            'liste de <a href="#schema-MenuEntryBody">MenuEntryBody</a>',
        ),
    ],
)
def test_a_value_is_told_in_words(schema: dict[str, object], words: str) -> None:
    assert in_words(schema) == words
