"""Writes what correspondents declare: within their structures as they are now, and so that nobody is taken over.

A row of a file and a row of the form are treated alike. A contact that replaces another one, or joins it, waits a day,
and every contact known before gets a notice; the person's history says which columns changed. The result of a row
depends only on what was declared, so it never shows who has activated.
"""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from activation.domain.accounts import Status
from activation.domain.employment import RosterEntry
from activation.domain.errors import StaleError, TooManyTodayError
from activation.domain.events import Event, EventKind
from activation.domain.limits import Daily
from activation.domain.outbox import MessageKind
from activation.domain.ports import Accounts, Counters, Flows, Outbox, Store, Write
from activation.domain.removed_contacts import notify_removed_contacts
from activation.domain.roster.columns import Column, label
from activation.domain.roster.comparison import (
    ChangeKind,
    RosterChange,
    StoredPerson,
    as_declared,
    compare,
    contacts_to_tell,
    kind_written,
)
from activation.domain.roster.ports import READ_AT_ONCE, Rosters, Scopes
from activation.domain.roster.scope import Scope
from activation.domain.roster.undo import Undoing, taking_back
from activation.domain.roster.waiting import changes_contacts, quarantine_after
from activation.domain.times import day_of_rights
from activation.domain.upload_keys import Rights
from activation.domain.verification import RequestContext
from activation.imports.application import WRITERS

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports that a declaration needs."""

    store: Store
    rosters: Rosters
    flows: Flows
    outbox: Outbox
    accounts: Accounts
    counters: Counters
    scopes: Scopes


class LeftOut(StrEnum):
    """Why a row of a batch was not written."""

    OUTSIDE = "outside"
    """The person, or the structure that the row names, is not the sender's any more."""
    TOO_OFTEN = "too_often"
    """The person's contacts have changed too often today."""


class Declaration(NamedTuple):
    """The sender in whose name rows are written, the import that they are part of, and the request's context."""

    rights: Rights
    import_id: str
    context: RequestContext


def declare(ports: Ports, changes: Sequence[RosterChange], declaration: Declaration) -> Counter[ChangeKind | LeftOut]:
    """Write every change that the sender may make now; returns how many of each kind were made, or left out.

    A batch that broke off is declared again, and counts the same. Raises StaleError for a row that changed before
    each of five tries, BusyError when the tables are throttled.
    """
    counts = Counter[ChangeKind | LeftOut]()
    with ThreadPoolExecutor(WRITERS) as pool:
        for start in range(0, len(changes), READ_AT_ONCE):
            some = changes[start : start + READ_AT_ONCE]
            people = ports.rosters.stored_people([change.identifier for change in some], journals=True)
            scope = ports.scopes.of(declaration.rights.sender)
            stored = [people.get(change.identifier) for change in some]
            counts.update(pool.map(partial(_declare, ports, declaration, scope), some, stored))
    return counts


def _declare(
    ports: Ports, declaration: Declaration, scope: Scope, change: RosterChange, stored: StoredPerson | None
) -> ChangeKind | LeftOut:
    rights, today = declaration.rights, day_of_rights(declaration.context.now)
    for _ in range(_TRIES):
        if stored and stored.journal and stored.journal.import_id == declaration.import_id:
            return kind_written(change, stored.journal)
        planned = compare(change.identifier, change.entry, stored, today=today, unsaid=change.unsaid)
        is_new = rights.creates and stored is None
        if not (scope.has(planned.entry) and (rights.admits or is_new or scope.holds(stored))):
            return LeftOut.OUTSIDE
        if planned.kind is ChangeKind.UNCHANGED:
            return planned.kind
        try:
            ports.store.commit(*writes_of(ports, planned, declaration))
        except StaleError:
            stored = ports.rosters.stored_people([change.identifier], journals=True).get(change.identifier)
            scope = ports.scopes.of(rights.sender)
        except TooManyTodayError:
            return LeftOut.TOO_OFTEN
        else:
            return planned.kind
    raise StaleError


def writes_of(ports: Ports, change: RosterChange, declaration: Declaration) -> list[Write]:
    """The writes of one change, with its notices and its line in the history. `stored` was read with its journals.

    Refused: StaleError, TooManyTodayError.
    """
    identifier, stored = change.identifier, change.stored
    import_id, context, sender = declaration.import_id, declaration.context, declaration.rights.sender
    if stored is None or change.reopens:
        return [ports.rosters.take_in(change, import_id=import_id, at=context.now)]
    has_other_contacts = changes_contacts(stored.roster, change.entry)
    waits = has_other_contacts and stored.status is Status.INVITED
    quarantine = quarantine_after(stored, change.entry, import_id=import_id, now=context.now) if waits else None
    writes = [
        ports.rosters.take_in(change, import_id=import_id, at=context.now, quarantine=quarantine),
        *told_in_history(ports.accounts, identifier, stored.roster, change.entry, sender, now=context.now),
    ]
    if has_other_contacts:
        most = context.limits.contact_changes_per_day
        writes.append(ports.counters.count_today(Daily.CONTACT_CHANGES, identifier, most=most, now=context.now))
    told = contacts_to_tell(RosterChange(identifier, change.entry, as_declared(stored), change.kind))
    kind = MessageKind.ROSTER_CONTACT_CHANGED
    return [*writes, *notify_removed_contacts(ports.flows, ports.outbox, kind, identifier, told, context=context)]


def told_in_history(
    accounts: Accounts, identifier: str, before: RosterEntry, after: RosterEntry, sender: str, *, now: int
) -> list[Write]:
    """The line of the person's history: the columns that a correspondent changed, without their values.

    No write when no column changed: the mark `shared` is no column.
    """
    declared = [Column(each.name) for each in fields(RosterEntry) if each.name in set(Column)]
    changed = [label(column) for column in declared if getattr(before, column.value) != getattr(after, column.value)]
    if not changed:
        return []
    event = Event(EventKind.DECLARED_ANEW, now, agent=sender, changed=", ".join(changed))
    return [accounts.record_event(identifier, event)]


def take_back(ports: Ports, changes: Sequence[RosterChange], declaration: Declaration) -> list[Undoing]:
    """Put back what a correspondent's import replaced, for people still theirs; returns what became of each person.

    Raises StaleError for a row that changed before each of five tries.
    """
    outcomes: list[Undoing] = []
    with ThreadPoolExecutor(WRITERS) as pool:
        for start in range(0, len(changes), READ_AT_ONCE):
            some = changes[start : start + READ_AT_ONCE]
            people = ports.rosters.stored_people([change.identifier for change in some], journals=True)
            scope = ports.scopes.of(declaration.rights.sender)
            stored = [people.get(change.identifier) for change in some]
            outcomes += pool.map(partial(_take_back, ports, declaration, scope), some, stored)
    return outcomes


def _take_back(
    ports: Ports, declaration: Declaration, scope: Scope, change: RosterChange, stored: StoredPerson | None
) -> Undoing:
    sender, identifier, now = declaration.rights.sender, change.identifier, declaration.context.now
    for _ in range(_TRIES):
        outcome = taking_back(change, stored, scope, import_id=declaration.import_id, now=now)
        if outcome is not Undoing.RESTORE or stored is None or not (stored.journal and stored.journal.before):
            return outcome
        try:
            ports.store.commit(
                ports.rosters.undo(identifier, stored),
                *told_in_history(ports.accounts, identifier, stored.roster, stored.journal.before, sender, now=now),
            )
        except StaleError:
            stored = ports.rosters.stored_people([identifier], journals=True).get(identifier)
            scope = ports.scopes.of(sender)
        else:
            return outcome
    raise StaleError
