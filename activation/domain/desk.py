"""What the help desk may do to a person's record, and what takes two agents (docs/adr/0022)."""

from dataclasses import replace
from typing import Any

from activation.domain.accounts import Account, ClosingRequest, Status, close
from activation.domain.beneficiaries import QuarantinedContact
from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.errors import (
    ContactUnchangedError,
    NothingToConfirmError,
    NothingToLiftError,
    PastActivationError,
    SecondAgentNeededError,
)
from activation.domain.flows import Purpose, make_throttle_key
from activation.domain.limits import DAY_SECONDS
from activation.domain.names import fold_name

QUARANTINE_SECONDS = DAY_SECONDS
"""How long nothing goes to a contact that one agent alone put right."""

CLOSING_SECONDS = 7 * DAY_SECONDS
"""How long a closing that one agent asked for waits for another."""

_FIELDS = {Channel.EMAIL: "email", Channel.SMS: "mobile"}


def correct_contact(account: Account, contact: Contact, *, agent: str, now: int) -> Account:
    """The person with that contact in place of the roster's on its channel; nothing goes to it for a day.

    The mark that others read a contact stays as long as there is one on the other channel (docs/adr/0026).
    Raises PastActivationError once the account is active or closed: its own person changes it there; and
    ContactUnchangedError.
    """
    if account.status is not Status.INVITED:
        raise PastActivationError
    field, owner = _FIELDS[contact.channel], account.owner
    if getattr(owner.roster, field) == contact.value:
        raise ContactUnchangedError(field)
    others = tuple(waiting for waiting in owner.quarantine if waiting.contact.channel is not contact.channel)
    quarantined = QuarantinedContact(contact, now + QUARANTINE_SECONDS, agent)
    keeps_another = any(kept.channel is not contact.channel for kept in owner.roster_contacts())
    corrected: dict[str, Any] = {field: contact.value, "shared": owner.roster.shared and keeps_another}
    roster = replace(owner.roster, **corrected)
    return replace(account, owner=replace(owner, roster=roster, quarantine=(*others, quarantined)))


def confirm_contact(account: Account, *, agent: str, now: int) -> Account:
    """The person with what another agent put right in use at once.

    Raises NothingToConfirmError, or SecondAgentNeededError when only the same agent's waits.
    """
    owner = account.owner
    waiting = [one for one in owner.quarantine if one.until > now and one.contact in owner.roster_contacts()]
    if not waiting:
        raise NothingToConfirmError
    own = tuple(one for one in waiting if one.agent == agent)
    if len(own) == len(waiting):
        raise SecondAgentNeededError
    return replace(account, owner=replace(owner, quarantine=own))


def ask_closing(account: Account, *, agent: str, now: int) -> Account:
    """The person with a closing that waits for another agent. Raises PastActivationError when it is closed already."""
    if account.status is Status.CLOSED:
        raise PastActivationError
    return replace(account, closing=ClosingRequest(agent, now + CLOSING_SECONDS))


def confirm_closing(account: Account, *, agent: str, now: int) -> Account:
    """The person with the account closed. Raises as `confirm_contact`."""
    if account.closing is None or account.closing.until <= now:
        raise NothingToConfirmError
    if account.closing.agent == agent:
        raise SecondAgentNeededError
    return close(account, now=now)


def lift_marks(account: Account) -> Account:
    """The person with every address held to be reachable again; who wants no notices still gets none.

    Raises NothingToLiftError when they all are.
    """
    kept = {
        address: mark for address, mark in account.deliverability.items() if mark is not Deliverability.UNDELIVERABLE
    }
    if kept == account.deliverability:
        raise NothingToLiftError
    return replace(account, deliverability=kept)


def throttle_keys_of(account: Account) -> tuple[str, ...]:
    """Every pair that things are counted against in the person's name: by both last names, and for signing in."""
    anonymous = (
        *throttle_keys_by_name(account, Purpose.ACTIVATION),
        *throttle_keys_by_name(account, Purpose.PASSWORD_RESET),
    )
    return *anonymous, *(
        make_throttle_key(purpose, account.identifier, "") for purpose in (Purpose.SIGN_IN, Purpose.CONTACT)
    )


def throttle_keys_by_name(account: Account, purpose: Purpose) -> tuple[str, ...]:
    """The pairs of a purpose that anybody may start, by usage and by birth name."""
    names = {fold_name(name) for name in (account.owner.roster.usage_name, account.owner.roster.last_name)} - {""}
    return tuple(make_throttle_key(purpose, account.identifier, name) for name in sorted(names))
