"""Leading zeros that a spreadsheet erased."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.roster.leading_zeros import padded
from tests.unit.in_memory_roster import InMemoryRosterService, counted, line

WORDS = "connu avec des zéros devant, que le tableur a effacés : colonne en texte"


def mails(identifier: str) -> dict[str, str]:
    return {"email": f"p{identifier.zfill(8)}@exemple.fr"}


@pytest.mark.parametrize(("length", "rows"), [(8, 30), (10, 5), (3, 1)])
def test_an_employer_whose_every_identifier_lost_its_zeros_is_not_created_again(length: int, rows: int) -> None:
    app = InMemoryRosterService()
    whole = [str(91 + place).zfill(length) for place in range(rows)]
    app.take_in(*(line(identifier, **mails(identifier)) for identifier in whole))
    before = app.stored_rosters()
    prepared = app.take_in(*(line(each.lstrip("0"), **mails(each), last_name="Autre") for each in whole))
    assert {found[3] for found in app.findings(prepared) if found[0]} == {WORDS}
    assert (prepared.refused, app.stored_rosters()) == (rows, before)


@pytest.mark.parametrize("names", [{"usage_name": "LE GOFF"}, {"last_name": "LE GOFF épouse PETIT"}])
def test_a_known_name_is_held_back_in_another_structure_too_and_nobody_else(names: dict[str, str]) -> None:
    app = InMemoryRosterService()
    app.take_in(line("00091234", last_name="Le Goff"), line("00091235"))
    prepared = app.take_in(
        line("91234", structure_id="S2", email="", **names),
        line("91235", structure_id="S2", last_name="Petit", email=""),
    )
    assert [(found[0], found[3]) for found in app.findings(prepared)] == [("2", WORDS)]
    assert counted(prepared) == {"created": 1}


@pytest.mark.parametrize("written", ["2140", '="2140"', "2140.0"])
def test_a_structure_is_the_same_in_whatever_way_a_spreadsheet_wrote_its_code(written: str) -> None:
    app = InMemoryRosterService()
    app.take_in(line("00091234", structure_id="2140"))
    prepared = app.check(line("91234", last_name="Autre", structure_id=written, email=""))
    assert [found[3] for found in app.findings(prepared)] == [WORDS]


@pytest.mark.parametrize("noughts", [21, 3_000])
def test_no_identifier_is_looked_for_that_is_longer_than_any(noughts: int) -> None:
    app = InMemoryRosterService()
    prepared = app.check(line("0" * noughts, email=""), *(line(f"{number}", email="") for number in range(1, 4)))
    assert (prepared.refused, counted(prepared)) == (1, {"created": 3})


def test_somebody_elses_short_identifier_is_not_taken_for_a_known_person_of_the_structure() -> None:
    app = InMemoryRosterService()
    app.take_in(line("00091234", last_name="Le Goff", email=""), line("91234", structure_id="S2", email=""))
    prepared = app.check(line("91234", last_name="Le Goff", email="", end_date="2026-12-01"))
    assert [found[3] for found in app.findings(prepared)] == [WORDS]
    assert counted(app.check(line("91234", last_name="Garcia", email=""))) == {"updated": 1}


def test_a_short_identifier_that_is_somebodys_is_theirs() -> None:
    app = InMemoryRosterService()
    app.take_in(line("91234", email=""))
    app.take_in(line("00091234", email=""))
    assert counted(app.check(line("91234", email="", first_name="Zoé"))) == {"updated": 1}


def test_only_newcomers_without_a_zero_before_them_take_more_reads() -> None:
    app = InMemoryRosterService()
    rows = [line(f"{place:08}", email="") for place in range(100)]
    app.check(*rows)
    assert app.rosters.reads == 2  # the people, and the structure
    app.take_in(*rows)
    app.rosters.reads = 0
    app.check(*rows)
    assert app.rosters.reads == 2
    app.rosters.reads = 0
    app.check(*(line(f"{place}", email="") for place in range(10_000_000, 10_000_100)))
    assert app.rosters.reads == 2 + 2  # of 9 and 10 digits


@given(st.from_regex(r"[0-9]{1,10}", fullmatch=True))
def test_what_lost_its_zeros_is_among_what_is_looked_for(identifier: str) -> None:
    short = identifier.lstrip("0")
    assert not short or short == identifier or identifier in padded(short, 0)
    assert not short or short == identifier or identifier in padded(short, len(identifier))
    assert padded(short, len(short)) == []
    assert not identifier.startswith("0") or padded(identifier, 0) == []
