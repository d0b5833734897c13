"""The limits, the windows that they are counted in, and what SMS may cost."""

from collections import Counter
from dataclasses import replace
from random import Random
from zlib import crc32

import pytest

from activation.domain import budgets
from activation.domain.budgets import Budget, hour_budget, notice_budget, number_budget, state_notice_budget
from activation.domain.flows import Purpose
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, Limits, Quota, ThrottleState, Window, window
from activation.domain.outbox import MessageKind, OutboxMessage
from activation.domain.tokens import new_id
from tests.builders import MOBILE, NOW

HOUR = window("h", HOUR_SECONDS, NOW)
DAY = window("d", DAY_SECONDS, NOW)
QUOTA = Quota(per_hour=3, per_day=5)


def test_a_window_is_named_by_its_letter_and_number_and_a_quota_counts_by_the_day_and_by_the_hour() -> None:
    assert window("h", HOUR_SECONDS, 7_200) == Window("h2", 10_800)
    assert QUOTA.windows(NOW) == ((DAY, 5), (HOUR, 3))


STARTS = [
    (0, 0, NOW),
    (2, 2, NOW),
    (3, 3, HOUR.ends_at),
    (4, 2, NOW),
    (5, 0, DAY.ends_at),
    (5, 3, DAY.ends_at),
    (9, 9, DAY.ends_at),
]


@pytest.mark.parametrize(("today", "this_hour", "expected"), STARTS)
def test_a_throttle_key_may_start_now_or_when_its_full_window_ends(today: int, this_hour: int, expected: int) -> None:
    state = ThrottleState(starts={DAY.name: today, HOUR.name: this_hour, "h1": 99, "d1": 99})
    assert state.may_start_at(QUOTA, NOW) == expected
    assert ThrottleState().may_start_at(Quota(per_hour=1, per_day=1), NOW) == NOW


COUNTS = [
    (ThrottleState(), False),
    (ThrottleState(starts={"h1": 9, "d1": 9}), False),
    (ThrottleState(starts={DAY.name: 0, HOUR.name: 0}), False),
    (ThrottleState(starts={DAY.name: 1}), True),
    (ThrottleState(starts={HOUR.name: 1}), True),
    (ThrottleState(locked_until=NOW), False),
    (ThrottleState(locked_until=NOW + 1), True),
]


@pytest.mark.parametrize("limits", [Limits(), Limits(longer_codes_after=2)])
@pytest.mark.parametrize(("state", "expected"), COUNTS)
def test_what_still_counts_can_be_cleared(limits: Limits, state: ThrottleState, expected: bool) -> None:
    assert state.can_be_cleared(limits, NOW) is expected
    assert replace(state, wrong=limits.longer_codes_after).can_be_cleared(limits, NOW) is expected
    assert replace(state, wrong=limits.longer_codes_after + 1).can_be_cleared(limits, NOW)


LIMITS = Limits()
MESSAGES = [new_id(Random(number).randbytes) for number in range(2_000)]  # noqa: S311  # no secret
HOUR_ENDS = window("h", HOUR_SECONDS, NOW).ends_at


KINDS = [
    (Purpose.ACTIVATION, "any", 6, 200),
    (Purpose.PASSWORD_RESET, "any", 6, 200),
    (Purpose.SIGN_IN, "sign_in", 30, 250),
    (Purpose.CONTACT, "contact", 6, 200),
]


@pytest.mark.parametrize(("purpose", "kind", "a_day", "an_hour"), KINDS)
def test_what_anyone_can_ask_for_shares_one_budget_that_nobody_with_an_account_can_use_up(
    purpose: Purpose, kind: str, a_day: int, an_hour: int
) -> None:
    today, tomorrow = (number_budget(MOBILE, purpose, now=now, limits=LIMITS) for now in (DAY_SECONDS, 2 * DAY_SECONDS))
    assert today == Budget(f"number#+33612345678#{kind}#d1", a_day, 2 * DAY_SECONDS)
    assert tomorrow == Budget(f"number#+33612345678#{kind}#d2", a_day, 3 * DAY_SECONDS)
    # the last fifth of an hour is kept for signing in
    budget = hour_budget(purpose, MESSAGES[0], now=NOW, limits=LIMITS)
    assert (budget.most, budget.ends_at) == (an_hour, HOUR_ENDS)


def test_a_notice_is_outside_both_and_not_in_the_last_fifth_of_an_hour() -> None:
    assert number_budget(MOBILE, None, now=NOW, limits=LIMITS) is None
    assert hour_budget(None, MESSAGES[0], now=NOW, limits=LIMITS).most == 200


def test_a_contact_takes_five_notices_a_day_that_say_the_same_and_an_account_causes_one_of_its_state() -> None:
    same = Budget("notice#+33612345678#channel_changed#d1", 5, 2 * DAY_SECONDS)
    assert notice_budget(MOBILE, MessageKind.CHANNEL_CHANGED, now=DAY_SECONDS) == same
    assert state_notice_budget("10000001", now=DAY_SECONDS) == Budget("notice#10000001#d1", 1, 2 * DAY_SECONDS)


def test_a_message_has_one_place_in_an_hour_whatever_it_says_and_messages_spread_evenly() -> None:
    scopes = {hour_budget(purpose, "a message", now=HOUR_SECONDS, limits=LIMITS).scope for purpose in (None, *Purpose)}
    assert scopes == {f"hour#h1#{crc32(b'a message') % 20}"}
    counted = Counter(hour_budget(None, message, now=NOW, limits=LIMITS).scope for message in MESSAGES)
    assert max(counted.values()) < 1.5 * len(MESSAGES) / len(counted)


@pytest.mark.parametrize(("an_hour", "parts"), [(1, 1), (499, 1), (500, 2), (4_999, 19), (5_000, 20), (1_000_000, 20)])
def test_an_hours_messages_are_counted_in_parts_that_never_let_more_through(an_hour: int, parts: int) -> None:
    limits = replace(LIMITS, sms_per_hour=an_hour)
    budgets = {hour_budget(Purpose.SIGN_IN, message, now=NOW, limits=limits) for message in MESSAGES}
    assert (len(budgets), {budget.most for budget in budgets}) == (parts, {an_hour // parts})


def test_a_part_of_a_message_is_nobodys() -> None:
    limits = replace(LIMITS, sms_per_hour=4_999)
    parts = [hour_budget(purpose, MESSAGES[0], now=NOW, limits=limits).most for purpose in (Purpose.SIGN_IN, None)]
    assert parts == [263, 211]


def test_a_notice_by_sms_takes_of_its_day_and_of_the_hour() -> None:
    limits, ends = Limits(), NOW + DAY_SECONDS
    for kind, of_day in (
        (MessageKind.CHANNEL_CHANGED, notice_budget(MOBILE, MessageKind.CHANNEL_CHANGED, now=NOW)),
        (MessageKind.ALREADY_ACTIVE, state_notice_budget("10000001", now=NOW)),
    ):
        message = OutboxMessage("m", MessageKind.CODE, "10000001", NOW, ends)
        found = budgets.budgets_of(message, kind, MOBILE, Purpose.SIGN_IN, now=NOW, limits=limits)
        assert found == budgets.MessageBudgets(of_day, hour_budget(None, "m", now=NOW, limits=limits))
