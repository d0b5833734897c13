"""Who may enter an account: a browser with an open session of the epoch that the account is in."""

from dataclasses import dataclass

from activation.domain.employment import Structure
from activation.domain.errors import NextStep, SessionExpiredError, WrongStepError
from activation.domain.limits import Limits
from activation.domain.people import Person, Status, onboarding_step
from activation.domain.ports import Accounts, Employments, Sessions
from activation.domain.sessions import Session, touch


@dataclass(frozen=True, slots=True)
class Access:
    """A session and the person it belongs to."""

    session: Session
    person: Person


def find_access(sessions: Sessions, accounts: Accounts, token_hash: str | None, *, now: int) -> Access | None:
    """The open session with that token and its person, if there is one; looking is not activity."""
    session = _find_open(sessions, token_hash, now)
    return _access(session, accounts.get(session.identifier)) if session else None


def enter(sessions: Sessions, accounts: Accounts, token_hash: str | None, *, now: int, limits: Limits) -> Access:
    """The open session with that token, seen now, and its person. Raises SessionExpiredError."""
    access = find_access(sessions, accounts, token_hash, now=now)
    return _seen(sessions, access, now, limits)


def enter_employed(
    sessions: Sessions, employments: Employments, token_hash: str | None, *, now: int, limits: Limits
) -> tuple[Access, Structure | None]:
    """As `enter`, with the structure that was the person's employer when they signed in. Raises SessionExpiredError."""
    session = _find_open(sessions, token_hash, now)
    if session is None:
        raise SessionExpiredError
    person, structure = employments.get(session.identifier, session.structure_id)
    return _seen(sessions, _access(session, person), now, limits), structure


def _find_open(sessions: Sessions, token_hash: str | None, now: int) -> Session | None:
    session = sessions.get(token_hash) if token_hash else None
    return session if session and session.is_open(now) else None


def _access(session: Session, person: Person | None) -> Access | None:
    stands = person and person.status is Status.ACTIVE and person.session_epoch == session.epoch
    return Access(session, person) if person and stands else None


def _seen(sessions: Sessions, access: Access | None, now: int, limits: Limits) -> Access:
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
