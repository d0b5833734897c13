"""The changes that the help desk may make in an account, and which of them take two agents (docs/adr/0022)."""

from dataclasses import replace
from typing import Any

from activation.domain.accounts import Account, ClosingRequest, Status
from activation.domain.beneficiaries import Beneficiary, NameCorrection, QuarantinedContact
from activation.domain.contacts import Channel, Contact, Deliverability, contact_key
from activation.domain.errors import (
    ContactUnchangedError,
    NothingToConfirmError,
    NothingToLiftError,
    PastActivationError,
    SecondAgentNeededError,
)
from activation.domain.flows import Purpose, make_throttle_key
from activation.domain.limits import DAY_SECONDS
from activation.domain.names import fold_last_name

QUARANTINE_SECONDS = DAY_SECONDS
"""How long a contact that an agent corrected gets no message, unless another agent confirms it."""

CLOSING_SECONDS = 7 * DAY_SECONDS
"""How long a closing, or a name, that one agent asked for waits for another agent to confirm it."""

_FIELDS = {Channel.EMAIL: "email", Channel.SMS: "mobile"}


def correct_contact(account: Account, contact: Contact, *, agent: str, now: int) -> Account:
    """The account with that contact in place of the roster's on its channel, and in quarantine for a day.

    The mark `shared` stays while the roster entry has a contact on the other channel (docs/adr/0026).
    Raises PastActivationError unless the account is still invited: later its owner changes the contacts. Raises
    ContactUnchangedError when the roster entry has this contact already.
    """
    if account.status is not Status.INVITED:
        raise PastActivationError
    field, owner = _FIELDS[contact.channel], account.beneficiary
    if contact_key(getattr(owner.roster, field)) == contact_key(contact.value):
        raise ContactUnchangedError(field)
    others = tuple(waiting for waiting in owner.quarantine if waiting.contact.channel is not contact.channel)
    quarantined = QuarantinedContact(contact, now + QUARANTINE_SECONDS, agent)
    keeps_another = any(kept.channel is not contact.channel for kept in owner.declared_contacts())
    shared = owner.roster.shared and keeps_another
    corrected: dict[str, Any] = {field: contact.value, f"desk_{field}": True, "shared": shared}
    roster = replace(owner.roster, **corrected)
    return replace(account, owner=replace(owner, roster=roster, quarantine=(*others, quarantined), has_bounced=False))


def confirm_contact(account: Account, *, agent: str, now: int) -> Account:
    """The account without quarantine for the contacts that another agent corrected.

    Raises NothingToConfirmError when no contact is in quarantine, and SecondAgentNeededError when this agent
    corrected all of those that are.
    """
    owner = account.beneficiary
    waiting = [one for one in owner.quarantine if one.until > now and one.contact in owner.declared_contacts()]
    if not waiting:
        raise NothingToConfirmError
    own = tuple(one for one in waiting if one.agent == agent)
    if len(own) == len(waiting):
        raise SecondAgentNeededError
    return replace(account, owner=replace(owner, quarantine=own))


def ask_name(account: Account, last_name: str, *, agent: str, now: int) -> Account:
    """The account with a birth name that waits for another agent; it replaces one that waits already.

    Raises PastActivationError unless the account is invited, ContactUnchangedError when it has that name already.
    """
    if account.status is not Status.INVITED:
        raise PastActivationError
    owner = account.beneficiary
    if last_name == owner.birth_name:
        raise ContactUnchangedError("last_name")
    asked = NameCorrection(last_name, owner.birth_name, agent, now + CLOSING_SECONDS)
    return replace(account, owner=replace(owner, name_correction=asked))


def confirm_name(account: Account, *, agent: str, now: int) -> Account:
    """The account with the birth name that another agent asked for, until the next roster that has the person.

    Raises NothingToConfirmError when no name waits, or a roster has changed the name since, and SecondAgentNeededError
    when this agent asked for it.
    """
    asked = waiting_name(account, now=now)
    if asked is None:
        raise NothingToConfirmError
    if asked.agent == agent:
        raise SecondAgentNeededError
    owner = account.beneficiary
    roster = replace(owner.roster, last_name=asked.last_name)
    return replace(account, owner=replace(owner, roster=roster, name_correction=None))


def waiting_name(account: Account, *, now: int) -> NameCorrection | None:
    """The name that waits for another agent, if its time is not over and the name that it replaces still stands."""
    asked = account.owner.name_correction if isinstance(account.owner, Beneficiary) else None
    is_waiting = asked and asked.until > now and asked.former == account.owner.birth_name
    return asked if is_waiting else None


def ask_closing(account: Account, *, agent: str, now: int) -> Account:
    """The account with a closing that waits for another agent. Raises PastActivationError when it is closed."""
    if account.status is Status.CLOSED:
        raise PastActivationError
    return replace(account, closing=ClosingRequest(agent, now + CLOSING_SECONDS))


def require_closing(account: Account, *, agent: str, now: int) -> None:
    """Let an agent confirm the closing that another one asked for.

    Raises NothingToConfirmError when no closing waits, and SecondAgentNeededError when this agent asked for it.
    """
    if account.closing is None or account.closing.until <= now:
        raise NothingToConfirmError
    if account.closing.agent == agent:
        raise SecondAgentNeededError


def lift_marks(account: Account) -> Account:
    """The account without the marks `UNDELIVERABLE`; those of addresses whose owner complained stay.

    The correspondent no longer sees that a message came back. Raises NothingToLiftError when there is no such mark.
    """
    kept = {
        address: mark for address, mark in account.deliverability.items() if mark is not Deliverability.UNDELIVERABLE
    }
    lifted = replace(account, deliverability=kept, owner=account.owner.once_lifted())
    if lifted == account:
        raise NothingToLiftError
    return lifted


def throttle_keys_of(account: Account) -> tuple[str, ...]:
    """The throttle keys of the account: by each last name for activation and reset, and for sign-in and contacts."""
    anonymous = (
        *throttle_keys_by_name(account, Purpose.ACTIVATION),
        *throttle_keys_by_name(account, Purpose.PASSWORD_RESET),
    )
    return *anonymous, *(
        make_throttle_key(purpose, account.identifier, "") for purpose in (Purpose.SIGN_IN, Purpose.CONTACT)
    )


def throttle_keys_by_name(account: Account, purpose: Purpose) -> tuple[str, ...]:
    """The account's throttle keys for activation or password reset: one for each of its owner's last names."""
    names = {fold_last_name(name) for name in account.owner.last_names} - {""}
    return tuple(make_throttle_key(purpose, account.identifier, name) for name in sorted(names))
