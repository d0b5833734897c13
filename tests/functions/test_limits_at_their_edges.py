"""The limits as they are without any setting: the last that passes, and the first that does not."""

from unittest.mock import Mock
from uuid import uuid4

import pytest
import zxcvbn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activation import bootstrap
from activation.domain.errors import AccountLockedError, TooManyCodesError
from activation.domain.flows import Purpose, make_throttle_key
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, Quota
from activation.domain.names import fold_name
from tests.functions.paths import ACTIVATION
from tests.functions.people import AWA, DAY, LOUIS, Person, activate, both, prove
from tests.functions.visitor import Visitor
from tests.functions.world import START, World

WEAK = "Motdepasse2024"
MIDNIGHT = "2026-11-25T00:00:00Z"


def mistype(world: World, person: Person, times: int) -> None:
    """So many wrong codes counted against a throttle key, as if typed long ago."""
    throttle_key = make_throttle_key(Purpose.ACTIVATION, person.identifier, fold_name(person.last_name))
    for _ in range(times):
        bootstrap.counters().count_guess(throttle_key, now=world.now)


def test_after_a_days_lock_one_guess_is_counted_and_it_locks_for_another_day(world: World) -> None:
    world.set(WRONG_CODES_PER_PERSON=2)
    mistype(world, LOUIS, 2)
    for _ in range(2):
        world.advance(DAY)
        mistype(world, LOUIS, 1)
        with pytest.raises(AccountLockedError) as refused:
            mistype(world, LOUIS, 1)
        assert refused.value.retry_at == world.now + DAY


def test_right_passwords_prolong_no_failure(world: World) -> None:
    store, counters, began = bootstrap.store(), bootstrap.counters(), world.now

    def fail(times: int = 1) -> list[int]:
        return [counters.count_wrong_password("10000001", now=world.now) for _ in range(times)]

    def succeed() -> None:
        fail()
        store.commit(counters.return_wrong_password("10000001"))

    succeed()
    assert fail(9)[-1] == 1
    world.now = began + 14 * 60
    succeed()
    assert fail() == [0]
    store.commit(counters.return_wrong_password("10000001"))
    world.now = began + 15 * 60 - 1
    succeed()
    world.now = began + 28 * 60
    assert fail() == [9]
    assert counters.password_locked_until("10000001", now=world.now) == 0


def test_a_failure_beside_a_right_password_keeps_its_own_time(world: World) -> None:
    store, counters, began = bootstrap.store(), bootstrap.counters(), world.now
    for _ in range(8):
        counters.count_wrong_password("10000001", now=began)
    world.now = began + 14 * 60
    counters.count_wrong_password("10000001", now=world.now)  # a right one, which is still being hashed
    assert counters.count_wrong_password("10000001", now=world.now) == 0
    store.commit(counters.return_wrong_password("10000001"))
    world.now = began + 28 * 60
    assert counters.count_wrong_password("10000001", now=world.now) == 0
    assert counters.password_locked_until("10000001", now=world.now) == world.now + 900


def test_a_right_password_counted_before_the_lock_was_lifted_gives_nothing_back(world: World) -> None:
    store, counters = bootstrap.store(), bootstrap.counters()
    counters.count_wrong_password("10000001", now=world.now)  # a right one, which is still being hashed
    store.commit(counters.lift_password_lock("10000001"))
    store.commit(counters.return_wrong_password("10000001"))
    assert ["failures" in row for row in world.rows("limits")] == [False]
    assert counters.count_wrong_password("10000001", now=world.now) == 9


@pytest.mark.parametrize(("before", "is_tripped"), [(498, False), (499, True)])
def test_the_five_hundredth_wrong_code_of_all_trips_the_breaker(world: World, before: int, is_tripped: bool) -> None:
    breaker = bootstrap.breaker()
    breaker.count_wrong_code(now=world.now)
    [row] = [row for row in world.rows("limits") if row["scope"]["S"].startswith("wrong-codes#")]
    world.deployment.dynamodb.put_item(TableName="limits", Item=row | {"codes": {"N": str(before)}})
    breaker.count_wrong_code(now=world.now)
    assert breaker.is_tripped(now=world.now) is is_tripped


def test_thirty_passwords_of_a_flow_are_judged_and_nobody_else_waits_for_more(
    world: World, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    prove(world, visitor, LOUIS)
    judged = Mock(wraps=zxcvbn.zxcvbn)
    monkeypatch.setattr(zxcvbn, "zxcvbn", judged)
    answers = [visitor.twin().post(f"{ACTIVATION}/password", both(WEAK)).said for _ in range(50)]
    assert answers == [(422, "password-rejected")] * 30 + [(401, "flow-expired")] * 20
    assert judged.call_count == 30
    activate(world, Visitor(), AWA)


QUOTA = Quota(per_hour=3, per_day=5)
MOST_BYTES = 256
WAITS = st.one_of(
    st.integers(0, 600),
    st.integers(0, 2 * HOUR_SECONDS),
    st.sampled_from([HOUR_SECONDS, DAY_SECONDS, 24 * HOUR_SECONDS - 1, 7 * DAY_SECONDS]),
    st.integers(0, 40 * DAY_SECONDS),
)


def start(throttle_key: str, now: int) -> int:
    """Count one start; returns the moment at which it may be, which is now where it was counted."""
    try:
        bootstrap.store().commit(bootstrap.counters().count_start(throttle_key, QUOTA, digits=6, now=now))
    except TooManyCodesError as refusal:
        return refusal.retry_at
    return now


def bytes_of(world: World, throttle_key: str) -> int:
    row = world.row("limits", scope=f"throttle#{throttle_key}")
    return sum(len(name) + len(str(content)) for name, value in row.items() for content in value.values())


def allowed_after(counted: list[int], now: int) -> int:
    """The first moment at which a throttle key with these starts may start again, by a simple model of the quota."""
    full = [
        (now // length + 1) * length
        for length, most in ((HOUR_SECONDS, QUOTA.per_hour), (DAY_SECONDS, QUOTA.per_day))
        if sum(at // length == now // length for at in counted) >= most
    ]
    return max(full, default=now)


@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(waits=st.lists(WAITS, min_size=40, max_size=60))
def test_over_months_of_starts_the_row_stays_small_and_counts_as_a_model_does(world: World, waits: list[int]) -> None:
    throttle_key, now, counted = uuid4().hex * 2, START, list[int]()
    for wait in waits:
        now += wait
        assert start(throttle_key, now) == allowed_after(counted, now)
        counted += [now] * (allowed_after(counted, now) == now)
    assert bytes_of(world, throttle_key) <= MOST_BYTES
    assert bootstrap.counters().throttle(throttle_key).may_start_at(QUOTA, now) == allowed_after(counted, now)


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
