"""Security codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.code_digits import clean_code, code_for, code_message
from activation.domain.errors import CodeFormatError
from tests.unit.refusals import refused

MACS = st.binary(min_size=32, max_size=32)
CODE_NUMBERS = st.integers(min_value=1, max_value=100)


@pytest.mark.parametrize(("number", "code"), [(0, "755224"), (1, "287082"), (2, "359152"), (9, "520489")])
def test_codes_are_those_of_rfc_4226(number: int, code: str) -> None:
    assert code_for(b"12345678901234567890", number=number, digits=6) == code


def test_a_code_is_of_its_flow_and_purpose_alone() -> None:
    assert code_message("activation", "f-1") == b"code/1\0activation\0f-1"  # what the code key signs


@given(MACS, CODE_NUMBERS)
def test_an_8_digit_code_ends_in_the_6_digit_one_of_the_same_number(mac: bytes, number: int) -> None:
    longer, short = (code_for(mac, number=number, digits=digits) for digits in (8, 6))
    assert (len(longer), longer.endswith(short)) == (8, True)
    assert (clean_code(longer), clean_code(short)) == (longer, short)  # clean as they are made


COPIED = [
    *("097373", " 097 373\n", "097-373", "097–373", "097\N{MINUS SIGN}373", "09.73.73", "097·373", "０９７３７３"),
    *("097\u00a0373", "097\u202f373", "\ufeff097\u200b373\u2060", "\u202a097373\u202c"),
    *("097\u00ad373", "097373\ufe0f"),
]


@pytest.mark.parametrize("typed", COPIED)
def test_what_a_copy_brings_along_is_dropped(typed: str) -> None:
    assert clean_code(typed) == "097373"


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "12345", "1234567", "123456789", "abcdef", "09737e", "٠٩٧٣٧٣", "097/373", "+097373", "0973７３9"],
)
def test_what_has_not_the_form_of_a_code_is_refused(typed: str) -> None:
    refused(CodeFormatError, clean_code, typed)


@given(st.text(st.characters(exclude_categories=()) | st.sampled_from("0123456789０９ -.")))
def test_cleaning_gives_6_or_8_ascii_digits_or_refuses(typed: str) -> None:
    try:
        code = clean_code(typed)
    except CodeFormatError:
        return
    assert code.isascii()
    assert code.isdigit()
    assert len(code) in (6, 8)
