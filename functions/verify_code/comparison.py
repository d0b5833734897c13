"""A code is typed: an attempt is spent, the code compared, and what it proved written, or the failure counted."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from activation.domain.codes import code_for, code_message
from activation.domain.errors import CodeRejectedError, FlowExpiredError, StaleError
from activation.domain.flows import Flow, FlowReference, FlowState, Issue, Purpose, good_issues, held_flow
from activation.domain.limits import CODE_DIGITS, PAIR_LOCK_SECONDS
from activation.domain.outbox import lock_notice_for
from activation.domain.ports import Accounts, Macs, Sessions, Write
from activation.domain.proofs import Clock, ProofPorts, refuse_locked, refuse_spent
from activation.domain.together import both
from activation.domain.tokens import new_id


@dataclass(frozen=True, slots=True)
class Ports:
    """What step 2 needs."""

    proofs: ProofPorts
    accounts: Accounts
    sessions: Sessions
    codes: Macs


def compare(
    ports: Ports, purpose: Purpose, held: FlowReference, code: str, clock: Clock, *, session_id: str | None = None
) -> tuple[Flow, int]:
    """Spend an attempt and find the issue whose code was typed. Raises every refusal of a code but a decoy's."""
    # The MAC depends on the flow's name alone, and tells nothing before the attempt is spent.
    flow, mac = both(
        partial(_spend, ports, purpose, held, clock, session_id),
        partial(ports.codes.mac, code_message(purpose, held.flow_id)),
    )
    matched = _matching(mac, code, flow.issues)
    longer_codes = ports.proofs.breaker.is_tripped(now=clock.now)
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
        refuse_locked(ports.proofs, flow, clock)
        refuse_spent(ports.proofs, flow, clock)
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


def prove(ports: Ports, before: Flow, after: Flow, clock: Clock, *more: Write) -> None:
    """Write what the right code proved, all at once, unless the pair is locked.

    Raises CodeRejectedError when nobody was sent that code, or the pair's codes are longer now.
    """
    # Once they are, the latest alone is taken (docs/adr/0015): any other counts as short.
    digits = after.code.digits if after.matched == after.issue else CODE_DIGITS
    try:
        ports.proofs.store.commit(
            ports.proofs.flows.prove(before, after),
            ports.proofs.counters.forgive_wrong_codes(before.pair, digits=digits, now=clock.now),
            *more,
        )
    except CodeRejectedError:
        raise _rejection(ports, before, clock) from None


def _rejection(ports: Ports, flow: Flow, clock: Clock) -> CodeRejectedError:
    """Count a wrong code; from the hundredth in a row on, each locks the pair for a day and tells the person.

    Raises AccountLockedError, and counts nothing, when the pair is locked already.
    """
    refuse_locked(ports.proofs, flow, clock)
    wrong = ports.proofs.counters.count_wrong_code(flow.pair, now=clock.now)
    if wrong >= clock.limits.wrong_codes_per_person:
        notice = lock_notice_for(flow, new_id(clock.random), now=clock.now)
        ports.proofs.store.commit(
            ports.proofs.counters.lock_pair(flow.pair, until=clock.now + PAIR_LOCK_SECONDS),
            ports.proofs.outbox.put(notice),
        )
    ports.proofs.breaker.count_wrong_code(now=clock.now)
    return CodeRejectedError(flow.attempts_left(clock.limits))
