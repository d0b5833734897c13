"""Step 1 asks nothing and tells nothing: it reads no account, so it cannot know whom it answers (docs/adr/0002)."""

from activation.domain.flows import Flow, FlowReference, Purpose
from activation.domain.names import fold_name
from activation.domain.proofs import Clock, Opened, ProofPorts, Request, resend_code, start_proof


def start(
    ports: ProofPorts,
    *,
    purpose: Purpose,
    identifier: str,
    last_name: str,
    held: FlowReference | None,
    address: str,
    clock: Clock,
) -> Opened:
    """Open a flow for that pair, counted against the pair and the visitor's address; its code follows, or not.

    Raises AccountLockedError, TooManyRequestsError or TooManyCodesError, for known and unknown people alike.
    """
    request = Request(purpose, identifier, fold_name(last_name))
    return start_proof(ports, request, held, clock, also=lambda: [ports.counters.count_address(address, now=clock.now)])


def resend(ports: ProofPorts, *, purpose: Purpose, held: FlowReference, clock: Clock) -> Flow:
    """Send the code again; raises what `resend_code` raises."""
    return resend_code(ports, held, purpose, clock)
