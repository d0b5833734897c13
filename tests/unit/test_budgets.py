"""What SMS may cost."""

from collections import Counter
from dataclasses import replace
from random import Random
from zlib import crc32

import pytest

from activation.domain.budgets import Budget, hour_budget, notice_budget, number_budget, state_notice_budget
from activation.domain.flows import Purpose
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, Limits, window
from activation.domain.outbox import MessageKind
from activation.domain.tokens import new_id
from tests.builders import MOBILE, NOW

LIMITS = Limits()
MESSAGES = [new_id(Random(number).randbytes) for number in range(2_000)]  # noqa: S311  # no secret
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


@pytest.mark.parametrize(
    ("purpose", "kind"),
    [
        (Purpose.ACTIVATION, "any"),
        (Purpose.PASSWORD_RESET, "any"),
        (Purpose.SIGN_IN, "sign_in"),
        (Purpose.CONTACT, "contact"),
    ],
)
def test_what_anyone_can_ask_for_shares_one_budget_that_nobody_with_an_account_can_use_up(
    purpose: Purpose, kind: str
) -> None:
    budget = number_budget(MOBILE, purpose, now=DAY_SECONDS, limits=LIMITS)
    assert budget
    assert budget.scope == f"number#+33612345678#{kind}#d1"


def test_a_notice_is_outside_both() -> None:
    assert number_budget(MOBILE, None, now=NOW, limits=LIMITS) is None


def test_a_contact_takes_five_notices_a_day_that_say_the_same() -> None:
    assert notice_budget(MOBILE, MessageKind.CHANNEL_CHANGED, now=DAY_SECONDS) == Budget(
        "notice#+33612345678#channel_changed#d1", 5, 2 * DAY_SECONDS
    )


def test_an_account_causes_one_notice_of_its_state_a_day() -> None:
    assert state_notice_budget("10000001", now=DAY_SECONDS) == Budget("notice#10000001#d1", 1, 2 * DAY_SECONDS)


def test_each_day_has_a_budget_of_its_own() -> None:
    today, tomorrow = (number_budget(MOBILE, Purpose.SIGN_IN, now=now, limits=LIMITS) for now in (NOW, DAY_ENDS))
    assert today
    assert tomorrow
    assert today.scope != tomorrow.scope


@pytest.mark.parametrize(
    ("purpose", "most"),
    [
        (Purpose.ACTIVATION, 200),
        (Purpose.PASSWORD_RESET, 200),
        (Purpose.CONTACT, 200),
        (None, 200),
        (Purpose.SIGN_IN, 250),
    ],
)
def test_the_last_fifth_of_an_hour_is_kept_for_signing_in(purpose: Purpose | None, most: int) -> None:
    budget = hour_budget(purpose, MESSAGES[0], now=NOW, limits=LIMITS)
    assert (budget.most, budget.ends_at) == (most, HOUR_ENDS)


def test_a_message_has_one_place_in_an_hour_whatever_it_says() -> None:
    scopes = {hour_budget(purpose, "a message", now=HOUR_SECONDS, limits=LIMITS).scope for purpose in (None, *Purpose)}
    assert scopes == {f"hour#h1#{crc32(b'a message') % 20}"}


@pytest.mark.parametrize(
    ("sms_per_hour", "parts"), [(1, 1), (499, 1), (500, 2), (4_999, 19), (5_000, 20), (1_000_000, 20)]
)
def test_an_hours_messages_are_counted_in_parts_that_never_let_more_through(sms_per_hour: int, parts: int) -> None:
    limits = replace(LIMITS, sms_per_hour=sms_per_hour)
    budgets = {hour_budget(Purpose.SIGN_IN, message, now=NOW, limits=limits) for message in MESSAGES}
    assert len(budgets) == parts
    assert {budget.most for budget in budgets} == {sms_per_hour // parts}


def test_a_part_of_a_message_is_nobodys() -> None:
    limits = replace(LIMITS, sms_per_hour=4_999)
    parts = [hour_budget(purpose, MESSAGES[0], now=NOW, limits=limits).most for purpose in (Purpose.SIGN_IN, None)]
    assert parts == [263, 211]


def test_messages_spread_evenly_over_the_parts() -> None:
    counted = Counter(hour_budget(None, message, now=NOW, limits=LIMITS).scope for message in MESSAGES)
    assert max(counted.values()) < 1.5 * len(MESSAGES) / len(counted)
