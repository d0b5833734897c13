"""The cookie by which an account knows a browser: when it is set, for how long, and what it is worth."""

from tests.functions.people import AWA, LOUIS, SESSION, activate, credentials, sign_in
from tests.functions.visitor import Visitor
from tests.functions.world import World

WRONG = "Une-Autre-Phrase-77"
LOCKED = (429, "account-locked")


def known(visitor: Visitor) -> Visitor:
    """The same browser later, signed out: only its device cookie is left."""
    return Visitor({"__Host-device": visitor.cookies["__Host-device"]})


def lock_elsewhere(times: int = 10) -> None:
    """Wrong passwords in browsers that nobody knows."""
    for _ in range(times):
        Visitor().post(SESSION, credentials(LOUIS, WRONG))


def test_a_browser_is_known_for_a_year_once_a_session_opened_in_it(world: World, louis: Visitor) -> None:
    other = Visitor()
    other.post(SESSION, credentials(LOUIS))
    assert "__Host-device" not in other.cookies
    [message] = world.deliver()
    entered = other.post(f"{SESSION}/verification", {"code": message.code})
    assert "Max-Age=31536000" in entered.cookies["__Host-device"]
    assert len({len(visitor.cookies["__Host-device"]) for visitor in (louis, other)} | {43}) == 1
    assert other.cookies["__Host-device"] not in world.everything()
    assert other.cookies["__Host-device"] != louis.cookies["__Host-device"]


def test_its_own_failures_stop_it_alone(louis: Visitor) -> None:
    for _ in range(10):
        assert known(louis).post(SESSION, credentials(LOUIS, WRONG)).said == (401, "credentials-rejected")
    assert known(louis).post(SESSION, credentials(LOUIS)).said == LOCKED
    assert Visitor().post(SESSION, credentials(LOUIS)).said == (202, "verify_code")


def test_an_invented_device_is_none(louis: Visitor) -> None:
    lock_elsewhere()
    for token in ("A" * 43, "x", louis.cookies["__Host-session"]):
        assert Visitor({"__Host-device": token}).post(SESSION, credentials(LOUIS)).said == LOCKED


def test_it_is_kept_when_someone_else_signs_in(world: World, louis: Visitor) -> None:
    before = louis.cookies["__Host-device"]
    activate(world, louis, AWA)
    assert louis.cookies["__Host-device"] == before
    lock_elsewhere()
    assert known(louis).post(SESSION, credentials(LOUIS)).status == 202


def test_an_account_knows_ten_browsers_and_forgets_the_oldest(world: World, louis: Visitor) -> None:
    others = [sign_in(world, LOUIS) for _ in range(9)]
    world.set(WRONG_PASSWORDS=1)
    lock_elsewhere(1)
    assert known(louis).post(SESSION, credentials(LOUIS)).status == 202
    world.set(WRONG_PASSWORDS=10)
    world.advance(900)
    sign_in(world, LOUIS)
    world.set(WRONG_PASSWORDS=1)
    lock_elsewhere(1)
    assert known(louis).post(SESSION, credentials(LOUIS)).said == LOCKED
    assert known(others[0]).post(SESSION, credentials(LOUIS)).status == 202
