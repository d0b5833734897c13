"""Every call that any function makes to AWS fails: 503, nothing is half written, and people get on a moment later.

The calls take turns of the ways to fail; in `make fuzz` each fails in every way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pytest

from activation import bootstrap
from activation.adapters.tables import TABLES
from infra.functions import FUNCTIONS
from infra.routes import ROUTES
from tests.exhaustive import IS_EXHAUSTIVE, is_due
from tests.functions.client_retries import retry_like_a_client
from tests.functions.deployment import forget_settings
from tests.functions.invariants import broken_promises
from tests.functions.paths import ACTIVATION
from tests.functions.people import LOUIS, ask_code
from tests.functions.visitor import Visitor
from tests.functions.walks import WALKS, Act, Moment, Walk, calls_of
from tests.functions.wire import Failure, aws_error, cancelled, killed, timeout
from tests.functions.world import World

THROTTLED = {
    **dict.fromkeys(("SendMessage", "ChangeMessageVisibility"), "RequestThrottled"),
    "SendEmail": "TooManyRequestsException",
    "Publish": "Throttled",
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
    return aws_error(THROTTLED.get(operation, "ThrottlingException"))(client, operation, parameters)


def conflict(client: Any, operation: str, parameters: dict[str, Any]) -> BaseException | None:
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


FAILURES: dict[str, Failure] = {
    "500": aws_error("InternalServerError", 500),
    "throttled": aws_error("ThrottlingException"),
    "over capacity": aws_error("ProvisionedThroughputExceededException"),
    "refused": aws_error("AccessDeniedException"),
    "no answer": timeout,
}
OF_TRANSACTIONS = {"conflict": cancelled("TransactionConflict"), "busy": cancelled("ThrottlingError")}
EVENTS = (
    *("deliver_message", "deliver_message, from the queue", "record_delivery", "purge_expired"),
    *("import_roster", "import_roster, a file of states", "import_roster, a file of states undone"),
)
"""The functions that no person calls."""
COUNTED = {"pending_codes", "limits"}
"""What is counted before anything else, by a single update: that stays, as it must."""


@pytest.fixture(autouse=True)
def in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once, segments are read one after the other (moto)."""
    monkeypatch.setattr("activation.adapters.dynamodb.time.sleep", lambda _: None)
    monkeypatch.setattr("functions.purge_expired.segments.SEGMENTS", 1)
    monkeypatch.setattr("functions.purge_expired.requests.LOOKED_BACK_DAYS", 1)  # each is one more of the same


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.name)
def test_wherever_a_call_fails_nothing_is_half_written_and_people_get_on(world: World, walk: Walk) -> None:
    visitor, failures = walk.origin(world), cycle(FAILURES.values())
    for number, act in enumerate(walk.acts):
        forget_settings()
        before = Moment(world, visitor, "before the act")
        calls = calls_of(world, visitor, act)
        behind = Moment(world, visitor, "behind the act")
        counted = COUNTED if "UpdateItem" in calls else set()
        # An order for a file is written before its object; if that cannot be put, the record says that it failed.
        for operation in sorted(set(calls)) if is_step(act) and "PutObject" not in calls else ():
            look_at_failure(world, before.again(), act, (operation, next(failures)), counted)
        for case, operation, way in cases(number, act, calls):
            told = f"{walk.name}, {act.name}: call {case}, {operation}, {way.name}"
            someone = before.again()
            world.wire.interrupt(case, way.failure, after=way.after)
            try:
                until = min(number + 1 + way.after, len(walk.acts))
                retry_like_a_client(world, someone, walk, number, until=until, check=lambda: promises_hold(world))
            except AssertionError as error:
                raise AssertionError(f"{told}: {error}") from error
        visitor = behind.again()


def test_the_walks_pass_every_call_of_the_api_and_every_function() -> None:
    names = {act.name for walk in WALKS for act in walk.acts}
    assert {f"{route.method} {route.path}" for route in ROUTES} <= names
    assert {spec.name for spec in FUNCTIONS} - {route.function for route in ROUTES} <= names


def cases(place: int, act: Act, calls: list[str]) -> Iterator[tuple[int, str, Way]]:
    """Every call of an act at its place in a walk, and every way for it to fail that makes a difference; or a third."""
    if act.walked:
        for number, operation in enumerate(calls, 1):
            ways = [way for way in WAYS if makes_a_difference(act, operation, way)]
            if "PutObject" in calls[number - 1 :]:  # whoever is killed meanwhile holds it up for three hours
                ways = [way for way in ways if way.failure is not killed or operation not in {*WRITES, "PutObject"}]
            turns = ways if IS_EXHAUSTIVE else [ways[(place + number) // 3 % len(ways)]]
            yield from ((number, operation, way) for way in turns if is_due(place + number, one_in=3))


def makes_a_difference(act: Act, operation: str, way: Way) -> bool:
    """Whether a call can fail so, and no other way comes to the same."""
    if way.failure is conflict:
        return operation in WRITES
    if way.after:
        return operation not in READS
    # A person sees no difference between a function that is killed and one that says it is unavailable.
    return way.failure is not killed or act.name in EVENTS


def promises_hold(world: World) -> None:
    broken = broken_promises(world.rows, bootstrap.limits_in_force())
    assert not broken, broken


def is_step(act: Act) -> bool:
    """Whether somebody takes a step of the API with it, which succeeds."""
    return act.walked and act.name.partition(" ")[0] in {"GET", "POST", "PUT", "DELETE"} and act.says[0] < 300


@pytest.mark.parametrize("failure", (FAILURES | OF_TRANSACTIONS).values(), ids=FAILURES | OF_TRANSACTIONS)
def test_a_start_that_fails_in_any_way_writes_nothing_and_works_later(world: World, failure: Failure) -> None:
    [start, *_] = WALKS[0].acts
    look_at_failure(world, Visitor(), start, ("TransactWriteItems", failure), set())


def look_at_failure(world: World, visitor: Visitor, act: Act, fault: tuple[str, Failure], counted: set[str]) -> None:
    """The act while that operation fails, and once it fails no more."""
    tables = {spec.name for spec in TABLES} - counted
    rows = {table: world.rows(table) for table in tables}
    operation, _ = fault
    world.wire.fail(*fault)
    answer = act.do(world, visitor)
    world.wire.mend()
    assert answer.said == (503, "unavailable"), (act.name, operation)
    assert (answer.headers["Retry-After"], answer.body["retry_at"]) == (["5"], world.in_(5))
    assert answer.cookies == {}
    assert {table: world.rows(table) for table in tables} == rows, (act.name, operation)
    world.advance(5)
    assert act.do(world, visitor).said == act.says, (act.name, operation)


def test_a_transaction_that_can_never_work_is_not_tried_again(world: World, visitor: Visitor) -> None:
    world.wire.fail("TransactWriteItems", cancelled("ValidationError"), times=1)
    assert visitor.post(ACTIVATION, LOUIS.start_body).said == (503, "unavailable")


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_passing_conflict_is_not_seen_and_what_is_tried_again_keeps_its_token(
    world: World, visitor: Visitor, code: str
) -> None:
    seen: list[str] = []

    def busy(client: object, operation: str, parameters: dict[str, str]) -> BaseException | None:
        seen.append(parameters["ClientRequestToken"])
        return cancelled(code)(client, operation, parameters)

    world.wire.fail("TransactWriteItems", busy, times=2)
    assert visitor.post(ACTIVATION, LOUIS.start_body).said == (202, "verify_code")
    [done] = world.wire.asked("TransactWriteItems")
    assert seen == [done["ClientRequestToken"]] * 2


def test_an_attempt_whose_comparison_fails_is_spent_all_the_same(world: World, visitor: Visitor) -> None:
    code = ask_code(world, visitor, LOUIS).code
    world.wire.fail("GenerateMac", timeout)
    for _ in range(5):
        assert visitor.post(f"{ACTIVATION}/verification", {"code": code}).status == 503
    world.wire.mend()
    assert visitor.post(f"{ACTIVATION}/verification", {"code": code}).said == (429, "flow-locked")
