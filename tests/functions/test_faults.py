"""When AWS fails: 503 with a time to come back, nothing half-written, and the same step works a moment later."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle

import pytest

from tests.builders import PASSWORD
from tests.functions.people import (
    ACCOUNT,
    ACTIVATION,
    CHANNEL,
    CONSENT,
    LOUIS,
    NEW_PASSWORD,
    OWN_PASSWORD,
    SESSION,
    TERMS,
    ask_code,
    at_home,
    both,
    credentials,
    in_session,
    prove,
)
from tests.functions.visitor import Answer, Visitor
from tests.functions.wire import Failure, aws_error, cancelled, timeout
from tests.functions.world import World

Call = Callable[[], Answer]


@dataclass(frozen=True)
class Step:
    """A call of the API that works: `ready` brings a world to it. `spends`: it counts before it fails, as it must."""

    name: str
    ready: Callable[[World], Call]
    operations: tuple[str, ...]
    spends: bool = False


def starting(_: World) -> Call:
    visitor = Visitor()
    return lambda: visitor.post(ACTIVATION, LOUIS.start_body)


def resending(world: World) -> Call:
    visitor = Visitor()
    visitor.post(ACTIVATION, LOUIS.start_body)
    world.advance(60)
    return lambda: visitor.post(f"{ACTIVATION}/code")


def verifying(world: World) -> Call:
    visitor = Visitor()
    code = ask_code(world, visitor, LOUIS).code
    return lambda: visitor.post(f"{ACTIVATION}/verification", {"code": code})


def choosing_a_password(world: World) -> Call:
    visitor = Visitor()
    prove(world, visitor, LOUIS)
    return lambda: visitor.post(f"{ACTIVATION}/password", both(PASSWORD))


def consenting(world: World) -> Call:
    visitor = in_session(world, LOUIS)
    return lambda: visitor.put(CONSENT, {"consents": True, "text_version": "1"})


def choosing_a_channel(world: World) -> Call:
    visitor = in_session(world, LOUIS)
    return lambda: visitor.put(CHANNEL, {"channel": "sms", "mobile": "0612345678"})


def accepting(world: World) -> Call:
    visitor = in_session(world, LOUIS)
    visitor.put(CONSENT, {"consents": True, "text_version": "1"})
    visitor.put(CHANNEL, {"channel": "email"})
    return lambda: visitor.put(TERMS, {"version": "1"})


def looking(world: World, path: str = ACCOUNT) -> Call:
    visitor = at_home(world, LOUIS)
    return lambda: visitor.get(path)


def signing_in(world: World) -> Call:
    at_home(world, LOUIS)
    visitor = Visitor()
    return lambda: visitor.post(SESSION, credentials(LOUIS))


def changing_the_password(world: World) -> Call:
    visitor = at_home(world, LOUIS)
    return lambda: visitor.put(OWN_PASSWORD, {"current": PASSWORD, **both(NEW_PASSWORD)})


def signing_out(world: World) -> Call:
    visitor = at_home(world, LOUIS).twin()
    return lambda: visitor.delete(SESSION)


STEPS = [
    Step("start", starting, ("TransactWriteItems",)),
    Step("resend", resending, ("GetItem", "TransactWriteItems")),
    Step("verify", verifying, ("UpdateItem", "GenerateMac", "TransactWriteItems"), spends=True),
    Step("password", choosing_a_password, ("GetItem", "GenerateMac", "TransactWriteItems")),
    Step("consent", consenting, ("GetItem", "TransactWriteItems")),
    Step("channel", choosing_a_channel, ("GetItem", "TransactWriteItems")),
    Step("terms", accepting, ("GetItem", "TransactWriteItems")),
    Step("home", looking, ("GetItem",)),
    Step("where", lambda world: looking(world, SESSION), ("GetItem",)),
    Step("sign in", signing_in, ("GetItem", "UpdateItem", "GenerateMac", "TransactWriteItems"), spends=True),
    Step("change", changing_the_password, ("GetItem", "UpdateItem", "GenerateMac", "TransactWriteItems"), spends=True),
    Step("sign out", signing_out, ("DeleteItem",)),
]
FAILURES: dict[str, Failure] = {
    "500": aws_error("InternalServerError", 500),
    "throttled": aws_error("ThrottlingException"),
    "over capacity": aws_error("ProvisionedThroughputExceededException"),
    "refused": aws_error("AccessDeniedException"),
    "no answer": timeout,
}
OF_TRANSACTIONS = {"conflict": cancelled("TransactionConflict"), "busy": cancelled("ThrottlingError")}
COUNTED = ("pending_codes", "limits")


PLACES = [(step, operation) for step in STEPS for operation in step.operations]
CASES = [(*place, name) for place, name in zip(PLACES, cycle(FAILURES))]
CASES += [(STEPS[0], "TransactWriteItems", name) for name in [*FAILURES, *OF_TRANSACTIONS]]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once."""
    monkeypatch.setattr("activation.adapters.dynamodb.time.sleep", lambda _: None)


@pytest.mark.parametrize(
    ("step", "operation", "failure"),
    [
        pytest.param(step, operation, (FAILURES | OF_TRANSACTIONS)[name], id=f"{step.name}, {operation}: {name}")
        for step, operation, name in dict.fromkeys(CASES)
    ],
)
def test_a_step_that_fails_writes_nothing_and_works_later(
    world: World, step: Step, operation: str, failure: Failure
) -> None:
    call = step.ready(world)
    tables = [name for setting, name in world.deployment.settings.items() if setting.endswith("_TABLE")]
    before = {table: world.rows(table) for table in tables if not (step.spends and table in COUNTED)}
    world.wire.fail(operation, failure)
    answer = call()
    world.wire.mend()
    assert answer.said == (503, "unavailable")
    assert (answer.headers["Retry-After"], answer.body["retry_at"]) == (["5"], world.in_(5))
    assert answer.cookies == {}
    assert {table: world.rows(table) for table in before} == before
    world.advance(5)
    assert call().status < 300


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
