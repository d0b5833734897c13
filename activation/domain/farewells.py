"""Telling contacts that are held of the person no more, in the transaction that takes them away (docs/adr/0025)."""

from collections.abc import Iterable
from dataclasses import replace

from activation.domain.contacts import Contact
from activation.domain.flows import FlowReference, FlowState, Purpose, keep_former, open_flow
from activation.domain.outbox import MessageKind, former_notices_for
from activation.domain.ports import Flows, Outbox, Write
from activation.domain.proofs import Clock
from activation.domain.tokens import hash_token, new_id, new_token


def farewell(
    flows: Flows, outbox: Outbox, kind: MessageKind, identifier: str, contacts: Iterable[Contact], *, clock: Clock
) -> list[Write]:
    """A message to each contact, at most one a channel. A finished flow that nobody holds keeps them for a day."""
    finished = replace(
        open_flow(
            FlowReference(new_id(clock.random), hash_token(new_token(clock.random))),
            Purpose.CONTACT,
            identifier=identifier,
            third="farewell",
            digits=6,
            now=clock.now,
            limits=clock.limits,
        ),
        state=FlowState.DONE,
    )
    carrier = keep_former(finished, contacts, now=clock.now)
    notices = former_notices_for(kind, carrier, clock.random, now=clock.now)
    return [flows.open(carrier), *map(outbox.put, notices)] if notices else []
