"""Workbooks give the rows that the same sheet saved as CSV gives; what is dangerous or no workbook is refused."""

import io
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from activation.adapters import workbook_process, workbooks
from activation.adapters.workbook_process import convert
from activation.adapters.workbooks import ChildProcessWorkbooks
from activation.domain.roster import workbooks as rules
from activation.domain.roster.columns import ROSTER, RosterRefusedError, find_header, read_header
from activation.domain.roster.files import find_encoding, read_records
from activation.domain.roster.imports import Action
from activation.domain.roster.rows import STRUCTURE_FIELDS
from activation.domain.roster.workbooks import WorkbookFault, WorkbookRefusedError, cell_text, headers_row, is_workbook
from tests import workbooks as made
from tests.fakes.rosters import FakeRosterFiles
from tests.in_memory.roster import HEADER, InMemoryRosterService, as_csv, counted, line
from tests.unit.refusals import refused
from tests.workbooks import Rows, as_ods, as_xls, as_xlsx, cells, saved, text_cells, unzipped, xlsx_of, zipped

HEADERS = ["identifiant", "nom"]
EACH_KIND = pytest.mark.parametrize("as_workbook", [as_xlsx, as_xls, as_ods])


def read(body: bytes) -> list[list[str]]:
    """The rows of a workbook, read in this process: what is dangerous is left to another."""
    text = io.BytesIO()
    convert(io.BytesIO(body), text)
    _, _, rows = text.getvalue().partition(b"\n")
    chunks = [rows]
    return list(read_records(chunks, find_encoding(chunks)))


def read_apart(body: bytes, name: str = "personnes") -> list[list[str]]:
    """The rows of a file, whatever it is, a workbook's by a process of its own."""
    files = FakeRosterFiles(chunk_bytes=1 << 16)
    upload = files.upload(files.send(name, body))
    with ChildProcessWorkbooks().opened(files, upload, ROSTER) as opened:
        return list(read_records(opened.text.chunks(upload), find_encoding(opened.text.chunks(upload))))


def fault_of(body: bytes, reads: Callable[[bytes], object] = read_apart) -> WorkbookFault:
    """Why a workbook is refused: that a process of its own reads, unless told."""
    return refused(WorkbookRefusedError, reads, body).fault


def refusal_of(body: bytes) -> WorkbookFault:
    return fault_of(body, read)


def sheet_of(rows: Rows) -> tuple[openpyxl.Workbook, Any]:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))  # type: ignore[union-attr]
    return book, book.active


@EACH_KIND
def test_a_workbook_gives_its_rows_as_text_numbered_as_it_numbers(as_workbook: Callable[[Rows], bytes]) -> None:
    rows = [["", "", ""], ["", *HEADERS], ["", "00091234", "Le\nGoff"], ["", "", ""], ["", "2", "D'« Œ\" ; \t,"]]
    assert read(as_workbook(rows)) == [[cell.replace("\n", " ") for cell in row] for row in rows]


CELLS = [
    ("00091234", "00091234"),
    ("a\0b\x1fc\r\nd", "abc  d"),
    (12345, "12345"),
    (12345.0, "12345"),
    (-0.0, "0"),
    (1.5, "1.5"),
    (0.1 + 0.2, "0.3"),
    (21400000000000.0, "21400000000000"),
    (999999999999999.0, "999999999999999"),
    (1e15, "1e+15"),
    (-1e15, "-1e+15"),
    (float("inf"), "inf"),
    (True, "VRAI"),
    (False, "FAUX"),
    (date(2026, 12, 31), "2026-12-31"),
    (datetime(2026, 12, 31, 14, 30), "2026-12-31"),  # noqa: DTZ001  # as calamine gives it
    (time(0, 0), "00/01/1900"),
    (time(12, 30), "12:30:00"),
    (timedelta(hours=30), "1 day, 6:00:00"),
]


@pytest.mark.parametrize(("cell", "text"), CELLS)
def test_a_cell_is_the_text_that_a_csv_has(cell: rules.Cell, text: str) -> None:
    assert cell_text(cell) == text


@pytest.mark.parametrize(
    ("start", "expected"),
    [(b"PK\x03\x04", True), (b"\xd0\xcf\x11\xe0\xa1", True), (b"identifiant", False), (b"PK", False), (b"", False)],
)
def test_a_workbook_is_told_by_its_first_bytes_and_its_headers_in_the_first_rows(start: bytes, expected: bool) -> None:
    assert is_workbook(start) is expected
    assert headers_row([["Liste"], [], ["NOM", "N° de dossier"], HEADERS]) == 2
    assert headers_row([["identifiant"], ["nom"]]) is None


def test_dates_numbers_and_truths_of_excel_are_text() -> None:
    book, sheet = sheet_of([HEADERS, [12345, date(2026, 12, 31)], [True, 21400000000000], [0, 46387]])
    sheet["A4"].number_format, sheet["B4"].number_format = "dd/mm/yyyy", "[$-40C]d mmmm yyyy"
    assert read(saved(book))[1:] == [["12345", "2026-12-31"], ["VRAI", "21400000000000"], ["00/01/1900", "2026-12-31"]]
    of_mac, _ = sheet_of([HEADERS, [date(2026, 12, 31), "x"]])
    of_mac.epoch = CALENDAR_MAC_1904
    assert read(saved(of_mac))[1:] == [["2026-12-31", "x"]]


def test_dates_numbers_and_truths_of_an_xls_are_text() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for column, cell in enumerate([12345, True, 1.5]):
        sheet.write(0, column, cell)
    sheet.write(0, 3, date(2026, 12, 31), xlwt.easyxf(num_format_str="DD/MM/YYYY"))
    assert read(saved(book)) == [["12345", "VRAI", "1.5", "2026-12-31"]]


def ods_with(cell: str) -> bytes:
    book = as_ods([["x", "HERE"]])
    old = b'<table:table-cell office:value-type="string"><text:p>HERE</text:p></table:table-cell>'
    return made.changed_part(book, "content.xml", old, cell.encode())


ODS_CELLS = [
    ('office:value-type="float" office:value="12345"', "12345", "12345"),
    ('office:value-type="date" office:date-value="2026-12-31"', "31/12/26", "2026-12-31"),
    ('office:value-type="boolean" office:boolean-value="true"', "VRAI", "VRAI"),
    ('office:value-type="float" office:value="91234" calcext:value-type="float"', "00091234", "00091234"),
    ('office:value-type="float" office:value="0"', "0", "0"),
    (
        'table:formula="of:=[.A1]/0" office:value-type="string" office:string-value="" calcext:value-type="error"',
        "#DIV/0!",
        "#REF!",
    ),
    ('office:value-type="string" office:string-value="" calcext:value-type="error"', "Err:502", "#REF!"),
    ('office:value-type="string"', "a<text:s/>b<text:span>c</text:span>", "a bc"),
]


@pytest.mark.parametrize(("attributes", "shown", "text"), ODS_CELLS)
def test_cells_of_libreoffice_are_text(attributes: str, shown: str, text: str) -> None:
    cell = f"<table:table-cell {attributes}><text:p>{shown}</text:p></table:table-cell>"
    assert read(ods_with(cell)) == [["x", text]]


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"])
def test_an_error_of_excel_is_text_that_the_judge_refuses_and_what_looks_like_one_stays(error: str) -> None:
    failed = f'<c r="A2" s="0" t="e"><f>Feuil2!A1</f><v>{error}</v></c><c t=\'e\'><v>{error}</v></c>'
    like_one = ['c t="e"', 'a t="e" b']
    assert read(xlsx_of(cells(text_cells(HEADERS), failed, text_cells(like_one))))[1:] == [[error, error], like_one]


def test_an_error_and_a_formula_that_failed_in_an_xls_are_text_that_the_judge_refuses() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, "x")
    sheet.write(0, 1, xlwt.Formula("1/0"))
    sheet.row(1).set_cell_error(2, "#REF!")
    body = saved(book)
    begins = re.search(rb"\x06\x00..\x00\x00\x01\x00..", body, re.DOTALL)  # a formula in the first row, second column
    assert begins
    failed = b"\x02\x00\x07\x00\x00\x00\xff\xff"
    rows = read(body[: begins.end()] + failed + body[begins.end() + len(failed) :])
    assert rows == [["x", "#REF!", ""], ["", "", "#REF!"]]


def test_the_zeros_that_a_format_shows_before_a_number_are_there() -> None:
    book, sheet = sheet_of([HEADERS, [91234, 91234], ["=A2", 91234]])
    sheet["A2"].number_format, sheet["B2"].number_format, sheet["B3"].number_format = "00000000", "0", "#,##0"
    assert read(saved(book))[1:] == [["00091234", "91234"], [NEVER_COMPUTED, "91234"]]
    old = xlwt.Workbook()
    table = old.add_sheet("a")
    style = xlwt.easyxf(num_format_str="00000000")
    for column, cell in enumerate([91234, 912345678, 1.5, "text"]):
        table.write(0, column, cell, style)
    table.write(0, 4, 91234)
    assert read(saved(old)) == [["00091234", "912345678", "1.5", "text", "91234"]]


NEVER_COMPUTED = "#CALCUL?"


def test_a_formula_gives_its_last_value_and_no_link_is_followed() -> None:
    links = '<c><f>[1]Feuil1!A1</f><v>5</v></c><c><f>WEBSERVICE("http://127.0.0.1:1/")</f><v>6</v></c>'
    formulas = '<c t="str"><f>"Gar"&amp;"cia"</f><v>Garcia</v></c><c><f>1+1</f><v>2</v></c>'
    empty = '<c t="str"><f>""</f><v></v></c><c><v>2</v></c>'
    book = cells(text_cells(HEADERS), links, formulas, empty)
    rows = read(xlsx_of(book, **{"xl/externalLinks/externalLink1.xml": "<externalLink/>"}))
    assert rows[1:] == [["5", "6"], ["Garcia", "2"], ["", "2"]]
    empty = '<table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string" office:string-value=""/>'
    assert read(ods_with(empty)) == [["x", ""]]


@pytest.mark.parametrize("value", ["", "<v/>", "<v />", "<v></v>"])
def test_a_formula_that_nothing_has_computed_is_no_empty_cell(value: str) -> None:
    row = f'<c r="A2" s="0"><f>B2&amp;"x"</f>{value}</c><c t="n"><f t="shared" si="0"/>{value}</c>'
    assert read(xlsx_of(cells(text_cells(HEADERS), row)))[1] == [NEVER_COMPUTED] * 2
    for end in ('&gt;0"/>', '>0"></table:table-cell>'):
        assert read(ods_with(f'<table:table-cell table:formula="of:=[.A1]{end}')) == [["x", NEVER_COMPUTED]]


def test_merged_hidden_and_rich_cells_are_read_as_in_a_csv() -> None:
    book, sheet = sheet_of([["Agents", ""], HEADERS, ["1", "Garcia"], ["2", "x"]])
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("A3:A4")
    sheet.row_dimensions[3].hidden = sheet.column_dimensions["A"].hidden = True
    sheet["B4"] = CellRichText("Pe", TextBlock(InlineFont(b=True), "tit"))
    assert read(saved(book)) == [["Agents", ""], HEADERS, ["1", "Garcia"], ["", "Petit"]]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_not_read_nor_told_of(state: str) -> None:
    book, sheet = sheet_of([HEADERS, ["1", "Former"]])
    sheet.sheet_state = state
    shown = book.create_sheet("Agents")
    shown.append(HEADERS)
    shown.append(["2", "Garcia"])
    assert read(saved(book)) == [HEADERS, ["2", "Garcia"]]
    app = InMemoryRosterService()
    book, _ = sheet_of([HEADER, [line()[column] for column in HEADER]])
    book.create_sheet("Listes").sheet_state = state
    assert app.said_of_file(app.send(saved(book))) == []


def test_the_sheet_is_the_first_whose_first_twenty_rows_hold_the_headers() -> None:
    book, _ = sheet_of([["Mode d'emploi"], ["nom"]])
    late = book.create_sheet("late")
    late.cell(21, 1, "identifiant")
    late.cell(21, 2, "nom")
    right = book.create_sheet("right")
    right.cell(20, 1, "Nom de naissance")
    right.cell(20, 2, "Identifiant")
    book.create_sheet("later").append(HEADERS)
    rows = read(saved(book))
    assert (len(rows), rows[19]) == (20, ["Nom de naissance", "Identifiant"])


def test_two_sheets_of_people_are_refused_and_one_of_headers_alone_is_left_aside() -> None:
    assert read(several_sheets([HEADERS], [HEADERS, ["1", "Garcia"]], [HEADERS])) == [HEADERS, ["1", "Garcia"]]
    assert fault_of(several_sheets([HEADERS, ["1", "Garcia"]], [HEADERS, ["2", "P"]])) is WorkbookFault.SEVERAL_ROSTERS


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Agents", "Agents"), ("Été\n2026", "Été 2026"), ("x" * 61, "x" * 60), ("=1+1", "=1+1"), ("<b>", "<b>")],
)
def test_of_several_sheets_the_report_names_the_one_that_was_read(name: str, shown: str) -> None:
    app = InMemoryRosterService()
    parts = unzipped(several_sheets([["Mode d'emploi"]], [HEADER, [line()[column] for column in HEADER]]))
    written = escape(name).replace("\n", "&#10;").encode()
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"Sheet1", written)
    prepared = app.send(zipped(parts), apply="yes")
    said = f"Feuille lue : « {shown} ». Les autres feuilles du classeur ne sont pas lues."
    assert (prepared.sheet, app.said_of_file(prepared)) == (shown, [said])
    assert said in app.report(prepared, prepared.action)["lines"]
    assert counted(prepared) == {"created": 1}
    assert "<b>" not in app.report_page(prepared)


def test_a_refusal_names_the_sheet_too_and_so_do_other_kinds_of_workbooks() -> None:
    app = InMemoryRosterService()
    book = xlwt.Workbook(encoding="utf-8")
    for name in ("Agents", "Listes"):
        book.add_sheet(name).write(0, 0, "Ville")
    prepared = app.send(saved(book))
    assert (prepared.sheet, prepared.action) == ("Agents", Action.NOTHING)
    lines = app.report(prepared, prepared.action)["lines"]
    assert lines[0] == prepared.refusal
    assert lines[1].startswith("Feuille lue : « Agents »")


def several_sheets(*sheets: Rows) -> bytes:
    """A workbook of these sheets, the first of which is `Sheet`, the second `Sheet1`."""
    book, _ = sheet_of(sheets[0])
    for rows in sheets[1:]:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def test_without_headers_the_first_sheet_that_holds_anything_is_judged() -> None:
    assert read(several_sheets([], [["Ville", "nom"]], [["Code", "nom"]])) == [["Ville", "nom"]]


def test_a_file_is_what_it_holds_whatever_it_is_named() -> None:
    assert read_apart(as_csv([line()]), "personnes.xlsx")[0] == HEADER
    assert read_apart(as_xlsx([HEADERS]), "personnes.csv") == [HEADERS]
    for empty in (as_xlsx([]), as_xls([])):
        with pytest.raises(RosterRefusedError, match="Le fichier est vide"):
            read(empty)


def said_by(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


# Attacks.


def test_a_row_repeated_a_million_times_is_refused() -> None:
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p>'
    assert fault_of(ods_with(f"{cell}</table:table-cell>")) is WorkbookFault.TOO_MANY_COLUMNS
    repeated = made.changed_part(
        as_ods([["x"]]), "content.xml", b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1048576">'
    )
    assert fault_of(repeated) is WorkbookFault.TOO_MANY_ROWS


def test_the_process_has_limits_and_calamine_never_comes_into_the_one_that_has_the_rights() -> None:
    told = said_by(
        "import resource; from activation.adapters.workbook_process import _limit; _limit();"
        "print([resource.getrlimit(kind) for kind in"
        " (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)])"
    )
    mine = workbook_process
    most = [mine.MOST_MEMORY, mine.MOST_CPU_SECONDS, mine.MOST_WRITTEN, 0]
    assert told == str([(limit, limit) for limit in most])
    loaded = said_by("import sys, activation.adapters.workbooks; print('python_calamine' in sys.modules)")
    assert loaded == "False"


def test_a_workbook_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_SECONDS", 0.001)
    assert fault_of(as_xlsx([HEADERS])) is WorkbookFault.UNREADABLE


def test_a_process_that_is_killed_refuses_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    killed = tmp_path / "python"
    killed.write_text("#!/bin/sh\nkill -9 $$\n")
    killed.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(killed))
    assert fault_of(as_xlsx([HEADERS])) is WorkbookFault.UNREADABLE


def test_a_process_that_does_not_start_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="did not start"):
        read_apart(as_xlsx([HEADERS]))


def test_the_process_is_told_no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told, spy = tmp_path / "told", tmp_path / "python"
    spy.write_text(f"#!/bin/sh\nenv > {told}\n")
    spy.chmod(0o755)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a secret")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/var/lang/lib")
    monkeypatch.setattr(sys, "executable", str(spy))
    refused(RosterRefusedError, read_apart, as_xlsx([HEADERS]))
    seen = {entry.partition("=")[0] for entry in told.read_text().splitlines()}
    assert {"PYTHONPATH", "LD_LIBRARY_PATH"} <= seen <= {"PYTHONPATH", "LD_LIBRARY_PATH", "PWD", "OLDPWD", "SHLVL", "_"}


def test_nothing_of_a_workbook_is_left_on_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    files = FakeRosterFiles(chunk_bytes=1 << 16)
    upload = files.upload(files.send("a", as_xlsx([HEADERS])))
    with ChildProcessWorkbooks().opened(files, upload, ROSTER) as opened:
        assert list(opened.text.chunks(upload)) == list(opened.text.chunks(upload))
        assert list(tmp_path.iterdir()) == []


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_entities_are_refused_wherever_they_are_defined(part: str) -> None:
    parts = made.xlsx_parts(cells(text_cells(HEADERS)))
    assert fault_of(zipped({**parts, part: ENTITIES + str(parts.get(part, "<sst/>"))})) is WorkbookFault.UNREADABLE


def with_size(body: bytes, told: int, said: int) -> bytes:
    """The archive in which the part of that size is said to have another."""
    right, wrong = struct.pack("<I", told), struct.pack("<I", said)
    assert body.count(right) == 2
    return body.replace(right, wrong)


def test_a_zip_bomb_is_refused_by_the_size_that_it_tells() -> None:
    bomb = xlsx_of(cells(text_cells(HEADERS)), **{"xl/media/image1.png": bytes(1_000_001)})
    assert len(bomb) < 5_000
    assert read(bomb) == [HEADERS]
    assert refusal_of(with_size(bomb, 1_000_001, rules.MOST_UNPACKED)) is WorkbookFault.TOO_LARGE


def test_a_zip_bomb_that_tells_a_false_size_is_refused() -> None:
    sheet = cells(text_cells(HEADERS)) + " " * 1_000_000
    assert read(xlsx_of(sheet)) == [HEADERS]
    assert fault_of(with_size(xlsx_of(sheet), len(sheet), 100)) is WorkbookFault.UNREADABLE


def test_a_thousand_parts_and_one_are_refused() -> None:
    parts: dict[str, str | bytes] = {f"{number}.txt": "" for number in range(996)}
    assert refusal_of(xlsx_of(cells(text_cells(HEADERS)), **parts)) is WorkbookFault.TOO_LARGE
    parts.popitem()
    assert read(xlsx_of(cells(text_cells(HEADERS)), **parts)) == [HEADERS]


def test_a_file_of_more_bytes_than_a_workbook_may_have_is_not_read_at_all() -> None:
    assert fault_of(as_xlsx([HEADERS]) + bytes(rules.MOST_BYTES)) is WorkbookFault.TOO_LARGE


def test_a_sheet_has_so_many_rows_and_columns_at_most() -> None:
    rows = [text_cells(HEADERS), *["<c><v>1</v></c>"] * rules.MOST_ROWS]
    assert len(read(xlsx_of(cells(*rows)))) == rules.MOST_ROWS + 1
    assert len(read(xlsx_of(cells("<c/>", text_cells(["Agents"]), *rows)))) == rules.MOST_ROWS + 3
    assert refusal_of(xlsx_of(cells(*rows, "<c><v>1</v></c>"))) is WorkbookFault.TOO_MANY_ROWS
    wide = [*HEADERS, *["x"] * (rules.MOST_COLUMNS - 2)]
    assert read(xlsx_of(cells(text_cells(wide)))) == [wide]
    assert refusal_of(xlsx_of(cells(text_cells([*wide, "x"])))) is WorkbookFault.TOO_MANY_COLUMNS


def test_macros_are_refused_in_words_that_say_what_to_do() -> None:
    sheet = cells(text_cells(HEADERS))
    for name in ("xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"):
        assert refusal_of(xlsx_of(sheet, **{name: b""})) is WorkbookFault.MACROS
    ods = unzipped(as_ods([HEADERS]))
    assert refusal_of(zipped({**ods, "Basic/Standard/Module1.xml": ""})) is WorkbookFault.MACROS
    assert refusal_of(zipped({**ods, "Scripts/python/a.py": ""})) is WorkbookFault.MACROS
    assert read(zipped({**ods, "Basic/Standard/script-lb.xml": "<a/>", "Basic/script-lc.xml": "<a/>"})) == [HEADERS]
    assert refusal_of(as_xls([HEADERS]) + "_VBA_PROJECT".encode("utf-16-le")) is WorkbookFault.MACROS
    assert str(WorkbookRefusedError(WorkbookFault.MACROS)) == (
        "Le classeur contient des macros. Dans le tableur, choisissez « Enregistrer sous », puis "
        "« Classeur Excel (.xlsx) » ou « CSV UTF-8 »."
    )


def test_a_password_is_told_in_words_that_say_what_to_do() -> None:
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000) + "EncryptedPackage".encode("utf-16-le")
    assert refusal_of(encrypted) is WorkbookFault.PASSWORD
    spare = b"\xe1\x00\x02\x00\xb0\x04\xc1\x00\x02\x00\x00\x00"  # two records that say nothing of cells
    xls = as_xls([HEADERS])
    assert spare in xls
    assert refusal_of(xls.replace(spare, b"\x2f\x00\x08\x00" + bytes(8))) is WorkbookFault.PASSWORD
    ods = unzipped(as_ods([HEADERS]))
    manifest = {"META-INF/manifest.xml": "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"}
    assert refusal_of(zipped({**ods, **manifest})) is WorkbookFault.PASSWORD
    assert str(WorkbookRefusedError(WorkbookFault.PASSWORD)) == (
        "Le classeur est protégé par un mot de passe. Dans le tableur, enlevez-le, puis enregistrez le classeur."
    )


def test_what_is_two_things_at_once_is_refused() -> None:
    book = as_xlsx([HEADERS])
    both = {**unzipped(as_ods([HEADERS])), **unzipped(book)}
    assert refusal_of(zipped(both)) is WorkbookFault.NO_WORKBOOK
    assert fault_of(book + b"identifiant;nom\n") is WorkbookFault.UNREADABLE
    assert fault_of(zipped({"a": "b"}) + book) is WorkbookFault.UNREADABLE
    for before in (b"%PDF-1.7\n", b"identifiant;nom\n", b"\x89PNG"):
        refused(RosterRefusedError, read_apart, before + book)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_the_compression_that_spreadsheets_use_is_undone_and_each_part_is_there_once(method: int) -> None:
    assert fault_of(zipped(unzipped(as_xlsx([HEADERS])), method)) is WorkbookFault.UNREADABLE
    file = io.BytesIO(as_xlsx([HEADERS]))
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert fault_of(file.getvalue()) is WorkbookFault.UNREADABLE


NO_WORKBOOKS = {
    "archive": zipped({"a.csv": "identifiant;nom"}),
    "archives in an archive": zipped({"1.zip": zipped({"2.zip": b"x"})}),
    "document": zipped({made.XLSX: "wordprocessingml.document.main+xml", "word/document.xml": "<a/>"}),
    "drawing": zipped({made.ODS: "application/vnd.oasis.opendocument.graphics", "content.xml": "<a/>"}),
}


@pytest.mark.parametrize("name", NO_WORKBOOKS)
def test_archives_and_documents_are_no_workbooks_and_the_report_says_so(name: str) -> None:
    prepared = InMemoryRosterService().send(NO_WORKBOOKS[name], apply="yes")
    assert (prepared.refusal, prepared.batches) == (str(WorkbookRefusedError(WorkbookFault.NO_WORKBOOK)), 0)
    assert len({str(WorkbookRefusedError(fault)) for fault in WorkbookFault}) == len(WorkbookFault)


@pytest.mark.parametrize("keep", [0.5, -30])
@EACH_KIND
def test_a_workbook_cut_off_is_refused(as_workbook: Callable[[Rows], bytes], keep: float) -> None:
    body = as_workbook([HEADERS, ["1", "Garcia"]])
    assert fault_of(body[: int(len(body) * keep) if isinstance(keep, float) else keep]) is WorkbookFault.UNREADABLE


# The same people, whatever the file.

TEXTS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=12).filter(lambda text: text[:1] != "=")
SHEETS = st.lists(st.lists(TEXTS, min_size=4, max_size=4), min_size=1, max_size=8)


@EACH_KIND
@settings(max_examples=10)
@given(rows=SHEETS)
def test_any_rows_come_back_whatever_file_they_were_in(as_workbook: Callable[[Rows], bytes], rows: Rows) -> None:
    table = [[*HEADERS, "prénom", "ville"], *rows, ["end", "end", "end", "end"]]
    found = read(as_workbook(table))
    assert [[cell.strip() for cell in row] for row in found] == [[cell.strip() for cell in row] for row in table]


ROOT = Path(__file__).parents[2]
MODELS = {ROOT / "docs" / "modele-correspondant.xlsx": len(HEADER), ROOT / "web/documents/modele-beneficiaires.xlsx": 9}
"""With how many columns: correspondents send none of a structure's name and of its correspondent."""


def test_the_model_to_download_has_no_person_to_forget_in_it_and_no_column_that_is_ignored() -> None:
    header = (ROOT / "web/documents/modele-beneficiaires.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(header) == 1
    found = read_header(header[0].split(";"))
    assert (found.ignored, set(found.absent)) == ((), set(STRUCTURE_FIELDS))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.stem)
def test_a_model_is_a_workbook_whose_columns_are_text_and_the_same_as_a_csv(model: Path) -> None:
    rows = read(model.read_bytes())
    assert rows == read_apart(model.with_suffix(".csv").read_bytes())
    assert len(find_header(iter(rows)).places) == MODELS[model]
    sheet = openpyxl.load_workbook(model).active
    assert sheet
    columns = [sheet.column_dimensions[cell.column_letter] for cell in sheet[1]]  # type: ignore[union-attr]
    assert ({column.number_format for column in columns}, len(columns)) == ({"@"}, MODELS[model])
