"""Leading zeros that a spreadsheet erased."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activation.domain.accounts import Status
from activation.domain.roster.leading_zeros import with_other_zeros
from tests.unit.in_memory_roster import InMemoryRosterService, counted, line

WORDS = "connu avec des zéros devant, que le tableur a effacés : colonne en texte"
FEWER = "connu avec moins de zéros devant : écrivez-le de même, ou faites d'abord sortir l'autre"
TWICE = "le fichier a aussi cet identifiant avec d'autres zéros devant : n'en gardez qu'un"


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
    app.take_in(line("00091234", last_name="Le Goff", email=""))
    app.take_in(line("91234", structure_id="S2", email=""))
    prepared = app.check(line("91234", last_name="Le Goff", email="", end_date="2026-12-01"))
    assert [found[3] for found in app.findings(prepared)] == [WORDS]
    assert counted(app.check(line("91234", last_name="Garcia", email=""))) == {"updated": 1}


def test_a_short_identifier_that_is_somebodys_is_theirs() -> None:
    app = InMemoryRosterService()
    app.take_in(line("91234", email=""))
    app.take_in(line("00091234", structure_id="S2", last_name="Petit", email=""))
    assert counted(app.check(line("91234", email="", first_name="Zoé"))) == {"updated": 1}
    assert counted(app.check(line("00091234", structure_id="S2", last_name="Petit", email="", first_name="Zoé"))) == {
        "updated": 1
    }


@pytest.mark.parametrize(
    ("stored", "written", "told"),
    [
        ("91234", "00091234", FEWER),
        ("091234", "00091234", FEWER),
        ("0", "00", FEWER),
        ("00091234", "91234", WORDS),
        ("00091234", "91235", ""),
        ("00091234", "191234", ""),
        ("9123400", "91234", ""),
    ],
)
@pytest.mark.parametrize(
    ("more", "is_same"),
    [
        ({"last_name": "Autre"}, True),
        ({"structure_id": "S2"}, True),
        ({"structure_id": "S2", "last_name": "Autre"}, False),
    ],
)
def test_an_identifier_on_file_with_other_zeros_is_held_back_in_its_structure_or_under_its_name(
    stored: str, written: str, told: str, more: dict[str, str], is_same: bool
) -> None:
    app = InMemoryRosterService()
    app.take_in(line(stored, email=""))
    prepared = app.check(line(written, email="", **more))
    assert [found[3] for found in app.findings(prepared)] == ([told] if told and is_same else [])


def test_a_zero_of_several_that_is_left_does_not_hide_somebody_on_file() -> None:
    app = InMemoryRosterService()
    app.take_in(line("00091234", email=""), line("00012345", email=""))
    prepared = app.check(line("091234", email=""), line("00012345", email=""))
    assert [(found[0], found[3]) for found in app.findings(prepared)] == [("2", WORDS)]


def test_whoever_left_under_fewer_zeros_holds_nobody_back() -> None:
    app = InMemoryRosterService()
    app.take_in(line("91234", email=""))
    app.change_account("91234", status=Status.CLOSED)
    assert counted(app.check(line("00091234", email=""))) == {"created": 1}


@pytest.mark.parametrize("pair", [("00091234", "91234"), ("91234", "091234"), ("0091234", "00091234"), ("0", "000")])
@pytest.mark.parametrize("more", [{}, {"last_name": "Petit", "structure_id": "S2"}])
def test_one_identifier_twice_in_a_file_but_for_its_zeros_is_held_back(
    pair: tuple[str, str], more: dict[str, str]
) -> None:
    app = InMemoryRosterService()
    prepared = app.check(line(pair[0], email=""), line("12", email=""), line(pair[1], email="", **more))
    assert [(found[0], found[3]) for found in app.findings(prepared)] == [("2", TWICE), ("4", TWICE)]
    assert counted(prepared) == {"created": 1}


def test_two_people_on_file_under_one_identifier_but_for_its_zeros_stay_two() -> None:
    app = InMemoryRosterService()
    people = [line("91234", email=""), line("00091234", structure_id="S2", last_name="Petit", email="")]
    for person in people:
        app.take_in(person)
    assert counted(app.check(*people)) == {"unchanged": 2}
    app.accounts.rows.pop("00091234")
    assert counted(app.check(*people)) == {"unchanged": 1, "created": 1}


@pytest.mark.parametrize("cell", ["", "-", "0x", "abc", "0abc"])
def test_cells_that_are_no_identifiers_are_nobodys_with_other_zeros(cell: str) -> None:
    app = InMemoryRosterService()
    prepared = app.check(line("0", email=""), line(cell, email=""), line("abc", email=""))
    assert TWICE not in {found[3] for found in app.findings(prepared)}
    assert counted(prepared) == {"created": 1}


SHORT = ["1", "12", "91234"]
WRITTEN = [short.zfill(digits) for short in SHORT for digits in range(len(short), 9)]


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(WRITTEN)), st.lists(st.sampled_from(WRITTEN), min_size=1, unique=True))
def test_nobody_is_created_twice_whatever_becomes_of_the_zeros(stored: set[str], written: list[str]) -> None:
    app = InMemoryRosterService()
    for identifier in stored:
        app.take_in(line(identifier, email=""))
    before = app.stored_rosters().keys()
    whole = "00000003"  # where a file has zeros, nothing longer than they are is looked for
    app.take_in(*(line(identifier, email="") for identifier in [*written, whole]))
    created = app.stored_rosters().keys() - before
    known = {identifier.lstrip("0") for identifier in before}
    assert len({identifier.lstrip("0") for identifier in created} | known) == len(created) + len(known)


def test_only_newcomers_take_more_reads() -> None:
    app = InMemoryRosterService()
    rows = [line(f"{place:08}", email="") for place in range(10_000, 10_100)]
    app.check(*rows)
    assert app.rosters.reads == 2 + 3  # the people, the structure, and who is on file with up to three zeros less
    app.take_in(*rows)
    app.rosters.reads = 0
    app.check(*rows)
    assert app.rosters.reads == 2
    app.rosters.reads = 0
    app.check(*(line(f"{place}", email="") for place in range(10_000_000, 10_000_100)))
    assert app.rosters.reads == 2 + 2  # of 9 and 10 digits


@given(st.from_regex(r"[0-9]{1,10}", fullmatch=True), st.integers(0, 10))
def test_what_lost_its_zeros_or_got_some_is_among_what_is_looked_for(identifier: str, digits: int) -> None:
    other = (identifier.lstrip("0") or "0").zfill(digits)
    longest = max((len(each) for each in (identifier, other) if each.startswith("0")), default=0)
    found = with_other_zeros(identifier, longest)
    assert other == identifier or other in found
    assert identifier not in found
    assert {each.lstrip("0") for each in found} <= {identifier.lstrip("0")}
    assert len(set(found)) == len(found)
