"""What providers report of a person's mail addresses, and what follows."""

from collections.abc import Iterable
from dataclasses import replace

from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.people import Person, Status

UNREACHABLE_WORDS = "Votre adresse email n'a pas pu être jointe. Vérifiez-la dans Vos informations personnelles."


def mark_address(person: Person, address: str, mark: Deliverability) -> Person:
    """The person with that mark on their address; unchanged when it is not theirs, or known to be worse already.

    A mark belongs to the value: a new address has none. Marks of addresses that are no longer theirs go.
    """
    theirs = set(_addresses(person))
    marked = {known for known in theirs if known.casefold() == address.casefold()}
    worse = {known for known in marked if person.deliverability.get(known) is Deliverability.UNDELIVERABLE}
    if not marked - worse:
        return person
    kept = {known: old for known, old in person.deliverability.items() if known in theirs}
    return replace(person, deliverability={**kept, **dict.fromkeys(marked - worse, mark)})


def things_to_do(person: Person) -> list[str]:
    """What the account asks its person to do, in words for the home page."""
    email = person.proven.get(Channel.EMAIL)
    waits = email and person.status is Status.ACTIVE and not person.is_reachable(email)
    return [UNREACHABLE_WORDS] if waits else []


def _addresses(person: Person) -> Iterable[str]:
    held: list[Contact | None] = [person.proven.get(Channel.EMAIL)]
    held += [change.contacts.get(Channel.EMAIL) for change in person.former]
    return filter(None, (person.roster.email, *(contact.value for contact in held if contact)))
