"""Step 1 asks nothing and tells nothing: it reads no account, so it cannot know whom it answers (docs/adr/0002)."""

from activation.domain.flows import Flow, FlowReference, Purpose
from activation.domain.names import fold_name
from activation.domain.verification import (
    CodeRequest,
    OpenedFlow,
    RequestContext,
    VerificationPorts,
    resend_code,
    start_verification,
)


def start(
    ports: VerificationPorts,
    *,
    purpose: Purpose,
    identifier: str,
    last_name: str,
    reference: FlowReference | None,
    address: str,
    context: RequestContext,
) -> OpenedFlow:
    """Open a flow for that pair, counted against the pair and the visitor's address; its code follows, or not.

    Raises AccountLockedError, TooManyRequestsError or TooManyCodesError, for known and unknown people alike.
    """
    request = CodeRequest(purpose, identifier, fold_name(last_name))
    return start_verification(
        ports,
        request,
        reference,
        context,
        extra_writes=lambda: [ports.counters.count_address(address, now=context.now)],
    )


def resend(ports: VerificationPorts, *, purpose: Purpose, reference: FlowReference, context: RequestContext) -> Flow:
    """Send the code again; raises what `resend_code` raises."""
    return resend_code(ports, reference, purpose, context)
