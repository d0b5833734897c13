"""A beneficiary: who gets a code, what becomes of the account, what is left to decide."""

from dataclasses import replace

import pytest

from activation.domain.accounts import (
    DEVICE_SECONDS,
    FRESH_CONTACT_SECONDS,
    Account,
    PasswordRecord,
    Status,
    activate,
    prove_contact,
    reset_password,
)
from activation.domain.consent import correspondent_may_see_requests
from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.errors import ContactNotProvenError, NextStep
from activation.domain.flows import Purpose
from activation.domain.ledger import Consent
from activation.domain.recipients import answers_to, chosen_contact, code_recipient, proven_before_changes
from activation.domain.steps import onboarding_step
from activation.domain.terms import TermsAcceptance
from activation.domain.times import day_of_rights
from tests.builders import MAIL, MOBILE, NOW, active, entry, flow, invited

TODAY = day_of_rights(NOW)
NEW_MAIL = Contact(Channel.EMAIL, "louis@exemple.fr")
NEWER_MAIL = Contact(Channel.EMAIL, "louis.garcia@exemple.fr")
HASH = PasswordRecord("$argon2id$new", "pepper")
HOURS = 3_600

INVITED = invited()
MAILLESS = invited(roster=entry(email=""))
UNREACHABLE = invited(roster=entry(email="", mobile=""))
LEFT = invited(roster=entry(end_date="2026-11-22"))
LEAVING = invited(roster=entry(end_date=TODAY))
RENAMED = invited(roster=entry(usage_name="Petit", last_name="Saint-Martin"))
ACTIVE = active(roster=entry(email="correspondent@mondomaine.com"))
ACTIVE_BY_SMS = active(proven={Channel.EMAIL: MAIL, Channel.SMS: MOBILE}, channel=Channel.SMS)
ACTIVE_UNDECIDED = active(proven={Channel.SMS: MOBILE}, channel=None)
GONE = active(roster=entry(end_date="2026-11-22"))
CLOSED = active(status=Status.CLOSED)


def recipient(who: Account | None, purpose: Purpose, typed: str = "garcia", *, now: int = NOW) -> Contact | None:
    return code_recipient(who, flow(purpose, throttle_suffix=typed), now=now) if who else None


@pytest.mark.parametrize(
    ("who", "activation", "reset"),
    [
        (None, None, None),
        (INVITED, MAIL, None),
        (MAILLESS, MOBILE, None),
        (UNREACHABLE, None, None),
        (LEFT, None, None),
        (LEAVING, MAIL, None),
        (ACTIVE, None, MAIL),
        (ACTIVE_BY_SMS, None, MOBILE),
        (ACTIVE_UNDECIDED, None, MOBILE),
        (GONE, None, None),
        (CLOSED, None, None),
    ],
    ids=[
        "unknown", "invited", "invited, no mail", "invited, no contact", "left", "leaves today",
        "active", "active, SMS chosen", "active, nothing chosen", "active, left", "closed",
    ],
)  # fmt: skip
def test_who_gets_a_code(who: Account | None, activation: Contact | None, reset: Contact | None) -> None:
    assert recipient(who, Purpose.ACTIVATION) == activation
    assert recipient(who, Purpose.PASSWORD_RESET) == reset


@pytest.mark.parametrize("purpose", [Purpose.SIGN_IN, Purpose.CONTACT])
@pytest.mark.parametrize("who", [INVITED, ACTIVE])
def test_flows_of_someone_already_known_bring_their_recipient(who: Account, purpose: Purpose) -> None:
    assert recipient(who, purpose) is None
    assert recipient(who, purpose, "") is None


@pytest.mark.parametrize("typed", ["Petit", "PETIT", "saint martin", "St-Martin"])
def test_the_usage_name_and_the_birth_name_both_match(typed: str) -> None:
    assert recipient(RENAMED, Purpose.ACTIVATION, typed) == MAIL


@pytest.mark.parametrize("typed", ["Garcia", "Louis", "Petit Saint-Martin", "", "Martin"])
def test_no_other_name_matches(typed: str) -> None:
    assert recipient(RENAMED, Purpose.ACTIVATION, typed) is None


def test_an_empty_name_matches_nobody_not_even_somebody_without_one() -> None:
    assert recipient(invited(roster=entry(last_name="'")), Purpose.ACTIVATION, "") is None


@pytest.mark.parametrize("purpose", [Purpose.SIGN_IN, Purpose.CONTACT])
def test_a_flow_opened_after_a_password_is_its_owners_whatever_its_throttle_suffix(purpose: Purpose) -> None:
    assert answers_to(ACTIVE, flow(purpose, throttle_suffix="email\0louis@exemple.fr"))
    assert not answers_to(active("10000002"), flow(purpose, throttle_suffix=""))


def test_another_persons_identifier_does_not_answer() -> None:
    assert not answers_to(invited("10000002"), flow())


def test_the_contact_whose_code_matched_is_proven_and_no_other() -> None:
    made = activate(INVITED, contact=MOBILE, password=HASH, now=NOW)
    assert (made.status, made.proven, made.password) == (Status.ACTIVE, {Channel.SMS: MOBILE}, HASH)
    assert made.signed_in_at == NOW


def reset(account: Account, *, now: int) -> Account:
    return reset_password(account, HASH, contact=MAIL, former=proven_before_changes(account, now))


def test_a_reset_ends_every_session_and_forgets_every_browser() -> None:
    changed = reset(active(session_epoch=3, devices={"home": NOW}), now=NOW)
    assert (changed.password, changed.session_epoch, changed.devices) == (HASH, 4, {})
    assert changed.proven == {Channel.EMAIL: MAIL}


def test_a_reset_through_a_former_contact_brings_the_former_contacts_back() -> None:
    thief, mobile = Contact(Channel.EMAIL, "voleur@exemple.fr"), Contact(Channel.SMS, "+33699999999")
    stolen = prove_contact(prove_contact(active(), thief, now=NOW), mobile, now=NOW + 60)
    marks = dict.fromkeys([MAIL.value, thief.value], Deliverability.UNDELIVERABLE)
    back = reset(replace(stolen, channel=Channel.SMS, deliverability=marks), now=NOW + 120)
    assert (back.proven, back.channel, back.former) == ({Channel.EMAIL: MAIL}, Channel.EMAIL, ())
    assert list(back.deliverability) == [thief.value]


def test_a_contact_that_the_roster_names_stays_when_the_former_contacts_come_back() -> None:
    both = prove_contact(active(), MOBILE, now=NOW)
    changed = prove_contact(both, Contact(Channel.EMAIL, "louis@nouveau.fr"), now=NOW + 60)
    back = reset(changed, now=NOW + 120)
    assert back.proven == {Channel.EMAIL: MAIL, Channel.SMS: MOBILE}


def test_a_reset_that_ends_after_the_72_hours_proves_its_own_contact_alone() -> None:
    changed = prove_contact(active(), Contact(Channel.EMAIL, "louis@nouveau.fr"), now=NOW)
    back = reset(changed, now=NOW + FRESH_CONTACT_SECONDS)
    assert back.proven == {Channel.EMAIL: MAIL}


@pytest.mark.parametrize(("seconds", "known"), [(0, True), (DEVICE_SECONDS - 1, True), (DEVICE_SECONDS, False)])
def test_a_browser_is_known_for_a_year(seconds: int, known: bool) -> None:
    who = active(devices={"home": NOW})
    assert who.knows("home", now=NOW + seconds) is known
    assert not who.knows("other", now=NOW)
    assert not who.knows(None, now=NOW)


@pytest.mark.parametrize(
    ("accepted", "step"), [("1", NextStep.ACCEPT_TERMS), ("2", NextStep.HOME), ("10", NextStep.HOME)]
)
def test_terms_that_are_newer_than_those_in_force_ask_nothing(accepted: str, step: NextStep) -> None:
    assert onboarding_step(active(terms=TermsAcceptance(accepted, NOW)), current_terms="2") is step


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, MAIL), (FRESH_CONTACT_SECONDS - 1, MAIL), (FRESH_CONTACT_SECONDS, NEW_MAIL)],
)
def test_for_72_hours_a_reset_code_goes_to_the_former_contact(seconds: int, expected: Contact) -> None:
    changed = prove_contact(ACTIVE, NEW_MAIL, now=NOW)
    assert recipient(changed, Purpose.PASSWORD_RESET, now=NOW + seconds) == expected


@pytest.mark.parametrize("hours", [1, 71])
def test_a_second_change_does_not_make_the_first_one_the_former_contact(hours: int) -> None:
    twice = prove_contact(prove_contact(ACTIVE, NEW_MAIL, now=NOW), NEWER_MAIL, now=NOW + hours * HOURS)
    assert recipient(twice, Purpose.PASSWORD_RESET, now=NOW + hours * HOURS) == MAIL


def test_72_hours_after_a_first_change_a_second_one_is_still_fresh() -> None:
    twice = prove_contact(prove_contact(ACTIVE, NEW_MAIL, now=NOW), NEWER_MAIL, now=NOW + 71 * HOURS)
    assert recipient(twice, Purpose.PASSWORD_RESET, now=NOW + 73 * HOURS) == NEW_MAIL
    assert recipient(twice, Purpose.PASSWORD_RESET, now=NOW + 143 * HOURS) == NEWER_MAIL


def test_a_change_72_hours_after_another_has_its_own_former_contact() -> None:
    twice = prove_contact(prove_contact(ACTIVE, NEW_MAIL, now=NOW), NEWER_MAIL, now=NOW + 72 * HOURS)
    assert recipient(twice, Purpose.PASSWORD_RESET, now=NOW + 72 * HOURS) == NEW_MAIL


def test_a_new_contact_gets_sign_in_codes_at_once() -> None:
    assert chosen_contact(prove_contact(ACTIVE, NEW_MAIL, now=NOW)) == NEW_MAIL


def test_proving_a_contact_of_the_other_channel_keeps_the_first() -> None:
    assert prove_contact(ACTIVE, MOBILE, now=NOW).proven == {Channel.EMAIL: MAIL, Channel.SMS: MOBILE}


def test_a_chosen_channel_without_a_contact_falls_back_to_the_other() -> None:
    assert chosen_contact(replace(ACTIVE, channel=Channel.SMS)) == MAIL
    assert chosen_contact(invited()) is None


def test_a_contact_that_is_not_proven_is_none() -> None:
    assert ACTIVE.contact_on(Channel.EMAIL) == MAIL
    with pytest.raises(ContactNotProvenError):
        ACTIVE.contact_on(Channel.SMS)


def test_a_person_is_addressed_by_their_usage_name() -> None:
    assert RENAMED.owner.last_name == "Petit"
    assert INVITED.owner.last_name == "Garcia"
    assert RENAMED.owner.names == ("Petit", "Saint-Martin", "Louis")
    assert INVITED.owner.names == ("Garcia", "Louis")


CONSENT = Consent(consents=False, text_version="1", decided_at=NOW)
TERMS = TermsAcceptance("1", NOW)


@pytest.mark.parametrize(
    ("consent", "channel", "terms", "step"),
    [
        (None, None, None, NextStep.GIVE_CONSENT),
        (None, Channel.EMAIL, None, NextStep.GIVE_CONSENT),
        (CONSENT, None, None, NextStep.CHOOSE_CHANNEL),
        (CONSENT, Channel.EMAIL, None, NextStep.ACCEPT_TERMS),
        (CONSENT, Channel.EMAIL, TermsAcceptance("0", NOW), NextStep.ACCEPT_TERMS),
        (CONSENT, Channel.EMAIL, TERMS, NextStep.HOME),
        (None, None, TERMS, NextStep.HOME),
    ],
)
def test_onboarding_asks_for_the_first_thing_missing(
    consent: Consent | None, channel: Channel | None, terms: TermsAcceptance | None, step: NextStep
) -> None:
    assert onboarding_step(active(consent=consent, channel=channel, terms=terms), current_terms="1") is step


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (active(), True),
        (active(consent=CONSENT), False),
        (active(consent=None), False),
        (active(roster=entry(structure_id="S2")), False),
        (active(status=Status.CLOSED), False),
        (invited(consent=ACTIVE.beneficiary.consent), False),
    ],
    ids=["consents", "refuses", "has not answered", "moved", "closed", "invited"],
)
def test_the_correspondent_sees_requests_only_on_consent(who: Account, may: bool) -> None:
    assert correspondent_may_see_requests(who) is may


def test_hashes_and_contacts_are_not_shown_in_logs() -> None:
    assert MAIL.value not in repr(ACTIVE.proven)
    assert HASH.encoded not in repr(HASH)
