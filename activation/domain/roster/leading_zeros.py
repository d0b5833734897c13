"""Identifiers whose leading zeros a spreadsheet has erased: found by who is stored, not only by their neighbours."""

from collections.abc import Mapping

from activation.domain.names import fold_name
from activation.domain.roster.columns import Column
from activation.domain.roster.comparison import StoredPerson
from activation.domain.roster.person_names import read_names
from activation.domain.roster.values import Cells

_MOST_DIGITS = 10
"""The longest identifier that is looked for. Each length more costs a read of the table for newcomers."""


def padded(identifier: str, whole_digits: int) -> list[str]:
    """What the identifier may have been with zeros before it; nothing for one that still has a zero there.

    `whole_digits`: the length of the file's longest identifier that begins with a zero, 0 where none does. Where one
    does, its column is text, and no identifier was longer: a whole file asks for nothing more.
    """
    if not identifier or identifier.startswith("0"):
        return []
    return [identifier.zfill(digits) for digits in range(len(identifier) + 1, (whole_digits or _MOST_DIGITS) + 1)]


def has_lost_zeros(
    cells: Cells, people: Mapping[str, StoredPerson], whole_digits: int, *, is_known: bool = False
) -> bool:
    """Whether with zeros before it the row's identifier is somebody's of its structure, or of its last name.

    With `is_known` the identifier is also somebody's as it is written: then of its structure and of its last name.
    """
    known = [people[longer] for longer in padded(cells[Column.IDENTIFIER], whole_digits) if longer in people]
    if not known:
        return False
    names = read_names(cells).cells
    written = _folded(names.get(Column.LAST_NAME, ""), names.get(Column.USAGE_NAME, ""))
    enough = all if is_known else any
    return any(
        enough(
            (
                person.roster.structure_id == cells.get(Column.STRUCTURE_ID),
                not written.isdisjoint(_folded(person.roster.last_name, person.roster.usage_name)),
            )
        )
        for person in known
    )


def _folded(*names: str) -> set[str]:
    return set(map(fold_name, names)) - {""}
