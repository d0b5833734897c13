"""A code is typed: the guess is counted, the code compared, and what it proved written (docs/adr/0042)."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from activation.domain.codes import code_for, code_message
from activation.domain.errors import CodeRejectedError, FlowExpiredError, StaleError
from activation.domain.flows import Flow, FlowReference, FlowState, Issue, Purpose, good_issues, held_flow
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


@dataclass(frozen=True, slots=True)
class Match:
    """The flow's `issue` whose code was typed, and how many guesses at the pair came in a row, this one among them."""

    flow: Flow
    issue: int
    guesses: int


def compare(
    ports: Ports, purpose: Purpose, held: FlowReference, code: str, clock: Clock, *, session_id: str | None = None
) -> Match:
    """Count a guess and find the issue whose code was typed. Raises every refusal of a code but a decoy's."""
    # The MAC depends on the flow's name alone, and tells nothing before the attempt is spent.
    flow, mac = both(
        partial(_spend, ports, purpose, held, clock, session_id),
        partial(ports.codes.mac, code_message(purpose, held.flow_id)),
    )
    guesses = ports.proofs.counters.count_guess(flow.pair, now=clock.now)
    matched = _matching(mac, code, flow.issues)
    longer_codes = guesses > clock.limits.longer_codes_after or ports.proofs.breaker.is_tripped(now=clock.now)
    if matched is None or matched not in good_issues(flow, longer_codes=longer_codes, now=clock.now):
        raise _rejection(ports, flow, guesses, clock)
    return Match(flow, matched, guesses)


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


def prove(ports: Ports, match: Match, after: Flow, clock: Clock, *more: Write) -> None:
    """Write what the right code proved, all at once. Raises CodeRejectedError when nobody was sent that code."""
    flow = match.flow
    try:
        ports.proofs.store.commit(
            ports.proofs.flows.prove(flow, after),
            ports.proofs.counters.forgive_guesses(flow.pair, now=clock.now),
            *more,
        )
    except CodeRejectedError:
        raise _rejection(ports, flow, match.guesses, clock) from None


def _rejection(ports: Ports, flow: Flow, guesses: int, clock: Clock) -> CodeRejectedError:
    """A guess was wrong: from the hundredth in a row on the pair is locked now, and the person is told."""
    if guesses >= clock.limits.wrong_codes_per_person:
        ports.proofs.store.commit(ports.proofs.outbox.put(lock_notice_for(flow, new_id(clock.random), now=clock.now)))
    ports.proofs.breaker.count_wrong_code(now=clock.now)
    return CodeRejectedError(flow.attempts_left(clock.limits))
