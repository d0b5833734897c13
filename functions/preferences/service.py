"""Consent, code channel and terms: decisions of a person before home, which they may change later."""

from dataclasses import replace
from typing import NamedTuple

from activation.domain.access import enter
from activation.domain.accounts import Account
from activation.domain.consent import decide_consent
from activation.domain.contacts import Channel, Contact
from activation.domain.errors import ContactNotProvenError, NextStep, WrongStepError
from activation.domain.events import CHANNEL_EVENTS, Event
from activation.domain.flows import FlowReference
from activation.domain.outbox import MessageKind, notices_for
from activation.domain.ports import Accounts, Sessions, Write
from activation.domain.steps import Texts, onboarding_step
from activation.domain.terms import accept_terms
from activation.domain.verification import (
    OpenedFlow,
    RequestContext,
    VerificationPorts,
    contact_code_request,
    retry_when_stale,
    start_verification,
)


class Ports(NamedTuple):
    """The ports that the preferences need."""

    verification: VerificationPorts
    accounts: Accounts
    sessions: Sessions


class Visitor(NamedTuple):
    """The browser's cookies: the hash of the session's token, and the flow reference."""

    session: str | None
    flow: FlowReference | None


class ChannelChoice(NamedTuple):
    """The account, and the flow that was opened when the chosen contact must be proven first."""

    account: Account
    opened: OpenedFlow | None = None


def set_consent(
    ports: Ports, visitor: Visitor, *, consents: bool, text_version: str, texts: Texts, context: RequestContext
) -> Account:
    """Write the decision, consent or refusal, and its line in the consent ledger.

    A withdrawal is possible at any time. Like consent, it is refused (409 `outdated-version`) when `text_version` is
    not the current one: the visitor then reads the current text and decides again.

    Raises SessionExpiredError, NotYourAccountError, OutdatedVersionError.
    """

    def attempt() -> Account:
        access = enter(ports.sessions, ports.accounts, visitor.session, now=context.now, limits=context.limits)
        owner = access.account.beneficiary
        decision, entry = decide_consent(
            texts.consent,
            consents=consents,
            text_version=text_version,
            session_id=access.session.session_id,
            structure_id=owner.roster.structure_id,
            before=owner.consent,
            now=context.now,
        )
        decided = replace(access.account, owner=replace(owner, consent=decision))
        _commit(ports, decided, ports.accounts.record_consent(access.account, entry))
        return decided

    return retry_when_stale(attempt)


def choose_channel(
    ports: Ports, visitor: Visitor, *, channel: Channel, contact: Contact | None, context: RequestContext
) -> ChannelChoice:
    """Choose where later codes go. Until the first terms are accepted the contact may be new: it gets a code first.

    Raises SessionExpiredError, ContactNotProvenError, and what `start_verification` raises.
    """

    def attempt() -> ChannelChoice:
        access = enter(ports.sessions, ports.accounts, visitor.session, now=context.now, limits=context.limits)
        account = access.account
        before_home = account.terms is None
        if contact and before_home and not contact.is_same_as(account.proven.get(channel)):
            request = contact_code_request(account, contact, session_id=access.session.session_id)
            opened = start_verification(ports.verification, request, visitor.flow, context, extra_writes=list)
            return ChannelChoice(account, opened)
        if contact and not contact.is_same_as(account.contact_on(channel)):
            raise ContactNotProvenError
        account.contact_on(channel)
        if account.channel is channel:
            return ChannelChoice(account)
        chosen = replace(account, channel=channel)
        told = () if before_home else account.proven
        notices = notices_for(MessageKind.CHANNEL_CHANGED, account.identifier, told, context.random, now=context.now)
        event = ports.accounts.record_event(account.identifier, Event(CHANNEL_EVENTS[channel], context.now))
        _commit(ports, chosen, event, *map(ports.verification.outbox.put, notices))
        return ChannelChoice(chosen)

    return retry_when_stale(attempt)


def set_terms(ports: Ports, visitor: Visitor, *, version: str, texts: Texts, context: RequestContext) -> Account:
    """Accept the terms. Accepting the same terms again writes nothing.

    Raises SessionExpiredError; OutdatedVersionError; WrongStepError while another decision is missing.
    """

    def attempt() -> Account:
        access = enter(ports.sessions, ports.accounts, visitor.session, now=context.now, limits=context.limits)
        accepted, entry = accept_terms(
            texts.terms, version=version, session_id=access.session.session_id, now=context.now
        )
        if access.account.terms and access.account.terms.covers(version):
            return access.account
        step = onboarding_step(access.account, current_terms=texts.terms.version)
        if step is not NextStep.ACCEPT_TERMS:
            raise WrongStepError(step)
        agreed = replace(access.account, terms=accepted)
        _commit(ports, agreed, ports.accounts.record_terms(agreed.identifier, entry))
        return agreed

    return retry_when_stale(attempt)


def _commit(ports: Ports, account: Account, *more: Write) -> None:
    ports.verification.store.commit(ports.accounts.save(account), *more)
