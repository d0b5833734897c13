"""Step 3: a password is chosen, reset or changed, each in one transaction."""

from dataclasses import replace
from functools import partial
from typing import NamedTuple

from activation.domain.access import Access
from activation.domain.accounts import Account, PasswordRecord, Status, activate, reset_password
from activation.domain.code_recipients import proven_before_changes
from activation.domain.contacts import Contact
from activation.domain.credentials import CredentialPorts, check_credentials, fits, password_scope, pepper, protect
from activation.domain.errors import AccountLockedError, FlowExpiredError, NextStep, SessionExpiredError, WrongStepError
from activation.domain.events import Event, EventKind
from activation.domain.flows import Flow, FlowReference, FlowState, Purpose, require_flow, with_notified
from activation.domain.login import Login, open_login, remember_browser
from activation.domain.outbox import CONTACT_CHANGED, MessageKind, OutboxMessage, notices_for, notices_to_notified
from activation.domain.parallel import run_both
from activation.domain.passwords import PasswordFault, PasswordRejectedError, check_password
from activation.domain.ports import Accounts, Macs, Sessions, ThrottledAccounts, Write
from activation.domain.verification import RequestContext, VerificationPorts, retry_when_stale


class Ports(NamedTuple):
    """The ports that step 3 needs."""

    verification: VerificationPorts
    accounts: Accounts
    throttled_accounts: ThrottledAccounts
    sessions: Sessions
    peppers: Macs


class Typed(NamedTuple):
    """A new password as typed, twice."""

    password: str
    confirmation: str


def activate_account(
    ports: Ports,
    *,
    reference: FlowReference,
    typed: Typed,
    device: str | None,
    former: str | None,
    context: RequestContext,
) -> Login:
    """Make the invited person's account: password, session, confirmation, all or nothing.

    The session takes the place of the browser's `former` one, whoever's that was.

    Raises FlowExpiredError, WrongStepError, AccountLockedError or PasswordRejectedError.
    """

    def attempt() -> Login:
        flow = _verified_flow(ports, reference, Purpose.ACTIVATION, context)
        account, peppered = _unlocked(ports, flow, typed, context)
        if account is None or account.status is not Status.INVITED:
            raise WrongStepError(NextStep.SIGN_IN)
        if _proven_contact(flow) not in account.owner.declared_contacts():  # it was corrected since the code went out
            raise FlowExpiredError
        record = _accepted(ports, account, typed, peppered)
        active = activate(account, contact=_proven_contact(flow), password=record, now=context.now)
        login = open_login(active, device, context)
        flow = with_notified(flow, _also_told(account, flow, context.now), now=context.now)
        ports.verification.store.commit(
            ports.verification.counters.require_unlocked(flow.throttle_key, now=context.now),
            ports.verification.flows.finish(flow, now=context.now),
            ports.accounts.save(login.account),
            ports.sessions.open(login.session),
            *([ports.sessions.close(former)] if former else []),
            ports.accounts.record_event(account.identifier, Event(EventKind.ACTIVATED, context.now)),
            *_notices(ports, MessageKind.ACTIVATED, active, context),
            *map(
                ports.verification.outbox.put,
                notices_to_notified(MessageKind.ACTIVATED, flow, context.random, now=context.now),
            ),
        )
        return login

    return retry_when_stale(attempt)


def reset(
    ports: Ports, *, reference: FlowReference, typed: Typed, device: str | None, context: RequestContext
) -> str | None:
    """Replace a forgotten password, end every session, lift the password lock. Raises as `activate_account`.

    Of all browsers the account then knows this one alone, so that no lock made elsewhere keeps the person from signing
    in (docs/adr/0007). Returns the token that makes it known, if it was not known before.
    """

    def attempt() -> str | None:
        flow = _verified_flow(ports, reference, Purpose.PASSWORD_RESET, context)
        account, peppered = _unlocked(ports, flow, typed, context)
        if account is None or not account.is_active_since(flow.epoch):
            raise FlowExpiredError
        record = _accepted(ports, account, typed, peppered)
        former = proven_before_changes(account, context.now)
        changed = reset_password(account, record, contact=_proven_contact(flow), former=former)
        renewed, device_token = remember_browser(changed, device, context)
        replaced = [contact for contact in account.proven.values() if contact not in renewed.proven.values()]
        flow = with_notified(flow, replaced, now=context.now)
        events = [EventKind.PASSWORD_RESET, *([EventKind.CONTACTS_RESTORED] if replaced else [])]
        ports.verification.store.commit(
            ports.verification.counters.require_unlocked(flow.throttle_key, now=context.now),
            ports.verification.flows.finish(flow, now=context.now),
            ports.accounts.save(renewed),
            *map(ports.verification.counters.lift_password_lock, _password_scopes(account)),
            *(ports.accounts.record_event(account.identifier, Event(kind, context.now)) for kind in events),
            *_notices(ports, MessageKind.PASSWORD_CHANGED, renewed, context),
            *(ports.verification.outbox.put(notice) for notice in _told_of_the_return(flow, context)),
        )
        return device_token

    return retry_when_stale(attempt)


def change(
    ports: Ports, *, access: Access, current: str, typed: Typed, device: str | None, context: RequestContext
) -> Login:
    """Change the password of the person signed in: other sessions end, theirs is opened anew.

    Raises AccountLockedError, CredentialsRejectedError, PasswordRejectedError or SessionExpiredError.
    """
    check_credentials(
        CredentialPorts(ports.verification.store, ports.verification.counters, ports.peppers),
        identifier=access.account.identifier,
        password=current,
        account=access.account,
        device=device,
        now=context.now,
    )

    def attempt() -> Login:
        account, peppered = run_both(
            partial(ports.accounts.get, access.account.identifier),
            partial(pepper, ports.peppers, identifier=access.account.identifier, password=typed.password),
        )
        if account is None or account.session_epoch != access.session.epoch:
            raise SessionExpiredError
        record = _accepted(ports, account, typed, peppered)
        changed = replace(account, password=record, session_epoch=account.session_epoch + 1)
        login = open_login(changed, device, context)
        ports.verification.store.commit(
            ports.accounts.save(login.account),
            ports.sessions.open(login.session),
            ports.accounts.record_event(account.identifier, Event(EventKind.PASSWORD_CHANGED, context.now)),
            *_notices(ports, MessageKind.PASSWORD_CHANGED, account, context),
        )
        return login

    return retry_when_stale(attempt)


def _verified_flow(ports: Ports, reference: FlowReference, purpose: Purpose, context: RequestContext) -> Flow:
    """The flow, with one more password counted: judging one takes long, so a flow may ask for it a few times only.

    Raises WrongStepError, or FlowExpiredError, also after too many passwords.
    """
    most, now = context.limits.passwords_per_flow, context.now
    flow, is_counted = ports.verification.flows.spend_password(reference, purpose, most=most, now=now)
    flow = require_flow(flow, reference, purpose=purpose, state=FlowState.VERIFIED, now=now)
    if not is_counted:
        raise FlowExpiredError
    return flow


def _unlocked(ports: Ports, flow: Flow, typed: Typed, context: RequestContext) -> tuple[Account | None, bytes]:
    """The flow's account, and the peppered password. Raises AccountLockedError before any other refusal.

    If the lock comes later, the transaction's own condition refuses.
    """
    (account, throttle), peppered = run_both(
        partial(ports.throttled_accounts.get, flow.identifier, flow.throttle_key),
        partial(pepper, ports.peppers, identifier=flow.identifier, password=typed.password),
    )
    if throttle.locked_until > context.now:
        raise AccountLockedError(throttle.locked_until)
    return account, peppered


def _accepted(ports: Ports, account: Account, typed: Typed, peppered: bytes) -> PasswordRecord:
    """The record of the new password. Raises PasswordRejectedError, also when it is the current one."""
    check_password(typed.password, typed.confirmation, identifier=account.identifier, names=account.owner.names)
    if account.password and fits(peppered, account):
        raise PasswordRejectedError((PasswordFault.UNCHANGED,))
    return protect(ports.peppers, peppered)


def _proven_contact(flow: Flow) -> Contact:
    """The contact that got the right code. Raises FlowExpiredError for a flow without one, which can't be verified."""
    if flow.matched is None:
        raise FlowExpiredError
    return flow.recipients[flow.matched]


def _also_told(account: Account, flow: Flow, now: int) -> list[Contact]:
    """The other declared contacts that get the notice of an activation: only where others read a contact."""
    others = [contact for contact in account.owner.declared_contacts() if contact != _proven_contact(flow)]
    return [
        contact
        for contact in others
        if account.owner.has_shared_contacts and not account.owner.is_quarantined(contact, now)
    ]


def _password_scopes(account: Account) -> list[str]:
    """All scopes in which the person's wrong passwords are counted."""
    return [password_scope(account.identifier, device) for device in (None, *account.devices)]


def _told_of_the_return(flow: Flow, context: RequestContext) -> list[OutboxMessage]:
    """The notices to contacts that a reset replaced: the password is new, and they are no longer the account's."""
    changed = sorted({CONTACT_CHANGED[channel] for channel in flow.notified_contacts})
    kinds = (MessageKind.PASSWORD_CHANGED, *changed)
    return [notice for kind in kinds for notice in notices_to_notified(kind, flow, context.random, now=context.now)]


def _notices(ports: Ports, kind: MessageKind, account: Account, context: RequestContext) -> list[Write]:
    messages = notices_for(kind, account.identifier, account.proven, context.random, now=context.now)
    return [ports.verification.outbox.put(message) for message in messages]
