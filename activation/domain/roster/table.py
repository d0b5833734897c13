"""The rows below the header of a table, and their cells as text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from activation.domain.names import fold_letters
from activation.domain.plain_text import plain_text
from activation.domain.roster.columns import Column, FileHeader, Header, known_columns
from activation.domain.roster.mojibake import repair
from activation.domain.roster.values import Cells, digits_in, is_identifier, with_digits

NumberedRow = tuple[int, Sequence[str]]
"""The number that the spreadsheet shows for a row, and the row."""

_TOTAL = re.compile(r"(sous[- ])?tota(l|ux)\b|(nombre|nb|nbre|effectifs?|somme)\b")
_MOST_CELLS_OF_A_TOTAL = 2


def rows_below(header: FileHeader[Any], rows: Iterable[Sequence[str]]) -> Iterator[NumberedRow]:
    """The rows below the header that have anything to see.

    `rows` are all rows of the table, the header and what stands above it among them.
    """
    for number, row in enumerate(rows, 1):
        text = "".join(row).strip()
        if number > header.row and text and (text.isascii() or plain_text(text)):
            yield number, row


def cells_of(header: Header, row: Sequence[str]) -> Cells | None:
    """The row's cells by column, each as `cell_of` reads it; None when it has more than the header."""
    if any(row[header.width :]):
        return None
    return with_digits({column: _text_at(row, place) for column, place in header.places.items()})


def cell_of(header: Header, row: Sequence[str], column: Column) -> str:
    """One cell in plain text, its letters repaired and its digits read; empty where the row has none."""
    return digits_in(column, _text_at(row, header.places.get(column, len(row))))


def _text_at(row: Sequence[str], place: int) -> str:
    """The cell's plain text; empty where the row is too short, as spreadsheets leave out empty cells at its end."""
    return plain_text(repair(row[place])) if place < len(row) else ""


def left_aside(header: Header, row: Sequence[str]) -> str:
    """The French words for a row that is about no person, such as a line of totals; empty for any other."""
    if is_total(header, row):
        return "ligne de total"
    if not is_identifier(cell_of(header, row, Column.IDENTIFIER)) and known_columns(row):
        return "ligne de titres répétée"
    return ""


def is_total(header: Header, row: Sequence[str]) -> bool:
    """Whether the row counts the others: `Total`, `Nombre d'agents : 34`; not the row of somebody called Total."""
    names_somebody = cell_of(header, row, Column.LAST_NAME) and is_identifier(cell_of(header, row, Column.IDENTIFIER))
    return not names_somebody and counts_others(row)


def counts_others(row: Sequence[str]) -> bool:
    """Whether a row that is not blank has one or two filled cells, the first beginning with a word for a total."""
    if len(row) - row.count("") > _MOST_CELLS_OF_A_TOTAL:
        return False
    return bool(_TOTAL.match(fold_letters(plain_text(next(filter(str.strip, row))))))
