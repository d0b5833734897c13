"""The visitor's next step, and what its page shows."""

from collections.abc import Mapping
from typing import NamedTuple

from activation.domain.accounts import Account
from activation.domain.consent import ConsentText
from activation.domain.contacts import Channel, Contact
from activation.domain.errors import NextStep
from activation.domain.flows import Flow
from activation.domain.terms import Terms


class Texts(NamedTuple):
    """The versions in force of the consent text and of the terms."""

    consent: ConsentText
    terms: Terms


class OfferedContacts(NamedTuple):
    """The contacts that prefill the choice of a channel; those on the channels `proven` need no code any more."""

    email: str | None
    mobile: str | None
    proven: tuple[Channel, ...]


class Step(NamedTuple):
    """The next step, with its page's data: the flow that waits for its code, the consent text, contacts or terms.

    `replaces` is the version of the terms that the owner accepted before; None if there is none.
    """

    next_step: NextStep
    flow: Flow | None = None
    consent: ConsentText | None = None
    contacts: OfferedContacts | None = None
    terms: Terms | None = None
    replaces: str | None = None


def onboarding_step(account: Account, *, current_terms: str) -> NextStep:
    """The first step that is not complete: consent, channel, terms; HOME when the terms in force are accepted."""
    if account.terms and account.terms.covers(current_terms):
        return NextStep.HOME
    if account.owner.lacks_consent:
        return NextStep.GIVE_CONSENT
    if account.channel is None:
        return NextStep.CHOOSE_CHANNEL
    return NextStep.ACCEPT_TERMS


def step_of_flow(flow: Flow) -> Step:
    """The next step of the browser that has this flow."""
    return Step(flow.next_step, flow)


def step_of_account(account: Account, texts: Texts, *, pending: Flow | None = None) -> Step:
    """The next step of a signed-in owner. `pending` is a flow that waits for the code to a new contact."""
    step = onboarding_step(account, current_terms=texts.terms.version)
    if step is not NextStep.HOME and pending:
        return step_of_flow(pending)._replace(contacts=offered_contacts(account))
    return Step(
        step,
        consent=texts.consent if step is NextStep.GIVE_CONSENT else None,
        contacts=offered_contacts(account) if step is NextStep.CHOOSE_CHANNEL else None,
        terms=texts.terms if step is NextStep.ACCEPT_TERMS else None,
        replaces=account.terms.version if step is NextStep.ACCEPT_TERMS and account.terms else None,
    )


def offered_contacts(account: Account) -> OfferedContacts:
    """For each channel the proven contact, or the declared one where none is proven."""
    known = {contact.channel: contact for contact in account.owner.declared_contacts()} | dict(account.proven)
    return OfferedContacts(_value(known, Channel.EMAIL), _value(known, Channel.SMS), tuple(account.proven))


def _value(known: Mapping[Channel, Contact], channel: Channel) -> str | None:
    return known[channel].value if channel in known else None
