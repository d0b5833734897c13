"""Everybody's codes together: past so many wrong in ten minutes, everybody's have eight digits for a while."""

import itertools

from activation.adapters.breaker import SHARDS, DynamoBreaker
from activation.adapters.dynamodb import Table
from activation.domain.limits import Limits
from tests.functions.paths import ACTIVATION
from tests.functions.people import LOUIS, STRANGER, Person, flow_id
from tests.functions.printed import Printed, events, metrics_in
from tests.functions.test_codes import guess_wrong
from tests.functions.visitor import Visitor
from tests.functions.world import World

TEN_MINUTES, HOUR = 600, 3_600


def breaker_of(world: World, limit: int) -> DynamoBreaker:
    """A process's, which has read nothing yet, and counts on each row in turn."""
    table, limits, picks = (
        Table(world.deployment.dynamodb, "limits"),
        Limits(wrong_codes_per_10_minutes=limit),
        itertools.count(),
    )
    return DynamoBreaker(table, limits, lambda most: next(picks) % most)


def count_wrong(world: World, breaker: DynamoBreaker, times: int) -> None:
    for _ in range(times):
        breaker.count_wrong_code(now=world.now)


def spray(world: World, times: int) -> None:
    """So many wrong codes, five for each of so many people."""
    for number in range(0, times, 5):
        visitor = Visitor(address=f"198.51.100.{number}")
        visitor.post(ACTIVATION, Person(f"2000{number:04}", "Durand").start_body)
        guess_wrong(visitor, 5, world.right_code("activation", flow_id(visitor)))


def test_past_the_limit_codes_have_eight_digits_and_it_is_told_once_in_ten_minutes(
    world: World, printed: Printed
) -> None:
    world.set(WRONG_CODES_PER_10_MINUTES=5)
    spray(world, 15)
    assert Visitor().post(ACTIVATION, LOUIS.start_body).body["code"]["length"] == 8
    assert metrics_in(printed.getvalue())["WrongCodesBreakerOpen"] == 1
    assert [event["message"] for event in events(printed)].count("wrong_codes_breaker_tripped") == 1
    world.advance(TEN_MINUTES)
    spray(world, 5)
    assert metrics_in(printed.getvalue())["WrongCodesBreakerOpen"] == 2


def test_right_codes_allow_for_wrong_ones(world: World) -> None:
    breaker = breaker_of(world, 2)
    for _ in range(5):
        breaker.count_right_code(now=world.now)
    for wrong, stands in ((2, (False, False)), (1, (True, False)), (1, (True, False)), (1, (True, True))):
        count_wrong(world, breaker, wrong)
        assert (breaker.is_tripped(now=world.now), breaker.is_shut(now=world.now)) == stands
    [switch] = [row for row in world.rows("limits") if row["scope"]["S"] == "breaker#wrong-codes"]
    assert switch["tripped_until"] == switch["shut_until"] == switch["expires_at"]


def test_it_falls_back_by_itself_an_hour_after_the_last_ten_minutes_of_it(world: World) -> None:
    for _ in range(2):
        count_wrong(world, breaker_of(world, 5), 5)
        world.advance(TEN_MINUTES)
    world.advance(HOUR - 1)
    assert breaker_of(world, 5).is_tripped(now=world.now)
    world.advance(1)
    assert not breaker_of(world, 5).is_tripped(now=world.now)


def test_wrong_codes_of_two_ten_minutes_do_not_add_up(world: World) -> None:
    breaker = breaker_of(world, 6)
    for _ in range(2):
        count_wrong(world, breaker, 5)
        world.advance(TEN_MINUTES)
    assert not breaker.is_tripped(now=world.now)


def test_step_1_reads_the_switch_at_most_every_ten_seconds_and_counts_nothing_of_everybodys(world: World) -> None:
    for _ in range(3):
        Visitor().post(ACTIVATION, STRANGER.start_body)
    assert len([asked for asked in world.wire.asked("GetItem") if "breaker#" in str(asked)]) == 1
    world.advance(10)
    Visitor().post(ACTIVATION, LOUIS.start_body)
    assert len([asked for asked in world.wire.asked("GetItem") if "breaker#" in str(asked)]) == 2
    written = [str(asked) for asked in world.wire.asked("TransactWriteItems")]
    assert not [asked for asked in written if "wrong-codes" in asked]


def test_the_count_is_spread_over_ten_rows_and_added_up(world: World) -> None:
    breaker = breaker_of(world, SHARDS)
    count_wrong(world, breaker, SHARDS - 1)
    assert not breaker.is_tripped(now=world.now)
    count_wrong(world, breaker, 1)
    assert breaker.is_tripped(now=world.now)
    rows = [row for row in world.rows("limits") if "wrong-codes#" in row["scope"]["S"]]
    assert [row["codes"]["N"] for row in rows] == ["1"] * SHARDS


def test_once_shut_the_rows_are_added_up_no_more(world: World) -> None:
    breaker = breaker_of(world, 5)
    count_wrong(world, breaker, 10)
    world.wire.done.clear()
    count_wrong(world, breaker, 5)
    assert world.wire.asked("BatchGetItem") == []
