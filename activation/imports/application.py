"""Applies a batch: one conditional write for each row, so that a batch that broke off can be applied again."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from activation.domain.correspondents import answers_for
from activation.domain.errors import StaleError
from activation.domain.events import Event, EventKind
from activation.domain.links import LinkPorts, link_ended_notices, save_link, with_link_suspended
from activation.domain.outbox import MessageKind
from activation.domain.ports import Accounts, Flows, Links, Outbox, Store, Write
from activation.domain.removed_contacts import notify_removed_contacts
from activation.domain.roster.comparison import (
    ChangeKind,
    RosterChange,
    compare,
    contacts_to_tell,
    kind_written,
)
from activation.domain.roster.ports import Rosters
from activation.domain.times import day_of_rights
from activation.domain.verification import RequestContext, retry_when_stale
from activation.imports.batches import Batch, StructureChange

WRITERS = 4
"""How many rows are written in parallel."""

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports that applying needs."""

    store: Store
    rosters: Rosters
    flows: Flows
    outbox: Outbox
    accounts: Accounts
    links: Links

    @property
    def of_links(self) -> LinkPorts:
        """The ports that a link is written with."""
        return LinkPorts(self.accounts, self.links)


def apply_batch(ports: Ports, batch: Batch, *, import_id: str, context: RequestContext) -> Counter[ChangeKind]:
    """Write every change; returns how many of each kind this import made, now or in an earlier run that broke off.

    Raises StaleError for a row that changed before each of five tries, BusyError when the tables are throttled.
    """
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda change: _apply_structure(ports, change, import_id, context), batch.structures))
        return Counter(pool.map(lambda change: _apply(ports, change, import_id, context), batch.people))


def _apply(ports: Ports, change: RosterChange, import_id: str, context: RequestContext) -> ChangeKind:
    planned = change
    for _ in range(_TRIES):
        if planned.kind is ChangeKind.UNCHANGED:
            return planned.kind
        try:
            _write(ports, planned, import_id, context)
        except StaleError:
            stored = ports.rosters.stored_people([change.identifier], journals=True).get(change.identifier)
            if stored and stored.journal and stored.journal.import_id == import_id:
                return kind_written(change, stored.journal)
            planned = compare(
                change.identifier, change.entry, stored, today=day_of_rights(context.now), unsaid=change.unsaid
            )
        else:
            return planned.kind
    raise StaleError


def _write(ports: Ports, change: RosterChange, import_id: str, context: RequestContext) -> None:
    taken = ports.rosters.take_in(change, import_id=import_id, at=context.now)
    kind, told = MessageKind.ROSTER_CONTACT_CHANGED, contacts_to_tell(change)
    _commit(
        ports,
        taken,
        *notify_removed_contacts(ports.flows, ports.outbox, kind, change.identifier, told, context=context),
    )


def _commit(ports: Ports, write: Write, *more: Write) -> None:
    if more:
        ports.store.commit(write, *more)
    else:
        ports.rosters.carry_out(write)


def _apply_structure(ports: Ports, change: StructureChange, import_id: str, context: RequestContext) -> None:
    """Write the structure, then end the links of the correspondents that it replaces; a second run ends them again."""
    _write_structure(ports, change, import_id, context)
    for identifier in change.replaced:
        retry_when_stale(partial(_end_link, ports, identifier, change.structure.structure_id, context))


def _end_link(ports: Ports, identifier: str, structure_id: str, context: RequestContext) -> None:
    account, structure = ports.accounts.get(identifier), ports.links.structures([structure_id])[structure_id]
    if account is None or not answers_for(account, structure):
        return
    after = with_link_suspended(account, structure, now=context.now)
    event = Event(EventKind.LINK_REPLACED, context.now)
    ports.store.commit(
        *save_link(ports.of_links, (account, structure), after),
        ports.accounts.record_event(identifier, event),
        *link_ended_notices(ports.flows, ports.outbox, account, after, context=context),
    )


def _write_structure(ports: Ports, change: StructureChange, import_id: str, context: RequestContext) -> None:
    planned = change
    for _ in range(_TRIES):
        structure = planned.structure
        try:
            ports.rosters.carry_out(
                ports.rosters.take_in_structure(structure, planned.before, import_id=import_id, at=context.now)
            )
        except StaleError:
            stored = ports.rosters.stored_structures([structure.structure_id]).get(structure.structure_id)
            planned = change.after(stored.structure if stored else None)
            if stored and (stored.import_id == import_id or stored.structure == planned.structure):
                return
        else:
            return
    raise StaleError
