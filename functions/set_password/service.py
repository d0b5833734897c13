"""Step 3: a password is chosen, reset or changed, each in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from activation.domain.access import Access
from activation.domain.contacts import Contact
from activation.domain.credentials import CredentialPorts, check_credentials, fits, password_scope, pepper, protect
from activation.domain.entry import Entry, enter_account, know_browser
from activation.domain.errors import DomainError, FlowExpiredError, NextStep, SessionExpiredError, WrongStepError
from activation.domain.events import Event, EventKind
from activation.domain.flows import Flow, FlowReference, FlowState, Purpose, former_of, held_flow, keep_former
from activation.domain.outbox import CONTACT_CHANGED, MessageKind, OutboxMessage, former_notices_for, notices_for
from activation.domain.passwords import PasswordFault, PasswordRejectedError, check_password
from activation.domain.people import PasswordRecord, Person, Status, activate, reset_password
from activation.domain.ports import Accounts, Macs, Sessions, Write
from activation.domain.proofs import Clock, ProofPorts, refuse_locked, retry_when_stale
from activation.domain.together import both


@dataclass(frozen=True, slots=True)
class Ports:
    """What step 3 needs."""

    proofs: ProofPorts
    accounts: Accounts
    sessions: Sessions
    peppers: Macs


@dataclass(frozen=True, slots=True)
class Typed:
    """A new password as typed, twice."""

    password: str
    confirmation: str


def activate_account(
    ports: Ports, *, held: FlowReference, typed: Typed, device: str | None, former: str | None, clock: Clock
) -> Entry:
    """Make the invited person's account: password, session, confirmation, all or nothing.

    The session takes the place of the browser's `former` one, whoever's that was.

    Raises FlowExpiredError, WrongStepError, AccountLockedError or PasswordRejectedError.
    """

    def attempt() -> Entry:
        flow = _verified_flow(ports, held, Purpose.ACTIVATION, clock)
        with _unless_locked(ports, flow, clock):
            person, peppered = _found(ports, flow.identifier, typed)
            if person is None or person.status is not Status.INVITED:
                raise WrongStepError(NextStep.SIGN_IN)
            if _proven_contact(flow) not in person.roster_contacts():  # it was corrected since the code went out
                raise FlowExpiredError
            record = _accepted(ports, person, typed, peppered)
        active = activate(person, contact=_proven_contact(flow), password=record, now=clock.now)
        entry = enter_account(active, device, clock)
        flow = keep_former(flow, _also_told(person, flow, clock.now), now=clock.now)
        ports.proofs.store.commit(
            ports.proofs.counters.require_unlocked(flow.pair, now=clock.now),
            ports.proofs.flows.finish(flow, now=clock.now),
            ports.accounts.save(entry.person),
            ports.sessions.open(entry.session),
            *([ports.sessions.close(former)] if former else []),
            ports.accounts.record_event(person.identifier, Event(EventKind.ACTIVATED, clock.now)),
            *_notices(ports, MessageKind.ACTIVATED, active, clock),
            *map(ports.proofs.outbox.put, former_notices_for(MessageKind.ACTIVATED, flow, clock.random, now=clock.now)),
        )
        return entry

    return retry_when_stale(attempt)


def reset(ports: Ports, *, held: FlowReference, typed: Typed, device: str | None, clock: Clock) -> str | None:
    """Replace a forgotten password: ends every session, lifts the password lock, opens nothing. Raises as above.

    Of all browsers the account then knows this one alone, so that no lock made elsewhere keeps the person from
    signing in (docs/adr/0013). Returns the token that makes it known, if it held none.
    """

    def attempt() -> str | None:
        flow = _verified_flow(ports, held, Purpose.PASSWORD_RESET, clock)
        with _unless_locked(ports, flow, clock):
            person, peppered = _found(ports, flow.identifier, typed)
            if person is None or person.status is not Status.ACTIVE or person.session_epoch != flow.epoch:
                raise FlowExpiredError
            record = _accepted(ports, person, typed, peppered)
        changed = reset_password(person, record, contact=_proven_contact(flow), now=clock.now)
        renewed, device_token = know_browser(changed, device, clock)
        replaced = [contact for contact in person.proven.values() if contact not in renewed.proven.values()]
        flow = keep_former(flow, replaced, now=clock.now)
        events = [EventKind.PASSWORD_RESET, *([EventKind.CONTACTS_RESTORED] if replaced else [])]
        ports.proofs.store.commit(
            ports.proofs.counters.require_unlocked(flow.pair, now=clock.now),
            ports.proofs.flows.finish(flow, now=clock.now),
            ports.accounts.save(renewed),
            *map(ports.proofs.counters.lift_password_lock, _password_scopes(person)),
            *(ports.accounts.record_event(person.identifier, Event(kind, clock.now)) for kind in events),
            *_notices(ports, MessageKind.PASSWORD_CHANGED, renewed, clock),
            *(ports.proofs.outbox.put(notice) for notice in _told_of_the_return(flow, clock)),
        )
        return device_token

    return retry_when_stale(attempt)


def change(ports: Ports, *, access: Access, current: str, typed: Typed, device: str | None, clock: Clock) -> Entry:
    """Change the password of the person signed in: other sessions end, theirs is opened anew.

    Raises AccountLockedError, CredentialsRejectedError, PasswordRejectedError or SessionExpiredError.
    """
    check_credentials(
        CredentialPorts(ports.proofs.store, ports.proofs.counters, ports.peppers),
        identifier=access.person.identifier,
        password=current,
        person=access.person,
        device=device,
        now=clock.now,
    )

    def attempt() -> Entry:
        person, peppered = _found(ports, access.person.identifier, typed)
        if person is None or person.session_epoch != access.session.epoch:
            raise SessionExpiredError
        record = _accepted(ports, person, typed, peppered)
        changed = replace(person, password=record, session_epoch=person.session_epoch + 1)
        entry = enter_account(changed, device, clock)
        ports.proofs.store.commit(
            ports.accounts.save(entry.person),
            ports.sessions.open(entry.session),
            ports.accounts.record_event(person.identifier, Event(EventKind.PASSWORD_CHANGED, clock.now)),
            *_notices(ports, MessageKind.PASSWORD_CHANGED, person, clock),
        )
        return entry

    return retry_when_stale(attempt)


def _verified_flow(ports: Ports, held: FlowReference, purpose: Purpose, clock: Clock) -> Flow:
    flow = ports.proofs.flows.get(held.flow_id)
    return held_flow(flow, held, purpose=purpose, state=FlowState.VERIFIED, now=clock.now)


@contextmanager
def _unless_locked(ports: Ports, flow: Flow, clock: Clock) -> Iterator[None]:
    """Who is refused is told of the pair's lock first, if there is one. Nobody else waits for that read.

    For the rest the lock is a condition of the transaction.
    """
    try:
        yield
    except DomainError:
        refuse_locked(ports.proofs, flow, clock)
        raise


def _found(ports: Ports, identifier: str, typed: Typed) -> tuple[Person | None, bytes]:
    """Who it is, and what stands for the password that they typed."""
    return both(
        partial(ports.accounts.get, identifier),
        partial(pepper, ports.peppers, identifier=identifier, password=typed.password),
    )


def _accepted(ports: Ports, person: Person, typed: Typed, peppered: bytes) -> PasswordRecord:
    """What is kept of the new password. Raises PasswordRejectedError, also when it is the current one."""
    check_password(typed.password, typed.confirmation, identifier=person.identifier, names=person.names)
    if person.password and fits(peppered, person):
        raise PasswordRejectedError((PasswordFault.UNCHANGED,))
    return protect(ports.peppers, peppered)


def _proven_contact(flow: Flow) -> Contact:
    """The contact whose code was right: only a flow with one can be verified."""
    if flow.matched is None:
        raise FlowExpiredError
    return flow.recipients[flow.matched]


def _also_told(person: Person, flow: Flow, now: int) -> list[Contact]:
    """Who else is told of an activation: where others read a contact, the roster's other one."""
    others = [contact for contact in person.roster_contacts() if contact != _proven_contact(flow)]
    return [contact for contact in others if person.roster.shared and not person.is_held(contact, now)]


def _password_scopes(person: Person) -> list[str]:
    """Everything that wrong passwords for the person are counted under."""
    return [password_scope(person.identifier, device) for device in (None, *person.devices)]


def _told_of_the_return(flow: Flow, clock: Clock) -> list[OutboxMessage]:
    """What the contacts that a reset replaced are told: of the password, and that they are the account's no more."""
    changed = sorted({CONTACT_CHANGED[former.channel] for former in former_of(flow).values()})
    kinds = (MessageKind.PASSWORD_CHANGED, *changed)
    return [notice for kind in kinds for notice in former_notices_for(kind, flow, clock.random, now=clock.now)]


def _notices(ports: Ports, kind: MessageKind, person: Person, clock: Clock) -> list[Write]:
    messages = notices_for(kind, person.identifier, person.proven, clock.random, now=clock.now)
    return [ports.proofs.outbox.put(message) for message in messages]
