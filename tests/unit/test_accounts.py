"""A beneficiary: who gets a code and where, what becomes of the account, what is left to decide."""

from dataclasses import replace

import pytest

from activation.domain import accounts, code_recipients
from activation.domain.accounts import FRESH_CONTACT_SECONDS, Account, FormerContacts, Status, activate, prove_contact
from activation.domain.beneficiaries import QuarantinedContact
from activation.domain.code_recipients import answers_to, chosen_contact, code_recipient, mark_contact, next_recipient
from activation.domain.consent import correspondent_may_see_requests
from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.errors import ContactNotProvenError, NextStep
from activation.domain.flows import Purpose
from activation.domain.ledger import Consent
from activation.domain.outbox import OutboxMessage, code_message_for, lock_notice_for
from activation.domain.steps import onboarding_step
from activation.domain.terms import TermsAcceptance
from activation.domain.times import day_of_rights
from tests.builders import MAIL, MOBILE, NOW, active, changed, entry, flow, invited
from tests.unit.refusals import refused

TODAY = day_of_rights(NOW)
NEW_MAIL = Contact(Channel.EMAIL, "louis@exemple.fr")
NEWER_MAIL = Contact(Channel.EMAIL, "louis.garcia@exemple.fr")
HASH = accounts.PasswordRecord("$argon2id$new", "pepper")

INVITED = invited()
MAILLESS = invited(roster=entry(email=""))
UNREACHABLE = invited(roster=entry(email="", mobile=""))
LEFT = invited(roster=entry(end_date="2026-11-22"))
LEAVING = invited(roster=entry(end_date=TODAY))
RENAMED = invited(roster=entry(usage_name="Petit", last_name="Saint-Martin"))
ACTIVE = active(roster=entry(email="correspondent@mondomaine.com"))
ACTIVE_BY_SMS = active(proven={Channel.EMAIL: MAIL, Channel.SMS: MOBILE}, channel=Channel.SMS)
ACTIVE_UNDECIDED = active(proven={Channel.SMS: MOBILE}, channel=None)
NEW_TILL_NOW = invited(quarantine=(QuarantinedContact(MAIL, NOW, "claire"),))
MAIL_IS_NEW = invited(quarantine=(QuarantinedContact(MAIL, NOW + 1, "claire"),))
MOBILE_IS_NEW = invited(quarantine=(QuarantinedContact(MOBILE, NOW + 1, "claire"),))
BOTH_ARE_NEW = invited(quarantine=tuple(QuarantinedContact(one, NOW + 1, "claire") for one in (MAIL, MOBILE)))
GONE = active(roster=entry(end_date="2026-11-22"))
CLOSED = active(status=Status.CLOSED)


def recipient(who: Account | None, purpose: Purpose, typed: str = "garcia", *, now: int = NOW) -> Contact | None:
    return code_recipient(who, flow(purpose, throttle_suffix=typed), now=now) if who else None


HOURS = 3_600
REACHED: dict[str, tuple[Account | None, Contact | None, Contact | None]] = {
    "unknown": (None, None, None),
    "invited": (INVITED, MAIL, None),
    "invited, no mail": (MAILLESS, MOBILE, None),
    "invited, no contact": (UNREACHABLE, None, None),
    "invited, out of quarantine": (NEW_TILL_NOW, MAIL, None),
    "invited, mail in quarantine": (MAIL_IS_NEW, MOBILE, None),
    "invited, both in quarantine": (BOTH_ARE_NEW, None, None),
    "left": (LEFT, None, None),
    "leaves today": (LEAVING, MAIL, None),
    "active": (ACTIVE, None, MAIL),
    "active, SMS chosen": (ACTIVE_BY_SMS, None, MOBILE),
    "active, nothing chosen": (ACTIVE_UNDECIDED, None, MOBILE),
    "active, left": (GONE, None, None),
    "closed": (CLOSED, None, None),
}


@pytest.mark.parametrize(("who", "activation", "reset"), REACHED.values(), ids=REACHED)
def test_who_gets_a_code(who: Account | None, activation: Contact | None, reset: Contact | None) -> None:
    assert (recipient(who, Purpose.ACTIVATION), recipient(who, Purpose.PASSWORD_RESET)) == (activation, reset)
    for purpose in (Purpose.SIGN_IN, Purpose.CONTACT):  # which bring their recipient
        assert recipient(who, purpose) is recipient(who, purpose, "") is None


@pytest.mark.parametrize("typed", ["Petit", "PETIT", "saint martin", "St-Martin"])
def test_the_usage_name_and_the_birth_name_both_match(typed: str) -> None:
    assert recipient(RENAMED, Purpose.ACTIVATION, typed) == MAIL


@pytest.mark.parametrize("typed", ["Garcia", "Louis", "Petit Saint-Martin", "", "Martin"])
def test_no_other_name_matches_nor_an_empty_one_somebody_without_a_name(typed: str) -> None:
    assert recipient(RENAMED, Purpose.ACTIVATION, typed) is None
    assert recipient(invited(roster=entry(last_name="'")), Purpose.ACTIVATION, typed) is None


@pytest.mark.parametrize("purpose", [Purpose.SIGN_IN, Purpose.CONTACT])
def test_a_flow_opened_after_a_password_is_its_owners_whatever_its_throttle_suffix(purpose: Purpose) -> None:
    assert answers_to(ACTIVE, flow(purpose, throttle_suffix="email\0louis@exemple.fr"))
    assert not answers_to(active("10000002"), flow(purpose, throttle_suffix=""))
    assert not answers_to(invited("10000002"), flow())


def test_the_contact_whose_code_matched_is_proven_and_no_other() -> None:
    made = activate(INVITED, contact=MOBILE, password=HASH, now=NOW)
    assert (made.status, made.proven, made.password) == (Status.ACTIVE, {Channel.SMS: MOBILE}, HASH)
    assert made.signed_in_at == NOW


def reset(who: Account, *, now: int) -> Account:
    return accounts.reset_password(who, HASH, contact=MAIL, former=code_recipients.proven_before_changes(who, now))


def test_a_reset_through_a_former_contact_brings_the_former_contacts_back() -> None:
    thief, mobile = Contact(Channel.EMAIL, "voleur@exemple.fr"), Contact(Channel.SMS, "+33699999999")
    stolen = prove_contact(prove_contact(active(), thief, now=NOW), mobile, now=NOW + 60)
    marks = dict.fromkeys([MAIL.value, thief.value], Deliverability.UNDELIVERABLE)
    back = reset(replace(stolen, channel=Channel.SMS, deliverability=marks), now=NOW + 120)
    assert (back.proven, back.channel, back.former) == ({Channel.EMAIL: MAIL}, Channel.EMAIL, ())
    assert list(back.deliverability) == [thief.value]
    both = prove_contact(active(), MOBILE, now=NOW)  # which the roster names too
    back = reset(prove_contact(both, thief, now=NOW + 60), now=NOW + 120)
    assert back.proven == {Channel.EMAIL: MAIL, Channel.SMS: MOBILE}
    late = reset(prove_contact(active(), thief, now=NOW), now=NOW + FRESH_CONTACT_SECONDS)
    assert late.proven == {Channel.EMAIL: MAIL}


@pytest.mark.parametrize(
    ("seconds", "known"), [(0, True), (accounts.DEVICE_SECONDS - 1, True), (accounts.DEVICE_SECONDS, False)]
)
def test_a_browser_is_known_for_a_year(seconds: int, known: bool) -> None:
    who = active(devices={"home": NOW})
    assert who.knows("home", now=NOW + seconds) is known
    assert not who.knows("other", now=NOW)
    assert not who.knows(None, now=NOW)


@pytest.mark.parametrize(("old", "step"), [("1", NextStep.ACCEPT_TERMS), ("2", NextStep.HOME), ("10", NextStep.HOME)])
def test_terms_that_are_newer_than_those_in_force_ask_nothing(old: str, step: NextStep) -> None:
    assert onboarding_step(active(terms=TermsAcceptance(old, NOW)), current_terms="2") is step


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, MAIL), (FRESH_CONTACT_SECONDS - 1, MAIL), (FRESH_CONTACT_SECONDS, NEW_MAIL)]
)
def test_for_72_hours_a_reset_code_goes_to_the_former_contact(seconds: int, expected: Contact) -> None:
    changed = prove_contact(ACTIVE, NEW_MAIL, now=NOW)
    assert recipient(changed, Purpose.PASSWORD_RESET, now=NOW + seconds) == expected


CHANGED_TWICE = [(1, 1, MAIL), (71, 71, MAIL), (71, 73, NEW_MAIL), (71, 143, NEWER_MAIL), (72, 72, NEW_MAIL)]


@pytest.mark.parametrize(("again", "now", "to"), CHANGED_TWICE)
def test_a_second_change_does_not_make_the_first_one_the_former_contact(again: int, now: int, to: Contact) -> None:
    twice = prove_contact(prove_contact(ACTIVE, NEW_MAIL, now=NOW), NEWER_MAIL, now=NOW + again * HOURS)
    assert recipient(twice, Purpose.PASSWORD_RESET, now=NOW + now * HOURS) == to


def test_codes_go_to_a_contact_once_it_is_proven_and_on_the_other_channel_where_there_is_none() -> None:
    assert chosen_contact(prove_contact(ACTIVE, NEW_MAIL, now=NOW)) == NEW_MAIL
    assert prove_contact(ACTIVE, MOBILE, now=NOW).proven == {Channel.EMAIL: MAIL, Channel.SMS: MOBILE}
    assert chosen_contact(replace(ACTIVE, channel=Channel.SMS)) == ACTIVE.contact_on(Channel.EMAIL) == MAIL
    assert chosen_contact(invited()) is None
    refused(ContactNotProvenError, ACTIVE.contact_on, Channel.SMS)
    assert MAIL.value not in repr(ACTIVE.proven)
    assert HASH.encoded not in repr(HASH)


def test_a_person_is_addressed_by_their_usage_name() -> None:
    assert (RENAMED.owner.last_name, INVITED.owner.last_name) == ("Petit", "Garcia")
    assert RENAMED.owner.names == ("Petit", "Saint-Martin", "Louis")
    assert (INVITED.owner.names, INVITED.beneficiary.first_name) == (("Garcia", "Louis"), "Louis")


CONSENT = Consent(consents=False, text_version="1", decided_at=NOW)


SEEN = [
    (active(), True),
    (active(consent=CONSENT), False),
    (active(consent=None), False),
    (active(roster=entry(structure_id="S2")), False),
    (active(status=Status.CLOSED), False),
    (invited(consent=ACTIVE.beneficiary.consent), False),
]


@pytest.mark.parametrize(("who", "may"), SEEN, ids=["consents", "refuses", "none", "moved", "closed", "invited"])
def test_the_correspondent_sees_requests_only_on_consent(who: Account, may: bool) -> None:
    assert correspondent_may_see_requests(who) is may


OTHER_MOBILE = Contact(Channel.SMS, "+33698765432")
BACK = {MAIL.value: Deliverability.UNDELIVERABLE}
DEAD = {OTHER_MOBILE.value: Deliverability.UNDELIVERABLE}
UNWANTED = {MAIL.value: Deliverability.COMPLAINED}
BOTH = {Channel.EMAIL: MAIL, Channel.SMS: OTHER_MOBILE}


def mobile(who: Account, purpose: Purpose, typed: str = "garcia") -> Contact | None:
    return code_recipient(who, flow(purpose, throttle_suffix=typed), now=NOW, channel=Channel.SMS)


BY_MOBILE: dict[str, tuple[Account, Contact | None, Contact | None, Contact | None]] = {
    "invited": (invited(), MOBILE, None, None),
    "no mobile": (invited(roster=entry(mobile="")), None, None, None),
    "in quarantine": (MOBILE_IS_NEW, None, None, None),
    "left": (invited(roster=entry(end_date="2026-11-22")), None, None, None),
    "active": (active(), None, None, None),
    "mobile proven": (active(proven=BOTH), None, OTHER_MOBILE, OTHER_MOBILE),
    "left, active": (active(proven=BOTH, roster=entry(end_date="2026-11-22")), None, None, OTHER_MOBILE),
    "closed": (active(proven=BOTH, status=Status.CLOSED), None, None, None),
}


@pytest.mark.parametrize("name", BY_MOBILE)
def test_a_code_goes_to_a_mobile_that_the_persons_state_allows(name: str) -> None:
    who, *expected = BY_MOBILE[name]
    purposes = (Purpose.ACTIVATION, Purpose.PASSWORD_RESET, Purpose.SIGN_IN)
    assert [mobile(who, purpose) for purpose in purposes] == expected
    assert mobile(who, Purpose.CONTACT) is mobile(who, Purpose.ACTIVATION, "petit") is None


def test_a_mobile_proven_a_moment_ago_gets_no_reset_code() -> None:
    changed = prove_contact(active(), OTHER_MOBILE, now=NOW)
    assert mobile(changed, Purpose.PASSWORD_RESET) is None
    assert mobile(changed, Purpose.SIGN_IN) == OTHER_MOBILE


CAME_BACK = {
    "invited": (invited(deliverability=BACK), Purpose.ACTIVATION, MOBILE),
    "no mobile": (invited(deliverability=BACK, roster=entry(mobile="")), Purpose.ACTIVATION, MAIL),
    "complained": (invited(deliverability=UNWANTED), Purpose.ACTIVATION, MAIL),
    "new mail": (invited(deliverability=BACK, roster=entry(email=NEW_MAIL.value)), Purpose.ACTIVATION, NEW_MAIL),
    "mobile not proven": (active(deliverability=BACK), Purpose.PASSWORD_RESET, MAIL),
    "mobile proven": (active(deliverability=BACK, proven=BOTH), Purpose.PASSWORD_RESET, OTHER_MOBILE),
    "complained, active": (active(deliverability=UNWANTED, proven=BOTH), Purpose.PASSWORD_RESET, MAIL),
}


@pytest.mark.parametrize(("who", "purpose", "to"), CAME_BACK.values(), ids=CAME_BACK)
def test_once_a_mail_came_back_codes_go_by_sms_where_they_may(who: Account, purpose: Purpose, to: Contact) -> None:
    assert code_recipient(who, flow(purpose), now=NOW) == to


def test_signing_in_goes_round_an_address_that_came_back_and_a_number_that_refuses_sms() -> None:
    assert chosen_contact(active(deliverability=BACK, proven=BOTH)) == OTHER_MOBILE
    assert chosen_contact(active(deliverability=BACK)) == MAIL
    assert chosen_contact(active(deliverability=DEAD, proven=BOTH, channel=Channel.SMS)) == MAIL
    assert chosen_contact(active(deliverability=DEAD, proven={Channel.SMS: OTHER_MOBILE})) == OTHER_MOBILE
    assert chosen_contact(active(proven=BOTH, channel=Channel.SMS)) == OTHER_MOBILE
    assert chosen_contact(active(proven={})) is None
    assert code_recipients.declared_contact(invited(roster=entry(email="", mobile="")), NOW) is None


def test_a_sign_in_s_next_code_follows_the_last_unless_it_came_back_and_goes_where_it_was_asked_to() -> None:
    last_by_mail = flow(Purpose.SIGN_IN, recipients={1: MAIL})
    came_back = active(deliverability=BACK, proven=BOTH)
    assert next_recipient(active(proven=BOTH, channel=Channel.SMS), last_by_mail) == MAIL
    assert next_recipient(active(proven=BOTH), flow(Purpose.SIGN_IN, recipients={1: OTHER_MOBILE})) == OTHER_MOBILE
    assert next_recipient(came_back, last_by_mail) == OTHER_MOBILE
    assert next_recipient(active(deliverability=BACK), last_by_mail) == MAIL
    assert next_recipient(active(proven=BOTH), last_by_mail, Channel.SMS) == OTHER_MOBILE
    assert next_recipient(came_back, last_by_mail, Channel.EMAIL) == MAIL
    refused(ContactNotProvenError, next_recipient, active(), last_by_mail, Channel.SMS)


def test_a_new_contact_s_next_code_goes_nowhere_else_and_others_are_found_as_they_are_sent() -> None:
    of_contact = flow(Purpose.CONTACT, recipients={1: NEW_MAIL})
    assert next_recipient(active(deliverability={NEW_MAIL.value: Deliverability.UNDELIVERABLE}), of_contact) == NEW_MAIL
    named = flow(Purpose.ACTIVATION, recipients={1: MAIL})
    assert next_recipient(invited(), named) is None


@pytest.mark.parametrize("purpose", [Purpose.PASSWORD_RESET, Purpose.SIGN_IN])
@pytest.mark.parametrize("channel", Channel)
def test_a_code_goes_on_to_the_other_proven_contact_if_that_one_works(purpose: Purpose, channel: Channel) -> None:
    other = Channel.SMS if channel is Channel.EMAIL else Channel.EMAIL
    opened = flow(purpose)
    message = code_message_for(opened, "m-1", now=NOW)

    def again(who: Account, undelivered: OutboxMessage = message) -> OutboxMessage | None:
        return code_recipients.code_another_way(undelivered, opened, who, channel, now=NOW + 1)

    def way(who: Account, undelivered: OutboxMessage = message) -> Channel | None:
        return found.channel if (found := again(who, undelivered)) else None

    other_way = again(active(proven=BOTH))
    assert other_way
    assert other_way.message_id != message.message_id
    assert other_way == replace(message, message_id=other_way.message_id, channel=other, created_at=NOW + 1)
    assert other_way == again(active(proven=BOTH))
    assert way(active(proven={channel: BOTH[channel]})) is None
    assert way(active(proven=BOTH, deliverability={BOTH[other].value: Deliverability.UNDELIVERABLE})) is None
    assert way(active(proven=BOTH), other_way) is None
    assert way(active(proven=BOTH), lock_notice_for(opened, "m-2", now=NOW)) is None


@pytest.mark.parametrize("address", [MAIL.value, MAIL.value.upper()])
def test_an_address_of_the_person_is_marked_however_it_is_spelled(address: str) -> None:
    for marks in ({}, UNWANTED, {"no longer@exemple.fr": Deliverability.UNDELIVERABLE}):
        marked = mark_contact(invited(deliverability=marks), address, Deliverability.UNDELIVERABLE)
        assert marked.deliverability == BACK
    assert MAIL.value not in repr(active(deliverability=BACK, roster=entry(email="")))


@pytest.mark.parametrize(
    "who", [invited(roster=entry(email=NEW_MAIL.value)), changed(invited(), deliverability=BACK, has_bounced=True)]
)
@pytest.mark.parametrize("mark", Deliverability)
def test_an_address_of_nobody_or_known_to_be_worse_changes_nothing(who: Account, mark: Deliverability) -> None:
    assert mark_contact(who, MAIL.value, mark) is who


WHOSE = [
    (invited(roster=entry(mobile=OTHER_MOBILE.value)), OTHER_MOBILE),
    *((active(roster=entry(email=""), proven={one.channel: one}), one) for one in (NEW_MAIL, OTHER_MOBILE)),
    *((active(former=(FormerContacts({one.channel: one}, NOW),)), one) for one in (NEW_MAIL, OTHER_MOBILE)),
]


@pytest.mark.parametrize(("who", "contact"), WHOSE)
def test_a_contact_of_the_roster_a_proven_and_a_former_one_are_the_persons(who: Account, contact: Contact) -> None:
    marks = {contact.value: Deliverability.UNDELIVERABLE}
    assert mark_contact(who, contact.value, Deliverability.UNDELIVERABLE).deliverability == marks


def test_a_right_code_says_that_its_contact_is_reached() -> None:
    password = accounts.PasswordRecord("$argon2id$", "pepper")
    reached = activate(invited(deliverability=BACK), contact=MAIL, password=password, now=NOW)
    assert reached.deliverability == {}
    assert prove_contact(active(deliverability=BACK), MAIL, now=NOW).deliverability == {}
    assert prove_contact(active(deliverability=BACK), MOBILE, now=NOW).deliverability == BACK


BY_MAIL, BY_SMS = [code_recipients.UNREACHABLE_WORDS[Channel.EMAIL]], [code_recipients.UNREACHABLE_WORDS[Channel.SMS]]
ASKED: dict[str, tuple[Account, list[str]]] = {
    "came back": (active(deliverability=BACK), BY_MAIL),
    "unwanted": (active(deliverability=UNWANTED), []),
    "not proven": (active(deliverability=BACK, proven={Channel.SMS: MOBILE}), []),
    "another": (active(deliverability=BACK, proven={Channel.EMAIL: NEW_MAIL}), []),
    "closed": (active(deliverability=BACK, status=Status.CLOSED), []),
    "mobile": (active(deliverability=DEAD, proven=BOTH), BY_SMS),
    "both": (active(deliverability=BACK | DEAD, proven=BOTH), BY_MAIL + BY_SMS),
    "mobile not proven": (active(deliverability=DEAD), []),
    "well": (active(), []),
}


@pytest.mark.parametrize(("who", "words"), ASKED.values(), ids=ASKED)
def test_the_home_page_asks_to_look_at_a_proven_address_that_came_back(who: Account, words: list[str]) -> None:
    assert code_recipients.things_to_do(who) == words
