"""Mail addresses and mobile numbers."""

import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from activation.domain import contacts
from activation.domain.contacts import Channel, Contact, ContactRejectedError, contact_key, parse_email, parse_mobile
from activation.domain.errors import DomainError
from tests.unit.refusals import refused

WAYS = (
    *("{address}", "{upper}", " {address}\u00a0", "\u202a{address}\u202c", "{address}\u200b;"),
    *("mailto:{address}", "Louis Garcia <{address}>"),
)


WAYS_TO_LOUIS = [
    *("  louis@exemple.fr\n", "\u202alouis\u00ad@exemple\u200b.fr\u202c", "\u2060louis＠exemple．fr\ufeff"),
    *("mailto:louis@exemple.fr", "MailTo: louis@exemple.fr", "Louis Garcia <louis@exemple.fr>"),
    *("<mailto:louis@exemple.fr>", "Louis Garcia < louis@exemple.fr > ;", "louis@exemple.fr,"),
]
MAILS = [
    ("louis.garcia@mondomaine.com", "louis.garcia@mondomaine.com"),
    ("Louis@EXEMPLE.Fr", "Louis@exemple.fr"),
    ("Louis@EXEMPLE.LUX", "Louis@exemple.lux"),
    ("louis@Mairie-Évry.fr", "louis@xn--mairie-vry-h7a.fr"),
    ("louis+cnas@ｅxemple.fr", "louis+cnas@exemple.fr"),
    *((text, "louis@exemple.fr") for text in WAYS_TO_LOUIS),
]


@pytest.mark.parametrize(("text", "value"), MAILS)
def test_a_mail_address_is_trimmed_and_its_domain_made_plain(text: str, value: str) -> None:
    assert parse_email(text) == Contact(Channel.EMAIL, value)


NO_MAILS = [
    *("", "pas-une-adresse", "louis@", "@exemple.fr", "louis@exa mple.fr", "louis@exemple..fr"),
    *("louis@localhost", "louis@[127.0.0.1]", "louis@exemple.fr (bureau)", "Louis <>"),
    *("louis@@exemple.fr", "loïs@exemple.fr"),
    f"{'l' * 65}@exemple.fr",
]
TWO_MAILS = [
    *("louis@exemple.fr awa@exemple.fr", "louis@exemple.fr;awa@exemple.fr", "louis@exemple.fr, awa@exemple.fr"),
    *("louis@exemple.fr / awa@exemple.fr", "louis@exemple.fr\nawa@exemple.fr"),
    "louis@exemple.fr <awa@exemple.fr>",
    *("Louis <louis@exemple.fr>; Awa <awa@exemple.fr>", "louis@exemple.fr\r\nBcc: tous@exemple.fr"),
]
TWO_NUMBERS = [
    *("06 12 34 56 78 07 12 34 56 78", "0612345678/0712345678", "06 12 34 56 78 - 01 40 00 00 00"),
    *("06 12 34 56 78 ou 06 98 76 54 32", "+33 6 12 34 56 78, +33 1 40 00 00 00"),
    *("0033612345678 ; 612345679", "06 12 34 56 78\n06 12 34 56 78 (bureau)"),
]


WAYS_TO_WRITE = [
    *("06 12 34 56 78", "+33 (0)6.12.34.56.78", "0033612345678", "06\u00a012\u00a034\u00a056\u00a078"),
    *("\u202a06-12-34-56-78\u202c", "０６１２３４５６７８", "06/12/34/56/78", "06  12\u202f34\u200956 78"),
    *("06\u201112\u201134\u201156\u201178", "+33 (0)6 12 34 56 78", "0033 (0) 6 12 34 56 78", "33612345678"),
    *("tel:+33612345678", "612345678"),
]
MOBILES = [
    *((text, "+33612345678") for text in WAYS_TO_WRITE),
    *((text, "+33768123456") for text in ("0768123456", "7 68 12 34 56")),
    *((text, "+262692123456") for text in ("+33 6 92 12 34 56", "0692 12 34 56")),
    ("0690 12 34 56", "+590690123456"),
    ("0694 12 34 56", "+594694123456"),
    ("0696 12 34 56", "+596696123456"),
    ("0639 01 23 45", "+262639012345"),
    ("+687 75 12 34", "+687751234"),
    ("87 12 34 56", "+68987123456"),
]
TOO_NEW = [
    *((text, "+33700123456") for text in ("0700 12 34 56", "+33 7 00 12 34 56")),
    *((text, "+590691999999") for text in ("0691 99 99 99", "+33 6 91 99 99 99", "+590 691 99 99 99")),
    ("0693 56 99 99", "+262693569999"),
    ("0639 41 99 99", "+262639419999"),
    ("0694 59 99 99", "+594694599999"),
    ("0709 39 99 99", "+262709399999"),
    ("0709 34 99 99", "+594709349999"),
    ("0709 19 99 99", "+596709199999"),
]


@pytest.mark.parametrize(("text", "value"), MOBILES + TOO_NEW)
def test_a_french_or_overseas_mobile_is_kept_in_e164_though_too_new_to_be_listed(text: str, value: str) -> None:
    assert contacts.read_mobile(text) == (Contact(Channel.SMS, value), (text, value) not in TOO_NEW)


NO_MOBILES = {
    "not-a-mobile": ["01 40 00 00 00", "0262 20 00 00", "0899 00 00 00", "0800 12 34 56", "+33 9 12 34 56 78"],
    "not-served": ["+508 55 12 34", "+681 82 12 34"],
    "invalid": [
        *("+44 7700 900123", "+06 12 34 56 78", "06+12345678", "+49 1512 3456789", "+377 6 12 34 56 78"),
        *("+262 691 99 99 99", "3939", "112", "portable", "", "06 12 34 56 7", "06 12 34 56 78 90 12"),
        *("0612345678 poste 4", "0612345678#4", "06 ABC DEF 78", "0" * 300),
    ],
}


REFUSED = [
    *((parse_email, "invalid", text) for text in NO_MAILS),
    *((parse_email, "several", text) for text in TWO_MAILS),
    *((parse_mobile, "several", text) for text in TWO_NUMBERS),
    *((parse_mobile, reason, text) for reason, many in NO_MOBILES.items() for text in many),
]


@pytest.mark.parametrize(("parse", "reason", "text"), REFUSED)
def test_what_is_no_mail_or_mobile_or_two_is_refused_as_such(
    parse: Callable[[str], Contact], reason: str, text: str
) -> None:
    assert refused(ContactRejectedError, parse, text).reason == reason


def test_a_number_of_nine_digits_lacks_its_nought() -> None:
    assert contacts.lacks_nought("6 12 34 56 78")
    assert not any(map(contacts.lacks_nought, ("06 12 34 56 78", "+33 6 12 34 56 78", "12 34 56 78", "", "140000000")))


KEYS = {
    "louis@exemple.fr": ["Louis@Exemple.fr", "Louis <mailto:Louis@Exemple.fr>;"],
    "louis@xn--mairie-vry-h7a.fr": ["louis@mairie-évry.fr"],
    "loïs@exemple.fr": ["loïs@exemple.fr"],
    "louis@exemple.fr, awa@exemple.fr": ["louis@exemple.fr, awa@exemple.fr"],
    "612345678": ["06 12 34 56 78", "+33 (0)6 12 34 56 78"],
    "692123456": ["0692 12 34 56", "+262 692 12 34 56"],
    "+687751234": ["75 12 34", "+687 75 12 34", "00 687 75 12 34"],
    "687751234": ["06 87 75 12 34"],
    "+68987123456": ["87 12 34 56", "689 87 12 34 56"],
    "+447700900123": ["+44 7700 900123"],
    "+0612345678": ["+06 12 34 56 78"],
    "": ["", "néant"],
}


@pytest.mark.parametrize(("key", "written"), [(key, written) for key, all_of in KEYS.items() for written in all_of])
def test_a_contact_has_one_key_however_it_is_written(key: str, written: str) -> None:
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
def test_a_number_has_the_key_of_what_it_is_taken_for(shape: str, digits: list[int], spaces: list[str]) -> None:
    number = _in_shape(shape, iter(digits))
    written = "".join(char + space for char, space in zip(number, spaces, strict=False)) + number[len(spaces) :]
    try:
        mobile = parse_mobile(written)
    except ContactRejectedError:
        return
    assert (contact_key(written), parse_mobile(mobile.value)) == (contact_key(mobile.value), mobile)


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
    assert (contact_key(written), parse_email(mail.value)) == (contact_key(mail.value), mail)


@settings(deadline=None)  # the first number of a region loads its rules
@given(st.text(st.characters(exclude_categories=())))  # half surrogate pairs too: JSON can write them
def test_no_text_gets_anything_but_a_contact_or_a_refusal(text: str) -> None:
    for parse in (parse_email, parse_mobile):
        try:
            assert parse(text).value.isascii()
        except ContactRejectedError:
            continue


def test_neither_a_refusal_nor_a_contact_shows_its_value() -> None:
    error = refused(DomainError, parse_email, "louis@")
    assert "louis" not in repr(error)
    assert error.__suppress_context__
    assert "garcia" not in repr(Contact(Channel.EMAIL, "louis.garcia@mondomaine.com"))


MASKED = [
    (Contact(Channel.SMS, "+33612345678"), "au numéro se terminant par 78"),
    (Contact(Channel.EMAIL, "louis.garcia@mondomaine.com"), "à l'adresse l•••@m•••.com"),
    (Contact(Channel.EMAIL, "l@mairie.ville.fr"), "à l'adresse l•••@m•••.fr"),
]


@pytest.mark.parametrize(("contact", "masked"), MASKED)
def test_a_mask_shows_what_its_owner_recognises(contact: Contact, masked: str) -> None:
    assert contacts.mask(contact) == masked


FRENCH = [
    *("0140000000", "01 40 00 00 00", "01.40.00.00.00", "140000000", "+33140000000", "0033 1 40 00 00 00"),
    *("+33 (0)1 40 00 00 00", "tel:+33140000000", "tel: 01 40 00 00 00", "33140000000"),
]


@pytest.mark.parametrize("written", FRENCH)
def test_a_french_number_is_shown_in_pairs_however_it_is_written(written: str) -> None:
    assert contacts.shown_number(written) == "01 40 00 00 00"


OTHERS = ["", "0140", "01 40 00 00 00 / 06 22 22 22 22", "+262 262 12 34 56", "01 40 00 00 00 poste 12"]


@pytest.mark.parametrize("written", OTHERS)
def test_what_is_not_one_french_number_is_shown_as_it_is_written(written: str) -> None:
    assert contacts.shown_number(written) == contacts.shown_number(f"tel:{written}") == written
