"""What the rows of a file say of one structure, where they do not say the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from activation.domain.employment import Structure
from activation.domain.names import fold_name
from activation.domain.roster.columns import Column
from activation.domain.roster.rows import STRUCTURE_FIELDS, Remark
from activation.domain.roster.words import count_of


@dataclass(frozen=True, slots=True)
class Saying:
    """A structure as `rows` rows of the file have it, the first of which is `first`."""

    structure: Structure = field(repr=False)
    rows: int
    first: int


def most_said(sayings: Sequence[Saying], stored: Structure | None) -> Structure:
    """The structure as most of its rows have it; as it is stored, or else as it is said first, where none has most."""
    most = max(saying.rows for saying in sayings)
    leading = [saying for saying in sayings if saying.rows == most]
    if len(leading) > 1 and stored:
        return stored
    return min(leading, key=lambda saying: saying.first).structure


def disagreements(sayings: Sequence[Saying], taken: Structure) -> Iterator[Remark]:
    """A remark for each way in which rows differ from what is taken, on the first of these rows."""
    for saying in sayings:
        for column, name in STRUCTURE_FIELDS.items():
            if getattr(saying.structure, name) != getattr(taken, name):
                rows = count_of(saying.rows, "ligne le dit", "lignes le disent")
                text = f"la structure a ici autre chose qu'ailleurs, et ce n'est pas repris ({rows})"
                yield Remark(saying.first, column, text)


def spelling_key(structure_id: str) -> str:
    """A key that is the same for `M0001`, `m 0001` and `M-0001`, and for `0974` and `974`."""
    return fold_name(structure_id).lstrip("0")


def written_twice(before: Saying | None, saying: Saying) -> Iterator[Remark]:
    """A remark on the later of two codes, if both are one code spelt in two ways."""
    if before and spelling_key(before.structure.structure_id) == spelling_key(saying.structure.structure_id):
        first, later = sorted((before.first, saying.first))
        text = f"ce code est écrit autrement ligne {first} : si c'est la même structure, écrivez-le de la même façon"
        yield Remark(later, Column.STRUCTURE_ID, text)
