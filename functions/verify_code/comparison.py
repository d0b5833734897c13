"""Counts a typed code as a guess, and compares it with the codes of the flow (docs/adr/0010, 0030)."""

import hmac
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from activation.domain.code_digits import code_for, code_message
from activation.domain.errors import CodeRejectedError, FlowExpiredError, StaleError
from activation.domain.flows import Flow, FlowReference, FlowState, Purpose, SentCode, require_flow, valid_codes
from activation.domain.outbox import lock_notice_for
from activation.domain.parallel import run_both
from activation.domain.ports import Accounts, Macs, Sessions
from activation.domain.tokens import new_id
from activation.domain.verification import (
    RequestContext,
    VerificationPorts,
    refuse_locked,
    refuse_spent,
    refuses_short_codes,
)


class Ports(NamedTuple):
    """The ports that step 2 needs."""

    verification: VerificationPorts
    accounts: Accounts
    sessions: Sessions
    codes: Macs


class Match(NamedTuple):
    """The flow, the `code_number` of the typed code, and the guesses in a row under the throttle key, with this one."""

    flow: Flow
    code_number: int
    guesses: int


def compare(
    ports: Ports,
    purpose: Purpose,
    reference: FlowReference,
    code: str,
    context: RequestContext,
    *,
    session_id: str | None = None,
) -> Match:
    """Count a guess and find the code number of the typed code. A decoy's right code is refused later, by the write.

    Raises FlowExpiredError, WrongStepError, FlowLockedError, AccountLockedError, CodeRejectedError or StaleError.
    """
    # The MAC depends only on purpose and flow id; computed in parallel, it is not used before the attempt is counted.
    flow, mac = run_both(
        partial(_spend, ports, purpose, reference, context, session_id),
        partial(ports.codes.mac, code_message(purpose, reference.flow_id)),
    )
    guesses = ports.verification.counters.count_guess(flow.throttle_key, now=context.now)
    matched = _matching(mac, code, flow.codes)
    longer_codes = guesses > context.limits.longer_codes_after or refuses_short_codes(
        ports.verification.breaker, flow.attempts - 1, now=context.now
    )
    good = matched & valid_codes(flow, longer_codes=longer_codes, now=context.now).keys()
    if not good:
        raise rejection(ports, flow, guesses, context)
    return Match(flow, max(good), guesses)


def _spend(
    ports: Ports, purpose: Purpose, reference: FlowReference, context: RequestContext, session_id: str | None
) -> Flow:
    """Spend one attempt; returns the flow after it.

    Raises FlowExpiredError, WrongStepError, FlowLockedError, AccountLockedError, or StaleError for a lost race.
    """
    if not reference.is_shown:
        flow, spent = ports.verification.flows.get(reference.flow_id), False
    else:
        flow, spent = ports.verification.flows.spend_attempt(
            reference, purpose, session_id=session_id, most=context.limits.wrong_codes_per_flow, now=context.now
        )
    flow = require_flow(flow, reference, purpose=purpose, state=FlowState.CODE_SENT, now=context.now)
    if flow.session_id != session_id:
        raise FlowExpiredError
    if not spent:
        refuse_locked(ports.verification, flow, context)
        refuse_spent(ports.verification, flow, context)
        raise StaleError
    return flow


def _matching(mac: bytes, typed: str, codes: Mapping[int, SentCode]) -> set[int]:
    """The code numbers of the typed code. All codes are made and compared: the time taken reveals nothing."""
    right = {number: code_for(mac, number=number, digits=sent.digits) for number, sent in codes.items()}
    return {number for number, code in right.items() if hmac.compare_digest(code.encode(), typed.encode())}


def rejection(ports: Ports, flow: Flow, guesses: int, context: RequestContext) -> CodeRejectedError:
    """Count a wrong code for the breaker; returns the refusal, to be raised.

    From `wrong_codes_per_person` guesses in a row on the throttle key is locked: a notice of it is then sent.
    """
    if guesses >= context.limits.wrong_codes_per_person:
        ports.verification.store.commit(
            ports.verification.outbox.put(lock_notice_for(flow, new_id(context.random), now=context.now))
        )
    ports.verification.breaker.count_wrong_code(now=context.now)
    return CodeRejectedError(flow.attempts_left(context.limits))
