"""Everybody's codes together: past so many wrong in ten minutes, everybody's have eight digits for a while."""

import pytest

from activation.adapters.breaker import SHARDS, DynamoBreaker
from activation.adapters.dynamodb import Table
from activation.domain.limits import Limits
from tests.functions.deployment import forget_settings
from tests.functions.paths import ACTIVATION, RESET, SESSION
from tests.functions.people import INES, LOUIS, STRANGER, Person, flow_id
from tests.functions.printed import Printed, events, metrics_in
from tests.functions.test_codes import AGAIN, guess_wrong, type_code
from tests.functions.visitor import Visitor
from tests.functions.world import World

TEN_MINUTES, HOUR = 600, 3_600


def spray(world: World, times: int) -> None:
    """So many wrong codes, five for each of so many people."""
    for number in range(0, times, 5):
        visitor = Visitor(address=f"198.51.100.{number}")
        visitor.post(ACTIVATION, Person(f"2000{number:04}", "Durand").start_body)
        guess_wrong(visitor, min(5, times - number), world.right_code("activation", flow_id(visitor)))


def length(path: str = ACTIVATION, person: Person = LOUIS) -> int:
    digits: int = Visitor().post(path, person.start_body).body["code"]["length"]
    return digits


def test_past_the_limit_everybodys_codes_have_eight_digits(world: World) -> None:
    world.set(WRONG_CODES_PER_10_MINUTES=10)
    spray(world, 9)
    forget_settings()
    assert length() == 6
    spray(world, 1)
    forget_settings()  # another process
    assert {length(path, person) for path in (ACTIVATION, RESET) for person in (LOUIS, INES, STRANGER)} == {8}


@pytest.mark.parametrize("person", [LOUIS, STRANGER])
def test_short_codes_are_taken_no_more_and_a_longer_one_is(world: World, visitor: Visitor, person: Person) -> None:
    world.set(WRONG_CODES_PER_10_MINUTES=5)
    visitor.post(ACTIVATION, person.start_body)
    world.deliver()
    short = world.right_code("activation", flow_id(visitor))
    spray(world, 10)
    refused = type_code(visitor, short)
    assert (refused.said, refused.body["attempts_left"]) == ((422, "code-rejected"), 4)
    world.advance(60)
    assert visitor.post(AGAIN).body["code"]["length"] == 8
    assert visitor.get(SESSION).body["code"]["length"] == 8
    if person is LOUIS:
        [message] = world.deliver()
        assert len(message.code) == 8
        assert type_code(visitor, message.code).said == (200, "set_password")


def test_right_codes_allow_for_wrong_ones(world: World) -> None:
    table = Table(world.deployment.dynamodb, "limits")
    picks = iter(range(100))
    breaker = DynamoBreaker(table, Limits(wrong_codes_per_10_minutes=2), lambda most: next(picks) % most)
    for _ in range(5):
        breaker.count_right_code(now=world.now)
    for _ in range(2):
        breaker.count_wrong_code(now=world.now)
    assert not breaker.is_tripped(now=world.now)
    breaker.count_wrong_code(now=world.now)
    assert breaker.is_tripped(now=world.now)
    breaker.count_wrong_code(now=world.now)
    assert not breaker.is_shut(now=world.now)
    breaker.count_wrong_code(now=world.now)
    assert breaker.is_shut(now=world.now)
    [switch] = [row for row in world.rows("limits") if row["scope"]["S"] == "breaker#wrong-codes"]
    assert switch["tripped_until"] == switch["shut_until"] == switch["expires_at"]


def test_it_falls_back_by_itself_an_hour_after_the_last_ten_minutes_of_it(world: World) -> None:
    world.set(WRONG_CODES_PER_10_MINUTES=5)
    spray(world, 5)
    world.advance(TEN_MINUTES)
    spray(world, 5)
    world.advance(TEN_MINUTES + HOUR - 1)
    assert length() == 8
    world.advance(1)
    forget_settings()
    assert length() == 6


def test_wrong_codes_of_two_ten_minutes_do_not_add_up(world: World) -> None:
    world.set(WRONG_CODES_PER_10_MINUTES=6)
    spray(world, 5)
    world.advance(TEN_MINUTES)
    spray(world, 5)
    assert length() == 6


def test_tripping_is_told_once_in_ten_minutes(world: World, printed: Printed) -> None:
    world.set(WRONG_CODES_PER_10_MINUTES=5)
    spray(world, 15)
    assert metrics_in(printed.getvalue())["WrongCodesBreakerOpen"] == 1
    assert [event["message"] for event in events(printed)].count("wrong_codes_breaker_tripped") == 1
    world.advance(TEN_MINUTES)
    spray(world, 5)
    assert metrics_in(printed.getvalue())["WrongCodesBreakerOpen"] == 2


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
    table = Table(world.deployment.dynamodb, "limits")
    shards = iter(range(SHARDS))
    breaker = DynamoBreaker(table, Limits(wrong_codes_per_10_minutes=10), lambda _: next(shards))
    for _ in range(SHARDS - 1):
        breaker.count_wrong_code(now=world.now)
        assert not breaker.is_tripped(now=world.now)
    breaker.count_wrong_code(now=world.now)
    assert breaker.is_tripped(now=world.now)
    rows = [row for row in world.rows("limits") if "wrong-codes#" in row["scope"]["S"]]
    assert [row["codes"]["N"] for row in rows] == ["1"] * SHARDS


def test_once_shut_the_rows_are_added_up_no_more(world: World) -> None:
    world.set(WRONG_CODES_PER_10_MINUTES=5)
    spray(world, 10)
    world.wire.done.clear()
    spray(world, 5)
    assert world.wire.asked("BatchGetItem") == []
