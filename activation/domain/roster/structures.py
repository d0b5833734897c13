"""The structures that the rows of a file describe, where rows of one structure differ."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from heapq import nlargest

from activation.domain.contacts import contact_key
from activation.domain.employment import Structure
from activation.domain.names import fold_name
from activation.domain.roster.columns import Column
from activation.domain.roster.rows import STRUCTURE_FIELDS, Remark
from activation.domain.roster.words import count_of

MOST_SPELLINGS = 3
"""The most other spellings of a code that `likely_spellings` gives."""

_BETWEEN = re.compile(r"[\s-]+")
_USUAL_DIGITS = 4
_MOST_COMPARED = 50
"""The most variants of one structure, those of most rows, that are compared with one another."""


@dataclass(frozen=True, slots=True)
class StructureVariant:
    """A structure as `rows` rows of the file have it, the first of which is `first`."""

    structure: Structure = field(repr=False)
    rows: int
    first: int


def most_frequent(variants: Sequence[StructureVariant], stored: Structure | None) -> Structure:
    """The structure as most of its rows have it; without a majority as it is stored, or else as it comes first.

    An empty cell is no vote: an empty field is taken from the rows that fill it, and a row counts for every variant
    that it doesn't contradict.
    """
    leading = _leading(variants)
    if len(leading) > 1 and stored:
        return stored
    taken = min(leading, key=lambda variant: variant.first).structure
    empty = [name for name in STRUCTURE_FIELDS.values() if not getattr(taken, name)]
    return replace(taken, **{name: _most_said(variants, name) for name in empty})


def _leading(variants: Sequence[StructureVariant]) -> list[StructureVariant]:
    """The variants that most rows support."""
    candidates = nlargest(_MOST_COMPARED, variants, key=lambda variant: variant.rows)
    support = [
        sum(other.rows for other in candidates if _agrees(other.structure, variant.structure)) for variant in candidates
    ]
    return [variant for variant, rows in zip(candidates, support, strict=True) if rows == max(support)]


def _agrees(part: Structure, whole: Structure) -> bool:
    return all(getattr(part, name) in ("", getattr(whole, name)) for name in STRUCTURE_FIELDS.values())


def _most_said(variants: Sequence[StructureVariant], name: str) -> str:
    said = [variant for variant in variants if getattr(variant.structure, name)]
    most = max(said, key=lambda variant: (variant.rows, -variant.first), default=None)
    return str(getattr(most.structure, name)) if most else ""


def disagreements(variants: Sequence[StructureVariant], taken: Structure, stored: Structure | None) -> Iterator[Remark]:
    """A remark for each variant that differs from the structure that is taken, on its first row."""
    is_undecided = taken == stored and len(_leading(variants)) > 1
    for variant in variants:
        for column, name in STRUCTURE_FIELDS.items():
            if getattr(variant.structure, name) not in ("", getattr(taken, name)):
                rows = count_of(variant.rows, "ligne le dit", "lignes le disent")
                text = f"la structure a ici autre chose qu'ailleurs, et ce n'est pas repris ({rows})"
                undecided = "les lignes se contredisent sur la structure : ce qui était connu reste"
                yield Remark(variant.first, column, undecided if is_undecided else text)


def changes_of(before: Structure | None, taken: Structure, row: int) -> Iterator[Remark]:
    """A remark for each column in which a known structure changes; `row`: its first row."""
    if before is None:
        return
    for column, name in STRUCTURE_FIELDS.items():
        had, has = getattr(before, name), getattr(taken, name)
        if had != has:
            what = "le nom" if column is Column.STRUCTURE_NAME else "le correspondant"
            became = "est effacé" if not has else "change" if had else "est nouveau"
            yield Remark(row, column, f"{what} de la structure {taken.structure_id} {became}")


def likely_spellings(structure_id: str) -> set[str]:
    """Other ways in which a code is written: in capitals, without spaces, with its zeros or without."""
    plain = _BETWEEN.sub("", structure_id).upper()
    short = plain.lstrip("0")
    return {plain, short, short.zfill(_USUAL_DIGITS) if short.isdecimal() else plain} - {structure_id, ""}


def known_otherwise(variant: StructureVariant, stored: Container[str]) -> Iterator[Remark]:
    """A remark on a new code that looks like a known one, spelt otherwise."""
    if any(spelling in stored for spelling in likely_spellings(variant.structure.structure_id)):
        text = "ce code ressemble à celui d'une structure connue : si c'est la même, écrivez-le de la même façon"
        yield Remark(variant.first, Column.STRUCTURE_ID, text)


def spelling_key(structure_id: str) -> str:
    """A key that is the same for `M0001`, `m 0001` and `M-0001`, and for `0974` and `974`."""
    return fold_name(structure_id).lstrip("0")


def written_twice(previous: StructureVariant | None, variant: StructureVariant) -> Iterator[Remark]:
    """A remark on the later of two codes, if both seem to be one code in two spellings."""
    if previous and spelling_key(previous.structure.structure_id) == spelling_key(variant.structure.structure_id):
        first, later = sorted((previous.first, variant.first))
        text = f"ce code est écrit autrement ligne {first} : si c'est la même structure, écrivez-le de la même façon"
        yield Remark(later, Column.STRUCTURE_ID, text)


def standing_mail(structure: Structure, before: Structure | None) -> str:
    """The contact key of the correspondent's mail if the mail stood before the file, however it is written; else empty.

    When the correspondents of a file are invited at once, only such mails get an invitation.
    """
    key = contact_key(structure.correspondent_email)
    return key if before and key == contact_key(before.correspondent_email) else ""
