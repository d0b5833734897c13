"""Every refusal of the API has exactly one message, and a message on a format holds an example of it."""

import re
from collections.abc import Iterator

from activation.api import problems
from activation.api.faults import DETAILS
from activation.api.problems import ROWS
from activation.domain.mail_domains import MISSPELT_DOMAINS
from tests.web.pages_read import ReadPage
from web.build import ASSETS

MESSAGES = (ASSETS / "messages.js").read_text(encoding="utf-8")
OF_CORRESPONDENTS = (ASSETS / "space-messages.js").read_text(encoding="utf-8")
OF_OPENING = (ASSETS / "opening.js").read_text(encoding="utf-8")
OF_THE_DESK = {
    *("import-not-found", "invitation-incomplete", "no-such-link", "structure-not-found", "no-code-out", "not-signed"),
    *("own-case", "no-arrivals", "request-not-found", "nothing-to-confirm", "nothing-to-lift", "past-activation"),
    *("person-not-found", "second-agent-needed", "too-many-links"),
}
OF_THE_FRONT = {"cookies", "network", "offline", "slow", "unexpected"}
FILLED_IN = {"example", "length"}
"""What stands beside the words of a field, and goes into them."""

_FORMAT = re.compile(r"bon format|\bchiffres|numéro de tél")


def _block(name: str, messages: str = MESSAGES) -> str:
    found = re.search(rf"export const {name} = \{{\n(.*?)\n\}};", messages, re.DOTALL)
    assert found
    return found[1]


def _keys(block: str, indent: int) -> list[str]:
    return re.findall(rf"^ {{{indent}}}'?([\w-]+)'?:", block, re.MULTILINE)


def test_every_problem_of_the_api_has_exactly_one_message() -> None:
    told = _keys(_block("PROBLEMS"), 2)
    # A correspondent is told some otherwise.
    told += [code for code in _keys(_block("SPACE_PROBLEMS", OF_CORRESPONDENTS), 2) if code not in told]
    told += _keys(_block("OPENING_PROBLEMS", OF_OPENING), 2)
    rows = [row for row in vars(problems).values() if isinstance(row, problems.Row)]
    assert sorted(told) == sorted({row.code for row in (*rows, *ROWS.values())} - OF_THE_DESK | OF_THE_FRONT)


def _worded(pages: list[ReadPage]) -> Iterator[tuple[str, dict[str, str]]]:
    """The words that the pages have for each field's faults, by their codes."""
    for attributes in (e.attributes for page in pages for e in page.elements if "data-field" in e.attributes):
        words = {name.removeprefix("data-"): words for name, words in attributes.items() if name.startswith("data-")}
        yield words.pop("field"), words


def test_every_fault_of_a_field_has_a_message_wherever_it_stands(pages: list[ReadPage]) -> None:
    # `invalid` also serves for what is missing: a field that cannot be ill-formed has but the one message.
    codes = [(field, code) for field, code in DETAILS if code != "invalid"]
    worded = list(_worded(pages))
    assert {field for field, _ in codes} - {field for field, _ in worded} == set()
    assert [
        (field, code) for field, code in codes for name, words in worded if name == field and code not in words
    ] == []


def test_the_words_of_a_fault_are_a_sentence_for_people(pages: list[ReadPage]) -> None:
    told = {words for _, of_field in _worded(pages) for code, words in of_field.items() if code not in FILLED_IN}
    assert [words for words in told if not words[0].isupper()] == []


def test_a_message_on_a_format_holds_an_example(pages: list[ReadPage]) -> None:
    worded = list(_worded(pages))
    formats = [words for _, of_field in worded for words in of_field.values() if _FORMAT.search(words)]
    of_pages = {"charges", "income", "amount", "rate", "years"}
    formats += [words[code] for field, words in worded if field in of_pages for code in ("missing", "invalid")]
    assert len(set(formats)) == 5 + 2 * len(of_pages)
    assert [words for words in formats if "par exemple" not in words] == []


def test_the_pages_ask_for_the_domains_that_a_roster_s_report_asks_for() -> None:
    table = (ASSETS / "mail-domains.js").read_text(encoding="utf-8")
    rows = re.findall(r"'([\w.]+)':\s+'([^']+)'", table)
    assert {wrong: meant for meant, misspelt in rows for wrong in misspelt.split()} == MISSPELT_DOMAINS
