"""The cookie by which an account knows a browser, and that no lock made elsewhere stops the person's own."""

from tests.builders import PASSWORD
from tests.functions.people import LOUIS, NEW_PASSWORD, RESET, SESSION, both, credentials, prove
from tests.functions.visitor import Visitor
from tests.functions.world import World


def lock_out(visitor: Visitor) -> None:
    """Ten wrong passwords, and the lock they make."""
    for _ in range(10):
        assert visitor.post(SESSION, credentials(LOUIS, "Une-Autre-Phrase-77")).code == "credentials-rejected"
    assert visitor.post(SESSION, credentials(LOUIS)).said == (429, "account-locked")


def test_a_lock_made_elsewhere_leaves_the_persons_own_browser_in(louis: Visitor) -> None:
    lock_out(Visitor())
    assert louis.post(SESSION, credentials(LOUIS)).status == 202


def test_a_browser_signed_out_is_still_known(louis: Visitor) -> None:
    louis.call("DELETE", SESSION)
    assert "__Host-device" in louis.cookies
    lock_out(Visitor())
    assert louis.post(SESSION, credentials(LOUIS)).status == 202


def test_signing_out_everywhere_forgets_the_browsers(louis: Visitor) -> None:
    other = Visitor(cookies=dict(louis.cookies))
    assert louis.call("DELETE", "/api/account/sessions").status == 204
    assert other.get(SESSION).body["who"] == "anonymous"
    lock_out(Visitor())
    assert other.post(SESSION, credentials(LOUIS)).said == (429, "account-locked")


def test_a_reset_lifts_the_lock_and_forgets_the_browsers(world: World, louis: Visitor) -> None:
    lock_out(Visitor())
    stranger = Visitor()
    prove(world, stranger, LOUIS, RESET)
    assert stranger.post(f"{RESET}/password", both(NEW_PASSWORD)).said == (200, "sign_in")
    lock_out_again = [Visitor().post(SESSION, credentials(LOUIS, PASSWORD)).code for _ in range(10)]
    assert set(lock_out_again) == {"credentials-rejected"}
    assert louis.post(SESSION, credentials(LOUIS, NEW_PASSWORD)).said == (429, "account-locked")


def test_a_lock_made_elsewhere_does_not_follow_a_reset(world: World, louis: Visitor) -> None:
    stranger = Visitor()
    prove(world, stranger, LOUIS, RESET)
    reset = stranger.post(f"{RESET}/password", both(NEW_PASSWORD))
    assert "Max-Age=31536000" in reset.cookies["__Host-device"]
    lock_out(Visitor())
    assert stranger.post(SESSION, credentials(LOUIS, NEW_PASSWORD)).status == 202
    assert louis.post(SESSION, credentials(LOUIS, NEW_PASSWORD)).said == (429, "account-locked")


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


def test_an_invented_device_is_none(louis: Visitor) -> None:
    lock_out(Visitor())
    for token in ("A" * 43, "x", louis.cookies["__Host-session"]):
        assert Visitor({"__Host-device": token}).post(SESSION, credentials(LOUIS)).said == (429, "account-locked")
