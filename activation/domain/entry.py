"""Entering an account: the session that opens, and the browser that is known from then on."""

from dataclasses import dataclass, replace

from activation.domain.people import Person
from activation.domain.proofs import Clock
from activation.domain.sessions import Session, open_session
from activation.domain.tokens import hash_token, new_id, new_token

MOST_DEVICES = 10
"""How many browsers an account knows; the one last entered from longest ago is forgotten first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A session to open for a person: what the tables get, and the tokens for the browser.

    `device_token` is there only for a browser that held none: it keeps one across people.
    """

    person: Person
    session: Session
    token: str
    device_token: str | None


def enter_account(person: Person, device: str | None, clock: Clock) -> Entry:
    """A new session in the account's epoch; `device` is the hash of the browser's device token, if it has one."""
    token = new_token(clock.random)
    known, device_token = know_browser(person, device, clock)
    session = open_session(
        hash_token(token),
        new_id(clock.random),
        identifier=person.identifier,
        structure_id=person.roster.structure_id,
        epoch=person.session_epoch,
        now=clock.now,
        limits=clock.limits,
    )
    return Entry(known, session, token, device_token)


def know_browser(person: Person, device: str | None, clock: Clock) -> tuple[Person, str | None]:
    """The person with that browser known since now; and a token for it, if it held none."""
    token = None
    if device is None:
        token = new_token(clock.random)
        device = hash_token(token)
    others = {known: since for known, since in person.devices.items() if known != device}
    latest = sorted(others.items(), key=lambda entry: entry[1])[-(MOST_DEVICES - 1) :]
    return replace(person, devices={**dict(latest), device: clock.now}), token
