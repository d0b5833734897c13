"""Two people at one browser: a page acts in the account that it shows, or not at all."""

import pytest

from tests.builders import PASSWORD
from tests.functions.people import ACCOUNT, CHANNEL, CONSENT, LOUIS, NEW_PASSWORD, SESSION, both, sign_in
from tests.functions.visitor import Visitor
from tests.functions.world import World

CALLS = [
    ("PUT", CONSENT, {"consents": True, "text_version": "1"}),
    ("PUT", CHANNEL, {"channel": "email"}),
    ("PUT", f"{ACCOUNT}/terms", {"version": "1"}),
    ("PUT", f"{ACCOUNT}/email", {"email": "louis@nouveau.fr", "password": PASSWORD}),
    ("PUT", f"{ACCOUNT}/password", {"current": PASSWORD, **both(NEW_PASSWORD)}),
    ("DELETE", f"{ACCOUNT}/sessions", None),
]


def shown(visitor: Visitor) -> str:
    """The name of the session that a page of this browser shows."""
    name = visitor.get(SESSION).body["session"]["id"]
    assert isinstance(name, str)
    return name


@pytest.mark.parametrize(("method", "path", "body"), CALLS, ids=[path for _, path, _ in CALLS])
def test_a_page_of_another_session_changes_nothing(
    world: World, louis: Visitor, method: str, path: str, body: dict[str, object] | None
) -> None:
    before = shown(louis)
    louis.cookies |= sign_in(world, LOUIS).cookies
    held = world.rows("accounts")
    refused = louis.call(method, path, body, headers={"X-Session": before})
    assert (refused.said, refused.next_step) == ((409, "wrong-step"), "home")
    assert world.rows("accounts") == held
    assert louis.call(method, path, body, headers={"X-Session": shown(louis)}).status in (200, 202, 204)


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
