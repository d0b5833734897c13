"""Access to an account: a browser needs an open session whose epoch is the account's session epoch."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from activation.domain.accounts import Account
from activation.domain.employment import Structure
from activation.domain.errors import NextStep, SessionExpiredError, WrongStepError
from activation.domain.limits import Limits
from activation.domain.parallel import run_both
from activation.domain.ports import Accounts, Employments, Sessions
from activation.domain.sessions import Session, touch
from activation.domain.steps import onboarding_step

Found = TypeVar("Found")


class Access(NamedTuple):
    """An open session and its account."""

    session: Session
    account: Account


def find_access(sessions: Sessions, accounts: Accounts, token_hash: str | None, *, now: int) -> Access | None:
    """The open session with that token hash and its account; None when there is none. The idle time is not renewed."""
    session = _find_open(sessions, token_hash, now)
    return _access(session, accounts.get(session.identifier)) if session else None


def enter(sessions: Sessions, accounts: Accounts, token_hash: str | None, *, now: int, limits: Limits) -> Access:
    """As `find_access`, and renews the session's idle time. Raises SessionExpiredError when there is none."""
    access = find_access(sessions, accounts, token_hash, now=now)
    return _seen(sessions, access, now, limits)


def enter_employed(
    sessions: Sessions, employments: Employments, token_hash: str | None, *, now: int, limits: Limits
) -> tuple[Access, Structure | None]:
    """As `enter`, with the structure that employed the person when they signed in. Raises SessionExpiredError."""
    session = _find_open(sessions, token_hash, now)
    if session is None:
        raise SessionExpiredError
    account, structure = employments.get(session.identifier, session.structure_id)
    return enter_with(sessions, session, account, now=now, limits=limits), structure


def enter_reading(
    sessions: Sessions,
    accounts: Accounts,
    token_hash: str | None,
    read: Callable[[str], Found],
    *,
    now: int,
    limits: Limits,
) -> tuple[Access, Found]:
    """As `enter`, with what `read` finds for the session's identifier, read at the same time as its account.

    `read` must refuse nothing, as access is judged only afterwards; without access its result is dropped. Raises
    SessionExpiredError.
    """
    session = _find_open(sessions, token_hash, now)
    if session is None:
        raise SessionExpiredError
    found, account = run_both(lambda: read(session.identifier), lambda: accounts.get(session.identifier))
    return enter_with(sessions, session, account, now=now, limits=limits), found


def enter_with(sessions: Sessions, session: Session, account: Account | None, *, now: int, limits: Limits) -> Access:
    """As `enter`, with an open session and its account as they were read. Raises SessionExpiredError."""
    return _seen(sessions, _access(session, account), now, limits)


def _find_open(sessions: Sessions, token_hash: str | None, now: int) -> Session | None:
    session = sessions.get(token_hash) if token_hash else None
    return session if session and session.is_open(now) else None


def _access(session: Session, account: Account | None) -> Access | None:
    return Access(session, account) if account and account.is_active_since(session.epoch) else None


def _seen(sessions: Sessions, access: Access | None, now: int, limits: Limits) -> Access:
    if access is None:
        raise SessionExpiredError
    if not access.session.needs_touch(now, limits):
        return access
    session = touch(access.session, now=now, limits=limits)
    sessions.touch(session)
    return Access(session, access.account)


def require_home(account: Account, *, current_terms: str) -> None:
    """Raise WrongStepError unless every onboarding step (consent, channel, terms) is complete."""
    step = onboarding_step(account, current_terms=current_terms)
    if step is not NextStep.HOME:
        raise WrongStepError(step)
