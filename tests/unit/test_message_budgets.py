"""How many messages a number gets in a day, and all numbers together in an hour."""

from dataclasses import replace

import pytest

from activation.domain.limits import HOUR_SECONDS
from functions.deliver_message.service import Outcome
from tests.builders import person
from tests.unit.deliveries import BY_SMS, DAY, HOUR, RESET, member_by_sms, spend_the_hour, started, used_of_the_hour
from tests.unit.house import Browser, House


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
