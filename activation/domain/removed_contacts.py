"""Telling contacts that are held of the person no more, in the transaction that takes them away (docs/adr/0015)."""

from collections.abc import Iterable
from dataclasses import replace

from activation.domain.contacts import Contact
from activation.domain.flows import FlowReference, FlowState, Purpose, keep_former, open_flow
from activation.domain.outbox import MessageKind, former_notices_for
from activation.domain.ports import Flows, Outbox, Write
from activation.domain.tokens import hash_token, new_id, new_token
from activation.domain.verification import RequestContext


def notify_removed_contacts(
    flows: Flows,
    outbox: Outbox,
    kind: MessageKind,
    identifier: str,
    contacts: Iterable[Contact],
    *,
    context: RequestContext,
) -> list[Write]:
    """A message to each contact, at most one a channel. A finished flow that nobody holds keeps them for a day."""
    finished = replace(
        open_flow(
            FlowReference(new_id(context.random), hash_token(new_token(context.random))),
            Purpose.CONTACT,
            identifier=identifier,
            throttle_suffix="farewell",
            digits=6,
            now=context.now,
            limits=context.limits,
        ),
        state=FlowState.DONE,
    )
    carrier = keep_former(finished, contacts, now=context.now)
    notices = former_notices_for(kind, carrier, context.random, now=context.now)
    return [flows.open(carrier), *map(outbox.put, notices)] if notices else []
