"""Every call that any function makes to AWS fails: nothing is half written, and people get on.

Calls take turns of the ways to fail; with EXHAUSTIVE set (`make fuzz`) each fails in every way.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from activation import bootstrap
from infra.functions import FUNCTIONS
from infra.routes import ROUTES
from tests.functions.client_retries import retry_like_a_client
from tests.functions.invariants import broken_promises
from tests.functions.walks import WALKS, Act, Moment, Walk, calls_of
from tests.functions.wire import Failure, aws_error, cancelled, killed, timeout
from tests.functions.world import World

THROTTLED = {
    "SendEmail": "TooManyRequestsException",
    "Publish": "Throttled",
    "SendMessage": "RequestThrottled",
    "ChangeMessageVisibility": "RequestThrottled",
}
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}
"""What a transaction can be in the way of."""
READS = {"GetItem", "BatchGetItem", "Query", "Scan", "GenerateMac", "GetObject", "HeadObject"}
"""What changes nothing: whether it was done before it failed makes no difference."""


@dataclass(frozen=True)
class Way:
    """A way to fail; with `after`, AWS has done what it was asked."""

    name: str
    failure: Failure
    after: bool = False


def throttled(client: Any, operation: str, parameters: dict[str, Any]) -> BaseException | None:
    """Too many calls at once."""
    return aws_error(THROTTLED.get(operation, "ThrottlingException"))(client, operation, parameters)


def conflict(client: Any, operation: str, parameters: dict[str, Any]) -> BaseException | None:
    """Another transaction holds the row."""
    if operation == "TransactWriteItems":
        return cancelled("TransactionConflict")(client, operation, parameters)
    return aws_error("TransactionConflictException")(client, operation, parameters)


WAYS = (
    Way("throttled", throttled),
    Way("500", aws_error("InternalServerError", 500)),
    Way("timed out", timeout),
    Way("conflict", conflict),
    Way("done, and its answer lost", timeout, after=True),
    Way("killed before it", killed),
    Way("killed after it", killed, after=True),
)


@pytest.fixture(autouse=True)
def in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once, segments are read one after the other (moto)."""
    monkeypatch.setattr("activation.adapters.dynamodb.time.sleep", lambda _: None)
    monkeypatch.setattr("functions.purge_expired.segments.SEGMENTS", 1)
    monkeypatch.setattr("functions.purge_expired.requests.LOOKED_BACK_DAYS", 1)  # each is one more of the same


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.name)
def test_wherever_a_call_fails_nothing_is_half_written_and_people_get_on(world: World, walk: Walk) -> None:
    visitor = walk.origin(world)
    for number, act in enumerate(walk.acts):
        before = Moment(world, visitor, "before the act")
        calls = calls_of(world, visitor, act)
        behind = Moment(world, visitor, "behind the act")
        for case, operation, way in cases(act, calls):
            told = f"{walk.name}, {act.name}: call {case}, {operation}, {way.name}"
            someone = before.again()
            world.wire.interrupt(case, way.failure, after=way.after)
            try:
                retry_like_a_client(
                    world,
                    someone,
                    walk,
                    number,
                    until=min(number + 1 + way.after, len(walk.acts)),
                    check=lambda: promises_hold(world),
                )
            except AssertionError as error:
                raise AssertionError(f"{told}: {error}") from error
        visitor = behind.again()


def test_the_walks_pass_every_call_of_the_api_and_every_function() -> None:
    names = {act.name for walk in WALKS for act in walk.acts}
    assert {f"{route.method} {route.path}" for route in ROUTES} <= names
    assert {spec.name for spec in FUNCTIONS} - {route.function for route in ROUTES} <= names


def cases(act: Act, calls: list[str]) -> Iterator[tuple[int, str, Way]]:
    """Every call, and every way for it to fail that makes a difference."""
    if act.walked:
        for number, operation in enumerate(calls, 1):
            ways = [way for way in WAYS if makes_a_difference(act, operation, way)]
            turns = ways if "EXHAUSTIVE" in os.environ else [ways[number % len(ways)]]
            yield from ((number, operation, way) for way in turns)


def makes_a_difference(act: Act, operation: str, way: Way) -> bool:
    """Whether a call can fail so, and no other way comes to the same."""
    if way.failure is conflict:
        return operation in WRITES
    if way.after:
        return operation not in READS
    # A person sees no difference between a function that is killed and one that says it is unavailable.
    return way.failure is not killed or act.is_event


def promises_hold(world: World) -> None:
    """Fails with the promises that the tables break."""
    broken = broken_promises(world.rows, bootstrap.limits_in_force())
    assert not broken, broken
