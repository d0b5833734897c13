"""Copies the parts of a workbook that are read: its XML, bounded, with errors and padded numbers made text.

The copy is a zip that we wrote: sizes are what they say, nothing overlaps, nothing else is in it. calamine reads an
error, and a formula that nothing has computed, as an empty cell, and a number without the zeros that its format shows.
"""

import re
import zipfile
from collections.abc import Callable
from typing import BinaryIO

from activation.domain.roster.workbooks import MOST_UNPACKED, NOT_COMPUTED, WorkbookFault, WorkbookRefusedError

_MOST_PARTS = 1_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_END_BYTES, _END = 22, b"PK\x05\x06"
"""The end record of an archive after which nothing follows: its bytes, and how it begins."""

_KINDS = ("[Content_Types].xml", "mimetype")
"""The part that tells the kind of a workbook: the first is in Excel's, the second in LibreOffice's."""
_KIND_SAYS = {"[Content_Types].xml": b"spreadsheetml", "mimetype": b"opendocument.spreadsheet"}
_MACROS = re.compile(r"vbaProject\.bin$|macrosheets/|^Scripts/|^Basic/.*(?<!script-lc)(?<!script-lb)\.xml$")
_DEFINES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)

_ERROR = re.compile(rb"""(<(?:\w+:)?c\s(?:[^<>]*\s)?t\s*=\s*)(["'])e\2""")
_NUMBER = re.compile(rb"<((?:\w+:)?c)(\s[^<>]*)>((?:<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>)(\d+)<")
_NO_VALUE = re.compile(
    rb"<((?:\w+:)?)c((?:\s[^<>]*)?)>(<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>))"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</"
)
_TYPE, _STYLE = re.compile(rb"""\st=["'](\w+)["']"""), re.compile(rb"""\ss=["'](\d+)["']""")
_PADDING = re.compile(rb"""<(?:\w+:)?numFmt\s[^<>]*?numFmtId=["'](\d+)["'][^<>]*?formatCode=["'](0{2,})["']""")
_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_FORMAT = re.compile(rb"""<(?:\w+:)?xf\s[^<>]*?numFmtId=["'](\d+)["']""")

_ODS_ERROR = re.compile(rb"(<table:table-cell\s[^<>]*calcext:value-type=\"error\"[^<>]*>)<text:p>[^<]*<")
_ODS_NO_VALUE = re.compile(rb'<table:table-cell((?:\s[\w:-]+="[^"]*")*)\s*(?:/>|></table:table-cell>)')
_ODS_FORMULA, _ODS_TYPED = b" table:formula=", b" office:value-type="
_ODS_PADDED = re.compile(rb"(<table:table-cell\s[^<>]*office:value-type=\"float\"[^<>]*>)<text:p>(0\d+)<")
_ODS_VALUE = re.compile(rb"\soffice:(?:value|string-value|value-type)=\"[^\"]*\"")


def copy_parts(source: BinaryIO, target: BinaryIO) -> None:
    """Copy the parts of a zipped workbook that are read. Raises WorkbookRefusedError, or an error of zipfile's."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
        _check(source, archive)
        budget = MOST_UNPACKED
        parts = {}
        for entry in archive.infolist():
            if entry.filename.endswith((".xml", ".rels")) or entry.filename in _KINDS:
                parts[entry.filename] = part = _read(archive, entry, budget)
                budget -= len(part)
        is_excel = _kind(parts) == _KINDS[0]
        if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
            raise WorkbookRefusedError(WorkbookFault.PASSWORD)
        change = _excel_changes(parts) if is_excel else _ods_change
        for name in list(parts):
            copy.writestr(name, change(parts.pop(name)))


def _check(source: BinaryIO, archive: zipfile.ZipFile) -> None:
    """Refuse a file that is more than one archive, that has macros, or that is larger than a workbook may be."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if any(map(_MACROS.search, names)):
        raise WorkbookRefusedError(WorkbookFault.MACROS)
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED or len(entries) > _MOST_PARTS:
        raise WorkbookRefusedError(WorkbookFault.TOO_LARGE)
    source.seek(-_END_BYTES, 2)
    is_alone = source.read(len(_END)) == _END and not min(entry.header_offset for entry in entries)
    if not is_alone or len(names) < len(entries) or any(entry.compress_type not in _METHODS for entry in entries):
        raise WorkbookRefusedError(WorkbookFault.UNREADABLE)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    with archive.open(entry) as part:
        data = part.read(most + 1)
    if len(data) > most:
        raise WorkbookRefusedError(WorkbookFault.TOO_LARGE)
    if _DEFINES.search(data):
        raise WorkbookRefusedError(WorkbookFault.UNREADABLE)
    return data


def _kind(parts: dict[str, bytes]) -> str:
    kinds = [name for name in _KINDS if _KIND_SAYS[name] in parts.get(name, b"")]
    if len(kinds) != 1 or all(name in parts for name in _KINDS):
        raise WorkbookRefusedError(WorkbookFault.NO_WORKBOOK)
    return kinds[0]


def _excel_changes(parts: dict[str, bytes]) -> Callable[[bytes], bytes]:
    digits = _padded_formats(next((parts[name] for name in parts if name.endswith("styles.xml")), b""))

    def pad(cell: re.Match[bytes]) -> bytes:
        name, said, before, number = cell.groups()
        style, kind = _STYLE.search(said), _TYPE.search(said)
        if not style or int(style[1]) not in digits or (kind and kind[1] != b"n"):
            return cell[0]
        padded = number.zfill(digits[int(style[1])])
        return b'<%b%b t="str">%b%b<' % (name, _TYPE.sub(b"", said), before, padded)

    def change(part: bytes) -> bytes:
        part = _NO_VALUE.sub(_not_computed, _ERROR.sub(rb"\1\2str\2", part))
        return _NUMBER.sub(pad, part) if digits else part

    return change


def _not_computed(cell: re.Match[bytes]) -> bytes:
    """The cell of a formula without a value, as text. A cell that is text already stays: its value is empty."""
    prefix, said, formula = cell.groups()
    kind = _TYPE.search(said)
    if kind and kind[1] == b"str":
        return cell[0]
    value = b"<%bv>%b</%bv>" % (prefix, NOT_COMPUTED.encode(), prefix)
    return b'<%bc%b t="str">%b%b</' % (prefix, _TYPE.sub(b"", said), formula, value)


def _padded_formats(styles: bytes) -> dict[int, int]:
    """The number of digits that a cell's format shows at least, by the format's place in the list of cell formats."""
    zeros = {found[1]: len(found[2]) for found in _PADDING.finditer(styles)}
    formats = _FORMATS.search(styles)
    used = enumerate(_FORMAT.findall(formats[0] if formats else b""))
    return {place: zeros[code] for place, code in used if code in zeros}


def _ods_change(part: bytes) -> bytes:
    part = _ODS_NO_VALUE.sub(_ods_not_computed, part)
    part = _ODS_ERROR.sub(lambda cell: _as_text(cell[1]) + b"<text:p>#REF!<", part)
    return _ODS_PADDED.sub(lambda cell: _as_text(cell[1]) + b"<text:p>" + cell[2] + b"<", part)


def _ods_not_computed(cell: re.Match[bytes]) -> bytes:
    if _ODS_FORMULA not in cell[1] or _ODS_TYPED in cell[1]:
        return cell[0]
    tag, shown = _as_text(b"<table:table-cell%b>" % cell[1]), NOT_COMPUTED.encode()
    return b"%b<text:p>%b</text:p></table:table-cell>" % (tag, shown)


def _as_text(tag: bytes) -> bytes:
    return _ODS_VALUE.sub(b"", tag[:-1]) + b' office:value-type="string">'
