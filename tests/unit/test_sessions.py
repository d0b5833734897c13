"""A session: how long it stays open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.limits import Limits
from activation.domain.sessions import touch
from tests.builders import NOW, session

LIMITS = Limits()
IDLE, MOST = 1_800, 43_200


def test_a_new_session_is_seen_now() -> None:
    opened = session(epoch=2)
    assert (opened.created_at, opened.seen_at, opened.epoch) == (NOW, NOW, 2)
    assert (opened.expires_at, opened.ends_at) == (NOW + IDLE, NOW + MOST)


@pytest.mark.parametrize(("seconds", "is_open"), [(0, True), (IDLE - 1, True), (IDLE, False)])
def test_a_session_closes_after_half_an_hour_without_activity(seconds: int, is_open: bool) -> None:
    assert session().is_open(NOW + seconds) is is_open


def test_activity_starts_the_idle_time_again() -> None:
    seen = touch(session(), now=NOW + 1_000, limits=LIMITS)
    assert (seen.seen_at, seen.expires_at, seen.ends_at) == (NOW + 1_000, NOW + 1_000 + IDLE, NOW + MOST)


@pytest.mark.parametrize(("seconds", "is_open"), [(MOST - 1, True), (MOST, False)])
def test_no_activity_keeps_a_session_past_12_hours(seconds: int, is_open: bool) -> None:
    assert touch(session(), now=NOW + MOST - 1, limits=LIMITS).is_open(NOW + seconds) is is_open


def test_an_idle_time_longer_than_the_most_changes_nothing() -> None:
    assert session(session_idle_seconds=90_000).expires_at == NOW + MOST


@pytest.mark.parametrize(("seconds", "needs"), [(0, False), (180, False), (181, True)])
def test_activity_is_written_once_a_tenth_of_the_idle_time_has_gone(seconds: int, needs: bool) -> None:
    assert session().needs_touch(NOW + seconds, LIMITS) is needs


@given(st.lists(st.integers(min_value=0, max_value=IDLE - 1), max_size=60))
def test_a_session_never_outlives_its_end(pauses: list[int]) -> None:
    seen, now = session(), NOW
    for pause in pauses:
        now += pause
        seen = touch(seen, now=now, limits=LIMITS)
    assert seen.expires_at <= seen.ends_at == NOW + MOST
