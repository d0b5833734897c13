"""Step 2: the attempt is spent first, then the code is compared, then one transaction says what it proved."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace

from activation.domain.access import Access
from activation.domain.codes import code_for, code_message
from activation.domain.errors import CodeRejectedError, FlowExpiredError, NextStep, StaleError
from activation.domain.flows import Flow, FlowReference, FlowState, Issue, Purpose, good_issues, held_flow
from activation.domain.limits import PAIR_LOCK_SECONDS
from activation.domain.outbox import lock_notice_for
from activation.domain.people import Event, Person, Status, onboarding_step, prove_contact
from activation.domain.ports import Accounts, Macs, Sessions, Write
from activation.domain.proofs import Clock, ProofPorts, refuse_locked, refuse_spent, retry_when_stale
from activation.domain.sessions import open_session
from activation.domain.tokens import hash_token, new_id, new_token


@dataclass(frozen=True, slots=True)
class Ports:
    """What step 2 needs."""

    proofs: ProofPorts
    accounts: Accounts
    sessions: Sessions
    codes: Macs


@dataclass(frozen=True, slots=True)
class Proven:
    """A proven flow, and its new token for the browser. Who stands behind it is not looked up yet."""

    flow: Flow
    token: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in, and the token of their session for the browser."""

    person: Person
    token: str


def verify_anonymous(ports: Ports, *, purpose: Purpose, held: FlowReference, code: str, clock: Clock) -> Proven:
    """Prove the code of an activation or a reset: its flow may choose a password for a while, under a new token.

    Raises FlowExpiredError, WrongStepError, AccountLockedError, FlowLockedError or CodeRejectedError.
    """
    flow, matched = _compare(ports, purpose, held, code, clock)
    token = new_token(clock.random)
    proven = replace(
        flow,
        state=FlowState.VERIFIED,
        token_hash=hash_token(token),
        matched=matched,
        ends_at=clock.now + clock.limits.verified_flow_seconds,
    )
    _prove(ports, flow, proven, clock)
    return Proven(proven, token)


def verify_sign_in(ports: Ports, *, held: FlowReference, code: str, clock: Clock) -> SignedIn:
    """Prove the code of a sign-in and open its session. Raises as `verify_anonymous`."""
    flow, matched = _compare(ports, Purpose.SIGN_IN, held, code, clock)
    token = new_token(clock.random)
    done = replace(flow, state=FlowState.DONE, matched=matched, token_hash=hash_token(new_token(clock.random)))

    def attempt() -> SignedIn:
        person = _owner(ports, flow)
        session = open_session(
            hash_token(token),
            new_id(clock.random),
            identifier=person.identifier,
            epoch=person.session_epoch,
            now=clock.now,
            limits=clock.limits,
        )
        signed_in = replace(person, signed_in_at=clock.now)
        _prove(
            ports,
            flow,
            done,
            clock,
            ports.accounts.save(signed_in),
            ports.sessions.open(session),
            ports.accounts.record_event(person.identifier, Event("signed_in", clock.now)),
        )
        return SignedIn(signed_in, token)

    return retry_when_stale(attempt)


def verify_contact(
    ports: Ports, *, access: Access, held: FlowReference, code: str, current_terms: str, clock: Clock
) -> Person:
    """Prove a new contact of the person who asked for it in this session; before home it becomes the channel too.

    Raises as `verify_anonymous`.
    """
    flow, matched = _compare(ports, Purpose.CONTACT, held, code, clock, session_id=access.session.session_id)
    contact = flow.recipients[matched]
    done = replace(flow, state=FlowState.DONE, matched=matched, token_hash=hash_token(new_token(clock.random)))

    def attempt() -> Person:
        person = _owner(ports, flow)
        proven = prove_contact(person, contact, now=clock.now)
        if onboarding_step(person, current_terms=current_terms) is not NextStep.HOME:
            proven = replace(proven, channel=contact.channel)
        _prove(
            ports,
            flow,
            done,
            clock,
            ports.accounts.save(proven),
            ports.accounts.record_event(person.identifier, Event(f"{contact.channel.value}_proven", clock.now)),
        )
        return proven

    return retry_when_stale(attempt)


def _compare(
    ports: Ports, purpose: Purpose, held: FlowReference, code: str, clock: Clock, *, session_id: str | None = None
) -> tuple[Flow, int]:
    """Spend an attempt and find the issue whose code was typed. Raises every refusal of a code but a decoy's."""
    flow = _spend(ports, purpose, held, clock, session_id)
    mac = ports.codes.mac(code_message(flow.purpose, flow.flow_id))
    state = refuse_locked(ports.proofs, flow, clock)
    matched = _matching(mac, code, flow.issues)
    longer_codes = state.wrong >= clock.limits.longer_codes_after
    if matched is None or matched not in good_issues(flow, longer_codes=longer_codes, now=clock.now):
        raise _rejection(ports, flow, clock)
    return flow, matched


def _spend(ports: Ports, purpose: Purpose, held: FlowReference, clock: Clock, session_id: str | None) -> Flow:
    """The flow, one more attempt spent.

    Raises FlowExpiredError, WrongStepError, FlowLockedError or AccountLockedError.
    """
    if not held.is_shown:
        flow, spent = ports.proofs.flows.get(held.flow_id), False
    else:
        flow, spent = ports.proofs.flows.spend_attempt(
            held, purpose, session_id=session_id, most=clock.limits.wrong_codes_per_flow, now=clock.now
        )
    flow = held_flow(flow, held, purpose=purpose, state=FlowState.CODE_SENT, now=clock.now)
    if flow.session_id != session_id:
        raise FlowExpiredError
    if not spent:
        refuse_spent(flow, refuse_locked(ports.proofs, flow, clock), clock)
        raise StaleError
    return flow


def _matching(mac: bytes, typed: str, issues: Mapping[int, Issue]) -> int | None:
    """The issue whose code was typed. Every code is made and compared, in a time that tells nothing."""
    found = None
    for number, issue in issues.items():
        right = code_for(mac, issue=number, digits=issue.digits)
        if hmac.compare_digest(right.encode(), typed.encode()):
            found = number
    return found


def _prove(ports: Ports, before: Flow, after: Flow, clock: Clock, *more: Write) -> None:
    """Write what the right code proved, all at once. Raises CodeRejectedError when nobody was sent that code."""
    try:
        ports.proofs.store.commit(
            ports.proofs.flows.prove(before, after),
            ports.proofs.counters.forgive_wrong_codes(before.pair, now=clock.now),
            *more,
        )
    except CodeRejectedError:
        raise _rejection(ports, before, clock) from None


def _rejection(ports: Ports, flow: Flow, clock: Clock) -> CodeRejectedError:
    """Count a wrong code; from the hundredth in a row on, each locks the pair for a day and tells the person."""
    wrong = ports.proofs.counters.count_wrong_code(flow.pair, now=clock.now)
    if wrong >= clock.limits.wrong_codes_per_person:
        notice = lock_notice_for(flow, new_id(clock.random), now=clock.now)
        ports.proofs.store.commit(
            ports.proofs.counters.lock_pair(flow.pair, until=clock.now + PAIR_LOCK_SECONDS),
            ports.proofs.outbox.put(notice),
        )
    return CodeRejectedError(flow.attempts_left(clock.limits))


def _owner(ports: Ports, flow: Flow) -> Person:
    """The flow's person, while the account stands as it did when the flow began. Raises FlowExpiredError."""
    person = ports.accounts.get(flow.identifier)
    if person is None or person.status is not Status.ACTIVE or person.session_epoch != flow.epoch:
        raise FlowExpiredError
    return person
