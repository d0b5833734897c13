"""What becomes of each message of the outbox."""

from dataclasses import replace

import pytest

from activation.domain.budgets import MOST_PARTS
from activation.domain.contacts import Channel, Contact
from activation.domain.flows import FlowState, Purpose
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, window
from activation.domain.outbox import (
    LEASE_SECONDS,
    DeliveryState,
    MessageKind,
    OutboxMessage,
    RefusedByProviderError,
    lock_notice_for,
    notices_for,
)
from activation.domain.people import FormerContacts, Person, Status, Structure
from functions.deliver_message.service import Outcome
from tests.builders import MAIL, MOBILE, NOW, active, entry, person
from tests.fakes.outbox import Delivery
from tests.unit.house import Browser, House, password_record

BY_SMS = person(roster=entry(email=""))
HOUR = window("h", HOUR_SECONDS, NOW)
DAY = window("d", DAY_SECONDS, NOW)
RESET = Purpose.PASSWORD_RESET


class DownError(Exception):
    """The provider does not answer."""


def started(*people: Person, purpose: Purpose = Purpose.ACTIVATION, **limits: int) -> Browser:
    browser = Browser(House(*people, **limits))
    browser.start(purpose=purpose)
    return browser


def queue_notice(house: House, kind: MessageKind, *channels: Channel) -> None:
    for message in notices_for(kind, "10000001", channels, house.random, now=house.now):
        house.store.commit(house.outbox.put(message))


def spend_the_hour(house: House, messages: int) -> None:
    for part in range(MOST_PARTS):
        house.budgets.taken[f"hour#{HOUR.name}#{part}"] = messages // MOST_PARTS


def used_of_the_hour(house: House) -> int:
    return sum(taken for scope, taken in house.budgets.taken.items() if scope.startswith(f"hour#{HOUR.name}#"))


SHARED = person(roster=entry(shared=True))
OTHER_MAIL = Contact(Channel.EMAIL, "louis@exemple.fr")


@pytest.mark.parametrize(
    ("who", "is_named"),
    [
        (SHARED, True),
        (person(), False),
        (active(roster=entry(shared=True)), True),
        (active(roster=entry(shared=True), proven={Channel.EMAIL: OTHER_MAIL}), False),
    ],
    ids=["shared", "their own", "shared and proven", "proven since"],
)
def test_a_code_to_a_shared_contact_says_whose_employer_it_is(who: Person, *, is_named: bool) -> None:
    purpose = RESET if who.status is Status.ACTIVE else Purpose.ACTIVATION
    browser = started(who, purpose=purpose)
    browser.house.structures.save(Structure("S1", "Mairie de Mondomaine"))
    browser.house.deliver()
    [mail] = browser.house.mail.sent
    assert ("inscrite par la structure «\u00a0Mairie de Mondomaine\u00a0»" in mail.text) is is_named
    assert [told for told in ("Garcia", "Louis", "10000001") if told in mail.text] == []


def test_a_code_by_sms_to_a_shared_number_says_it_too() -> None:
    browser = started(person(roster=entry(email="", shared=True)))
    browser.house.structures.save(Structure("S1", "Mairie"))
    browser.house.deliver()
    assert "CNAS (Mairie)." in browser.house.sms.sent[0].text


def test_a_code_to_a_shared_contact_goes_out_though_the_employer_is_not_known() -> None:
    browser = started(SHARED)
    assert browser.house.deliver() == [Outcome.SENT]
    assert "structure" not in browser.house.mail.sent[0].text


def test_a_code_goes_out_by_mail_and_its_recipient_is_named_first() -> None:
    browser = started(person(session_epoch=3))
    assert browser.house.deliver() == [Outcome.SENT]
    [mail] = browser.house.mail.sent
    assert mail.to == MAIL.value
    assert browser.code in mail.text
    assert (browser.flow.recipients, browser.flow.epoch) == ({1: MAIL}, 3)


def test_a_code_goes_out_by_sms_where_there_is_no_mail() -> None:
    browser = started(BY_SMS)
    assert browser.house.deliver() == [Outcome.SENT]
    [sms] = browser.house.sms.sent
    assert sms.to == MOBILE.value
    assert sms.text.endswith(f"@compte.exemple.fr #{browser.code}")


def test_a_sent_message_is_kept_with_the_providers_id_for_the_reports_to_come() -> None:
    browser = started(person())
    [message] = browser.house.outbox.pending
    browser.house.deliver()
    [row] = browser.house.outbox.rows.values()
    kept = replace(message, purpose=None, pair=None)
    assert row == Delivery(kept, DeliveryState.SENT, finished_at=NOW, provider_id="provider-1")


@pytest.mark.parametrize(
    "people",
    [
        [],
        [person(roster=entry(last_name="Petit"))],
        [person(roster=entry(email="", mobile=""))],
        [person(roster=entry(end_date="2020-01-01"))],
        [active(status=Status.CLOSED)],
    ],
    ids=["unknown", "another name", "without contact", "left", "closed"],
)
@pytest.mark.parametrize("purpose", [Purpose.ACTIVATION, RESET])
def test_a_decoys_code_is_dropped_and_its_message_forgotten(people: list[Person], purpose: Purpose) -> None:
    browser = started(*people, purpose=purpose)
    assert browser.house.deliver() == [Outcome.DROPPED]
    [row] = browser.house.outbox.rows.values()
    assert row == Delivery(None, DeliveryState.DROPPED, finished_at=NOW)
    assert browser.flow.recipients == {}
    assert browser.house.mail.sent == browser.house.sms.sent == []


def test_a_message_is_sent_once() -> None:
    browser = started(person())
    [message] = browser.house.outbox.pending
    outcomes = [browser.house.deliver_one(message.message_id) for _ in range(2)]
    assert outcomes == [Outcome.SENT, Outcome.SETTLED]
    assert len(browser.house.mail.sent) == 1


def test_a_dropped_or_vanished_message_is_settled() -> None:
    browser = started()
    [message] = browser.house.outbox.pending
    browser.house.deliver()
    assert browser.house.deliver_one(message.message_id) is Outcome.SETTLED
    assert browser.house.deliver_one("gone") is Outcome.SETTLED


@pytest.mark.parametrize(("seconds", "outcome"), [(LEASE_SECONDS - 1, Outcome.LEASED), (LEASE_SECONDS, Outcome.SENT)])
def test_a_message_that_another_worker_holds_waits_for_its_lease_to_end(seconds: int, outcome: Outcome) -> None:
    browser = started(person())
    [message] = browser.house.outbox.pending
    browser.house.store.commit(browser.house.outbox.claim(message.message_id, now=NOW))
    browser.house.wait(seconds)
    assert browser.house.deliver_one(message.message_id) is outcome


def test_a_message_that_another_worker_sends_is_not_dropped_under_its_hands() -> None:
    browser = started(person())
    house = browser.house
    [message] = house.outbox.pending
    house.store.commit(house.outbox.claim(message.message_id, now=NOW))
    house.flows.rows.clear()
    assert house.deliver_one(message.message_id) is Outcome.LEASED
    assert house.outbox.rows[message.message_id].message == message


def test_the_code_of_a_flow_whose_tries_are_spent_is_dropped() -> None:
    browser = started(person())
    browser.guess(5)
    assert browser.house.deliver() == [Outcome.DROPPED]


@pytest.mark.parametrize(("wrong", "outcome"), [(9, Outcome.SENT), (10, Outcome.DROPPED)])
def test_a_short_code_whose_pair_needs_longer_ones_by_now_is_dropped(wrong: int, outcome: Outcome) -> None:
    browser = started(person())
    for _ in range(wrong):
        browser.house.counters.count_guess(browser.flow.pair, now=NOW)
    assert browser.house.deliver() == [outcome]


def test_a_short_code_is_dropped_once_everybodys_are_longer() -> None:
    browser = started(person(), wrong_codes_per_10_minutes=1)
    browser.house.breaker.count_wrong_code(now=NOW)
    assert browser.house.deliver() == [Outcome.DROPPED]


def test_the_code_of_a_locked_pair_is_dropped() -> None:
    browser = started(person())
    browser.house.counters.lock_pair(browser.flow.pair, until=NOW + 1)
    assert browser.house.deliver() == [Outcome.DROPPED]


@pytest.mark.parametrize(("seconds", "outcome"), [(899, Outcome.SENT), (900, Outcome.EXPIRED)])
def test_a_dead_code_is_not_sent(seconds: int, outcome: Outcome) -> None:
    browser = started(person())
    browser.house.wait(seconds)
    assert browser.house.deliver() == [outcome]


def test_a_late_first_code_is_still_sent_and_named() -> None:
    browser = started(person())
    browser.house.wait(60)
    browser.resend()
    assert browser.house.deliver() == [Outcome.SENT] * 2
    assert set(browser.flow.recipients) == {1, 2}


def test_a_code_that_two_others_followed_is_dropped() -> None:
    browser = started(person())
    for _ in range(2):
        browser.house.wait(60)
        browser.resend()
    assert browser.house.deliver() == [Outcome.DROPPED, Outcome.SENT, Outcome.SENT]


def test_the_code_of_a_flow_that_went_on_is_dropped() -> None:
    browser = started(person())
    browser.house.deliver()
    browser.house.wait(60)
    browser.resend()
    browser.verify(browser.house.code(browser.flow_id, 1))
    assert browser.house.deliver() == [Outcome.DROPPED]


def test_a_sign_in_code_is_not_sent_once_its_flow_has_served() -> None:
    browser = member_by_sms()
    browser.enter()
    assert browser.house.deliver() == [Outcome.DROPPED]


def test_the_code_of_a_flow_that_goes_on_while_it_is_made_is_dropped() -> None:
    browser = started(person())
    house, flow = browser.house, browser.flow
    house.store.meanwhile.append(lambda: house.flows.rows.update({flow.flow_id: replace(flow, state=FlowState.DONE)}))
    assert house.deliver() == [Outcome.DROPPED]
    assert house.mail.sent == []


def test_the_code_of_a_flow_that_is_gone_is_dropped() -> None:
    browser = started(person())
    browser.house.flows.rows.clear()
    assert browser.house.deliver() == [Outcome.DROPPED]


def test_a_message_without_an_issue_is_no_code() -> None:
    house = started(person()).house
    [message] = house.outbox.pending
    house.outbox.rows[message.message_id] = Delivery(replace(message, issue=None))
    assert house.deliver() == [Outcome.DROPPED]


def test_a_reset_code_goes_to_the_contact_as_it_stood_before_the_last_change() -> None:
    fresh = Contact(Channel.EMAIL, "louis@exemple.fr")
    changed = active(proven={Channel.EMAIL: fresh}, former=(FormerContacts({Channel.EMAIL: MAIL}, NOW),))
    house = started(changed, purpose=RESET).house
    house.deliver()
    assert [mail.to for mail in house.mail.sent] == [MAIL.value]


def test_a_code_sent_again_after_a_failure_goes_to_the_same_contact() -> None:
    browser = started(person())
    browser.house.mail.failures.append(DownError())
    with pytest.raises(DownError):
        browser.house.deliver()
    browser.house.change_person(roster=entry(email="other@exemple.fr"))
    browser.house.deliver()
    assert [mail.to for mail in browser.house.mail.sent] == [MAIL.value]


@pytest.mark.parametrize("who", [person(), BY_SMS], ids=["mail", "SMS"])
def test_a_provider_that_is_down_leaves_the_message_for_later(who: Person) -> None:
    browser = started(who)
    house = browser.house
    house.mail.failures.append(DownError())
    house.sms.failures.append(DownError())
    with pytest.raises(DownError):
        house.deliver()
    assert all(count == 0 for count in house.budgets.taken.values())
    assert house.deliver() == [Outcome.SENT]


@pytest.mark.parametrize("who", [person(), BY_SMS], ids=["mail", "SMS"])
def test_a_message_that_the_provider_refuses_is_dropped_and_costs_nothing(who: Person) -> None:
    browser = started(who)
    house = browser.house
    house.mail.failures.append(RefusedByProviderError())
    house.sms.failures.append(RefusedByProviderError())
    assert house.deliver() == [Outcome.DROPPED]
    assert all(count == 0 for count in house.budgets.taken.values())


def test_a_number_gets_six_messages_a_day_that_anyone_can_ask_for() -> None:
    house = House(BY_SMS, starts_per_person_per_hour=9, starts_per_person_per_day=9)
    for _ in range(7):
        Browser(house).start()
    assert house.deliver() == [Outcome.SENT] * 6 + [Outcome.DROPPED]
    house.now = DAY.ends_at
    Browser(house).start()
    assert house.deliver() == [Outcome.SENT]


def test_a_number_that_has_had_enough_costs_nothing_of_the_hour() -> None:
    house = started(BY_SMS, sms_per_number_per_day=1).house
    house.deliver()
    Browser(house).start()
    assert house.deliver() == [Outcome.DROPPED]
    assert used_of_the_hour(house) == 1


def test_mails_have_no_budget() -> None:
    house = started(person()).house
    house.deliver()
    assert house.budgets.taken == {}


def member_by_sms(**limits: int) -> Browser:
    record = password_record("10000001")
    who = active(proven={Channel.SMS: MOBILE}, channel=Channel.SMS, password=record)
    return Browser(House(who, **limits))


def test_signing_in_has_a_budget_of_its_own() -> None:
    browser = member_by_sms(sms_per_number_per_day=1, sign_in_sms_per_number_per_day=2)
    house = browser.house
    for _ in range(2):
        Browser(house).start(purpose=RESET)
    assert house.deliver() == [Outcome.SENT, Outcome.DROPPED]
    for _ in range(3):
        replace(browser).sign_in()
    assert house.deliver() == [Outcome.SENT, Outcome.SENT, Outcome.DROPPED]


@pytest.mark.parametrize(("used", "outcome"), [(3_980, Outcome.SENT), (4_000, Outcome.WAITING)])
def test_past_the_hours_budget_a_code_waits(used: int, outcome: Outcome) -> None:
    house = started(BY_SMS).house
    spend_the_hour(house, used)
    assert house.deliver() == [outcome]


@pytest.mark.parametrize(("used", "outcome"), [(4_000, Outcome.SENT), (4_980, Outcome.SENT), (5_000, Outcome.WAITING)])
def test_the_last_fifth_of_the_hour_is_for_signing_in(used: int, outcome: Outcome) -> None:
    browser = member_by_sms()
    browser.sign_in()
    spend_the_hour(browser.house, used)
    assert browser.house.deliver() == [outcome]


def test_a_message_that_waits_is_sent_once_the_hour_is_over() -> None:
    browser = started(BY_SMS, activation_code_life_seconds=HOUR_SECONDS)
    house = browser.house
    spend_the_hour(house, 5_000)
    assert [house.deliver() for _ in range(3)] == [[Outcome.WAITING]] * 3
    assert used_of_the_hour(house) == 5_000
    assert sum(house.budgets.taken.values()) == 5_000
    house.now = HOUR.ends_at
    assert house.deliver() == [Outcome.SENT]


def test_a_message_that_waits_past_its_codes_life_is_dropped() -> None:
    house = started(BY_SMS).house
    spend_the_hour(house, 5_000)
    house.deliver()
    house.wait(900)
    assert house.deliver() == [Outcome.EXPIRED]


@pytest.mark.parametrize(
    ("who", "purpose", "words"),
    [
        (active(), Purpose.ACTIVATION, "déjà"),
        (person(), RESET, "activez d'abord"),
    ],
    ids=["already active", "activate first"],
)
def test_whoever_is_at_another_point_is_told_so_once_a_day(who: Person, purpose: Purpose, words: str) -> None:
    house = started(who, purpose=purpose).house
    Browser(house).start(purpose=purpose)
    assert house.deliver() == [Outcome.SENT, Outcome.DROPPED]
    [mail] = house.mail.sent
    assert mail.to == MAIL.value
    assert words in f"{mail.subject} {mail.text}".replace("’", "'").lower()
    house.now = DAY.ends_at
    Browser(house).start(purpose=purpose)
    assert house.deliver() == [Outcome.SENT]


def test_such_a_notice_opens_nothing() -> None:
    browser = started(active())
    browser.house.deliver()
    assert browser.flow.recipients == {}


def test_such_a_notice_may_go_by_sms_outside_the_numbers_budget() -> None:
    who = active(proven={Channel.SMS: MOBILE}, channel=Channel.SMS)
    house = started(who, sms_per_number_per_day=1).house
    house.budgets.taken[f"number#{MOBILE.value}#any#{DAY.name}"] = 1
    assert house.deliver() == [Outcome.SENT]
    assert [sms.to for sms in house.sms.sent] == [MOBILE.value]


def test_such_a_notice_goes_once_a_day_by_sms_too() -> None:
    house = started(active(proven={Channel.SMS: MOBILE}, channel=Channel.SMS)).house
    Browser(house).start()
    assert house.deliver() == [Outcome.SENT, Outcome.DROPPED]


def test_somebody_invited_without_contact_is_told_nothing() -> None:
    assert started(person(roster=entry(email="", mobile="")), purpose=RESET).house.deliver() == [Outcome.DROPPED]


def test_the_notice_of_the_day_is_not_lost_when_the_provider_is_down() -> None:
    house = started(active()).house
    house.mail.failures.append(DownError())
    with pytest.raises(DownError):
        house.deliver()
    assert house.deliver() == [Outcome.SENT]


def test_the_notice_of_the_day_is_not_lost_when_it_has_to_wait() -> None:
    who = active(proven={Channel.SMS: MOBILE}, channel=Channel.SMS)
    house = started(who, activation_code_life_seconds=HOUR_SECONDS).house
    spend_the_hour(house, 5_000)
    assert house.deliver() == [Outcome.WAITING]
    house.now = HOUR.ends_at
    assert house.deliver() == [Outcome.SENT]


def test_a_notice_goes_to_the_proven_contact_of_its_channel() -> None:
    house = House(active(proven={Channel.EMAIL: MAIL, Channel.SMS: MOBILE}))
    queue_notice(house, MessageKind.PASSWORD_CHANGED, Channel.EMAIL, Channel.SMS)
    assert house.deliver() == [Outcome.SENT] * 2
    assert [mail.to for mail in house.mail.sent] == [MAIL.value]
    assert [sms.to for sms in house.sms.sent] == [MOBILE.value]


@pytest.mark.parametrize("who", [None, active(proven={Channel.SMS: MOBILE}), person()])
def test_a_notice_without_a_proven_contact_is_dropped(who: Person | None) -> None:
    house = House(*([who] if who else []))
    queue_notice(house, MessageKind.PASSWORD_CHANGED, Channel.EMAIL)
    assert house.deliver() == [Outcome.DROPPED]


def test_many_notices_that_say_the_same_are_capped_and_silence_no_other() -> None:
    house = House(active())
    for _ in range(6):
        queue_notice(house, MessageKind.CHANNEL_CHANGED, Channel.EMAIL)
    queue_notice(house, MessageKind.PASSWORD_CHANGED, Channel.EMAIL)
    assert house.deliver() == [Outcome.SENT] * 5 + [Outcome.DROPPED, Outcome.SENT]
    house.now = DAY.ends_at
    queue_notice(house, MessageKind.CHANNEL_CHANGED, Channel.EMAIL)
    assert house.deliver() == [Outcome.SENT]


def test_a_notice_is_worth_sending_for_a_day() -> None:
    house = House(active())
    queue_notice(house, MessageKind.PASSWORD_CHANGED, Channel.EMAIL)
    house.wait(DAY_SECONDS)
    assert house.deliver() == [Outcome.EXPIRED]


def test_a_notice_without_channel_or_flow_goes_nowhere() -> None:
    house = House(active())
    message = OutboxMessage("m-1", MessageKind.ACCOUNT_CLOSED, "10000001", NOW, NOW + 60)
    house.store.commit(house.outbox.put(message))
    assert house.deliver() == [Outcome.DROPPED]


@pytest.mark.parametrize(
    ("people", "outcome"),
    [
        ([person()], Outcome.SENT),
        ([active()], Outcome.SENT),
        ([person(roster=entry(last_name="Petit"))], Outcome.DROPPED),
        ([person(roster=entry(email="", mobile=""))], Outcome.DROPPED),
        ([], Outcome.DROPPED),
    ],
    ids=["invited", "active", "another name", "without contact", "unknown"],
)
def test_a_lock_is_told_to_whoever_answers_to_the_pair(people: list[Person], outcome: Outcome) -> None:
    browser = started(*people)
    house = browser.house
    house.outbox.rows.clear()
    for _ in range(99):
        house.counters.count_guess(browser.flow.pair, now=NOW)
    browser.guess(1)
    assert house.deliver() == [outcome]


def test_a_lock_is_told_to_the_proven_contact_and_not_to_the_rosters() -> None:
    house = started(active(roster=entry(email="correspondent@mondomaine.com"))).house
    [flow] = house.flows.rows.values()
    house.outbox.rows.clear()
    house.store.commit(house.outbox.put(lock_notice_for(flow, "m-1", now=NOW)))
    assert house.deliver() == [Outcome.SENT]
    assert [mail.to for mail in house.mail.sent] == [MAIL.value]
