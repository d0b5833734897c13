"""Where a visitor stands, and what the page of the next step shows."""

from dataclasses import dataclass, replace

from activation.domain.accounts import Account
from activation.domain.consent import ConsentText
from activation.domain.contacts import Channel, Contact
from activation.domain.errors import NextStep
from activation.domain.flows import Flow
from activation.domain.terms import Terms


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


def onboarding_step(account: Account, *, current_terms: str) -> NextStep:
    """The first thing still missing before home; no answer is no consent, so it is asked."""
    if account.terms and account.terms.covers(current_terms):
        return NextStep.HOME
    if account.owner.consent is None:
        return NextStep.GIVE_CONSENT
    if account.channel is None:
        return NextStep.CHOOSE_CHANNEL
    return NextStep.ACCEPT_TERMS


def step_of_flow(flow: Flow) -> Step:
    """Where the holder of a flow stands."""
    return Step(flow.next_step, flow)


def step_of_account(account: Account, texts: Texts, *, pending: Flow | None = None) -> Step:
    """Where a person with a session stands; `pending` is a code that is out to prove a contact."""
    step = onboarding_step(account, current_terms=texts.terms.version)
    if step is not NextStep.HOME and pending:
        return replace(step_of_flow(pending), contacts=offered_contacts(account))
    return Step(
        step,
        consent=texts.consent if step is NextStep.GIVE_CONSENT else None,
        contacts=offered_contacts(account) if step is NextStep.CHOOSE_CHANNEL else None,
        terms=texts.terms if step is NextStep.ACCEPT_TERMS else None,
        replaces=account.terms.version if step is NextStep.ACCEPT_TERMS and account.terms else None,
    )


def offered_contacts(account: Account) -> OfferedContacts:
    """The proven contacts, and the roster's where none is proven."""
    email, mobile = account.proven.get(Channel.EMAIL), account.proven.get(Channel.SMS)
    return OfferedContacts(
        _value(email) or account.owner.roster.email or None,
        _value(mobile) or account.owner.roster.mobile or None,
        tuple(account.proven),
    )


def _value(contact: Contact | None) -> str | None:
    return contact.value if contact else None
