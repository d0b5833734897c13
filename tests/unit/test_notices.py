"""Messages that carry no code: who is told what, where, and how often."""

import pytest

from activation.domain.contacts import Channel
from activation.domain.flows import Purpose
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS
from activation.domain.outbox import MessageKind, OutboxMessage, lock_notice_for
from activation.domain.people import Person
from functions.deliver_message.service import Outcome
from tests.builders import MAIL, MOBILE, NOW, active, entry, person
from tests.unit.deliveries import DAY, HOUR, RESET, DownError, queue_notice, spend_the_hour, started
from tests.unit.house import Browser, House


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
