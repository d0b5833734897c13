"""A flow dies with what it stood on, and nobody is handed a dead one."""

from tests.functions.people import (
    CHANNEL,
    HOUR,
    LOUIS,
    NEW_PASSWORD,
    RESET,
    SESSION,
    ask_code,
    both,
    credentials,
)
from tests.functions.visitor import Visitor
from tests.functions.world import World

SESSIONS = "/api/account/sessions"


def test_a_reset_begun_before_signing_out_everywhere_ends_there(world: World, louis: Visitor) -> None:
    thief = Visitor()
    code = ask_code(world, thief, LOUIS, RESET).code
    louis.call("DELETE", SESSIONS)
    world.advance(61)
    assert thief.post(f"{RESET}/code").status == 202
    assert world.deliver() == []
    assert thief.post(f"{RESET}/verification", {"code": code}).said == (200, "set_password")
    assert thief.post(f"{RESET}/password", both(NEW_PASSWORD)).said == (401, "flow-expired")


def test_signing_in_again_after_everywhere_opens_a_flow_that_works(world: World, louis: Visitor) -> None:
    other = Visitor()
    other.post(SESSION, credentials(LOUIS))
    world.deliver()
    louis.call("DELETE", SESSIONS)
    assert other.post(SESSION, credentials(LOUIS)).status == 202
    [message] = world.deliver()
    assert other.post(f"{SESSION}/verification", {"code": message.code}).said == (200, "home")


def test_choosing_the_channel_that_is_chosen_already_tells_nobody(world: World, louis: Visitor) -> None:
    before = world.rows("accounts")
    for _ in range(3):
        world.advance(HOUR // 10)
        assert louis.put(CHANNEL, {"channel": "email"}).said == (200, "home")
    assert world.deliver() == []
    assert world.rows("accounts") == before
