"""One row that a correspondent types: judged, compared, written and notified like a row of a roster."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from activation.domain.errors import NotConfirmedError, OutdatedVersionError, PersonNotFoundError
from activation.domain.limits import CONFIRMED_ROWS_PER_DAY, Daily
from activation.domain.plain_text import plain_text
from activation.domain.ports import Write
from activation.domain.roster.columns import Column
from activation.domain.roster.comparison import (
    ChangeKind,
    RosterChange,
    as_declared,
    compare,
    compare_row,
    contact_keys,
    renames,
)
from activation.domain.roster.declared import version_of
from activation.domain.roster.given import given_key, given_to_others
from activation.domain.roster.mojibake import repair
from activation.domain.roster.ports import GivenContacts
from activation.domain.roster.remarks import remarks_on
from activation.domain.roster.rows import STRUCTURE_FIELDS, Fault, Remark, judge_row
from activation.domain.roster.values import Cells, with_digits
from activation.domain.times import day_of_rights
from activation.domain.upload_keys import Rights, UploadPaths
from activation.domain.uploads import Confirmation, new_upload_id
from activation.domain.verification import RequestContext, retry_when_stale
from activation.imports.declaration import Declaration, writes_of
from activation.imports.declaration import Ports as DeclarationPorts
from activation.imports.senders import NOT_YOURS

_ROW = 1


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports that a row needs."""

    declaration: DeclarationPorts
    given: GivenContacts


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row that a correspondent typed for one person, after reading the row in `version` (see `version_of`).

    `cells`: by column, as typed; a missing column changes nothing, and columns of the structure and its correspondent
    are ignored. `confirmed`: the words of `Confirmation` that the correspondent gave.
    """

    identifier: str
    version: str
    cells: Mapping[Column, str] = field(repr=False)
    confirmed: Collection[str] = ()


class TakenRow(NamedTuple):
    """The result of a row, the same whether or not the person has an account."""

    outcome: ChangeKind
    remarks: tuple[Remark, ...] = ()


def take_in_row(
    ports: Ports,
    sender: str,
    row: TypedRow,
    *,
    context: RequestContext,
    extra_writes: Callable[[], Sequence[Write]] = tuple,
) -> TakenRow | list[Fault]:
    """Change what is declared of one person of the sender's structures; or returns the faults of the cells.

    `extra_writes` are of the same transaction; they are made for each try, and for a row that changes something. Raises
    PersonNotFoundError, alike for somebody unknown, elsewhere or closed: a row creates nobody. Raises
    OutdatedVersionError when the row has changed since it was read, NotConfirmedError for a departure or other names
    without their word, TooManyTodayError at the day's limit of the person's contact changes or of the sender's
    confirmed rows, and what `extra_writes` are refused with.
    """
    return retry_when_stale(lambda: _take_in(ports, sender, row, context, extra_writes))


def _take_in(
    ports: Ports,
    sender: str,
    row: TypedRow,
    context: RequestContext,
    extra_writes: Callable[[], Sequence[Write]],
) -> TakenRow | list[Fault]:
    rosters, scopes, today = ports.declaration.rosters, ports.declaration.scopes, day_of_rights(context.now)
    scope = scopes.of(sender)
    stored = rosters.stored_people([row.identifier], journals=True).get(row.identifier)
    if stored is None or not scope.holds(stored):
        raise PersonNotFoundError
    known, current = as_declared(stored), version_of(stored.roster)
    if row.version != current:
        raise OutdatedVersionError(current)
    cells = _cells(row)
    structure_id = cells.get(Column.STRUCTURE_ID) or stored.roster.structure_id
    if structure_id not in scope.structures:
        return [Fault(_ROW, Column.STRUCTURE_ID, NOT_YOURS)]
    linked = scope.structures[structure_id]
    judged = judge_row(_ROW, cells, stored=stored.roster, stored_structure=linked.structure)
    if isinstance(judged, list):
        return judged
    keys = contact_keys(judged.entry)
    given = given_to_others(sender, ports.given.of(sender), keys, row.identifier)
    read_by_others = given | (keys & scopes.contacts_of(linked))
    seen = compare_row(judged, known, today=today, shared=read_by_others)
    if seen.kind is ChangeKind.UNCHANGED:
        return TakenRow(seen.kind)
    to_confirm = _to_confirm(seen)
    if to_confirm - set(row.confirmed):
        raise NotConfirmedError
    change = compare(row.identifier, seen.entry, stored, today=today)
    import_id = UploadPaths(sender, new_upload_id(context.random, now=context.now)).import_id
    counters = ports.declaration.counters
    ports.declaration.store.commit(
        *writes_of(ports.declaration, change, Declaration(Rights(sender), import_id, context)),
        *(
            ports.given.give(sender, given_key(sender, key), row.identifier, is_shared=key in given, now=context.now)
            for key in sorted(keys - contact_keys(stored.roster))
        ),
        *(
            [counters.count_today(Daily.CONFIRMED_ROWS, sender, most=CONFIRMED_ROWS_PER_DAY, now=context.now)]
            if to_confirm
            else []
        ),
        *extra_writes(),
    )
    return TakenRow(seen.kind, tuple(remarks_on(judged, seen, (), read_by_others=read_by_others)))


def _cells(row: TypedRow) -> Cells:
    """The cells that count, read like those of a file."""
    typed = {column: plain_text(repair(text)) for column, text in row.cells.items() if column not in STRUCTURE_FIELDS}
    cells = with_digits({**typed, Column.IDENTIFIER: row.identifier})
    return {column: text for column, text in cells.items() if text or column is not Column.STRUCTURE_ID}


def _to_confirm(change: RosterChange) -> set[str]:
    """The words that the change needs: a single row always needs them, a file only for many of a structure's people."""
    words = {
        Confirmation.DEPARTURES: change.kind is ChangeKind.LEFT,
        Confirmation.RENAMINGS: renames(change),
    }
    return {word for word, waits in words.items() if waits}
