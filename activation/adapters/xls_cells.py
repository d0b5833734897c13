"""Finds the cells of an xls workbook with an error, or with a number that is shown with zeros before it.

calamine reads the first as empty cells, the second as plain numbers. Formats: Microsoft's [MS-CFB] and [MS-XLS].
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import iter_unpack, unpack_from

from activation.domain.roster.workbooks import WorkbookFault, WorkbookRefusedError

_HEADER_BYTES, _ENTRY_BYTES = 512, 128
_END_OF_CHAIN = 0xFFFFFFFA
"""Numbers from this one on name no sector: they end a chain or mark a special sector."""

_PASSWORD, _MACROS = "EncryptedPackage".encode("utf-16-le"), "_VBA_PROJECT".encode("utf-16-le")
"""The names of two streams: of a newer workbook that has a password, and of macros."""

_STREAM = "Workbook\0".encode("utf-16-le")
_BOF, _FILE_PASS, _BOUND_SHEET, _FORMAT, _XF = 0x809, 0x2F, 0x85, 0x41E, 0xE0
_BOOL_ERR, _FORMULA, _NUMBER, _RK, _MUL_RK = 0x205, 0x06, 0x203, 0x27E, 0xBD
_IS_ERROR, _ERROR = 2, "#REF!"
_ZEROS = re.compile(rb"0{2,}")

Place = tuple[int, int]
"""Row and column, from 0."""


@dataclass(frozen=True, slots=True)
class XlsCells:
    """The special cells of one sheet: the places of `errors`, and by place the least `digits` that a number shows."""

    errors: set[Place] = field(default_factory=set)
    digits: dict[Place, int] = field(default_factory=dict)

    def as_shown(self, row: int, texts: list[str]) -> list[str]:
        """The texts of that row with its errors, and the zeros before its numbers."""
        if not self.errors and not self.digits:
            return texts
        places = [(row, column) for column in range(len(texts))]
        return [
            _ERROR if place in self.errors else text.zfill(self.digits.get(place, 0)) if text.isdigit() else text
            for place, text in zip(places, texts, strict=True)
        ]


def cells_of_xls(data: bytes) -> dict[int, XlsCells]:
    """The special cells of each sheet, by the sheet's number from 0.

    Raises WorkbookRefusedError for a password and macros, struct.error or IndexError for a file that is no xls.
    """
    if _PASSWORD in data:
        raise WorkbookRefusedError(WorkbookFault.PASSWORD)
    if _MACROS in data:
        raise WorkbookRefusedError(WorkbookFault.MACROS)
    starts: dict[int, int] = {}
    sheets: dict[int, XlsCells] = {}
    zeros: dict[int, int] = {}
    digits: list[int] = []
    cells = XlsCells()
    for start, kind, body in _records(_workbook_stream(data)):
        if kind == _FILE_PASS:
            raise WorkbookRefusedError(WorkbookFault.PASSWORD)
        if kind == _BOUND_SHEET:
            starts[unpack_from("<I", body)[0]] = len(starts)
        elif kind == _BOF and start in starts:
            cells = sheets[starts[start]] = XlsCells()
        elif kind == _FORMAT:
            zeros[unpack_from("<H", body)[0]] = _zeros_of(body)
        elif kind == _XF:
            digits.append(zeros.get(unpack_from("<H", body, 2)[0], 0))
        elif kind in (_BOOL_ERR, _FORMULA, _NUMBER, _RK, _MUL_RK):
            _take(kind, body, digits, cells)
    return sheets


def _zeros_of(body: bytes) -> int:
    """How many zeros a format consists of: 0 for any other."""
    written = body[5::2] if body[4] & 1 else body[5:]
    return len(written) if _ZEROS.fullmatch(written) else 0


def _take(kind: int, body: bytes, digits: list[int], cells: XlsCells) -> None:
    row, column, style = unpack_from("<HHH", body)
    is_failed_formula = kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == _IS_ERROR
    if is_failed_formula or (kind == _BOOL_ERR and body[7]):
        cells.errors.add((row, column))
    styles = [style] if kind != _MUL_RK else [style for style, _ in iter_unpack("<HI", body[4:-2])]
    for place, its_style in enumerate(styles, column):
        if digits[its_style]:
            cells.digits[row, place] = digits[its_style]


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    place = 0
    while place + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, place)
        yield place, kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _workbook_stream(data: bytes) -> bytes:
    """The bytes of the stream `Workbook`; empty for a workbook from before 1997."""
    sector_bytes = 1 << unpack_from("<H", data, 30)[0]
    directory, further, sectors = unpack_from("<I", data, 48)[0], unpack_from("<I", data, 68)[0], data[76:_HEADER_BYTES]

    def sector(number: int) -> bytes:
        return data[(number + 1) * sector_bytes : (number + 2) * sector_bytes]

    def numbers(some: bytes) -> list[int]:
        return [number for (number,) in iter_unpack("<I", some)]

    fat_sectors = numbers(sectors)
    for _ in range(len(data) // sector_bytes):
        if further >= _END_OF_CHAIN:
            break
        *more, further = numbers(sector(further))
        fat_sectors += more
    fat = [number for place in fat_sectors if place < _END_OF_CHAIN for number in numbers(sector(place))]

    def chain(number: int) -> bytes:
        found: list[bytes] = []
        while number < _END_OF_CHAIN and len(found) <= len(fat):
            found.append(sector(number))
            number = fat[number]
        return b"".join(found)

    entries = chain(directory)
    for start in range(0, len(entries), _ENTRY_BYTES):
        entry = entries[start : start + _ENTRY_BYTES]
        if entry.startswith(_STREAM):
            first, size = unpack_from("<II", entry, 116)
            return chain(first)[:size]
    return b""
