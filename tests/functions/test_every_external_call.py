"""Every call that any function makes to AWS fails: 503, nothing is half written, and people get on a moment later.

The calls take turns of the ways to fail; in `make fuzz` each fails in every way.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pytest

from activation import bootstrap
from activation.adapters.tables import TABLES
from infra.functions import FUNCTIONS
from infra.routes import ROUTES
from tests.builders import PASSWORD
from tests.exhaustive import IS_EXHAUSTIVE, is_due
from tests.functions.deployment import forget_settings
from tests.functions.invariants import broken_promises
from tests.functions.paths import ACTIVATION, SESSION
from tests.functions.people import LOUIS, NEW_PASSWORD, ask_code, credentials
from tests.functions.visitor import Answer, Visitor
from tests.functions.walks import WALKS, Act, Walk, latest_code
from tests.functions.walks.events import let_the_worker_work
from tests.functions.wire import Failure, ProcessKilledError, aws_error, cancelled, killed, timeout
from tests.functions.world import World


class Moment:
    """A world as it stands before an act, to come back to."""

    def __init__(self, world: World, visitor: Visitor, name: str) -> None:
        self._world, self._name = world, name
        self._now, self._done = world.now, list(world.wire.done)
        world.deployment.remember(name, visitor.cookies)

    def again(self) -> Visitor:
        """Put the world back as it was, functions newly started; returns the browser of then."""
        forget_settings()
        cookies = self._world.deployment.recall(self._name)
        self._world.now, self._world.wire.done[:] = self._now, self._done
        self._world.wire.mend()
        return Visitor(cookies or {})


def calls_of(world: World, visitor: Visitor, act: Act) -> list[str]:
    heard = len(world.wire.done)
    assert act.do(world, visitor).said == act.says, act.name
    return [operation for operation, _ in world.wire.done[heard:]]


MOST_ACTS = 20


def retry_like_a_client(
    world: World, visitor: Visitor, walk: Walk, number: int, *, until: int, check: Callable[[], None]
) -> None:
    """Go on from that act until the act `until` is to be done, looking at `check` after each.

    Fails when somebody would have to give up.
    """
    said: list[object] = []
    for _ in range(MOST_ACTS):
        act = walk.acts[number]
        try:
            answer = act.do(world, visitor)
        except ProcessKilledError:  # the gateway says that the service is unavailable: it is asked again
            said.append((act.name, "no answer"))
        else:
            said.append((act.name, answer.said))
            number = _next(world, visitor, walk, number, answer)
        world.wire.mend()
        check()
        if number >= until:
            return
    raise AssertionError(f"nobody would try so often: {said}")


def _next(world: World, visitor: Visitor, walk: Walk, number: int, answer: Answer) -> int:
    act = walk.acts[number]
    if answer.status in (429, 503):
        world.advance(int(answer.headers["Retry-After"][0]))
        return number
    if answer.said == act.says:
        return number + 1
    match answer.code:
        case None:
            place = _act_at(walk, number, answer.next_step)
        case "wrong-step":
            place = _act_at(walk, number, _step_named(world, visitor, walk, act, answer))
        case "flow-expired":
            place = _opening(walk, number)
        case "session-expired":  # our own call ended it: the person comes in again, and that was all
            _sign_in(world, visitor, walk)
            place = number + 1
        case "code-rejected":
            place = _asked_again(world, visitor, act, number)
        case "nothing-to-lift" | "no-such-link" | "outdated-version":  # our own call lifted, ended or changed it
            place = number + 1
        case "invalid-request" if "unchanged" in {code for _, code in answer.faults}:  # it was proven after all
            place = next(place for place, act in enumerate(walk.acts) if act.at == "verify_code") + 1
        case _:
            raise AssertionError(f"{act.name} answers {answer.said}, which leads nowhere")
    return place


def _step_named(world: World, visitor: Visitor, walk: Walk, act: Act, answer: Answer) -> str | None:
    """The step that a refusal leads to: through a sign-in, or through home, which leads on while something is left."""
    if answer.next_step == "sign_in" != act.says[1]:
        return _sign_in(world, visitor, walk)
    return visitor.get(SESSION).next_step if answer.next_step == "home" else answer.next_step


def _asked_again(world: World, visitor: Visitor, act: Act, number: int) -> int:
    world.advance(60)
    visitor.post(act.name.removeprefix("POST ").removesuffix("/verification") + "/code")
    let_the_worker_work(world)
    return number


def _act_at(walk: Walk, number: int, step: str | None) -> int:
    """The act after that one which stands at the step, or which comes after one that leads to it."""
    if walk.acts[number].says[1] == step:
        return number + 1
    for place, act in enumerate(walk.acts):
        if act.at == step:
            return place
        if place > number and act.says[1] == step:
            return place + 1
    raise AssertionError(f"nothing of {walk.name} stands at {step}")


def _opening(walk: Walk, number: int) -> int:
    """The act that opened the flow."""
    opens = [n for n in range(number) if walk.acts[n].says[0] == 202 and "/code" not in walk.acts[n].name]
    return opens[-1] if opens else 0


def _sign_in(world: World, visitor: Visitor, walk: Walk) -> str | None:
    """Come in with the password that is right now; returns the step that follows."""
    tries = [visitor.post(SESSION, credentials(walk.person, password)) for password in (NEW_PASSWORD, PASSWORD)]
    assert 202 in {answer.status for answer in tries}
    let_the_worker_work(world)
    entered = visitor.post(f"{SESSION}/verification", {"code": latest_code(world)})
    assert entered.status == 200
    return entered.next_step


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
