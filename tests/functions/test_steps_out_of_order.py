"""Steps skipped, repeated and replayed: each is refused, names the step that stands, and changes nothing."""

import pytest

from tests.builders import PASSWORD
from tests.functions.people import (
    ACCOUNT,
    ACTIVATION,
    CHANNEL,
    CONSENT,
    CONTACT,
    LOUIS,
    NEW_PASSWORD,
    OWN_PASSWORD,
    RESET,
    SESSION,
    STRANGER,
    TERMS,
    ask_code,
    both,
    flow_id,
    prove,
)
from tests.functions.visitor import Visitor
from tests.functions.world import World

CODE = {"code": "123456"}
OTHER_FLOW = {"X-Flow": "00000000-0000-4000-8000-000000000000"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{ACTIVATION}/code", {}),
        (f"{ACTIVATION}/verification", CODE),
        (f"{ACTIVATION}/password", both(PASSWORD)),
        (f"{RESET}/code", {}),
        (f"{RESET}/verification", CODE),
        (f"{RESET}/password", both(PASSWORD)),
        (f"{SESSION}/code", {}),
        (f"{SESSION}/verification", CODE),
    ],
)
def test_without_a_flow_nothing_goes_on(visitor: Visitor, path: str, body: dict[str, str]) -> None:
    assert visitor.post(path, body).said == (401, "flow-expired")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", ACCOUNT, None),
        ("GET", f"{ACCOUNT}/history", None),
        ("GET", f"{ACCOUNT}/export", None),
        ("PUT", CONSENT, {"consents": True, "text_version": "1"}),
        ("PUT", CHANNEL, {"channel": "email"}),
        ("PUT", TERMS, {"version": "1"}),
        ("PUT", OWN_PASSWORD, {"current": PASSWORD, **both(NEW_PASSWORD)}),
        ("POST", f"{CONTACT}/verification", CODE),
    ],
)
def test_without_a_session_no_account_opens(visitor: Visitor, method: str, path: str, body: dict[str, str]) -> None:
    assert visitor.call(method, path, body).said == (401, "session-expired")


@pytest.mark.parametrize("path", [RESET, SESSION])
@pytest.mark.parametrize("step", ["code", "verification"])
def test_a_flow_serves_its_own_purpose_only(world: World, visitor: Visitor, path: str, step: str) -> None:
    ask_code(world, visitor, LOUIS)
    before = world.everything()
    answer = visitor.post(f"{path}/{step}", CODE if step == "verification" else {})
    assert (answer.said, answer.next_step) == ((409, "wrong-step"), "verify_code")
    assert world.everything() == before


def test_a_proven_flow_takes_no_more_codes(world: World, visitor: Visitor) -> None:
    code = ask_code(world, visitor, LOUIS).code
    before = visitor.twin()
    visitor.post(f"{ACTIVATION}/verification", {"code": code})
    for step, body in (("code", {}), ("verification", {"code": code})):
        answer = visitor.post(f"{ACTIVATION}/{step}", body)
        assert (answer.said, answer.next_step) == ((409, "wrong-step"), "set_password")
        assert before.post(f"{ACTIVATION}/{step}", body).said == (401, "flow-expired")
    assert before.post(f"{ACTIVATION}/password", both(PASSWORD)).said == (401, "flow-expired")


def test_a_finished_flow_sends_to_the_sign_in(world: World, visitor: Visitor) -> None:
    prove(world, visitor, LOUIS)
    proven = visitor.twin()
    visitor.post(f"{ACTIVATION}/password", both(PASSWORD))
    world.deliver()
    before = world.everything()
    for step, body in (("password", both(NEW_PASSWORD)), ("verification", CODE), ("code", {})):
        answer = proven.post(f"{ACTIVATION}/{step}", body)
        assert (answer.said, answer.next_step) == ((409, "wrong-step"), "sign_in")
    assert proven.get(SESSION).body["who"] == "anonymous"
    assert world.everything() == before
    world.advance(1_800)
    assert proven.post(f"{ACTIVATION}/password", both(NEW_PASSWORD)).said == (401, "flow-expired")


def test_a_page_that_shows_another_flow_acts_on_none(world: World, visitor: Visitor) -> None:
    code = ask_code(world, visitor, LOUIS).code
    before = world.everything()
    for step, body in (("code", {}), ("verification", {"code": code}), ("password", both(PASSWORD))):
        assert visitor.post(f"{ACTIVATION}/{step}", body, OTHER_FLOW).said == (409, "wrong-step")
    assert world.everything() == before
    shown = {"X-Flow": flow_id(visitor)}
    assert visitor.post(f"{ACTIVATION}/verification", {"code": code}, shown).said == (200, "set_password")
    assert visitor.post(f"{ACTIVATION}/password", both(PASSWORD), OTHER_FLOW).said == (409, "wrong-step")


def test_a_contact_flow_opens_with_its_own_session_only(world: World, newcomer: Visitor) -> None:
    newcomer.put(CHANNEL, {"channel": "sms", "mobile": "0612345678"})
    [message] = world.deliver()
    alone = newcomer.twin()
    del alone.cookies["__Host-session"]
    assert alone.post(f"{CONTACT}/verification", {"code": message.code}).said == (401, "session-expired")
    assert alone.post(f"{ACTIVATION}/verification", {"code": message.code}).status in {401, 409}
    assert alone.get(SESSION).body["who"] == "anonymous"
    assert newcomer.post(f"{CONTACT}/verification", {"code": message.code}).status == 200


def test_another_browsers_flow_id_is_no_key(world: World, visitor: Visitor) -> None:
    code = ask_code(world, visitor, LOUIS).code
    thief = Visitor()
    thief.post(ACTIVATION, STRANGER.start_body)
    token = thief.cookies["__Host-flow"].partition(".")[2]
    thief.cookies["__Host-flow"] = f"{flow_id(visitor)}.{token}"
    before = world.rows("pending_codes")
    assert thief.post(f"{ACTIVATION}/verification", {"code": code}).said == (401, "flow-expired")
    assert world.rows("pending_codes") == before
    assert visitor.post(f"{ACTIVATION}/verification", {"code": code}).said == (200, "set_password")
