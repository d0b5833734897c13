"""Entering an account: the session that opens, and the browser that is known from then on."""

from dataclasses import dataclass, replace

from activation.domain.accounts import Account
from activation.domain.sessions import Session, open_session
from activation.domain.tokens import hash_token, new_id, new_token
from activation.domain.verification import RequestContext

MOST_DEVICES = 10
"""How many browsers an account knows; the one last entered from longest ago is forgotten first."""


@dataclass(frozen=True, slots=True)
class Login:
    """A session to open for a person: what the tables get, and the tokens for the browser.

    `device_token` is there only for a browser that held none: it keeps one across people.
    """

    account: Account
    session: Session
    token: str
    device_token: str | None


def open_login(account: Account, device: str | None, context: RequestContext) -> Login:
    """A new session in the account's epoch; `device` is the hash of the browser's device token, if it has one."""
    token = new_token(context.random)
    known, device_token = remember_browser(account, device, context)
    session = open_session(
        hash_token(token),
        new_id(context.random),
        identifier=account.identifier,
        structure_id=account.owner.roster.structure_id,
        epoch=account.session_epoch,
        now=context.now,
        limits=context.limits,
    )
    return Login(known, session, token, device_token)


def remember_browser(account: Account, device: str | None, context: RequestContext) -> tuple[Account, str | None]:
    """The person with that browser known since now; and a token for it, if it held none."""
    token = None
    if device is None:
        token = new_token(context.random)
        device = hash_token(token)
    others = {known: since for known, since in account.devices.items() if known != device}
    latest = sorted(others.items(), key=lambda login: login[1])[-(MOST_DEVICES - 1) :]
    return replace(account, devices={**dict(latest), device: context.now}), token
