"""Where a visitor stands, and what the page of the next step shows."""

from dataclasses import dataclass, replace

from activation.domain.contacts import Channel, Contact
from activation.domain.errors import NextStep
from activation.domain.flows import Flow
from activation.domain.ledger import ConsentText, Terms
from activation.domain.people import Person, onboarding_step


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts in force."""

    consent: ConsentText
    terms: Terms


@dataclass(frozen=True, slots=True)
class OfferedContacts:
    """What the choice of a channel is prefilled with, and which of it needs no code any more."""

    email: str | None
    mobile: str | None
    proven: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """The next step, and what its page needs: the flow whose code is out, a text, contacts or terms.

    `replaces` is the version of the terms that the person accepted before, if they did.
    """

    next_step: NextStep
    flow: Flow | None = None
    consent: ConsentText | None = None
    contacts: OfferedContacts | None = None
    terms: Terms | None = None
    replaces: str | None = None


def step_of_flow(flow: Flow) -> Step:
    """Where the holder of a flow stands."""
    return Step(flow.next_step, flow)


def step_of_person(person: Person, texts: Texts, *, pending: Flow | None = None) -> Step:
    """Where a person with a session stands; `pending` is a code that is out to prove a contact."""
    step = onboarding_step(person, current_terms=texts.terms.version)
    if step is not NextStep.HOME and pending:
        return replace(step_of_flow(pending), contacts=offered_contacts(person))
    return Step(
        step,
        consent=texts.consent if step is NextStep.GIVE_CONSENT else None,
        contacts=offered_contacts(person) if step is NextStep.CHOOSE_CHANNEL else None,
        terms=texts.terms if step is NextStep.ACCEPT_TERMS else None,
        replaces=person.terms.version if step is NextStep.ACCEPT_TERMS and person.terms else None,
    )


def offered_contacts(person: Person) -> OfferedContacts:
    """The proven contacts, and the roster's where none is proven."""
    email, mobile = person.proven.get(Channel.EMAIL), person.proven.get(Channel.SMS)
    return OfferedContacts(
        _value(email) or person.roster.email or None,
        _value(mobile) or person.roster.mobile or None,
        tuple(person.proven),
    )


def _value(contact: Contact | None) -> str | None:
    return contact.value if contact else None
