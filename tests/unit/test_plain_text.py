"""What people paste and spreadsheets write, as its plain value."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.plain_text import plain_digits, plain_text

CASES = json.loads((Path(__file__).parents[1] / "plain_text.json").read_text("ascii"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: ascii(case["text"]))
def test_a_plain_text_has_single_spaces_and_nothing_unseen(case: dict[str, str]) -> None:
    assert plain_text(case["text"]) == case["plain"]


@given(st.text(st.characters(exclude_categories=())))
def test_a_plain_text_is_its_own_plain_text_in_nfc_without_anything_that_a_terminal_obeys(text: str) -> None:
    plain = plain_text(text)
    assert plain_text(plain) == plain
    assert unicodedata.is_normalized("NFC", plain)
    assert not {unicodedata.category(char) for char in plain} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not plain or (plain.split(" ") == plain.split())


@given(st.text(st.characters(max_codepoint=0x2FF)))
def test_simple_text_changes_only_in_its_spaces(text: str) -> None:
    seen = "".join(char for char in text if char in "\t\n\v\f\r\x85" or unicodedata.category(char) not in {"Cc", "Cf"})
    assert plain_text(text) == " ".join(seen.split())


def test_the_spaces_between_the_digits_of_an_identifier_are_nothing() -> None:
    assert plain_digits("\u202a 1000\u202f00\u200b01\u00a0") == "10000001"
