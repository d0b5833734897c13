"""Where a code goes when its mail came back, and what is known of addresses."""

import pytest

from activation.domain.accounts import Account, FormerContacts, PasswordRecord, Status, activate, prove_contact
from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.flows import Purpose
from activation.domain.limits import Limits
from activation.domain.outbox import OutboxMessage, code_by, code_message_for, lock_notice_for
from activation.domain.recipients import (
    UNREACHABLE_WORDS,
    chosen_contact,
    code_another_way,
    code_recipient,
    declared_contact,
    mark_contact,
    things_to_do,
)
from activation.domain.times import day_of_rights
from tests.builders import MAIL, MOBILE, NOW, active, entry, flow, invited

TODAY = day_of_rights(NOW)
OTHER_MOBILE = Contact(Channel.SMS, "+33698765432")
NEW_MAIL = Contact(Channel.EMAIL, "louis@exemple.fr")
BACK = {MAIL.value: Deliverability.UNDELIVERABLE}
DEAD = {OTHER_MOBILE.value: Deliverability.UNDELIVERABLE}
UNWANTED = {MAIL.value: Deliverability.COMPLAINED}
BOTH = {Channel.EMAIL: MAIL, Channel.SMS: OTHER_MOBILE}


def mobile(who: Account, purpose: Purpose, typed: str = "garcia") -> Contact | None:
    return code_recipient(who, flow(purpose, throttle_suffix=typed), now=NOW, channel=Channel.SMS)


@pytest.mark.parametrize(
    ("who", "activation", "reset", "sign_in"),
    [
        (invited(), MOBILE, None, None),
        (invited(roster=entry(mobile="")), None, None, None),
        (invited(roster=entry(end_date="2026-11-22")), None, None, None),
        (active(), None, None, None),
        (active(proven=BOTH), None, OTHER_MOBILE, OTHER_MOBILE),
        (active(proven=BOTH, roster=entry(end_date="2026-11-22")), None, None, OTHER_MOBILE),
        (active(proven=BOTH, status=Status.CLOSED), None, None, None),
    ],
    ids=["invited", "no mobile", "left", "active", "mobile proven", "left, active", "closed"],
)
def test_a_code_goes_to_a_mobile_that_the_persons_state_allows(
    who: Account, activation: Contact | None, reset: Contact | None, sign_in: Contact | None
) -> None:
    purposes = (Purpose.ACTIVATION, Purpose.PASSWORD_RESET, Purpose.SIGN_IN)
    assert [mobile(who, purpose) for purpose in purposes] == [activation, reset, sign_in]


def test_the_code_for_a_new_contact_goes_nowhere_else() -> None:
    assert mobile(active(proven=BOTH), Purpose.CONTACT) is None


def test_a_name_that_does_not_fit_reaches_no_mobile() -> None:
    assert mobile(invited(), Purpose.ACTIVATION, "petit") is None


def test_a_mobile_proven_a_moment_ago_gets_no_reset_code() -> None:
    changed = prove_contact(active(), OTHER_MOBILE, now=NOW)
    assert mobile(changed, Purpose.PASSWORD_RESET) is None
    assert mobile(changed, Purpose.SIGN_IN) == OTHER_MOBILE


@pytest.mark.parametrize(
    ("who", "purpose", "to"),
    [
        (invited(deliverability=BACK), Purpose.ACTIVATION, MOBILE),
        (invited(deliverability=BACK, roster=entry(mobile="")), Purpose.ACTIVATION, MAIL),
        (invited(deliverability=UNWANTED), Purpose.ACTIVATION, MAIL),
        (invited(deliverability=BACK, roster=entry(email=NEW_MAIL.value)), Purpose.ACTIVATION, NEW_MAIL),
        (active(deliverability=BACK), Purpose.PASSWORD_RESET, MAIL),
        (active(deliverability=BACK, proven=BOTH), Purpose.PASSWORD_RESET, OTHER_MOBILE),
        (active(deliverability=UNWANTED, proven=BOTH), Purpose.PASSWORD_RESET, MAIL),
    ],
    ids=["invited", "no mobile", "complained", "new mail", "mobile not proven", "mobile proven", "complained, active"],
)
def test_once_a_mail_came_back_codes_go_by_sms_where_that_is_allowed(
    who: Account, purpose: Purpose, to: Contact
) -> None:
    assert code_recipient(who, flow(purpose), now=NOW) == to


def test_signing_in_goes_round_an_address_that_came_back() -> None:
    assert chosen_contact(active(deliverability=BACK, proven=BOTH)) == OTHER_MOBILE
    assert chosen_contact(active(deliverability=BACK)) == MAIL


def test_signing_in_goes_round_a_number_that_refuses_sms() -> None:
    by_sms = active(deliverability=DEAD, proven=BOTH, channel=Channel.SMS)
    assert chosen_contact(by_sms) == MAIL
    assert chosen_contact(active(deliverability=DEAD, proven={Channel.SMS: OTHER_MOBILE})) == OTHER_MOBILE


@pytest.mark.parametrize("purpose", [Purpose.PASSWORD_RESET, Purpose.SIGN_IN])
@pytest.mark.parametrize("channel", Channel)
def test_a_code_goes_on_to_the_other_proven_contact_unless_nothing_arrives_there(
    purpose: Purpose, channel: Channel
) -> None:
    other = Channel.SMS if channel is Channel.EMAIL else Channel.EMAIL
    opened = flow(purpose)
    message = code_message_for(opened, "m-1", now=NOW)

    def way(who: Account, again: OutboxMessage = message) -> Channel | None:
        found = code_another_way(again, opened, who, channel, now=NOW, limits=Limits())
        return found.channel if found else None

    assert way(active(proven=BOTH)) is other
    assert way(active(proven={channel: BOTH[channel]})) is None
    assert way(active(proven=BOTH, deliverability={BOTH[other].value: Deliverability.UNDELIVERABLE})) is None
    assert way(active(proven=BOTH), code_by(other, message, opened, now=NOW)) is None
    assert way(active(proven=BOTH), lock_notice_for(opened, "m-2", now=NOW)) is None
    assert code_by(other, message, opened, now=NOW) == code_by(other, message, opened, now=NOW)


def test_codes_go_where_they_went_while_nothing_came_back() -> None:
    assert chosen_contact(active(proven=BOTH, channel=Channel.SMS)) == OTHER_MOBILE
    assert chosen_contact(active(proven={})) is None
    assert declared_contact(invited(roster=entry(email="", mobile="")), NOW) is None


@pytest.mark.parametrize("address", [MAIL.value, MAIL.value.upper()])
def test_an_address_of_the_person_is_marked_however_it_is_spelled(address: str) -> None:
    assert mark_contact(invited(), address, Deliverability.UNDELIVERABLE).deliverability == BACK


def test_a_proven_and_a_former_address_are_the_persons_too() -> None:
    who = active(
        roster=entry(email=""),
        proven={Channel.EMAIL: NEW_MAIL},
        former=(FormerContacts({Channel.EMAIL: MAIL}, NOW), FormerContacts({}, NOW)),
    )
    for contact in (MAIL, NEW_MAIL):
        assert contact.value in mark_contact(who, contact.value, Deliverability.UNDELIVERABLE).deliverability


@pytest.mark.parametrize("who", [invited(roster=entry(email=NEW_MAIL.value)), invited(deliverability=BACK)])
@pytest.mark.parametrize("mark", Deliverability)
def test_an_address_of_nobody_or_known_to_be_worse_changes_nothing(who: Account, mark: Deliverability) -> None:
    assert mark_contact(who, MAIL.value, mark) is who


def test_an_address_that_was_unwanted_may_still_come_back() -> None:
    assert (
        mark_contact(invited(deliverability=UNWANTED), MAIL.value, Deliverability.UNDELIVERABLE).deliverability == BACK
    )


@pytest.mark.parametrize(
    "who",
    [
        invited(roster=entry(mobile=OTHER_MOBILE.value)),
        active(proven={Channel.SMS: OTHER_MOBILE}),
        active(former=(FormerContacts({Channel.SMS: OTHER_MOBILE}, NOW),)),
    ],
    ids=["roster", "proven", "former"],
)
def test_a_number_of_the_person_is_marked(who: Account) -> None:
    assert mark_contact(who, OTHER_MOBILE.value, Deliverability.UNDELIVERABLE).deliverability == DEAD


def test_marks_of_addresses_that_are_no_longer_the_persons_go() -> None:
    who = invited(deliverability={"old@exemple.fr": Deliverability.UNDELIVERABLE})
    assert mark_contact(who, MAIL.value, Deliverability.COMPLAINED).deliverability == UNWANTED


def test_a_right_code_says_that_its_contact_is_reached() -> None:
    password = PasswordRecord("$argon2id$", "pepper")
    reached = activate(invited(deliverability=BACK), contact=MAIL, password=password, now=NOW)
    assert reached.deliverability == {}
    assert prove_contact(active(deliverability=BACK), MAIL, now=NOW).deliverability == {}
    assert prove_contact(active(deliverability=BACK), MOBILE, now=NOW).deliverability == BACK


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (active(deliverability=BACK), [UNREACHABLE_WORDS[Channel.EMAIL]]),
        (active(deliverability=UNWANTED), []),
        (active(deliverability=BACK, proven={Channel.SMS: MOBILE}), []),
        (active(deliverability=BACK, proven={Channel.EMAIL: NEW_MAIL}), []),
        (active(deliverability=BACK, status=Status.CLOSED), []),
        (active(deliverability=DEAD, proven=BOTH), [UNREACHABLE_WORDS[Channel.SMS]]),
        (active(deliverability=BACK | DEAD, proven=BOTH), list(UNREACHABLE_WORDS.values())),
        (active(deliverability=DEAD), []),
        (active(), []),
    ],
    ids=["came back", "unwanted", "not proven", "another", "closed", "mobile", "both", "mobile not proven", "well"],
)
def test_the_home_page_asks_to_look_at_a_proven_address_that_came_back(who: Account, words: list[str]) -> None:
    assert things_to_do(who) == words


def test_no_repr_shows_an_address() -> None:
    assert MAIL.value not in repr(active(deliverability=BACK, roster=entry(email="")))
