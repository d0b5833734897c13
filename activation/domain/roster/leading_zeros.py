"""Identifiers that differ only in the zeros before them: a spreadsheet erased some, in this file or in a former one."""

from collections.abc import Mapping

from activation.domain.accounts import Status
from activation.domain.names import fold_name
from activation.domain.roster.columns import Column
from activation.domain.roster.comparison import StoredPerson
from activation.domain.roster.person_names import read_names
from activation.domain.roster.values import Cells

_MOST_DIGITS = 10
"""The longest identifier that is looked for. Each further length costs a read of the table for newcomers."""

_LOST = "connu avec des zéros devant, que le tableur a effacés : colonne en texte"
_FEWER = "connu avec moins de zéros devant : écrivez-le de même, ou faites d'abord sortir l'autre"
_TWICE = "le fichier a aussi cet identifiant avec d'autres zéros devant : n'en gardez qu'un"


def with_other_zeros(identifier: str, whole_digits: int) -> list[str]:
    """The other identifiers that this one may stand for, with more or fewer zeros before it.

    `whole_digits`: the length of the file's longest identifier that begins with a zero, 0 if none does. If one does,
    its column is text, and no identifier was longer: then no longer ones are looked for.
    """
    short = identifier.lstrip("0") or identifier[-1:]
    longest = (whole_digits or _MOST_DIGITS) if short else 0
    return [short.zfill(digits) for digits in range(len(short), longest + 1) if digits != len(identifier)]


def fault_of_zeros(
    cells: Cells,
    people: Mapping[str, StoredPerson],
    whole_digits: int,
    *,
    is_twice: bool = False,
    is_stored: bool = False,
) -> str:
    """Why the row may be of somebody whose identifier has other zeros, in French; empty if it surely is not.

    It may be if that person is of its structure, or of its last name. With `is_stored` the identifier as written is
    somebody's too: then the person must be of its structure and of its last name. `is_twice`: the identifier is a
    newcomer's, and the file has it with other zeros too.
    """
    identifier = cells[Column.IDENTIFIER]
    others = [
        other
        for other in with_other_zeros(identifier, whole_digits)
        if other in people and (other.endswith(identifier) or people[other].status is not Status.CLOSED)
    ]
    if not others:
        return _TWICE if is_twice else ""
    names = read_names(cells).cells
    written = _folded(names.get(Column.LAST_NAME), names.get(Column.USAGE_NAME))
    enough = all if is_stored else any
    for person in (people[other] for other in reversed(others)):
        if enough(
            (
                person.roster.structure_id == cells.get(Column.STRUCTURE_ID),
                not written.isdisjoint(_folded(person.roster.last_name, person.roster.usage_name)),
            )
        ):
            return _LOST if others[-1].endswith(identifier) else _FEWER
    return ""


def _folded(*names: str | None) -> set[str]:
    return set(filter(None, map(fold_name, filter(None, names))))
