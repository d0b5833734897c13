"""What the rows of a file say of one structure, where they do not say the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from activation.domain.employment import Structure
from activation.domain.names import fold_name
from activation.domain.roster.columns import Column
from activation.domain.roster.rows import STRUCTURE_FIELDS, Remark
from activation.domain.roster.words import count_of


@dataclass(frozen=True, slots=True)
class StructureVariant:
    """A structure as `rows` rows of the file have it, the first of which is `first`."""

    structure: Structure = field(repr=False)
    rows: int
    first: int


def most_frequent(variants: Sequence[StructureVariant], stored: Structure | None) -> Structure:
    """The structure as most of its rows have it; as it is stored, or else as it comes first, where none has most."""
    most = max(variant.rows for variant in variants)
    leading = [variant for variant in variants if variant.rows == most]
    if len(leading) > 1 and stored:
        return stored
    return min(leading, key=lambda variant: variant.first).structure


def disagreements(variants: Sequence[StructureVariant], taken: Structure) -> Iterator[Remark]:
    """A remark for each way in which rows differ from what is taken, on the first of these rows."""
    for variant in variants:
        for column, name in STRUCTURE_FIELDS.items():
            if getattr(variant.structure, name) != getattr(taken, name):
                rows = count_of(variant.rows, "ligne le dit", "lignes le disent")
                text = f"la structure a ici autre chose qu'ailleurs, et ce n'est pas repris ({rows})"
                yield Remark(variant.first, column, text)


def spelling_key(structure_id: str) -> str:
    """A key that is the same for `M0001`, `m 0001` and `M-0001`, and for `0974` and `974`."""
    return fold_name(structure_id).lstrip("0")


def written_twice(previous: StructureVariant | None, variant: StructureVariant) -> Iterator[Remark]:
    """A remark on the later of two codes, if both are one code spelt in two ways."""
    if previous and spelling_key(previous.structure.structure_id) == spelling_key(variant.structure.structure_id):
        first, later = sorted((previous.first, variant.first))
        text = f"ce code est écrit autrement ligne {first} : si c'est la même structure, écrivez-le de la même façon"
        yield Remark(later, Column.STRUCTURE_ID, text)
