"""What spreadsheets make of digits, dates and formulas."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.roster.columns import Column
from activation.domain.roster.rows import Fault, RosterRow
from activation.domain.roster.values import digits_in, read_day
from tests.in_memory.roster import InMemoryRosterService, line
from tests.unit.test_roster_rows import faults, good, judge

OF_DIGITS = (Column.IDENTIFIER, Column.STRUCTURE_ID, Column.MOBILE, Column.CORRESPONDENT_PHONE)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))

WRITTEN = [
    *((written, "00091234") for written in ('="00091234"', '=" 00091234 "', "00091234", "'00091234", "' 00091234'")),
    ("\u201900091234", "00091234"),
    *((written, "12345") for written in ("12345.0", "12345,00", '="12345.0"')),
    *((word, "") for word in ("néant", "-", "N/A", "Aucune", "sans", "inconnu", "non renseigné", "sans code", "")),
    *((code, code) for code in ("=A1", "X", "SANS1", "AUC", "N12", "CCAS", "M0001", "12.5")),
]


@pytest.mark.parametrize(("written", "digits"), WRITTEN)
def test_digits_are_read_as_they_were_before_a_spreadsheet_wrote_a_number(written: str, digits: str) -> None:
    assert digits_in(Column.STRUCTURE_ID, written) == digits
    assert digits_in(Column.STRUCTURE_ID, "N° 12'") == "N° 12'"


def test_every_column_of_digits_is_read_so_and_an_apostrophe_is_dropped_before_text() -> None:
    cells = {"identifier": '="00091234"', "mobile": '="0612345678"', "correspondent_phone": '="0140"', "email": ""}
    row = good(**cells, structure_id="21740056300011.0")
    assert (row.identifier, row.structure.structure_id) == ("00091234", "21740056300011")
    assert (row.entry.mobile, row.structure.correspondent_phone) == ("+33612345678", "0140")
    row = good(identifier="'00091234", mobile="'0612345678", email="'louis@exemple.fr'", end_date="'31/12/2026")
    assert (row.identifier, row.entry.mobile, row.entry.end_date) == ("00091234", "+33612345678", "2026-12-31")
    assert row.entry.email == "louis@exemple.fr"
    assert good(last_name="'t Hooft").entry.last_name == "'t Hooft"  # where a name may begin with one
    assert good(structure_name="'t Hof'").structure.name == "'t Hof'"


@pytest.mark.parametrize("written", ["néant", "-", "N/A", "Sans", "inconnue", "non renseignée"])
def test_a_structure_that_is_said_to_be_none_has_no_code_and_no_names(written: str) -> None:
    cells = {"structure_name": written, "correspondent_name": written}
    structure = good(**cells).structure
    assert (structure.name, structure.correspondent_name) == ("", "")
    [(column, reason)] = faults(structure_id=written)
    assert column is Column.STRUCTURE_ID
    assert "vide" in reason


@pytest.mark.parametrize("column", OF_DIGITS)
@pytest.mark.parametrize("written", ["2,14E+13", "2.14E+13", "6E+08", "2,14e+13", "2.14E13", "2,14 E+13"])
def test_scientific_notation_is_refused_in_every_column_of_digits(column: Column, written: str) -> None:
    words = "le tableur l'a changé en notation scientifique : mettez la colonne en texte"
    assert faults(**{column: written}) == [(column, words)]


@pytest.mark.parametrize("code", ["12E4", "E+1", "S1E", "2E10", "#12", "Erreur"])
def test_a_structures_code_that_only_looks_like_it_or_like_an_error_is_taken(code: str) -> None:
    assert good(structure_id=code).structure.structure_id == code


ERRORS = ["#REF!", "#N/A", "#NA", "#NOM?", "#NAME?", "#VALEUR!", "#VALUE!", "#DIV/0!", "#NULL!", "#NUL!", "#NOMBRE!"]
ERRORS += ["#N/D", "#ND", "#NV"]


@pytest.mark.parametrize("column", Column)
@pytest.mark.parametrize("shown", [*ERRORS, "#n/a", "########", "Err:502", "#PROPAGATION!", "#CALCUL?"])
def test_what_a_formula_shows_that_failed_or_was_not_computed_is_a_fault(column: Column, shown: str) -> None:
    failed = "le tableur montre ici une erreur de formule : corrigez-la, ou videz la cellule"
    not_computed = "cette formule n'est pas calculée : ouvrez le fichier dans le tableur, puis enregistrez-le"
    assert faults(**{column: shown}) == [(column, not_computed if shown == "#CALCUL?" else failed)]
    judged = judge({"first_name": shown, "email": "", "last_name": shown}, known=shown)  # though it is stored
    assert isinstance(judged, list)
    assert {fault.column for fault in judged} == {Column.FIRST_NAME, Column.LAST_NAME}


THE_LAST_OF_2026 = [
    *("31/12/2026", "31/12/26", "31-12-2026", "31.12.2026", "31 12 2026", "2026-12-31", "2026/12/31", "20261231"),
    *("2026-12-31 00:00:00", "2026-12-31T00:00:00", "2026-12-31T00:00:00.000Z", "31/12/2026 00:00", "31/12/2026 0:00"),
    *("46387", "46387.0", "46387,0"),
    *("31 décembre 2026", "31 DÉCEMBRE 2026", "31-déc.-26", "31 dec 2026", "31-Dec-2026", "jeudi 31 décembre 2026"),
    *("31/12/2026 23:59:59", "31/12/2026 23:59", "2026-12-31T23:59:59.999", "'31/12/2026", "31 décembre. 26"),
]


@pytest.mark.parametrize("written", THE_LAST_OF_2026)
def test_a_day_is_read_as_spreadsheets_write_it(written: str) -> None:
    assert good(end_date=written).entry.end_date == "2026-12-31"


MONTHS = ["janv", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]
FULL_MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre"]
ENGLISH_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@pytest.mark.parametrize("months", [MONTHS, FULL_MONTHS, ENGLISH_MONTHS])
def test_a_month_is_read_in_letters(months: list[str]) -> None:
    read = [read_day(f"1er {month} 2027").day for month in months]
    assert read == [f"2027-{number:02}-01" for number in range(1, len(months) + 1)]


@pytest.mark.parametrize("written", ["31/12/99", "31.12.50", "31-déc-99"])
def test_a_year_of_two_digits_that_may_be_of_the_last_century_is_a_remark(written: str) -> None:
    row = good(end_date=written)
    year = f"20{written[-2:]}"
    assert row.entry.end_date == f"{year}-12-31"
    assert [remark.text for remark in row.remarks] == [f"l'année est lue {year} : écrivez-la en quatre chiffres"]
    assert good(end_date=f"31/12/{year}").remarks == ()


@pytest.mark.parametrize("said", ["", "-", "néant", "NULL", "N/A", "aucune", "/", "sans - objet"])
def test_a_cell_that_says_that_it_is_empty_is_no_date(said: str) -> None:
    assert (good(end_date=said).entry.end_date, good(end_date=said).remarks) == ("", ())


NOUGHTS = ["30/12/1899", "31/12/1899", "1899-12-30 00:00:00", "00/01/1900", "01/01/1900", "01/01/1904", "01/01/1970"]
NOUGHTS += ["00/01/00", "00/00/0000", "0000-00-00", "0", "0.0", "00:00:00", "0:00"]


@pytest.mark.parametrize("written", NOUGHTS)
def test_a_spreadsheets_nought_ends_nobodys_rights_and_is_a_remark(written: str) -> None:
    app = InMemoryRosterService()
    app.take_in(line("10000002"))
    prepared = app.take_in(line("10000002", end_date=written, first_name="Zoé"))
    assert app.account("10000002").beneficiary.roster.end_date == ""
    said = "c'est le zéro d'un tableur : lu comme une cellule vide"
    assert app.findings(prepared) == [["2", "remarque", "date de fin", said]]


NO_DATES = ["demain", "32/12/2026", "29/02/2027", "12/31/2026", "31/12", "2026", "31/12-2026", "31/12/026", "1234"]
NO_DATES += ["31 brumaire 2026", "1 jui 2027", "30 février 2027", "31 ma 2026", "décembre 2026"]
NO_DATES += ["2026-12-31 23:00:00", "2026-12-31T23:00:00Z", "2026-W53-4", "٣١/١٢/٢٠٢٦"]


NO_YEARS = ["31/12/1999", "31/12/9999", "31/12/2999", "0206-12-31", "01/01/2100", "36525"]
NO_YEAR = "cette année n'est pas vraisemblable ; sans date, laissez la cellule vide"
NO_DATE = "ce n'est pas une date : écrivez 31/12/2026 ou 2026-12-31"


@pytest.mark.parametrize("written", NO_DATES + NO_YEARS)
def test_what_is_no_day_or_nobodys_end_is_refused_although_all_else_is_as_stored(written: str) -> None:
    assert faults(end_date=written) == [(Column.END_DATE, NO_YEAR if written in NO_YEARS else NO_DATE)]
    for known in ("", "2026-12-31"):
        app = InMemoryRosterService()
        app.take_in(line("10000002", end_date=known))
        assert app.check(line("10000002", end_date=written)).refused == 1


@given(DAYS, st.sampled_from(["%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d 00:00:00", "%Y%m%d"]))
def test_a_day_survives_every_way_to_write_it(day: date, form: str) -> None:
    assert read_day(day.strftime(form))[:2] == (day.isoformat(), "")


@given(DAYS)
def test_a_day_is_the_serial_number_that_spreadsheets_count(day: date) -> None:
    assert read_day(str((day - date(1899, 12, 30)) // timedelta(days=1))).day == day.isoformat()


@given(st.text(max_size=20))
def test_whatever_is_written_is_a_day_or_none_or_a_fault(text: str) -> None:
    row = judge({"end_date": text, "email": ""})
    assert isinstance(row, RosterRow) or [type(fault) for fault in row] == [Fault]
    day = read_day(text)
    assert day.day == "" if day.fault or not day.day else "2000-01-01" <= day.day <= "2099-12-31"
