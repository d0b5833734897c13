"""Signing in: opens a session, and makes the browser a known browser of the account."""

from dataclasses import replace
from typing import NamedTuple

from activation.domain.accounts import Account
from activation.domain.sessions import Session, open_session
from activation.domain.tokens import hash_token, new_id, new_token
from activation.domain.verification import RequestContext

MOST_DEVICES = 10
"""How many known browsers an account has; the one with the oldest sign-in is forgotten first."""


class Login(NamedTuple):
    """A session to open: the account and session to store, and the tokens for the browser.

    `device_token` is None when the browser has one already: a browser keeps one token for all accounts.
    """

    account: Account
    session: Session
    token: str
    device_token: str | None


def open_login(account: Account, device: str | None, context: RequestContext) -> Login:
    """A new session of the account. `device` is the hash of the browser's device token, None if it has no token."""
    token = new_token(context.random)
    known, device_token = remember_browser(account, device, context)
    session = open_session(
        hash_token(token),
        new_id(context.random),
        identifier=account.identifier,
        structure_id=account.owner.structure_id,
        epoch=account.session_epoch,
        now=context.now,
        limits=context.limits,
    )
    return Login(known, session, token, device_token)


def remember_browser(account: Account, device: str | None, context: RequestContext) -> tuple[Account, str | None]:
    """The account with that browser known from now on; and a new token for the browser if `device` is None."""
    token = None
    if device is None:
        token = new_token(context.random)
        device = hash_token(token)
    others = {known: since for known, since in account.devices.items() if known != device}
    latest = sorted(others.items(), key=lambda login: login[1])[-(MOST_DEVICES - 1) :]
    return replace(account, devices={**dict(latest), device: context.now}), token
