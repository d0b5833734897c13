"""Somebody who does not give up: after each answer they do what it names, until they have what they came for."""

from collections.abc import Callable

from tests.builders import PASSWORD
from tests.functions.event_sources import let_the_worker_work
from tests.functions.paths import SESSION
from tests.functions.people import NEW_PASSWORD, credentials
from tests.functions.visitor import Answer, Visitor
from tests.functions.walks import Act, Walk, latest_code
from tests.functions.wire import ProcessKilledError
from tests.functions.world import World

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
    """The same act, once another code has come."""
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
