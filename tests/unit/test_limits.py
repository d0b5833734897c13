"""The limits, and the windows that they are counted in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.errors import (
    AccountLockedError,
    FlowLockedError,
    ResendTooEarlyError,
    TimedRefusalError,
    TooManyCodesError,
    TooManyRequestsError,
)
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, Limits, Quota, ThrottleState, Window, window
from tests.builders import NOW

HOUR = window("h", HOUR_SECONDS, NOW)
DAY = window("d", DAY_SECONDS, NOW)
QUOTA = Quota(per_hour=3, per_day=5)


@given(st.integers(min_value=0, max_value=2**33), st.sampled_from([300, HOUR_SECONDS, DAY_SECONDS]))
def test_every_moment_falls_into_one_window_that_ends_after_it(now: int, seconds: int) -> None:
    span = window("w", seconds, now)
    assert now < span.ends_at <= now + seconds
    assert span == window("w", seconds, span.ends_at - 1)
    assert span != window("w", seconds, span.ends_at)


def test_a_window_is_named_by_its_letter_and_number() -> None:
    assert window("h", HOUR_SECONDS, 7_200) == Window("h2", 10_800)


def test_a_quota_counts_by_the_day_and_by_the_hour() -> None:
    assert QUOTA.windows(NOW) == ((DAY, 5), (HOUR, 3))


@pytest.mark.parametrize(
    ("today", "this_hour", "expected"),
    [
        (0, 0, NOW),
        (2, 2, NOW),
        (3, 3, HOUR.ends_at),
        (4, 2, NOW),
        (5, 0, DAY.ends_at),
        (5, 3, DAY.ends_at),
        (9, 9, DAY.ends_at),
    ],
)
def test_a_throttle_key_may_start_now_or_when_its_full_window_ends(today: int, this_hour: int, expected: int) -> None:
    state = ThrottleState(starts={DAY.name: today, HOUR.name: this_hour})
    assert state.may_start_at(QUOTA, NOW) == expected


@pytest.mark.parametrize("limits", [Limits(), Limits(longer_codes_after=2)])
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ThrottleState(), False),
        (ThrottleState(starts={"h1": 9, "d1": 9}), False),
        (ThrottleState(starts={DAY.name: 0, HOUR.name: 0}), False),
        (ThrottleState(starts={DAY.name: 1}), True),
        (ThrottleState(starts={HOUR.name: 1}), True),
        (ThrottleState(locked_until=NOW), False),
        (ThrottleState(locked_until=NOW + 1), True),
    ],
)
def test_what_still_counts_can_be_cleared(limits: Limits, state: ThrottleState, expected: bool) -> None:
    assert state.can_be_cleared(limits, NOW) is expected
    assert replace(state, wrong=limits.longer_codes_after).can_be_cleared(limits, NOW) is expected
    assert replace(state, wrong=limits.longer_codes_after + 1).can_be_cleared(limits, NOW)


def test_a_pair_that_never_started_has_its_whole_quota() -> None:
    assert ThrottleState().may_start_at(Quota(per_hour=1, per_day=1), NOW) == NOW


def test_starts_of_other_windows_do_not_count() -> None:
    assert ThrottleState(starts={"h1": 99, "d1": 99}).may_start_at(QUOTA, NOW) == NOW


@pytest.mark.parametrize(
    "error", [AccountLockedError, FlowLockedError, ResendTooEarlyError, TooManyCodesError, TooManyRequestsError]
)
def test_a_refusal_that_ends_by_itself_says_when(error: type[TimedRefusalError]) -> None:
    assert error(NOW).retry_at == NOW
