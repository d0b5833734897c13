"""Step 2: what a right code proves, each in one transaction."""

from dataclasses import dataclass, replace

from activation.domain.access import Access
from activation.domain.contacts import Channel, Contact
from activation.domain.entry import Entry, enter_account
from activation.domain.errors import FlowExpiredError
from activation.domain.events import CHANNEL_EVENTS, Event, EventKind
from activation.domain.flows import Flow, FlowReference, FlowState, Purpose, keep_former
from activation.domain.outbox import CONTACT_CHANGED, OutboxMessage, former_notices_for, notices_for
from activation.domain.people import Person, Status, fresh_changes, prove_contact
from activation.domain.proofs import Clock, retry_when_stale
from activation.domain.tokens import hash_token, new_id, new_token
from functions.verify_code.comparison import Ports, compare, prove


@dataclass(frozen=True, slots=True)
class Proven:
    """A proven flow, and its new token for the browser. Who stands behind it is not looked up yet."""

    flow: Flow
    token: str


def verify_anonymous(ports: Ports, *, purpose: Purpose, held: FlowReference, code: str, clock: Clock) -> Proven:
    """Prove the code of an activation or a reset: its flow may choose a password for a while, under a new token.

    Raises FlowExpiredError, WrongStepError, AccountLockedError, FlowLockedError or CodeRejectedError.
    """
    match = compare(ports, purpose, held, code, clock)
    token = new_token(clock.random)
    proven = replace(
        match.flow,
        state=FlowState.VERIFIED,
        token_hash=hash_token(token),
        matched=match.issue,
        proof=new_id(clock.random),
        ends_at=clock.now + clock.limits.verified_flow_seconds,
    )
    prove(ports, match, proven, clock)
    return Proven(proven, token)


def verify_sign_in(
    ports: Ports, *, held: FlowReference, code: str, device: str | None, former: str | None, clock: Clock
) -> Entry:
    """Prove the code of a sign-in and open its session in place of the browser's `former` one.

    Raises as `verify_anonymous`.
    """
    match = compare(ports, Purpose.SIGN_IN, held, code, clock)
    flow = match.flow
    done = replace(flow, state=FlowState.DONE, matched=match.issue, proof=new_id(clock.random))

    def attempt() -> Entry:
        person = _owner(ports, flow)
        if flow.recipients[match.issue] not in person.proven.values():  # it was replaced since the code went out
            raise FlowExpiredError
        signed_in = replace(
            person,
            signed_in_at=clock.now,
            previously_signed_in_at=person.signed_in_at,
            former=fresh_changes(person.former, clock.now),
        )
        entry = enter_account(signed_in, device, clock)
        prove(
            ports,
            match,
            done,
            clock,
            ports.accounts.save(entry.person),
            ports.sessions.open(entry.session),
            *([ports.sessions.close(former)] if former else []),
            ports.accounts.record_event(entry.person.identifier, Event(EventKind.SIGNED_IN, clock.now)),
        )
        return entry

    return retry_when_stale(attempt)


def verify_contact(ports: Ports, *, access: Access, held: FlowReference, code: str, clock: Clock) -> Person:
    """Prove a new contact of the person who asked for it in this session, and tell the contacts proven before.

    Until terms are first accepted it becomes the channel too; later it is told as well. Raises as `verify_anonymous`.
    """
    match = compare(ports, Purpose.CONTACT, held, code, clock, session_id=access.session.session_id)
    flow = match.flow
    contact, proof = flow.recipients[match.issue], new_id(clock.random)

    def attempt() -> Person:
        person = _owner(ports, flow)
        proven = prove_contact(person, contact, now=clock.now)
        before_home = person.terms is None
        if before_home:
            proven = replace(proven, channel=contact.channel)
        kinds = [_PROVEN[contact.channel], *([CHANNEL_EVENTS[contact.channel]] if before_home else [])]
        done, notices = _told(person, contact, flow, before_home=before_home, clock=clock)
        prove(
            ports,
            match,
            replace(done, state=FlowState.DONE, matched=match.issue, proof=proof),
            clock,
            ports.accounts.save(proven),
            *(ports.accounts.record_event(person.identifier, Event(kind, clock.now)) for kind in kinds),
            *map(ports.proofs.outbox.put, notices),
        )
        return proven

    return retry_when_stale(attempt)


_PROVEN = {Channel.EMAIL: EventKind.EMAIL_PROVEN, Channel.SMS: EventKind.SMS_PROVEN}


def _told(
    person: Person, contact: Contact, flow: Flow, *, before_home: bool, clock: Clock
) -> tuple[Flow, list[OutboxMessage]]:
    """Who is told of a new contact: all that were proven before, and after home the new one.

    The one that it replaces stays with the flow, for as long as its message may take.
    """
    others = set(person.proven) - {contact.channel}
    told = others if before_home else others | {contact.channel}
    kind = CONTACT_CHANGED[contact.channel]
    notices = notices_for(kind, person.identifier, sorted(told), clock.random, now=clock.now)
    replaced = [former for channel, former in person.proven.items() if channel is contact.channel]
    kept = keep_former(flow, replaced, now=clock.now)
    return kept, [*notices, *former_notices_for(kind, kept, clock.random, now=clock.now)]


def _owner(ports: Ports, flow: Flow) -> Person:
    """The flow's person, while the account stands as it did when the flow began. Raises FlowExpiredError."""
    person = ports.accounts.get(flow.identifier)
    if person is None or person.status is not Status.ACTIVE or person.session_epoch != flow.epoch:
        raise FlowExpiredError
    return person
