"""Mail addresses and mobile numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activation.domain.contacts import (
    Channel,
    Contact,
    ContactFault,
    ContactRejectedError,
    mask,
    parse_email,
    parse_mobile,
)
from activation.domain.errors import DomainError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("louis.garcia@mondomaine.com", "louis.garcia@mondomaine.com"),
        ("  louis@exemple.fr\n", "louis@exemple.fr"),
        ("Louis@EXEMPLE.Fr", "Louis@exemple.fr"),
        ("louis@Mairie-Évry.fr", "louis@xn--mairie-vry-h7a.fr"),
        ("louis+cnas@ｅxemple.fr", "louis+cnas@exemple.fr"),
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
        "Louis <louis@exemple.fr>",
        "louis@exemple.fr\r\nBcc: tous@exemple.fr",
        "loïs@exemple.fr",
        f"{'l' * 65}@exemple.fr",
    ],
)
def test_what_is_no_mail_address_is_refused(text: str) -> None:
    with pytest.raises(ContactRejectedError) as refusal:
        parse_email(text)
    assert refusal.value.reason is ContactFault.INVALID


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
        ("+49 1512 3456789", "invalid"),
        ("+377 6 12 34 56 78", "invalid"),
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
