"""Who may enter an account: sessions, and browsers that are known."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from activation.domain.access import Access, enter, enter_employed, enter_reading, find_access, require_home
from activation.domain.accounts import Account, Status
from activation.domain.errors import NextStep, SessionExpiredError, WrongStepError
from activation.domain.limits import Limits
from activation.domain.login import MOST_DEVICES, open_login
from activation.domain.sessions import Session, open_session, touch
from activation.domain.tokens import hash_token
from tests.builders import NOW, active, context, invited, session
from tests.fakes.accounts import FakeAccounts
from tests.fakes.sessions import FakeSessions
from tests.fakes.structures import FakeEmployments, FakeStructures
from tests.unit.refusals import refused


def ports_with(who: Account | None, opened: Session | None = None) -> tuple[FakeSessions, FakeAccounts]:
    sessions, accounts = FakeSessions(), FakeAccounts()
    stored = opened or session()
    sessions.rows[stored.token_hash] = stored
    if who:
        accounts.add(who)
    return sessions, accounts


def test_an_open_session_gives_its_person_until_it_ends_and_looking_is_not_activity() -> None:
    sessions, accounts = ports_with(active())
    for now in (NOW, NOW + 1_000):
        assert find_access(sessions, accounts, "session-hash", now=now) == Access(session(), active())
    assert sessions.touched == 0
    assert find_access(sessions, accounts, "session-hash", now=session().expires_at) is None


@pytest.mark.parametrize(("token_hash", "stored"), [(None, "session-hash"), ("", ""), ("another", "session-hash")])
def test_no_token_and_an_unknown_one_open_nothing(token_hash: str | None, stored: str) -> None:
    opened = replace(session(), token_hash=stored)
    assert find_access(*ports_with(active(), opened), token_hash, now=NOW) is None


@pytest.mark.parametrize("who", [None, invited(), active(status=Status.CLOSED), active(session_epoch=1)])
def test_a_session_dies_with_what_it_stood_on(who: Account | None) -> None:
    assert find_access(*ports_with(who), "session-hash", now=NOW) is None


def enter_alone(sessions: FakeSessions, accounts: FakeAccounts, token_hash: str | None, *, now: int) -> Access:
    return enter(sessions, accounts, token_hash, now=now, limits=Limits())


def enter_with_employer(sessions: FakeSessions, accounts: FakeAccounts, token_hash: str | None, *, now: int) -> Access:
    employments = FakeEmployments(accounts, FakeStructures())
    return enter_employed(sessions, employments, token_hash, now=now, limits=Limits())[0]


def enter_and_read(sessions: FakeSessions, accounts: FakeAccounts, token_hash: str | None, *, now: int) -> Access:
    return enter_reading(sessions, accounts, token_hash, str.upper, now=now, limits=Limits())[0]


def test_what_is_read_beside_the_account_is_of_the_session_s_own() -> None:
    entered = enter_reading(*ports_with(active()), "session-hash", lambda own: f"of {own}", now=NOW, limits=Limits())
    assert entered == (Access(session(), active()), f"of {active().identifier}")


@pytest.mark.parametrize("way", [enter_alone, enter_with_employer, enter_and_read])
def test_without_a_session_or_an_account_nobody_enters(way: Callable[..., Access]) -> None:
    for who, token_hash in ((active(), "another"), (active(), None), (active(session_epoch=1), "session-hash")):
        refused(SessionExpiredError, way, *ports_with(who), token_hash, now=NOW)


@pytest.mark.parametrize("way", [enter_alone, enter_with_employer, enter_and_read])
@pytest.mark.parametrize(("seconds", "writes"), [(0, 0), (180, 0), (181, 1)])
def test_entering_is_activity_written_now_and_then(way: Callable[..., Access], seconds: int, writes: int) -> None:
    sessions, accounts = ports_with(active())
    entered = way(sessions, accounts, "session-hash", now=NOW + seconds)
    assert (sessions.touched, entered) == (writes, Access(sessions.rows["session-hash"], active()))
    assert entered.session.seen_at == NOW + seconds * writes


def test_home_is_behind_everything_to_decide() -> None:
    require_home(active(), current_terms="1")
    error = refused(WrongStepError, require_home, active(consent=None, terms=None), current_terms="1")
    assert error.next_step is NextStep.GIVE_CONSENT


def test_a_login_opens_a_session_in_the_accounts_epoch_and_its_browser_is_known_by_a_hash() -> None:
    login = open_login(active(session_epoch=3), None, context())
    who = {"identifier": "10000001", "structure_id": "S1"}
    opened = open_session(hash_token(login.token), login.session.session_id, **who, epoch=3, now=NOW, limits=Limits())
    assert (login.session, login.session.token_hash) == (opened, hash_token(login.token))
    assert login.session.session_id
    assert login.session.structure_id == "S1"
    assert login.device_token
    assert login.device_token != login.token
    assert login.account.devices == {hash_token(login.device_token): NOW}


def test_a_browser_keeps_its_token_across_people_and_is_known_since_it_entered_last() -> None:
    first = open_login(active(), "home", context())
    second = open_login(active("10000002"), "home", context())
    assert first.device_token is second.device_token is None
    assert first.account.devices == second.account.devices == {"home": NOW}
    again = open_login(active(devices={"home": NOW - 9, "work": NOW - 5}), "home", context())
    assert again.account.devices == {"work": NOW - 5, "home": NOW}


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


LIMITS = Limits()
IDLE, MOST = 1_800, 43_200


def test_a_session_is_seen_when_it_is_new_or_touched() -> None:
    opened = session(epoch=2)
    assert (opened.created_at, opened.seen_at, opened.epoch) == (NOW, NOW, 2)
    assert (opened.expires_at, opened.ends_at) == (NOW + IDLE, NOW + MOST)
    assert session(session_idle_seconds=90_000).expires_at == NOW + MOST
    seen = touch(session(), now=NOW + 1_000, limits=LIMITS)
    assert (seen.seen_at, seen.expires_at, seen.ends_at) == (NOW + 1_000, NOW + 1_000 + IDLE, NOW + MOST)


@pytest.mark.parametrize(("seconds", "is_open"), [(MOST - 1, True), (MOST, False)])
def test_no_activity_keeps_a_session_past_12_hours(seconds: int, is_open: bool) -> None:
    assert touch(session(), now=NOW + MOST - 1, limits=LIMITS).is_open(NOW + seconds) is is_open
