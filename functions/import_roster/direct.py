"""Rows that come without a file: judged and applied at once, a hundred at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from activation.domain.roster.columns import Column, tidy
from activation.domain.roster.comparison import ChangeKind, RosterChange, compare_row, contact_keys
from activation.domain.roster.ports import READ_AT_ONCE
from activation.domain.roster.rows import Cells, Fault, RosterRow, judge_row
from activation.domain.times import day_of
from activation.domain.verification import RequestContext
from functions.import_roster.application import Ports, apply_batch
from functions.import_roster.batches import Batch, StructureChange


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many people there are of each kind of change, and the faults of the rows that were refused."""

    counts: Mapping[ChangeKind, int]
    faults: list[Fault]


def take_in(ports: Ports, rows: Sequence[Any], *, import_id: str, context: RequestContext) -> TakenIn:
    """Take rows in by the template's column names; a column that is not there is empty. Rows count from 0."""
    judged = [judge_row(number, cells) if cells else _no_row(number) for number, cells in enumerate(map(_cells, rows))]
    good = [row for row in judged if isinstance(row, RosterRow)]
    contacts = Counter(key for _, key in {(row.identifier, key) for row in good for key in contact_keys(row.entry)})
    shared = {key for key, times in contacts.items() if times > 1}
    counts: Counter[ChangeKind] = Counter()
    for start in range(0, len(good), READ_AT_ONCE):
        some = good[start : start + READ_AT_ONCE]
        changes = _compare(ports, some, shared, context)
        counts.update(change.kind for change in changes if change.kind is ChangeKind.UNCHANGED)
        changed = [change for change in changes if change.kind is not ChangeKind.UNCHANGED]
        batch = Batch(changed, _structures(ports, some))
        counts.update(apply_batch(ports, batch, import_id=import_id, context=context))
    return TakenIn(counts, [fault for row in judged if not isinstance(row, RosterRow) for fault in row])


def _compare(ports: Ports, rows: Sequence[RosterRow], shared: set[str], context: RequestContext) -> list[RosterChange]:
    stored, today = ports.rosters.stored_people(sorted({row.identifier for row in rows})), day_of(context.now)
    return [compare_row(row, stored.get(row.identifier), today=today, shared=shared) for row in rows]


def _structures(ports: Ports, rows: Sequence[RosterRow]) -> list[StructureChange]:
    said = {row.structure.structure_id: row.structure for row in rows}
    stored = ports.rosters.stored_structures(sorted(said))
    before = {name: of_it.structure for name, of_it in stored.items()}
    return [
        StructureChange(structure, before.get(name))
        for name, structure in said.items()
        if before.get(name) != structure
    ]


def _cells(row: Any) -> Cells | None:
    if not isinstance(row, Mapping):
        return None
    return {column: _text(row.get(column.value, "")) for column in Column}


def _text(value: object) -> str:
    """The cell; what is no text is as good as empty."""
    return tidy(value) if isinstance(value, str) else ""


def _no_row(number: int) -> list[Fault]:
    return [Fault(number, None, "ce n'est pas une ligne")]
