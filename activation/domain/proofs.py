"""Sending codes: what every purpose shares (docs/adr/0003)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from activation.domain.contacts import Contact
from activation.domain.errors import (
    AccountLockedError,
    FlowExpiredError,
    FlowLockedError,
    LongerCodeNeededError,
    NoCodeOutError,
    ResendTooEarlyError,
    StaleError,
    TooManyCodesError,
)
from activation.domain.flows import (
    Flow,
    FlowReference,
    FlowState,
    Purpose,
    held_flow,
    open_flow,
    pair_of,
    reissue,
    start_quota,
)
from activation.domain.limits import CODE_DIGITS, LONGER_CODE_DIGITS, Limits
from activation.domain.outbox import code_message_for
from activation.domain.people import Person
from activation.domain.ports import Breaker, Counters, Flows, Outbox, Store, Write
from activation.domain.tokens import RandomBytes, hash_token, new_id, new_token

STALE_TRIES = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ProofPorts:
    """What sending a code needs."""

    store: Store
    flows: Flows
    counters: Counters
    outbox: Outbox
    breaker: Breaker


@dataclass(frozen=True, slots=True)
class Request:
    """Whom a code is asked for, and why.

    `third` completes the pair. Who is already known brings the `recipient` and the `epoch` that the proof stands on.
    """

    purpose: Purpose
    identifier: str
    third: str
    recipient: Contact | None = None
    epoch: int | None = None
    session_id: str | None = None

    @property
    def pair(self) -> str:
        """The flow's pair."""
        return pair_of(self.purpose, self.identifier, self.third)


def contact_request(person: Person, contact: Contact, *, session_id: str) -> Request:
    """The proof of a new contact, in that session."""
    return Request(
        Purpose.CONTACT,
        person.identifier,
        f"{contact.channel.value}\0{contact.value}",
        recipient=contact,
        epoch=person.session_epoch,
        session_id=session_id,
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """The flow that runs now, and the token for its browser; no token when the browser holds it already."""

    flow: Flow
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment (epoch seconds), chance and the limits: what every use case is handed instead of looking for it."""

    now: int
    random: RandomBytes
    limits: Limits


def start_proof(
    ports: ProofPorts,
    request: Request,
    held: FlowReference | None,
    clock: Clock,
    *,
    also: Callable[[], Sequence[Write]],
) -> Opened:
    """Open a flow and queue its code; for the pair whose code is out in this browser, send that one again.

    `also` makes further writes of the same transaction; it is called anew for each try.
    Raises AccountLockedError and TooManyCodesError, whether or not anybody answers to the pair.
    """

    def attempt() -> Opened:
        running = _running(ports, request, held, clock.now) if held else None
        if running is None or not running.attempts_left(clock.limits):
            return _with_code_length(ports, clock, lambda digits: _open(ports, request, clock, digits, also()))
        try:
            return Opened(_send_again(ports, running, request.recipient, clock))
        except (ResendTooEarlyError, TooManyCodesError):
            return Opened(running)

    return retry_when_stale(attempt)


def resend_code(
    ports: ProofPorts,
    reference: FlowReference,
    purpose: Purpose,
    clock: Clock,
    *,
    session_id: str | None = None,
    recipient: Callable[[Flow], Contact | None] = lambda _: None,
) -> Flow:
    """Send the flow's code again, to `recipient` where the flow's owner is already known.

    `session_id` is that of the session which opened the flow, if one did.

    Raises FlowExpiredError, WrongStepError, AccountLockedError, FlowLockedError, ResendTooEarlyError
    or TooManyCodesError.
    """

    def attempt() -> Flow:
        flow = held_flow(
            ports.flows.get(reference.flow_id), reference, purpose=purpose, state=FlowState.CODE_SENT, now=clock.now
        )
        if flow.session_id != session_id:
            raise FlowExpiredError
        return _send_again(ports, flow, recipient(flow), clock)

    return retry_when_stale(attempt)


def resend_waiting_code(ports: ProofPorts, flow_id: str, clock: Clock, *, also: Callable[[], Sequence[Write]]) -> Flow:
    """Send the code that a flow waits for again, to whoever may get it, within the limits of its own browser.

    `also` makes further writes of the same transaction.
    Raises NoCodeOutError, AccountLockedError, FlowLockedError, ResendTooEarlyError or TooManyCodesError.
    """

    def attempt() -> Flow:
        flow = ports.flows.get(flow_id)
        if flow is None or flow.state is not FlowState.CODE_SENT or flow.ends_at <= clock.now:
            raise NoCodeOutError
        is_known = flow.purpose in (Purpose.SIGN_IN, Purpose.CONTACT)
        return _send_again(ports, flow, flow.recipients[flow.issue] if is_known else None, clock, also)

    return retry_when_stale(attempt)


def refuse_locked(ports: ProofPorts, flow: Flow, clock: Clock) -> None:
    """Raise AccountLockedError while the flow's pair is locked."""
    locked_until = ports.counters.pair(flow.pair).locked_until
    if locked_until > clock.now:
        raise AccountLockedError(locked_until)


def refuse_spent(ports: ProofPorts, flow: Flow, clock: Clock) -> None:
    """Raise FlowLockedError when the flow has no attempt left."""
    if not flow.attempts_left(clock.limits):
        raise FlowLockedError(may_start_at(ports, flow, clock))


def may_start_at(ports: ProofPorts, flow: Flow, clock: Clock) -> int:
    """When (epoch seconds) another flow like this one may be started."""
    return ports.counters.pair(flow.counted_as).may_start_at(start_quota(flow.purpose, clock.limits), clock.now)


def retry_when_stale(use_case: Callable[[], T]) -> T:
    """The use case, read and decided again when somebody else wrote meanwhile. Raises StaleError after three tries."""
    for _ in range(STALE_TRIES - 1):
        try:
            return use_case()
        except StaleError:
            continue
    return use_case()


def _running(ports: ProofPorts, request: Request, held: FlowReference, now: int) -> Flow | None:
    flow = ports.flows.get(held.flow_id)
    if flow is None or not flow.held_by(held, now) or flow.state is not FlowState.CODE_SENT:
        return None
    # What the proof of a known person stood on may be gone; an anonymous one learns its epoch from the worker.
    stands = request.epoch is None or (flow.epoch, flow.session_id) == (request.epoch, request.session_id)
    return flow if stands and flow.pair == request.pair else None


def _open(ports: ProofPorts, request: Request, clock: Clock, digits: int, also: Sequence[Write]) -> Opened:
    token = new_token(clock.random)
    flow = open_flow(
        FlowReference(new_id(clock.random), hash_token(token)),
        request.purpose,
        identifier=request.identifier,
        third=request.third,
        digits=digits,
        now=clock.now,
        limits=clock.limits,
        recipient=request.recipient,
        epoch=request.epoch,
        session_id=request.session_id,
    )
    quota = start_quota(request.purpose, clock.limits)
    allowed = ports.counters.allow_code(flow.pair, digits=digits, now=clock.now)
    ports.store.commit(
        ports.counters.count_start(flow.counted_as, quota, digits=digits, now=clock.now),
        *([allowed] if flow.counted_as != flow.pair else []),
        *also,
        ports.flows.open(flow),
        ports.outbox.put(code_message_for(flow, new_id(clock.random), now=clock.now)),
    )
    return Opened(flow, token)


def _send_again(
    ports: ProofPorts,
    flow: Flow,
    recipient: Contact | None,
    clock: Clock,
    also: Callable[[], Sequence[Write]] = list,
) -> Flow:
    refuse_locked(ports, flow, clock)
    refuse_spent(ports, flow, clock)
    return _with_code_length(ports, clock, lambda digits: _reissue(ports, flow, recipient, clock, digits, also=also()))


def _reissue(
    ports: ProofPorts, flow: Flow, recipient: Contact | None, clock: Clock, digits: int, *, also: Sequence[Write]
) -> Flow:
    again = reissue(flow, digits=digits, now=clock.now, limits=clock.limits, recipient=recipient)
    ports.store.commit(
        ports.counters.allow_code(flow.pair, digits=digits, now=clock.now),
        ports.flows.reissue(again, most_attempts=clock.limits.wrong_codes_per_flow, now=clock.now),
        *also,
        ports.outbox.put(code_message_for(again, new_id(clock.random), now=clock.now)),
    )
    return again


def _with_code_length(ports: ProofPorts, clock: Clock, send: Callable[[int], T]) -> T:
    """Codes have 6 digits until the breaker trips, or a refusal says that this pair's must have 8.

    Only such a pair pays a second call.
    """
    if ports.breaker.is_tripped(now=clock.now):
        return send(LONGER_CODE_DIGITS)
    try:
        return send(CODE_DIGITS)
    except LongerCodeNeededError:
        return send(LONGER_CODE_DIGITS)
