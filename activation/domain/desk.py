"""What the help desk may do to a person's record, and what takes two agents (docs/adr/0022)."""

from dataclasses import replace
from typing import Any

from activation.domain.closing import close
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
from activation.domain.people import ClosingRequest, Person, QuarantinedContact, Status

QUARANTINE_SECONDS = DAY_SECONDS
"""How long nothing goes to a contact that one agent alone put right."""

CLOSING_SECONDS = 7 * DAY_SECONDS
"""How long a closing that one agent asked for waits for another."""

_FIELDS = {Channel.EMAIL: "email", Channel.SMS: "mobile"}


def correct_contact(person: Person, contact: Contact, *, agent: str, now: int) -> Person:
    """The person with that contact in place of the roster's on its channel; nothing goes to it for a day.

    The mark that others read a contact stays as long as there is one on the other channel (docs/adr/0026).
    Raises PastActivationError once the account is active or closed: its own person changes it there; and
    ContactUnchangedError.
    """
    if person.status is not Status.INVITED:
        raise PastActivationError
    field = _FIELDS[contact.channel]
    if getattr(person.roster, field) == contact.value:
        raise ContactUnchangedError(field)
    others = tuple(
        quarantined for quarantined in person.quarantine if quarantined.contact.channel is not contact.channel
    )
    quarantined = QuarantinedContact(contact, now + QUARANTINE_SECONDS, agent)
    keeps_another = any(kept.channel is not contact.channel for kept in person.roster_contacts())
    corrected: dict[str, Any] = {field: contact.value, "shared": person.roster.shared and keeps_another}
    return replace(person, roster=replace(person.roster, **corrected), quarantine=(*others, quarantined))


def confirm_contact(person: Person, *, agent: str, now: int) -> Person:
    """The person with what another agent put right in use at once.

    Raises NothingToConfirmError, or SecondAgentNeededError when only the same agent's waits.
    """
    waiting = [
        quarantined
        for quarantined in person.quarantine
        if quarantined.until > now and quarantined.contact in person.roster_contacts()
    ]
    if not waiting:
        raise NothingToConfirmError
    own = tuple(quarantined for quarantined in waiting if quarantined.agent == agent)
    if len(own) == len(waiting):
        raise SecondAgentNeededError
    return replace(person, quarantine=own)


def ask_closing(person: Person, *, agent: str, now: int) -> Person:
    """The person with a closing that waits for another agent. Raises PastActivationError when it is closed already."""
    if person.status is Status.CLOSED:
        raise PastActivationError
    return replace(person, closing=ClosingRequest(agent, now + CLOSING_SECONDS))


def confirm_closing(person: Person, *, agent: str, now: int) -> Person:
    """The person with the account closed. Raises as `confirm_contact`."""
    if person.closing is None or person.closing.until <= now:
        raise NothingToConfirmError
    if person.closing.agent == agent:
        raise SecondAgentNeededError
    return close(person, now=now)


def lift_marks(person: Person) -> Person:
    """The person with every address held to be reachable again; who wants no notices still gets none.

    Raises NothingToLiftError when they all are.
    """
    kept = {
        address: mark for address, mark in person.deliverability.items() if mark is not Deliverability.UNDELIVERABLE
    }
    if kept == person.deliverability:
        raise NothingToLiftError
    return replace(person, deliverability=kept)


def throttle_keys_of(person: Person) -> tuple[str, ...]:
    """Every pair that things are counted against in the person's name: by both last names, and for signing in."""
    anonymous = (
        *throttle_keys_by_name(person, Purpose.ACTIVATION),
        *throttle_keys_by_name(person, Purpose.PASSWORD_RESET),
    )
    return *anonymous, *(
        make_throttle_key(purpose, person.identifier, "") for purpose in (Purpose.SIGN_IN, Purpose.CONTACT)
    )


def throttle_keys_by_name(person: Person, purpose: Purpose) -> tuple[str, ...]:
    """The pairs of a purpose that anybody may start, by usage and by birth name."""
    names = {fold_name(name) for name in (person.roster.usage_name, person.roster.last_name)} - {""}
    return tuple(make_throttle_key(purpose, person.identifier, name) for name in sorted(names))
