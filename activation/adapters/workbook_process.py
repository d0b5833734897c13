"""The process that reads one workbook: from its standard input, to its sheet's name and rows on its standard output.

Its status is 0, or a `WorkbookFault`. Only this module imports calamine, which a file of two kilobytes can crash:
calamine keeps a place for every cell between the first and the last one (tafia/calamine#693).
"""

import csv
import io
import os
import resource
import sys
from collections.abc import Iterator, Mapping
from enum import IntEnum
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from activation.adapters.workbook_parts import copy_parts
from activation.adapters.xls_cells import XlsCells, cells_of_xls
from activation.domain.roster.columns import HEADER_ROWS, known_columns
from activation.domain.roster.files import CELL_SEPARATOR, KnownColumns
from activation.domain.roster.state_columns import VOCABULARIES
from activation.domain.roster.workbooks import (
    MOST_COLUMNS,
    MOST_ROWS,
    WorkbookFault,
    WorkbookRefusedError,
    cell_text,
    headers_row,
)

MOST_MEMORY = 1 << 30
"""Bytes of address space: the function has 1.7 GB, and the process that waits for this one needs a tenth of them."""

MOST_CPU_SECONDS = 60
MOST_WRITTEN = 150_000_000
"""Bytes of each file that the process writes: a copy of the workbook's parts, and its text."""

_ZIP = b"PK"
_MOST_SHOWN = 60
"""The most characters of a sheet's name that are shown."""


class _Fitness(IntEnum):
    """How well a sheet fits what the process looks for: a sheet with the headers."""

    EMPTY = 0
    FILLED = 1
    HEADERS = 2
    ROSTER = 3


def main() -> None:
    """Read standard input, with the vocabulary that the command names, and end the process with the status."""
    _limit()
    try:
        convert(sys.stdin.buffer, sys.stdout.buffer, VOCABULARIES[sys.argv[1]].known_columns)
        status = 0
    except WorkbookRefusedError as refused:
        status = refused.fault
    except BaseException:  # noqa: BLE001  # a panic of calamine's is no Exception
        status = WorkbookFault.UNREADABLE
    os._exit(status)  # whatever state the workbook left behind is not cleaned up


def _limit() -> None:
    limits = {
        resource.RLIMIT_AS: MOST_MEMORY,
        resource.RLIMIT_CPU: MOST_CPU_SECONDS,
        resource.RLIMIT_FSIZE: MOST_WRITTEN,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        resource.setrlimit(kind, (most, most))


def convert(source: BinaryIO, target: BinaryIO, known: KnownColumns = known_columns) -> None:
    """Read a workbook, and write its sheet's name on a line, empty if no other is visible; then the rows.

    Raises WorkbookRefusedError, or any error that a damaged workbook brings about.
    """
    is_zip = source.read(len(_ZIP)) == _ZIP
    source.seek(0)
    if is_zip:
        with TemporaryFile() as parts:
            copy_parts(source, cast("BinaryIO", parts))
            parts.seek(0)
            _write(CalamineWorkbook.from_filelike(parts), {}, target, known)
    else:
        data = source.read()
        special = cells_of_xls(data)
        _write(CalamineWorkbook.from_filelike(io.BytesIO(data)), special, target, known)


def _write(book: CalamineWorkbook, special: Mapping[int, XlsCells], target: BinaryIO, known: KnownColumns) -> None:
    name, rows = _chosen(book, special, known)
    shown = " ".join(name.split())[:_MOST_SHOWN]
    target.write(f"{shown}\n".encode(errors="replace"))
    text = io.TextIOWrapper(target, "utf-8-sig", newline="")
    lines = csv.writer(text, delimiter=CELL_SEPARATOR)
    lines.writerows(rows)
    text.detach()


def _chosen(
    book: CalamineWorkbook, special: Mapping[int, XlsCells], known: KnownColumns
) -> tuple[str, Iterator[list[str]]]:
    """The name and the rows of the visible sheet that holds the headers, else of the first that holds anything.

    The name is empty where no other sheet is visible.

    Several with headers and rows below them are refused: all but one would be lost.
    """
    name, chosen, fitness = "", iter(list[list[str]]()), _Fitness.EMPTY
    shown = [(place, sheet.name) for place, sheet in enumerate(book.sheets_metadata) if _is_shown(sheet)]
    for place, its_name in shown:
        sheet = book.get_sheet_by_index(place)
        top = [list(map(cell_text, row)) for row in sheet.to_python(skip_empty_area=False, nrows=HEADER_ROWS)]
        headers = headers_row(top, known)
        its = _fitness(sheet, headers)
        if its is fitness is _Fitness.ROSTER:
            raise WorkbookRefusedError(WorkbookFault.SEVERAL_ROSTERS)
        if its > fitness:
            name, chosen, fitness = its_name, _rows_of(sheet, special.get(place, XlsCells()), headers or 0), its
    return name if len(shown) > 1 else "", chosen


def _fitness(sheet: CalamineSheet, headers: int | None) -> _Fitness:
    if headers is None:
        return _Fitness.FILLED if sheet.height else _Fitness.EMPTY
    (last_row, _) = sheet.end or (0, 0)
    return _Fitness.ROSTER if last_row > headers else _Fitness.HEADERS


def _is_shown(sheet: SheetMetadata) -> bool:
    return sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible


def _rows_of(sheet: CalamineSheet, special: XlsCells, headers: int) -> Iterator[list[str]]:
    (_, left), (last_row, last_column) = sheet.start or (0, 0), sheet.end or (0, 0)
    if last_row - headers > MOST_ROWS:
        raise WorkbookRefusedError(WorkbookFault.TOO_MANY_ROWS)
    if last_column >= MOST_COLUMNS:
        raise WorkbookRefusedError(WorkbookFault.TOO_MANY_COLUMNS)
    for number, row in enumerate(sheet.iter_rows()):
        yield special.as_shown(number, [*[""] * left, *map(cell_text, row)])


if __name__ == "__main__":
    main()
