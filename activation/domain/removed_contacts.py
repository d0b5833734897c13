"""Notices to contacts that a change or a closing takes away, written in its transaction (docs/adr/0015)."""

from collections.abc import Iterable
from dataclasses import replace

from activation.domain.contacts import Contact
from activation.domain.flows import FlowReference, FlowState, Purpose, open_flow, with_notified
from activation.domain.outbox import MessageKind, notices_to_notified
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
    structure_id: str | None = None,
) -> list[Write]:
    """The writes of a notice to each contact, at most one a channel. A finished flow stores the contacts for a day."""
    finished = replace(
        open_flow(
            FlowReference(new_id(context.random), hash_token(new_token(context.random))),
            Purpose.CONTACT,
            identifier=identifier,
            throttle_suffix="removed",
            digits=6,
            now=context.now,
            limits=context.limits,
        ),
        state=FlowState.DONE,
    )
    carrier = with_notified(finished, contacts, now=context.now)
    notices = notices_to_notified(kind, carrier, context.random, now=context.now, structure_id=structure_id)
    return [flows.open(carrier), *map(outbox.put, notices)] if notices else []
