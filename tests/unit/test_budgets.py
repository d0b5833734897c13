"""What SMS may cost."""

import pytest

from activation.domain.budgets import hour_budget, notice_budget, number_budget
from activation.domain.flows import Purpose
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, Limits, window
from activation.domain.outbox import MessageKind
from tests.builders import MAIL, MOBILE, NOW

LIMITS = Limits()
DAY_ENDS = window("d", DAY_SECONDS, NOW).ends_at
HOUR_ENDS = window("h", HOUR_SECONDS, NOW).ends_at


@pytest.mark.parametrize(
    ("purpose", "most"),
    [(Purpose.ACTIVATION, 6), (Purpose.PASSWORD_RESET, 6), (Purpose.CONTACT, 6), (Purpose.SIGN_IN, 30)],
)
def test_a_number_has_a_budget_a_day(purpose: Purpose, most: int) -> None:
    budget = number_budget(MOBILE, purpose, now=NOW, limits=LIMITS)
    assert budget
    assert (budget.most, budget.ends_at) == (most, DAY_ENDS)


def test_what_anyone_can_ask_for_shares_one_budget_that_signing_in_does_not() -> None:
    budgets = [number_budget(MOBILE, purpose, now=NOW, limits=LIMITS) for purpose in Purpose]
    assert len({budget.scope for budget in budgets if budget}) == 2
    assert budgets[0] == budgets[1] == budgets[3] != budgets[2]


def test_a_notice_is_outside_both() -> None:
    assert number_budget(MOBILE, None, now=NOW, limits=LIMITS) is None


def test_a_contact_takes_five_notices_a_day_that_say_the_same() -> None:
    budget = notice_budget(MOBILE, MessageKind.CHANNEL_CHANGED, now=NOW)
    assert (budget.most, budget.ends_at) == (5, DAY_ENDS)
    others = [
        notice_budget(MOBILE, MessageKind.PASSWORD_CHANGED, now=NOW),
        notice_budget(MAIL, MessageKind.CHANNEL_CHANGED, now=NOW),
        notice_budget(MOBILE, MessageKind.CHANNEL_CHANGED, now=DAY_ENDS),
    ]
    assert budget.scope not in {other.scope for other in others}


def test_each_day_has_a_budget_of_its_own() -> None:
    today, tomorrow = (number_budget(MOBILE, Purpose.SIGN_IN, now=now, limits=LIMITS) for now in (NOW, DAY_ENDS))
    assert today
    assert tomorrow
    assert today.scope != tomorrow.scope


@pytest.mark.parametrize(
    ("purpose", "most"),
    [
        (Purpose.ACTIVATION, 4_000),
        (Purpose.PASSWORD_RESET, 4_000),
        (Purpose.CONTACT, 4_000),
        (None, 4_000),
        (Purpose.SIGN_IN, 5_000),
    ],
)
def test_the_last_fifth_of_an_hour_is_kept_for_signing_in(purpose: Purpose | None, most: int) -> None:
    budget = hour_budget(purpose, now=NOW, limits=LIMITS)
    assert (budget.most, budget.ends_at) == (most, HOUR_ENDS)


def test_everybody_shares_the_hours_budget() -> None:
    scopes = {hour_budget(purpose, now=NOW, limits=LIMITS).scope for purpose in (None, *Purpose)}
    assert len(scopes) == 1
    assert hour_budget(None, now=HOUR_ENDS, limits=LIMITS).scope not in scopes
