"""Sending codes: the part that all four purposes share (docs/adr/0003).

A typed code is checked in `functions/verify_code/comparison.py`. `refuse_spent` refuses a flow after its wrong codes:
how many is in `code_limits`, and `Flows.spend_attempt` counts them in the condition of its write.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from activation.domain.accounts import Account
from activation.domain.code_limits import CODE_DIGITS, LONGER_CODE_DIGITS
from activation.domain.contacts import Contact, contact_key
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
    add_code,
    make_throttle_key,
    open_flow,
    require_flow,
    start_quota,
)
from activation.domain.limits import Limits
from activation.domain.outbox import code_message_for
from activation.domain.ports import Breaker, Counters, Flows, Outbox, Store, Write
from activation.domain.tokens import RandomBytes, hash_token, new_id, new_token

STALE_TRIES = 3

T = TypeVar("T")


class VerificationPorts(NamedTuple):
    """The ports that sending a code uses."""

    store: Store
    flows: Flows
    counters: Counters
    outbox: Outbox
    breaker: Breaker


class CodeRequest(NamedTuple):
    """A request for a code: for which purpose and which identifier.

    `throttle_suffix` is the third part of the throttle key. `recipient` and `epoch` (the session epoch) are given when
    the visitor is already known by password or session; `session_id` when a session asks.
    """

    purpose: Purpose
    identifier: str
    throttle_suffix: str
    recipient: Contact | None = None
    epoch: int | None = None
    session_id: str | None = None

    @property
    def throttle_key(self) -> str:
        """The throttle key of the flow."""
        return make_throttle_key(self.purpose, self.identifier, self.throttle_suffix)


def contact_code_request(account: Account, contact: Contact, *, session_id: str) -> CodeRequest:
    """The request to verify a new contact of the account, in that session."""
    return CodeRequest(
        Purpose.CONTACT,
        account.identifier,
        f"{contact.channel.value}\0{contact_key(contact.value)}",
        recipient=contact,
        epoch=account.session_epoch,
        session_id=session_id,
    )


class OpenedFlow(NamedTuple):
    """The browser's flow, and the token for the browser; None when the browser has the token already."""

    flow: Flow
    token: str | None = None


class RequestContext(NamedTuple):
    """The time (epoch seconds), the source of random bytes and the limits, given to every use case."""

    now: int
    random: RandomBytes
    limits: Limits


def start_verification(
    ports: VerificationPorts,
    request: CodeRequest,
    reference: FlowReference | None,
    context: RequestContext,
    *,
    extra_writes: Callable[[], Sequence[Write]],
) -> OpenedFlow:
    """Open a flow and queue its code. If this browser's flow waits for a code of the same request, send that again.

    `extra_writes` makes further writes of the transaction that opens the flow; it is called for each try.
    Raises AccountLockedError and TooManyCodesError, whether or not there is such an account.
    """

    def attempt() -> OpenedFlow:
        running = _running(ports, request, reference, context.now) if reference else None
        if running is None or not running.attempts_left(context.limits):
            return _with_code_length(
                ports, context, lambda digits: _open(ports, request, context, digits, extra_writes())
            )
        try:
            return OpenedFlow(_send_again(ports, running, request.recipient, context))
        except (ResendTooEarlyError, TooManyCodesError):
            return OpenedFlow(running)

    return retry_when_stale(attempt)


def resend_code(
    ports: VerificationPorts,
    reference: FlowReference,
    purpose: Purpose,
    context: RequestContext,
    *,
    session_id: str | None = None,
    recipient: Callable[[Flow], Contact | None] = lambda _: None,
) -> Flow:
    """Send another code of the browser's flow. `recipient` gives its contact if the visitor is known, else None.

    `session_id` is that of the session that opened the flow; None if none did.

    Raises FlowExpiredError, WrongStepError, AccountLockedError, FlowLockedError, ResendTooEarlyError
    or TooManyCodesError.
    """

    def attempt() -> Flow:
        flow = require_flow(
            ports.flows.get(reference.flow_id), reference, purpose=purpose, state=FlowState.CODE_SENT, now=context.now
        )
        if flow.session_id != session_id:
            raise FlowExpiredError
        return _send_again(ports, flow, recipient(flow), context)

    return retry_when_stale(attempt)


def resend_waiting_code(
    ports: VerificationPorts,
    flow_id: str,
    context: RequestContext,
    *,
    recipient: Callable[[Flow], Contact | None],
    extra_writes: Callable[[], Sequence[Write]],
) -> Flow:
    """Send another code of a flow that waits for one, without its browser, within the same limits.

    `recipient` gives its contact, as in `resend_code`. `extra_writes` makes further writes of the same transaction; it
    is called for each try.

    Raises NoCodeOutError, AccountLockedError, FlowLockedError, ResendTooEarlyError or TooManyCodesError.
    """

    def attempt() -> Flow:
        flow = ports.flows.get(flow_id)
        if flow is None or flow.state is not FlowState.CODE_SENT or flow.ends_at <= context.now:
            raise NoCodeOutError
        return _send_again(ports, flow, recipient(flow), context, extra_writes)

    return retry_when_stale(attempt)


def refuse_locked(ports: VerificationPorts, flow: Flow, context: RequestContext) -> None:
    """Raise AccountLockedError while the flow's throttle key is locked."""
    locked_until = ports.counters.throttle(flow.throttle_key).locked_until
    if locked_until > context.now:
        raise AccountLockedError(locked_until)


def refuse_spent(ports: VerificationPorts, flow: Flow, context: RequestContext) -> None:
    """Raise FlowLockedError when the flow has no attempt left."""
    if not flow.attempts_left(context.limits):
        raise FlowLockedError(may_start_at(ports, flow, context))


def may_start_at(ports: VerificationPorts, flow: Flow, context: RequestContext) -> int:
    """When (epoch seconds) another flow like this one may be started."""
    return ports.counters.throttle(flow.start_throttle_key).may_start_at(
        start_quota(flow.purpose, context.limits), context.now
    )


def refuses_short_codes(breaker: Breaker, guesses_before: int, *, now: int) -> bool:
    """Whether the breaker wants 8 digits at a flow's next guess: once tripped, for all but a flow's first guess.

    So a code sent before the breaker tripped can be typed once, until the breaker is shut (docs/adr/0030).
    """
    return breaker.is_shut(now=now) or (guesses_before > 0 and breaker.is_tripped(now=now))


def retry_when_stale(use_case: Callable[[], T]) -> T:
    """The result of the use case, run again when it raises StaleError. Raises StaleError after three tries."""
    for _ in range(STALE_TRIES - 1):
        try:
            return use_case()
        except StaleError:
            continue
    return use_case()


def _running(ports: VerificationPorts, request: CodeRequest, reference: FlowReference, now: int) -> Flow | None:
    flow = ports.flows.get(reference.flow_id)
    if flow is None or not flow.belongs_to(reference, now) or flow.state is not FlowState.CODE_SENT:
        return None
    # A request of a known visitor has epoch and session; an anonymous flow gets its epoch from the worker later.
    stands = request.epoch is None or (flow.epoch, flow.session_id) == (request.epoch, request.session_id)
    return flow if stands and flow.throttle_key == request.throttle_key else None


def _open(
    ports: VerificationPorts, request: CodeRequest, context: RequestContext, digits: int, extra_writes: Sequence[Write]
) -> OpenedFlow:
    token = new_token(context.random)
    flow = open_flow(
        FlowReference(new_id(context.random), hash_token(token)),
        request.purpose,
        identifier=request.identifier,
        throttle_suffix=request.throttle_suffix,
        digits=digits,
        now=context.now,
        limits=context.limits,
        recipient=request.recipient,
        epoch=request.epoch,
        session_id=request.session_id,
    )
    quota = start_quota(request.purpose, context.limits)
    allowed = ports.counters.allow_code(flow.throttle_key, digits=digits, now=context.now)
    ports.store.commit(
        ports.counters.count_start(flow.start_throttle_key, quota, digits=digits, now=context.now),
        *([allowed] if flow.start_throttle_key != flow.throttle_key else []),
        *extra_writes,
        ports.flows.open(flow),
        ports.outbox.put(code_message_for(flow, new_id(context.random), now=context.now)),
    )
    return OpenedFlow(flow, token)


def _send_again(
    ports: VerificationPorts,
    flow: Flow,
    recipient: Contact | None,
    context: RequestContext,
    extra_writes: Callable[[], Sequence[Write]] = list,
) -> Flow:
    refuse_locked(ports, flow, context)
    refuse_spent(ports, flow, context)
    return _with_code_length(
        ports, context, lambda digits: _add_code(ports, flow, recipient, context, digits, extra_writes=extra_writes())
    )


def _add_code(
    ports: VerificationPorts,
    flow: Flow,
    recipient: Contact | None,
    context: RequestContext,
    digits: int,
    *,
    extra_writes: Sequence[Write],
) -> Flow:
    again = add_code(flow, digits=digits, now=context.now, limits=context.limits, recipient=recipient)
    ports.store.commit(
        ports.counters.allow_code(flow.throttle_key, digits=digits, now=context.now),
        ports.flows.add_code(again, most_attempts=context.limits.wrong_codes_per_flow, now=context.now),
        *extra_writes,
        ports.outbox.put(code_message_for(again, new_id(context.random), now=context.now)),
    )
    return again


def _with_code_length(ports: VerificationPorts, context: RequestContext, send: Callable[[int], T]) -> T:
    """Send with 6 digits; with 8 when the breaker is tripped, or when the throttle key demands them.

    Only in the last case does it take a second call of `send`.
    """
    if ports.breaker.is_tripped(now=context.now):
        return send(LONGER_CODE_DIGITS)
    try:
        return send(CODE_DIGITS)
    except LongerCodeNeededError:
        return send(LONGER_CODE_DIGITS)
