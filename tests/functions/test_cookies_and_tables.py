"""What a browser is handed, what the tables keep of it, and two people at one browser."""

import re

from tests.builders import PASSWORD
from tests.functions import people
from tests.functions.paths import ACCOUNT, ACTIVATION, CONSENT, OWN_PASSWORD, SESSION
from tests.functions.people import AWA, LOUIS, NEW_PASSWORD, STRANGER, ask_code, at_home, both, credentials, sign_in
from tests.functions.visitor import Visitor
from tests.functions.world import World

FLOW = re.compile(r"__Host-flow=[0-9a-f-]{36}\.[A-Za-z0-9_-]{43}; ")


def test_over_https_cookies_are_bound_to_the_host(world: World, visitor: Visitor) -> None:
    started = visitor.post(ACTIVATION, LOUIS.start_body)
    assert FLOW.match(started.cookies["__Host-flow"])
    attributes = {part.strip() for part in started.cookies["__Host-flow"].split(";")[1:]}
    assert attributes == {"HttpOnly", "Secure", "SameSite=Strict", "Path=/"}
    people.type_code(world, visitor, ACTIVATION)
    entered = visitor.post(f"{ACTIVATION}/password", both(PASSWORD))
    assert entered.cookies.keys() == {"__Host-flow", "__Host-session", "__Host-device"}
    assert re.match(r"__Host-session=[A-Za-z0-9_-]{43}; ", entered.cookies["__Host-session"])
    assert "Max-Age=0" in entered.cookies["__Host-flow"]


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
    people.type_code(world, other)
    tokens.append(other.cookies["__Host-session"])
    other.put(OWN_PASSWORD, {"current": PASSWORD, **both(NEW_PASSWORD)})
    tokens.append(other.cookies["__Host-session"])
    assert len(set(tokens)) == len(tokens)
    assert all(len(token) == 43 for token in tokens)


def test_a_session_planted_in_a_browser_is_not_the_one_that_opens(world: World, visitor: Visitor) -> None:
    visitor.cookies["__Host-session"] = "A" * 43
    people.activate(world, visitor, LOUIS)
    assert visitor.cookies["__Host-session"] != "A" * 43
    assert Visitor({"__Host-session": "A" * 43}).get(ACCOUNT).status == 401


def test_the_session_that_a_browser_had_ends_with_the_next_one(world: World) -> None:
    visitor = at_home(world, LOUIS)
    before = Visitor({"__Host-session": visitor.cookies["__Host-session"]})
    assert before.get(ACCOUNT).status == 200
    visitor.post(SESSION, credentials(LOUIS))
    assert people.type_code(world, visitor).status == 200
    assert (before.get(ACCOUNT).status, visitor.get(ACCOUNT).status) == (401, 200)


def test_the_session_of_somebody_else_in_the_same_browser_ends_with_an_activation(world: World) -> None:
    visitor = at_home(world, LOUIS)
    before = Visitor({"__Host-session": visitor.cookies["__Host-session"]})
    people.activate(world, visitor, AWA)
    assert before.get(ACCOUNT).status == 401


def test_no_refusal_no_look_and_no_resend_hands_out_a_cookie(world: World, visitor: Visitor) -> None:
    ask_code(world, visitor, LOUIS)
    steps = {"verification": {"code": "000000"}, "code": {}, "password": both(PASSWORD)}
    refused = [visitor.post(f"{ACTIVATION}/{step}", body) for step, body in steps.items()]
    refused += [visitor.post(SESSION, credentials(STRANGER)), visitor.get(ACCOUNT)]
    assert all(answer.status >= 400 and not answer.cookies for answer in refused)
    world.advance(60)
    again = visitor.post(f"{ACTIVATION}/code"), visitor.post(ACTIVATION, LOUIS.start_body)
    assert all(answer.status < 300 and not answer.cookies for answer in (visitor.get(SESSION), *again))


def shown(visitor: Visitor) -> str:
    """The name of the session that a page of this browser shows."""
    name = visitor.get(SESSION).body["session"]["id"]
    assert isinstance(name, str)
    return name


def test_another_session_s_page_changes_nothing(world: World, louis: Visitor) -> None:
    before = shown(louis)
    louis.cookies |= sign_in(world, LOUIS).cookies
    held, body = world.rows("accounts"), {"current": PASSWORD, **both(NEW_PASSWORD)}
    refused = louis.call("PUT", OWN_PASSWORD, body, headers={"X-Session": before})
    assert (refused.said, refused.next_step) == ((409, "wrong-step"), "home")
    assert world.rows("accounts") == held
    assert louis.call("PUT", OWN_PASSWORD, body, headers={"X-Session": shown(louis)}).status == 200


def test_a_session_s_name_opens_nothing_and_is_kept_nowhere(world: World, louis: Visitor) -> None:
    name = shown(louis)
    assert name not in world.everything()
    assert Visitor({"__Host-session": name}).get(ACCOUNT).status == 401
    assert shown(louis) == name != shown(sign_in(world, LOUIS))


def test_a_page_without_a_session_of_its_own_is_told_that_it_has_ended(louis: Visitor) -> None:
    name = shown(louis)
    stranger = Visitor()
    body = {"consents": True, "text_version": "1"}
    assert stranger.call("PUT", CONSENT, body, headers={"X-Session": name}).said == (401, "session-expired")
