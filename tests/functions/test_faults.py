"""When AWS fails: 503 with a time to come back, nothing half-written, and the same step works a moment later."""

from itertools import cycle

import pytest

from activation.adapters.tables import TABLES
from tests.functions.deployment import forget_settings
from tests.functions.people import ACTIVATION, LOUIS, ask_code
from tests.functions.visitor import Visitor
from tests.functions.walks import WALKS, Act, Moment, Walk, calls_of
from tests.functions.wire import Failure, aws_error, cancelled, timeout
from tests.functions.world import World

FAILURES: dict[str, Failure] = {
    "500": aws_error("InternalServerError", 500),
    "throttled": aws_error("ThrottlingException"),
    "over capacity": aws_error("ProvisionedThroughputExceededException"),
    "refused": aws_error("AccessDeniedException"),
    "no answer": timeout,
}
OF_TRANSACTIONS = {"conflict": cancelled("TransactionConflict"), "busy": cancelled("ThrottlingError")}
COUNTED = {"pending_codes", "limits"}
"""What is counted before anything else, by a single update: that stays, as it must."""


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once."""
    monkeypatch.setattr("activation.adapters.dynamodb.time.sleep", lambda _: None)


def is_step(act: Act) -> bool:
    """Whether somebody takes a step of the API with it, which succeeds."""
    return act.walked and act.name.partition(" ")[0] in {"GET", "POST", "PUT", "DELETE"} and act.says[0] < 300


@pytest.mark.parametrize("walk", [walk for walk in WALKS if any(map(is_step, walk.acts))], ids=lambda walk: walk.name)
def test_a_step_that_fails_writes_nothing_and_works_later(world: World, walk: Walk) -> None:
    visitor, failures = walk.origin(world), cycle(FAILURES.values())
    for act in walk.acts:
        forget_settings()
        before = Moment(world, visitor, "before the act")
        operations = set(calls_of(world, visitor, act))
        behind = Moment(world, visitor, "behind the act")
        counted = COUNTED if "UpdateItem" in operations else set()
        # An order for a file is written before its object; if that cannot be put, the record says that it failed.
        for operation in sorted(operations) if is_step(act) and "PutObject" not in operations else ():
            look_at_failure(world, before.again(), act, (operation, next(failures)), counted)
        visitor = behind.again()


@pytest.mark.parametrize("failure", (FAILURES | OF_TRANSACTIONS).values(), ids=FAILURES | OF_TRANSACTIONS)
def test_a_start_that_fails_in_any_way_writes_nothing_and_works_later(world: World, failure: Failure) -> None:
    [start, *_] = WALKS[0].acts
    look_at_failure(world, Visitor(), start, ("TransactWriteItems", failure), set())


def look_at_failure(world: World, visitor: Visitor, act: Act, fault: tuple[str, Failure], counted: set[str]) -> None:
    """The act while that operation fails, and once it fails no more."""
    forget_settings()  # what is kept for a while is read again
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


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_passing_conflict_is_not_seen(world: World, visitor: Visitor, code: str) -> None:
    world.wire.fail("TransactWriteItems", cancelled(code), times=2)
    assert visitor.post(ACTIVATION, LOUIS.start_body).said == (202, "verify_code")
    assert len(world.rows("pending_codes")) == 1


def test_a_transaction_that_can_never_work_is_not_tried_again(world: World, visitor: Visitor) -> None:
    world.wire.fail("TransactWriteItems", cancelled("ValidationError"), times=1)
    assert visitor.post(ACTIVATION, LOUIS.start_body).said == (503, "unavailable")


def test_what_is_tried_again_keeps_its_token(world: World, visitor: Visitor) -> None:
    seen: list[str] = []

    def busy(client: object, operation: str, parameters: dict[str, str]) -> BaseException | None:
        seen.append(parameters["ClientRequestToken"])
        return cancelled("TransactionConflict")(client, operation, parameters)

    world.wire.fail("TransactWriteItems", busy, times=2)
    visitor.post(ACTIVATION, LOUIS.start_body)
    [done] = world.wire.asked("TransactWriteItems")
    assert seen == [done["ClientRequestToken"]] * 2


def test_an_attempt_whose_comparison_fails_is_spent_all_the_same(world: World, visitor: Visitor) -> None:
    code = ask_code(world, visitor, LOUIS).code
    world.wire.fail("GenerateMac", timeout)
    for _ in range(5):
        assert visitor.post(f"{ACTIVATION}/verification", {"code": code}).status == 503
    world.wire.mend()
    assert visitor.post(f"{ACTIVATION}/verification", {"code": code}).said == (429, "flow-locked")
