"""Every refusal of the API has exactly one message, and a message on a format holds an example of it."""

import re

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
    "import-not-found",
    "invitation-incomplete",
    "no-such-link",
    "structure-not-found",
    "no-code-out",
    "not-signed",
    "own-case",
    "no-arrivals",
    "request-not-found",
    "nothing-to-confirm",
    "nothing-to-lift",
    "past-activation",
    "person-not-found",
    "second-agent-needed",
    "too-many-links",
}
OF_THE_FRONT = {"cookies", "network", "offline", "slow", "unexpected"}


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


def test_every_fault_of_a_field_has_a_message(pages: list[ReadPage]) -> None:
    fields = re.split(r"^  (\w+): ", _block("FAULTS"), flags=re.MULTILINE)[1:]
    told = {
        field: re.findall(r"([\w-]+)'?:\s", messages) for field, messages in zip(fields[::2], fields[1::2], strict=True)
    }
    # A field that stands on one page has its words there.
    for fields_of_page in (e.attributes for p in pages for e in p.elements if "data-field" in e.attributes):
        words = [name.removeprefix("data-") for name in fields_of_page if name.startswith("data-")]
        told.setdefault(fields_of_page["data-field"], []).extend(words)
    # `invalid` also serves for what is missing: a field that cannot be ill-formed has but the one message.
    untold = [(field, code) for field, code in DETAILS if code != "invalid" and code not in told[field]]
    assert untold == []


def test_a_message_on_a_format_holds_an_example(pages: list[ReadPage]) -> None:
    formats = re.findall(r"^.*(?:bon format|\bchiffres|numéro de tél).*$", MESSAGES, re.MULTILINE)
    of_pages = {name: ["data-missing", "data-invalid"] for name in ("charges", "income", "amount", "rate", "years")}
    worded = [e.attributes for p in pages for e in p.elements if e.attributes.get("data-field") in of_pages]
    formats += [attributes[name] for attributes in worded for name in of_pages[attributes["data-field"]]]
    assert len(formats) == 4 + 2 * len(of_pages)
    assert [line for line in formats if "par exemple" not in line] == []


def test_the_pages_ask_for_the_domains_that_a_roster_s_report_asks_for() -> None:
    table = (ASSETS / "mail-domains.js").read_text(encoding="utf-8")
    rows = re.findall(r"'([\w.]+)':\s+'([^']+)'", table)
    assert {wrong: meant for meant, misspelt in rows for wrong in misspelt.split()} == MISSPELT_DOMAINS
