"""Security codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.codes import clean_code, code_for, code_message
from activation.domain.errors import CodeFormatError

MACS = st.binary(min_size=32, max_size=32)
CODE_NUMBERS = st.integers(min_value=1, max_value=100)


def test_the_code_key_signs_the_purpose_and_the_flow() -> None:
    assert code_message("activation", "f-1") == b"code/1\0activation\0f-1"


@pytest.mark.parametrize(("number", "code"), [(0, "755224"), (1, "287082"), (2, "359152"), (9, "520489")])
def test_codes_are_those_of_rfc_4226(number: int, code: str) -> None:
    assert code_for(b"12345678901234567890", number=number, digits=6) == code


@given(MACS, CODE_NUMBERS)
def test_an_8_digit_code_ends_in_the_6_digit_one_of_the_same_number(mac: bytes, number: int) -> None:
    longer = code_for(mac, number=number, digits=8)
    assert len(longer) == 8
    assert longer.endswith(code_for(mac, number=number, digits=6))


@given(MACS, CODE_NUMBERS, st.sampled_from([6, 8]))
def test_a_code_is_clean_as_it_is_made(mac: bytes, number: int, digits: int) -> None:
    code = code_for(mac, number=number, digits=digits)
    assert clean_code(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "097373",
        " 097 373\n",
        "097-373",
        "097–373",
        "097\N{MINUS SIGN}373",
        "09.73.73",
        "097·373",
        "０９７３７３",
        "097\u00a0373",
        "097\u202f373",
        "\ufeff097\u200b373\u2060",
        "\u202a097373\u202c",
        "097\u00ad373",
        "097373\ufe0f",
    ],
)
def test_what_a_copy_brings_along_is_dropped(typed: str) -> None:
    assert clean_code(typed) == "097373"


def test_a_longer_code_is_taken_too() -> None:
    assert clean_code("1209 7373") == "12097373"


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "12345", "1234567", "123456789", "abcdef", "09737e", "٠٩٧٣٧٣", "097/373", "+097373", "0973７３9"],
)
def test_what_has_not_the_form_of_a_code_is_refused(typed: str) -> None:
    with pytest.raises(CodeFormatError):
        clean_code(typed)


@given(st.text(st.characters(exclude_categories=()) | st.sampled_from("0123456789０９ -.")))
def test_cleaning_gives_6_or_8_ascii_digits_or_refuses(typed: str) -> None:
    try:
        code = clean_code(typed)
    except CodeFormatError:
        return
    assert code.isascii()
    assert code.isdigit()
    assert len(code) in (6, 8)
