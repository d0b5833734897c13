"""Mail addresses and mobile numbers."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from activation.domain.contacts import (
    Channel,
    Contact,
    ContactFault,
    ContactRejectedError,
    contact_key,
    lacks_nought,
    mask,
    parse_email,
    parse_mobile,
    read_mobile,
    shown_number,
)
from activation.domain.errors import DomainError

WAYS = (
    *("{address}", "{upper}", " {address}\u00a0", "\u202a{address}\u202c", "{address}\u200b;"),
    *("mailto:{address}", "Louis Garcia <{address}>"),
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("louis.garcia@mondomaine.com", "louis.garcia@mondomaine.com"),
        ("  louis@exemple.fr\n", "louis@exemple.fr"),
        ("Louis@EXEMPLE.Fr", "Louis@exemple.fr"),
        ("louis@Mairie-Évry.fr", "louis@xn--mairie-vry-h7a.fr"),
        ("louis+cnas@ｅxemple.fr", "louis+cnas@exemple.fr"),
        ("\u202alouis\u00ad@exemple\u200b.fr\u202c", "louis@exemple.fr"),
        ("\u2060louis＠exemple．fr\ufeff", "louis@exemple.fr"),
        ("mailto:louis@exemple.fr", "louis@exemple.fr"),
        ("MailTo: louis@exemple.fr", "louis@exemple.fr"),
        ("Louis Garcia <louis@exemple.fr>", "louis@exemple.fr"),
        ("<mailto:louis@exemple.fr>", "louis@exemple.fr"),
        ("Louis Garcia < louis@exemple.fr > ;", "louis@exemple.fr"),
        ("louis@exemple.fr,", "louis@exemple.fr"),
    ],
)
def test_a_mail_address_is_trimmed_and_its_domain_made_plain(text: str, value: str) -> None:
    assert parse_email(text) == Contact(Channel.EMAIL, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pas-une-adresse",
        "louis@",
        "@exemple.fr",
        "louis@exa mple.fr",
        "louis@exemple..fr",
        "louis@localhost",
        "louis@[127.0.0.1]",
        "louis@exemple.fr (bureau)",
        "Louis <>",
        "louis@@exemple.fr",
        "loïs@exemple.fr",
        f"{'l' * 65}@exemple.fr",
    ],
)
def test_what_is_no_mail_address_is_refused(text: str) -> None:
    with pytest.raises(ContactRejectedError) as refusal:
        parse_email(text)
    assert refusal.value.reason is ContactFault.INVALID


@pytest.mark.parametrize(
    "text",
    [
        "louis@exemple.fr awa@exemple.fr",
        "louis@exemple.fr;awa@exemple.fr",
        "louis@exemple.fr, awa@exemple.fr",
        "louis@exemple.fr / awa@exemple.fr",
        "louis@exemple.fr\nawa@exemple.fr",
        "louis@exemple.fr <awa@exemple.fr>",
        "Louis <louis@exemple.fr>; Awa <awa@exemple.fr>",
        "louis@exemple.fr\r\nBcc: tous@exemple.fr",
    ],
)
def test_two_mail_addresses_are_refused_as_two(text: str) -> None:
    with pytest.raises(ContactRejectedError) as refusal:
        parse_email(text)
    assert refusal.value.reason is ContactFault.SEVERAL


@pytest.mark.parametrize(
    "text",
    [
        "06 12 34 56 78 07 12 34 56 78",
        "0612345678/0712345678",
        "06 12 34 56 78 - 01 40 00 00 00",
        "06 12 34 56 78 ou 06 98 76 54 32",
        "+33 6 12 34 56 78, +33 1 40 00 00 00",
        "0033612345678 ; 612345679",
        "06 12 34 56 78\n06 12 34 56 78 (bureau)",
    ],
)
def test_two_numbers_are_refused_as_two(text: str) -> None:
    with pytest.raises(ContactRejectedError) as refusal:
        parse_mobile(text)
    assert refusal.value.reason is ContactFault.SEVERAL


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("0768123456", "+33768123456"),
        ("+33 (0)6.12.34.56.78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("06\u00a012\u00a034\u00a056\u00a078", "+33612345678"),
        ("\u202a06-12-34-56-78\u202c", "+33612345678"),
        ("０６１２３４５６７８", "+33612345678"),
        ("06/12/34/56/78", "+33612345678"),
        ("06  12\u202f34\u200956 78", "+33612345678"),
        ("06\u201112\u201134\u201156\u201178", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0033 (0) 6 12 34 56 78", "+33612345678"),
        ("33612345678", "+33612345678"),
        ("tel:+33612345678", "+33612345678"),
        ("612345678", "+33612345678"),
        ("7 68 12 34 56", "+33768123456"),
        ("+33 6 92 12 34 56", "+262692123456"),
        ("0692 12 34 56", "+262692123456"),
        ("0690 12 34 56", "+590690123456"),
        ("0694 12 34 56", "+594694123456"),
        ("0696 12 34 56", "+596696123456"),
        ("0639 01 23 45", "+262639012345"),
        ("+687 75 12 34", "+687751234"),
        ("87 12 34 56", "+68987123456"),
    ],
)
def test_a_french_or_overseas_mobile_is_kept_in_e164(text: str, value: str) -> None:
    assert parse_mobile(text) == Contact(Channel.SMS, value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("01 40 00 00 00", "not-a-mobile"),
        ("0262 20 00 00", "not-a-mobile"),
        ("0899 00 00 00", "not-a-mobile"),
        ("0800 12 34 56", "not-a-mobile"),
        ("+33 9 12 34 56 78", "not-a-mobile"),
        ("+508 55 12 34", "not-served"),
        ("+681 82 12 34", "not-served"),
        ("+44 7700 900123", "invalid"),
        ("+06 12 34 56 78", "invalid"),
        ("06+12345678", "invalid"),
        ("+49 1512 3456789", "invalid"),
        ("+377 6 12 34 56 78", "invalid"),
        ("+262 691 99 99 99", "invalid"),
        ("3939", "invalid"),
        ("112", "invalid"),
        ("portable", "invalid"),
        ("", "invalid"),
        ("06 12 34 56 7", "invalid"),
        ("06 12 34 56 78 90 12", "invalid"),
        ("0612345678 poste 4", "invalid"),
        ("0612345678#4", "invalid"),
        ("06 ABC DEF 78", "invalid"),
        ("0" * 300, "invalid"),
    ],
)
def test_a_number_that_gets_no_sms_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ContactRejectedError) as refusal:
        parse_mobile(text)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0700 12 34 56", "+33700123456"),
        ("+33 7 00 12 34 56", "+33700123456"),
        ("0691 99 99 99", "+590691999999"),
        ("+33 6 91 99 99 99", "+590691999999"),
        ("+590 691 99 99 99", "+590691999999"),
        ("0693 56 99 99", "+262693569999"),
        ("0639 41 99 99", "+262639419999"),
        ("0694 59 99 99", "+594694599999"),
        ("0709 39 99 99", "+262709399999"),
        ("0709 34 99 99", "+594709349999"),
        ("0709 19 99 99", "+596709199999"),
    ],
)
def test_a_number_whose_range_is_too_new_to_be_listed_is_taken(text: str, value: str) -> None:
    assert read_mobile(text) == (Contact(Channel.SMS, value), False)


def test_a_number_of_nine_digits_lacks_its_nought() -> None:
    assert lacks_nought("6 12 34 56 78")
    assert not any(map(lacks_nought, ("06 12 34 56 78", "+33 6 12 34 56 78", "12 34 56 78", "", "140000000")))


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Louis@Exemple.fr", "louis@exemple.fr"),
        ("Louis <mailto:Louis@Exemple.fr>;", "louis@exemple.fr"),
        ("louis@mairie-évry.fr", "louis@xn--mairie-vry-h7a.fr"),
        ("loïs@exemple.fr", "loïs@exemple.fr"),
        ("louis@exemple.fr, awa@exemple.fr", "louis@exemple.fr, awa@exemple.fr"),
        ("06 12 34 56 78", "612345678"),
        ("+33 (0)6 12 34 56 78", "612345678"),
        ("0692 12 34 56", "692123456"),
        ("+262 692 12 34 56", "692123456"),
        ("75 12 34", "+687751234"),
        ("+687 75 12 34", "+687751234"),
        ("06 87 75 12 34", "687751234"),
        ("87 12 34 56", "+68987123456"),
        ("689 87 12 34 56", "+68987123456"),
        ("+44 7700 900123", "+447700900123"),
        ("+06 12 34 56 78", "+0612345678"),
        ("", ""),
        ("néant", ""),
    ],
)
def test_a_contact_has_one_key_however_it_is_written(written: str, key: str) -> None:
    assert contact_key(written) == key


_SPACES = st.sampled_from(["", " ", "  ", ".", "/", "-", "\u00a0", "\u202f", "\u2011", "\u200b"])
_SHAPES = st.sampled_from(
    (
        *("0[67]xxxxxxxx", "+33[67]xxxxxxxx", "+33(0)[67]xxxxxxxx", "0033[67]xxxxxxxx", "[67]xxxxxxxx"),
        *("33[67]xxxxxxxx", "+262692xxxxxx", "+262639xxxxxx", "0690xxxxxx", "0[1-9]xxxxxxxx"),
        *("+687[5-9]xxxxx", "[5-9]xxxxx", "+6898[79]xxxxxx", "8[79]xxxxxx", "6898[79]xxxxxx"),
        *("xxxxxxxx", "xxxxxxxxxxx", "+xxxxxxxxxxx"),
    )
)


@settings(deadline=None)
@example("0[67]xxxxxxxx", [0, 9, 1, *[0] * 9], [""] * 20)
@given(_SHAPES, st.lists(st.integers(0, 9), min_size=12, max_size=12), st.lists(_SPACES, min_size=20))
def test_a_number_that_is_taken_has_the_key_of_what_it_is_taken_for(
    shape: str, digits: list[int], spaces: list[str]
) -> None:
    number = _in_shape(shape, iter(digits))
    written = "".join(char + space for char, space in zip(number, spaces, strict=False)) + number[len(spaces) :]
    try:
        mobile = parse_mobile(written)
    except ContactRejectedError:
        return
    assert contact_key(written) == contact_key(mobile.value)
    assert parse_mobile(mobile.value) == mobile


def _in_shape(shape: str, digits: Iterator[int]) -> str:
    """The shape with a digit for each `x`, and one of those in it for each bracket."""

    def one(place: re.Match[str]) -> str:
        choice = {"[5-9]": "56789", "[1-9]": "123456789", "x": "0123456789"}.get(place[0], place[0].strip("[]"))
        return choice[next(digits) % len(choice)]

    return re.sub(r"\[[\d-]+\]|x", one, shape)


@settings(deadline=None)
@given(st.emails() | st.sampled_from(["louis@mairie-évry.fr", "l@STRASSE-straße.de"]), st.sampled_from(WAYS))
def test_a_mail_address_that_is_taken_has_the_key_of_what_it_is_taken_for(address: str, way: str) -> None:
    written = way.format(address=address, upper=address.upper())
    try:
        mail = parse_email(written)
    except ContactRejectedError:
        return
    assert contact_key(written) == contact_key(mail.value)
    assert parse_email(mail.value) == mail


@settings(deadline=None)  # the first number of a region loads its rules
@given(st.text(st.characters(exclude_categories=())))  # half surrogate pairs too: JSON can write them
def test_no_text_gets_anything_but_a_contact_or_a_refusal(text: str) -> None:
    for parse in (parse_email, parse_mobile):
        try:
            assert parse(text).value.isascii()
        except ContactRejectedError:
            continue


def test_a_refusal_is_a_domain_error_and_shows_no_value() -> None:
    with pytest.raises(DomainError) as refusal:
        parse_email("louis@")
    assert "louis" not in repr(refusal.value)
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize(
    ("contact", "masked"),
    [
        (Contact(Channel.SMS, "+33612345678"), "au numéro se terminant par 78"),
        (Contact(Channel.EMAIL, "louis.garcia@mondomaine.com"), "à l'adresse l•••@m•••.com"),
        (Contact(Channel.EMAIL, "l@mairie.ville.fr"), "à l'adresse l•••@m•••.fr"),
    ],
)
def test_a_mask_shows_what_its_owner_recognises(contact: Contact, masked: str) -> None:
    assert mask(contact) == masked


def test_the_repr_of_a_contact_hides_its_value() -> None:
    assert "garcia" not in repr(Contact(Channel.EMAIL, "louis.garcia@mondomaine.com"))


@pytest.mark.parametrize(
    "written",
    [
        *("0140000000", "01 40 00 00 00", "01.40.00.00.00", "140000000", "+33140000000", "0033 1 40 00 00 00"),
        *("+33 (0)1 40 00 00 00", "tel:+33140000000", "tel: 01 40 00 00 00", "33140000000"),
    ],
)
def test_a_french_number_is_shown_in_pairs_however_it_is_written(written: str) -> None:
    assert shown_number(written) == "01 40 00 00 00"


@pytest.mark.parametrize(
    "written", ["", "0140", "01 40 00 00 00 / 06 22 22 22 22", "+262 262 12 34 56", "01 40 00 00 00 poste 12"]
)
def test_what_is_not_one_french_number_is_shown_as_it_is_written(written: str) -> None:
    assert shown_number(written) == written
    assert shown_number(f"tel:{written}") == written
