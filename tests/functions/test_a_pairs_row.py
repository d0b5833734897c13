"""What a pair's row counts, over months: as much as its quota needs, and no more."""

from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activation import bootstrap
from activation.domain.errors import TooManyCodesError
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, Quota
from tests.functions.world import START, World

QUOTA = Quota(per_hour=3, per_day=5)
MOST_BYTES = 256
WAITS = st.one_of(
    st.integers(0, 600),
    st.integers(0, 2 * HOUR_SECONDS),
    st.sampled_from([HOUR_SECONDS, DAY_SECONDS, 24 * HOUR_SECONDS - 1, 7 * DAY_SECONDS]),
    st.integers(0, 40 * DAY_SECONDS),
)


def start(pair: str, now: int) -> int:
    """Count one start; returns the moment at which it may be, which is now where it was counted."""
    try:
        bootstrap.store().commit(bootstrap.counters().count_start(pair, QUOTA, digits=6, now=now))
    except TooManyCodesError as refusal:
        return refusal.retry_at
    return now


def bytes_of(world: World, pair: str) -> int:
    """How large the pair's row is: its names and what stands in them, as they are written."""
    row = world.row("limits", scope=f"throttle#{pair}")
    return sum(len(name) + len(str(content)) for name, value in row.items() for content in value.values())


def allowed_after(counted: list[int], now: int) -> int:
    """The first moment at which a pair with these starts may start again, by a simple model of the quota."""
    full = [
        (now // length + 1) * length
        for length, most in ((HOUR_SECONDS, QUOTA.per_hour), (DAY_SECONDS, QUOTA.per_day))
        if sum(at // length == now // length for at in counted) >= most
    ]
    return max(full, default=now)


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(waits=st.lists(WAITS, min_size=40, max_size=60))
def test_over_months_of_starts_the_row_stays_small_and_counts_as_a_model_does(world: World, waits: list[int]) -> None:
    pair, now, counted = uuid4().hex * 2, START, list[int]()
    for wait in waits:
        now += wait
        assert start(pair, now) == allowed_after(counted, now)
        counted += [now] * (allowed_after(counted, now) == now)
    assert bytes_of(world, pair) <= MOST_BYTES
    assert bootstrap.counters().throttle(pair).may_start_at(QUOTA, now) == allowed_after(counted, now)


def test_a_start_every_day_leaves_the_row_as_large_as_one(world: World) -> None:
    start("daily", START)
    first = bytes_of(world, "daily")
    for day in range(1, 70):
        start("daily", START + day * DAY_SECONDS)
    assert bytes_of(world, "daily") == first


def test_who_starts_for_the_first_time_in_a_day_costs_one_call(world: World) -> None:
    for day in range(3):
        start("daily", START + day * DAY_SECONDS)
        assert len(world.wire.asked("TransactWriteItems")) == day + 1


def test_a_start_that_comes_late_from_the_hour_before_counts_in_the_later_one(world: World) -> None:
    next_hour = (START // HOUR_SECONDS + 1) * HOUR_SECONDS
    for now in (next_hour, next_hour - 1, next_hour):
        start("late", now)
    assert start("late", next_hour) == next_hour + HOUR_SECONDS
    start("late", next_hour - 1)
    assert world.row("limits", scope="throttle#late")["starts_of_hour"] == {"N": "3"}
