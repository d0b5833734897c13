"""Entering an account: a session, and a browser that is known from then on."""

from activation.domain.limits import Limits
from activation.domain.login import MOST_DEVICES, open_login
from activation.domain.sessions import open_session
from activation.domain.tokens import hash_token
from tests.builders import NOW, active, context


def test_a_login_opens_a_session_in_the_accounts_epoch() -> None:
    login = open_login(active(session_epoch=3), None, context())
    assert login.session.token_hash == hash_token(login.token)
    assert login.session == open_session(
        hash_token(login.token),
        login.session.session_id,
        identifier="10000001",
        structure_id="S1",
        epoch=3,
        now=NOW,
        limits=Limits(),
    )
    assert login.session.session_id


def test_a_browser_without_a_token_gets_one_and_is_known_by_its_hash() -> None:
    login = open_login(active(), None, context())
    assert login.device_token
    assert login.device_token != login.token
    assert login.account.devices == {hash_token(login.device_token): NOW}


def test_a_browser_keeps_its_token_across_people() -> None:
    first = open_login(active(), "home", context())
    second = open_login(active("10000002"), "home", context())
    assert first.device_token is second.device_token is None
    assert first.account.devices == second.account.devices == {"home": NOW}


def test_a_known_browser_that_enters_again_is_known_since_now() -> None:
    login = open_login(active(devices={"home": NOW - 9, "work": NOW - 5}), "home", context())
    assert login.account.devices == {"work": NOW - 5, "home": NOW}


def test_an_account_knows_ten_browsers_and_forgets_the_one_not_entered_from_for_longest() -> None:
    account = active()
    for number in range(MOST_DEVICES):
        account = open_login(account, f"browser {number}", context(NOW + number)).account
    assert len(account.devices) == 10
    account = open_login(account, "browser 0", context(NOW + 10)).account
    account = open_login(account, "one more", context(NOW + 11)).account
    assert len(account.devices) == 10
    assert "browser 1" not in account.devices
    assert {"browser 0", "one more"} <= account.devices.keys()
