"""Workbooks for tests: as spreadsheets write them, and as attackers do."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

Rows = Sequence[Sequence[Any]]

XLSX, ODS = "[Content_Types].xml", "mimetype"
"""The part that tells what a zipped workbook is."""

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def as_xlsx(rows: Rows) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def as_xls(rows: Rows) -> bytes:
    """A workbook of Excel's before 2007."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Feuil1")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    return saved(book)


def as_ods(rows: Rows) -> bytes:
    """A LibreOffice workbook of these rows of text."""
    book = OpenDocumentSpreadsheet()
    sheet = Table(name="Feuille1")
    book.spreadsheet.addElement(sheet)
    for row in rows:
        line = TableRow()
        sheet.addElement(line)
        for text in row:
            cell = TableCell(valuetype="string") if text else TableCell()
            if text:
                for paragraph in text.split("\n"):
                    cell.addElement(P(text=paragraph))
            line.addElement(cell)
    return saved(book)


def saved(book: Any) -> bytes:
    """The bytes that a library's workbook is saved as."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cells(*rows: str) -> str:
    """A sheet's XML of these rows, each the XML of its cells."""
    lines = "".join(f'<row r="{number}">{row}</row>' for number, row in enumerate(rows, 1))
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def text_cells(row: Sequence[str]) -> str:
    return "".join(f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>' for text in row)


def xlsx_of(sheet: str, **more: str | bytes) -> bytes:
    """An Excel workbook whose only sheet is this XML; `more` parts stand in it too, and replace those of that name."""
    return zipped({**xlsx_parts(sheet), **more})


def xlsx_parts(sheet: str) -> dict[str, str | bytes]:
    """The parts of an Excel workbook whose only sheet is this XML."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return {
        XLSX: f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="Feuil1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }


def zipped(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def unzipped(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def changed_part(archive: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The archive with that replaced in one of its parts, where it must be."""
    parts = unzipped(archive)
    assert old in parts[name]
    return zipped({**parts, name: parts[name].replace(old, new)})
