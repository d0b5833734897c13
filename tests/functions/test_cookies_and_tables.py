"""What a browser is handed, and what the tables keep of it: no token, no code, no typed name."""

import re

from tests.builders import PASSWORD
from tests.functions.people import (
    ACCOUNT,
    ACTIVATION,
    AWA,
    LOUIS,
    NEW_PASSWORD,
    OWN_PASSWORD,
    SESSION,
    STRANGER,
    ask_code,
    at_home,
    both,
    credentials,
)
from tests.functions.visitor import Visitor
from tests.functions.world import World

FLOW = re.compile(r"__Host-flow=[0-9a-f-]{36}\.[A-Za-z0-9_-]{43}; ")


def test_over_https_cookies_are_bound_to_the_host(world: World, visitor: Visitor) -> None:
    started = visitor.post(ACTIVATION, LOUIS.start_body)
    assert FLOW.match(started.cookies["__Host-flow"])
    attributes = {part.strip() for part in started.cookies["__Host-flow"].split(";")[1:]}
    assert attributes == {"HttpOnly", "Secure", "SameSite=Strict", "Path=/"}
    [message] = world.deliver()
    visitor.post(f"{ACTIVATION}/verification", {"code": message.code})
    entered = visitor.post(f"{ACTIVATION}/password", both(PASSWORD))
    assert entered.cookies.keys() == {"__Host-flow", "__Host-session", "__Host-device"}
    assert re.match(r"__Host-session=[A-Za-z0-9_-]{43}; ", entered.cookies["__Host-session"])
    assert "Max-Age=0" in entered.cookies["__Host-flow"]


def test_on_a_local_http_run_they_have_neither_prefix_nor_secure(world: World) -> None:
    world.set(PUBLIC_ORIGINS="http://127.0.0.1:8000")
    visitor = Visitor(origin="http://127.0.0.1:8000")
    assert visitor.post(ACTIVATION, LOUIS.start_body).cookies.keys() == {"flow"}
    [message] = world.deliver()
    visitor.post(f"{ACTIVATION}/verification", {"code": message.code})
    visitor.post(f"{ACTIVATION}/password", both(PASSWORD))
    assert visitor.cookies.keys() == {"session", "device"}
    assert visitor.get(SESSION).next_step == "give_consent"


def test_each_rise_has_a_token_of_its_own(world: World, visitor: Visitor) -> None:
    tokens = []
    code = ask_code(world, visitor, LOUIS).code
    tokens.append(visitor.cookies["__Host-flow"].partition(".")[2])
    visitor.post(f"{ACTIVATION}/verification", {"code": code})
    tokens.append(visitor.cookies["__Host-flow"].partition(".")[2])
    visitor.post(f"{ACTIVATION}/password", both(PASSWORD))
    tokens.append(visitor.cookies["__Host-session"])
    world.deliver()
    other = Visitor()
    other.post(SESSION, credentials(LOUIS))
    tokens.append(other.cookies["__Host-flow"].partition(".")[2])
    [message] = world.deliver()
    other.post(f"{SESSION}/verification", {"code": message.code})
    tokens.append(other.cookies["__Host-session"])
    other.put(OWN_PASSWORD, {"current": PASSWORD, **both(NEW_PASSWORD)})
    tokens.append(other.cookies["__Host-session"])
    assert len(set(tokens)) == len(tokens)
    assert all(len(token) == 43 for token in tokens)


def test_a_session_planted_in_a_browser_is_not_the_one_that_opens(world: World, visitor: Visitor) -> None:
    visitor.cookies["__Host-session"] = "A" * 43
    code = ask_code(world, visitor, LOUIS).code
    visitor.post(f"{ACTIVATION}/verification", {"code": code})
    visitor.post(f"{ACTIVATION}/password", both(PASSWORD))
    assert visitor.cookies["__Host-session"] != "A" * 43
    assert Visitor({"__Host-session": "A" * 43}).get(ACCOUNT).status == 401


def test_the_session_that_a_browser_had_ends_with_the_next_one(world: World) -> None:
    visitor = at_home(world, LOUIS)
    before = Visitor({"__Host-session": visitor.cookies["__Host-session"]})
    assert before.get(ACCOUNT).status == 200
    visitor.post(SESSION, credentials(LOUIS))
    [message] = world.deliver()
    assert visitor.post(f"{SESSION}/verification", {"code": message.code}).status == 200
    assert (before.get(ACCOUNT).status, visitor.get(ACCOUNT).status) == (401, 200)


def test_the_session_of_somebody_else_in_the_same_browser_ends_with_an_activation(world: World) -> None:
    visitor = at_home(world, LOUIS)
    before = Visitor({"__Host-session": visitor.cookies["__Host-session"]})
    visitor.post(f"{ACTIVATION}/verification", {"code": ask_code(world, visitor, AWA).code})
    assert visitor.post(f"{ACTIVATION}/password", both(PASSWORD)).status == 200
    assert before.get(ACCOUNT).status == 401


def test_no_refusal_hands_out_a_cookie(world: World, visitor: Visitor) -> None:
    ask_code(world, visitor, LOUIS)
    refused = [
        visitor.post(f"{ACTIVATION}/verification", {"code": "000000"}),
        visitor.post(f"{ACTIVATION}/code"),
        visitor.post(f"{ACTIVATION}/password", both(PASSWORD)),
        visitor.post(SESSION, credentials(STRANGER)),
        visitor.get(ACCOUNT),
    ]
    assert all(answer.status >= 400 and not answer.cookies for answer in refused)


def test_a_look_and_a_resend_hand_out_no_cookie(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    world.advance(60)
    for answer in (
        visitor.get(SESSION),
        visitor.post(f"{ACTIVATION}/code"),
        visitor.post(ACTIVATION, LOUIS.start_body),
    ):
        assert answer.status < 300
        assert answer.cookies == {}
