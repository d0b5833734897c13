"""Who may enter an account: a browser with an open session of the epoch that the account is in."""

from dataclasses import dataclass

from activation.domain.errors import NextStep, SessionExpiredError, WrongStepError
from activation.domain.limits import Limits
from activation.domain.people import Person, Status, onboarding_step
from activation.domain.ports import Accounts, Sessions
from activation.domain.sessions import Session, touch


@dataclass(frozen=True, slots=True)
class Access:
    """A session and the person it belongs to."""

    session: Session
    person: Person


def find_access(sessions: Sessions, accounts: Accounts, token_hash: str | None, *, now: int) -> Access | None:
    """The open session with that token and its person, if there is one; looking is not activity."""
    session = sessions.get(token_hash) if token_hash else None
    if session is None or not session.is_open(now):
        return None
    person = accounts.get(session.identifier)
    if person is None or person.status is not Status.ACTIVE or person.session_epoch != session.epoch:
        return None
    return Access(session, person)


def enter(sessions: Sessions, accounts: Accounts, token_hash: str | None, *, now: int, limits: Limits) -> Access:
    """The open session with that token, seen now, and its person. Raises SessionExpiredError."""
    access = find_access(sessions, accounts, token_hash, now=now)
    if access is None:
        raise SessionExpiredError
    if not access.session.needs_touch(now, limits):
        return access
    session = touch(access.session, now=now, limits=limits)
    sessions.touch(session)
    return Access(session, access.person)


def require_home(person: Person, *, current_terms: str) -> None:
    """Raise WrongStepError while the person has something left to decide before home."""
    step = onboarding_step(person, current_terms=current_terms)
    if step is not NextStep.HOME:
        raise WrongStepError(step)
