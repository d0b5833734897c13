"""Who may enter an account."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from activation.domain.access import Access, enter, enter_employed, enter_reading, find_access, require_home
from activation.domain.accounts import Account, Status
from activation.domain.errors import NextStep, SessionExpiredError, WrongStepError
from activation.domain.limits import Limits
from activation.domain.sessions import Session
from tests.builders import NOW, active, invited, session
from tests.fakes.accounts import FakeAccounts
from tests.fakes.sessions import FakeSessions
from tests.fakes.structures import FakeEmployments, FakeStructures


def ports_with(who: Account | None, opened: Session | None = None) -> tuple[FakeSessions, FakeAccounts]:
    sessions, accounts = FakeSessions(), FakeAccounts()
    held = opened or session()
    sessions.rows[held.token_hash] = held
    if who:
        accounts.add(who)
    return sessions, accounts


def test_an_open_session_gives_its_person() -> None:
    assert find_access(*ports_with(active()), "session-hash", now=NOW) == Access(session(), active())


@pytest.mark.parametrize(("token_hash", "held"), [(None, "session-hash"), ("", ""), ("another", "session-hash")])
def test_no_token_and_an_unknown_one_open_nothing(token_hash: str | None, held: str) -> None:
    opened = replace(session(), token_hash=held)
    assert find_access(*ports_with(active(), opened), token_hash, now=NOW) is None


def test_a_session_that_has_ended_opens_nothing() -> None:
    assert find_access(*ports_with(active()), "session-hash", now=session().expires_at) is None


@pytest.mark.parametrize(
    "who",
    [None, invited(), active(status=Status.CLOSED), active(session_epoch=1)],
    ids=["erased", "invited", "closed", "everything ended"],
)
def test_a_session_dies_with_what_it_stood_on(who: Account | None) -> None:
    assert find_access(*ports_with(who), "session-hash", now=NOW) is None
    with pytest.raises(SessionExpiredError):
        enter(*ports_with(who), "session-hash", now=NOW, limits=Limits())


def test_looking_is_not_activity() -> None:
    sessions, accounts = ports_with(active())
    find_access(sessions, accounts, "session-hash", now=NOW + 1_000)
    assert sessions.touched == 0


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
        with pytest.raises(SessionExpiredError):
            way(*ports_with(who), token_hash, now=NOW)


@pytest.mark.parametrize("way", [enter_alone, enter_with_employer, enter_and_read])
@pytest.mark.parametrize(("seconds", "writes"), [(0, 0), (180, 0), (181, 1)])
def test_entering_is_activity_written_now_and_then(way: Callable[..., Access], seconds: int, writes: int) -> None:
    sessions, accounts = ports_with(active())
    entered = way(sessions, accounts, "session-hash", now=NOW + seconds)
    assert sessions.touched == writes
    assert entered == Access(sessions.rows["session-hash"], active())
    assert entered.session.seen_at == NOW + seconds * writes


def test_home_is_behind_everything_to_decide() -> None:
    require_home(active(), current_terms="1")
    with pytest.raises(WrongStepError) as refused:
        require_home(active(consent=None, terms=None), current_terms="1")
    assert refused.value.next_step is NextStep.GIVE_CONSENT
