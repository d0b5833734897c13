"""A row, judged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.contacts import ContactRejectedError, parse_mobile
from activation.domain.employment import Structure
from activation.domain.roster.columns import Column, FileColumn, read_header
from activation.domain.roster.rows import Fault, RosterRow, is_same_mobile, judge_row, says_the_same
from activation.domain.roster.table import cells_of
from tests.builders import entry
from tests.in_memory.roster import HEADER, line


def judge(cells: dict[str, str], *, known: str = "", usual_digits: int = 0) -> RosterRow | list[Fault]:
    of_row = cells_of(read_header(HEADER), list(line(**cells).values()))
    assert of_row
    return judge_row(2, of_row, stored=entry(email=known, mobile=known) if known else None, usual_digits=usual_digits)


def faults(**cells: str) -> list[tuple[FileColumn | None, str]]:
    judged = judge({"email": "", **cells})
    assert isinstance(judged, list)
    return [(fault.column, fault.reason) for fault in judged]


def good(known: str = "", **cells: str) -> RosterRow:
    judged = judge(cells, known=known)
    assert isinstance(judged, RosterRow)
    return judged


def test_a_good_row_says_who_and_where() -> None:
    row = good(identifier=" 1000 0001 ", last_name=" Le\nGoff ", mobile="06 12 34 56 78", end_date="1/2/2027", email="")
    assert row.identifier == "10000001"
    assert row.entry == entry(last_name="Le Goff", email="", mobile="+33612345678", end_date="2027-02-01")
    assert row.structure == Structure("S1", "Mairie de Mondomaine", "Claire Fontaine", "claire@mairie.example")


OBEYED = [
    ("Gar\x1b[2Jcia", "Gar[2Jcia"),
    ("\x9b31mGarcia\x07", "31mGarcia"),
    ("\u202eaicraG\u2066", "aicraG"),
    ("Le \u200b\u00ad Goff\u200f", "Le Goff"),
    ("Le\tGoff\r\n", "Le Goff"),
    ("Le\u2028Goff\x85", "Le Goff"),
    ("D\N{RIGHT SINGLE QUOTATION MARK}Almeida-Cœur", "D\N{RIGHT SINGLE QUOTATION MARK}Almeida-Cœur"),
]


@pytest.mark.parametrize(("written", "taken"), OBEYED)
def test_nothing_that_a_terminal_obeys_or_nobody_sees_is_taken_in(written: str, taken: str) -> None:
    row = good(first_name=written, structure_name=written, correspondent_name=written)
    assert row.entry == entry(first_name=taken, email=row.entry.email, mobile="")
    assert (row.structure.name, row.structure.correspondent_name) == (taken, taken)


ID = Column.IDENTIFIER
BAD = [
    ({"identifier": ""}, ID, "vide"),
    *(({"identifier": written}, ID, "que des chiffres") for written in ("A12", "١٢٣", "1" * 21)),
    ({"identifier": "1,00E+07"}, ID, "notation scientifique"),
    ({"last_name": " "}, Column.LAST_NAME, "vide"),
    ({"last_name": "-'!"}, Column.LAST_NAME, "au moins une lettre"),
    ({"last_name": "x" * 201}, Column.LAST_NAME, "plus de 200"),
    ({"structure_id": ""}, Column.STRUCTURE_ID, "vide"),
    *(({"email": written}, Column.EMAIL, "adresse email") for written in ("0612345678", "n@c")),
    ({"mobile": "louis@exemple.fr"}, Column.MOBILE, "numéro de mobile"),
    ({"mobile": "01 40 00 00 00"}, Column.MOBILE, "pas celui d'un mobile"),
    ({"mobile": "+508 55 12 34"}, Column.MOBILE, "pas envoyer de SMS dans ce territoire"),
    ({"correspondent_email": "nobody"}, Column.CORRESPONDENT_EMAIL, "adresse email"),
    *(({"end_date": written}, Column.END_DATE, "une date") for written in ("2026-02-30", "31/13/2026", "demain")),
]

ADDRESSES = ("Votre compte : HTTPS://evil.example", "ftp://evil.example", "Mairie (WWW.evil.example)", "Mairie a@b.fr")


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_is_no_structures_name(name: str) -> None:
    assert faults(structure_name=name) == [
        (Column.STRUCTURE_NAME, "un nom de structure n'a ni adresse internet ni adresse email : il est cité aux gens")
    ]


NAMES = ["C.C.A.S. de Saint-Denis", "E.P.C.I. Val d'Oise / Nord", "S.D.I.S. 974 : Réunion", "", "x" * 80]


@pytest.mark.parametrize("name", NAMES)
def test_a_structures_name_may_have_dots_slashes_colons_and_80_characters(name: str) -> None:
    assert good(structure_name=name).structure.name == name
    assert faults(structure_name="x" * 81) == [(Column.STRUCTURE_NAME, "plus de 80 caractères")]


@pytest.mark.parametrize(("cells", "column", "words"), BAD)
def test_a_bad_cell_is_told_in_words_that_do_not_show_it(cells: dict[str, str], column: Column, words: str) -> None:
    [(found, reason)] = faults(**cells)
    assert found is column
    assert words in reason
    assert not [value for value in cells.values() if len(value.strip()) > 3 and value in reason]


ROWS = [(["1"] * 13, True), (["1"] * 12, True), (["1"] * 14, False), ([*["1"] * 12, "", ""], True)]


@pytest.mark.parametrize(("row", "fits"), ROWS)
def test_a_row_has_no_more_cells_than_the_header_but_empty_ones(row: list[str], fits: bool) -> None:
    assert (cells_of(read_header(HEADER), row) is not None) is fits


def test_a_columns_name_is_told_without_what_a_terminal_obeys() -> None:
    assert read_header([*HEADER, " caf\x1b[31mé\u202e\ncrème "]).ignored == ("caf[31mé crème",)


def test_a_contact_that_is_stored_already_is_not_parsed_again_nor_is_a_row_that_says_the_same() -> None:
    assert good("+33140000000", mobile="01.40.00.00.00", email="").entry.mobile == "+33140000000"
    assert good("p@exemple.fr", email="p@exemple.fr").entry.email == "p@exemple.fr"
    row = line(email="p@exemple.fr", mobile="06 12 34 56 78", end_date="1/2/2027", start_date="2/1/1999")
    same = entry(email="p@exemple.fr", mobile="+33612345678", end_date="2027-02-01", start_date="1999-01-02")
    assert says_the_same(cells_of(read_header(HEADER), list(row.values())) or {}, same)


MAIL = "p@exemple.fr"


def test_a_fault_of_the_structure_is_told_though_all_else_is_as_stored() -> None:
    for cells in ({"correspondent_email": "nobody"}, {"correspondent_name": "#REF!"}):
        assert isinstance(judge({"email": MAIL, "mobile": MAIL} | cells, known=MAIL), list)


def test_an_address_may_be_as_long_as_mail_allows_and_a_first_day_of_long_ago() -> None:
    address = f"{'p' * 64}@{'.'.join(['e' * 60] * 3)}.fr"
    row = good(email=address, correspondent_email=address, start_date="1/9/1975")
    assert (row.entry.email, row.structure.correspondent_email) == (address, address)
    assert row.entry.start_date == "1975-09-01"


@given(
    st.from_regex(r"0[67][0-9]{8}", fullmatch=True),
    st.from_regex(r"0[67][0-9]{8}", fullmatch=True),
    st.sampled_from(["{}", "{} ", "({})", "{}x", "+{}", "{}.", "{}-"]),
)
def test_a_number_taken_for_the_stored_one_is_what_it_would_be_parsed_to(stored: str, written: str, form: str) -> None:
    try:
        known = parse_mobile(stored).value
    except ContactRejectedError:
        return
    for digits in (stored, written):
        text = form.format(digits)
        if is_same_mobile(text, known):
            assert parse_mobile(text).value == known
