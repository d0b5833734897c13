"""How many messages a number gets in a day, and all numbers together in an hour."""

from dataclasses import replace

import pytest

from activation.domain.limits import HOUR_SECONDS
from functions.deliver_message.service import Outcome
from tests.builders import invited
from tests.unit.deliveries import BY_SMS, HOUR, RESET, member_by_sms, spend_the_hour, started, used_of_the_hour
from tests.unit.in_memory import Browser


def test_a_number_that_has_had_enough_costs_nothing_of_the_hour() -> None:
    app = started(BY_SMS, sms_per_number_per_day=1).app
    app.deliver()
    Browser(app).start()
    assert app.deliver() == [Outcome.DROPPED]
    assert used_of_the_hour(app) == 1
    assert [event.kind for event in app.accounts.events["10000001"]] == ["code_sent_sms", "code_withheld"]


def test_mails_have_no_budget() -> None:
    app = started(invited()).app
    app.deliver()
    assert app.budgets.taken == {}


def test_signing_in_has_a_budget_of_its_own() -> None:
    browser = member_by_sms(sms_per_number_per_day=1, sign_in_sms_per_number_per_day=2)
    app = browser.app
    for _ in range(2):
        Browser(app).start(purpose=RESET)
    assert app.deliver() == [Outcome.SENT, Outcome.DROPPED]
    for _ in range(3):
        replace(browser).sign_in()
    assert app.deliver() == [Outcome.SENT, Outcome.SENT, Outcome.DROPPED]


@pytest.mark.parametrize(("used", "outcome"), [(3_980, Outcome.SENT), (4_000, Outcome.WAITING)])
def test_past_the_hours_budget_a_code_waits(used: int, outcome: Outcome) -> None:
    app = started(BY_SMS).app
    spend_the_hour(app, used)
    assert app.deliver() == [outcome]


@pytest.mark.parametrize(("used", "outcome"), [(4_000, Outcome.SENT), (4_980, Outcome.SENT), (5_000, Outcome.WAITING)])
def test_the_last_fifth_of_the_hour_is_for_signing_in(used: int, outcome: Outcome) -> None:
    browser = member_by_sms()
    browser.sign_in()
    spend_the_hour(browser.app, used)
    assert browser.app.deliver() == [outcome]


def test_a_message_that_waits_is_sent_once_the_hour_is_over() -> None:
    browser = started(BY_SMS, activation_code_life_seconds=HOUR_SECONDS)
    app = browser.app
    spend_the_hour(app, 5_000)
    assert [app.deliver() for _ in range(3)] == [[Outcome.WAITING]] * 3
    assert used_of_the_hour(app) == 5_000
    assert sum(app.budgets.taken.values()) == 5_000
    app.now = HOUR.ends_at
    assert app.deliver() == [Outcome.SENT]
