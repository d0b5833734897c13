"""Entering an account: a session, and a browser that is known from then on."""

from activation.domain.entry import MOST_DEVICES, enter_account
from activation.domain.tokens import hash_token
from tests.builders import NOW, active, clock


def test_an_entry_opens_a_session_in_the_accounts_epoch() -> None:
    entry = enter_account(active(session_epoch=3), None, clock())
    assert entry.session.token_hash == hash_token(entry.token)
    assert (entry.session.identifier, entry.session.epoch, entry.session.created_at) == ("10000001", 3, NOW)


def test_a_browser_without_a_token_gets_one_and_is_known_by_its_hash() -> None:
    entry = enter_account(active(), None, clock())
    assert entry.device_token
    assert entry.device_token != entry.token
    assert entry.person.devices == {hash_token(entry.device_token): NOW}


def test_a_browser_keeps_its_token_across_people() -> None:
    first = enter_account(active(), "home", clock())
    second = enter_account(active("10000002"), "home", clock())
    assert first.device_token is second.device_token is None
    assert first.person.devices == second.person.devices == {"home": NOW}


def test_a_known_browser_that_enters_again_is_known_since_now() -> None:
    entry = enter_account(active(devices={"home": NOW - 9, "work": NOW - 5}), "home", clock())
    assert entry.person.devices == {"work": NOW - 5, "home": NOW}


def test_an_account_knows_ten_browsers_and_forgets_the_one_not_entered_from_for_longest() -> None:
    person = active()
    for number in range(MOST_DEVICES):
        person = enter_account(person, f"browser {number}", clock(NOW + number)).person
    assert len(person.devices) == 10
    person = enter_account(person, "browser 0", clock(NOW + 10)).person
    person = enter_account(person, "one more", clock(NOW + 11)).person
    assert len(person.devices) == 10
    assert "browser 1" not in person.devices
    assert {"browser 0", "one more"} <= person.devices.keys()
