"""Step 1 opens a flow. It reads no account, so its answer cannot show whether a person exists (docs/adr/0002)."""

from activation.domain.flows import Flow, FlowReference, Purpose
from activation.domain.names import fold_last_name
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
    """Open a flow for this identifier and last name; the worker sends its code later, if they are somebody's.

    The start is counted under the throttle key and under the visitor's IP address.

    Raises AccountLockedError, TooManyRequestsError or TooManyCodesError, for known and unknown people alike.
    """
    request = CodeRequest(purpose, identifier, fold_last_name(last_name))
    return start_verification(
        ports,
        request,
        reference,
        context,
        extra_writes=lambda: [ports.counters.count_address(address, now=context.now)],
    )


def resend(ports: VerificationPorts, *, purpose: Purpose, reference: FlowReference, context: RequestContext) -> Flow:
    """Send the code of the browser's flow again. Raises what `resend_code` raises."""
    return resend_code(ports, reference, purpose, context)
