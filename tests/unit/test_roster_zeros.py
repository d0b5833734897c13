"""Leading zeros that a spreadsheet erased, and rows that do not say the same of their structure."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activation.domain.accounts import Status
from activation.domain.employment import Structure
from activation.domain.roster import structures
from activation.domain.roster.leading_zeros import with_other_zeros
from activation.domain.roster.structures import StructureVariant, likely_spellings, most_frequent, spelling_key
from tests.builders import entry, invited
from tests.in_memory.roster import STRUCTURE, InMemoryRosterService, counted, line

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


@pytest.mark.parametrize("known", ["last_name", "usage_name"])
@pytest.mark.parametrize("names", [{"usage_name": "LE GOFF"}, {"last_name": "LE GOFF épouse PETIT"}])
def test_a_known_name_is_held_back_in_another_structure_too_and_nobody_else(names: dict[str, str], known: str) -> None:
    app = InMemoryRosterService()
    app.take_in(line("00091234", **{known: "Le Goff"}), line("00091235"))
    other = {"structure_id": "S2", "email": ""}
    prepared = app.take_in(line("91234", **other, **names), line("91235", last_name="Petit", **other))
    assert [(found[0], found[3]) for found in app.findings(prepared)] == [("2", WORDS)]
    assert counted(prepared) == {"created": 1}
    left = app.check(line("091234", email=""), line("00091235", email=""))  # one zero of several
    assert [(found[0], found[3]) for found in app.findings(left) if found[1] == "refus"] == [("2", WORDS)]
    no_usage_name = b"identifiant;nom;structure\n91234;LE GOFF;S2\n"
    assert [found[3] for found in app.findings(app.send(no_usage_name))] == [WORDS]


@pytest.fixture
def app() -> InMemoryRosterService:
    return InMemoryRosterService()


@pytest.mark.parametrize("cell", ["0" * 21, "0" * 3_000, "", "-", "0x", "abc", "0abc"])
def test_no_identifier_is_looked_for_that_can_be_none(cell: str, app: InMemoryRosterService) -> None:
    rows = (line(f"{number}", email="") for number in range(1, 4))
    prepared = app.check(line(cell, email=""), *rows, line("abc", email=""))
    assert (prepared.refused, counted(prepared)) == (2, {"created": 3})
    assert TWICE not in {found[3] for found in app.findings(prepared)}


@pytest.mark.parametrize("written", ["2140", '="2140"', "2140.0"])  # as a spreadsheet may write the structure's code
def test_somebody_elses_short_identifier_is_not_taken_for_a_known_person_of_the_structure(written: str) -> None:
    app = InMemoryRosterService()
    app.take_in(line("00091234", last_name="Le Goff", email="", structure_id="2140"))
    app.take_in(line("91234", structure_id="S2", email=""))
    told = app.check(line("91234", last_name="Le Goff", email="", end_date="2026-12-01", structure_id=written))
    assert [found[2:] for found in app.findings(told)] == [["identifiant", WORDS]]
    assert counted(app.check(line("91234", last_name="Garcia", email="", structure_id=written))) == {"updated": 1}


def test_as_many_zeros_are_looked_for_as_the_file_has_though_they_left(app: InMemoryRosterService) -> None:
    app.take_in(line("000000091234", email=""))
    app.change_account("000000091234", status=Status.CLOSED)
    assert app.check(line("91234", email=""), line("000000000012", email="")).refused == 1
    app.accounts.rows["91234"] = invited("91234", roster=entry(structure_id="S2", email=""))
    app.change_account("000000091234", status=Status.INVITED)
    assert app.check(line("91234", email=""), line("000000000012", email="")).refused == 1


def test_a_short_identifier_that_is_somebodys_is_theirs_until_they_left(app: InMemoryRosterService) -> None:
    short, whole = line("91234", email=""), line("00091234", structure_id="S2", last_name="Petit", email="")
    app.take_in(short)
    app.take_in(whole)
    for row in (short, whole):
        assert counted(app.check(row | {"first_name": "Zoé"})) == {"updated": 1}
    app.accounts.rows.pop("00091234")
    app.change_account("91234", status=Status.CLOSED)
    assert counted(app.check(line("00091234", email=""))) == {"created": 1}


ON_FILE = [
    ("91234", "00091234", FEWER),
    ("091234", "00091234", FEWER),
    ("0", "00", FEWER),
    ("00091234", "91234", WORDS),
    ("00091234", "91235", ""),
    ("00091234", "191234", ""),
    ("9123400", "91234", ""),
]
ANOTHER = {"last_name": "Autre"}, {"structure_id": "S2"}, {"structure_id": "S2", "last_name": "Autre"}


@pytest.mark.parametrize(("stored", "written", "told"), ON_FILE)
@pytest.mark.parametrize("more", ANOTHER)
def test_an_identifier_on_file_with_other_zeros_is_held_back_in_its_structure_or_under_its_name(
    stored: str, written: str, told: str, more: dict[str, str]
) -> None:
    app = InMemoryRosterService()
    app.take_in(line(stored, email=""))
    prepared = app.check(line(written, email="", **more))
    assert [one[2:] for one in app.findings(prepared)] == ([["identifiant", told]] if told and len(more) == 1 else [])


@pytest.mark.parametrize("pair", [("00091234", "91234"), ("91234", "091234"), ("0091234", "00091234"), ("0", "000")])
@pytest.mark.parametrize("more", [{}, {"last_name": "Petit", "structure_id": "S2"}])
def test_one_identifier_twice_but_for_its_zeros_is_held_back(pair: tuple[str, str], more: dict[str, str]) -> None:
    app = InMemoryRosterService()
    prepared = app.check(line(pair[0], email=""), line("12", email=""), line(pair[1], email="", **more))
    assert [(found[0], found[3]) for found in app.findings(prepared)] == [("2", TWICE), ("4", TWICE)]
    assert counted(prepared) == {"created": 1}


def test_two_people_on_file_under_one_identifier_but_for_its_zeros_stay_two(app: InMemoryRosterService) -> None:
    people = [line("91234", email=""), line("00091234", structure_id="S2", last_name="Petit", email="")]
    for person in people:
        app.take_in(person)
    assert counted(app.check(*people)) == {"unchanged": 2}
    app.accounts.rows.pop("00091234")
    assert counted(app.check(people[0] | {"structure_id": "S3"}, people[1])) == {"updated": 1, "created": 1}
    app = InMemoryRosterService(invited("91234"), invited("00091234"))  # even of one name, in one structure
    assert app.check(line("91234", first_name="Zoé"), line("00091234")).refused == 0


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


def test_only_newcomers_take_more_reads(app: InMemoryRosterService) -> None:
    rows = [line(f"{place:08}", email="", structure_id=f"S{place % 25}") for place in range(10_000, 10_100)]
    app.check(*rows)
    assert app.rosters.reads == 2 + 3  # the people, the structures, and who is on file with up to three zeros less
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
    assert with_other_zeros("", longest) == []


OTHER = {"correspondent_name": "Marc Hoarau", "correspondent_email": "marc@mairie.example"}
MARC = Structure("S1", "Mairie de Mondomaine", "Marc Hoarau", "marc@mairie.example")
ways = st.builds(Structure, st.just("S1"), st.sampled_from("ABC"))
variant = st.builds(StructureVariant, ways, st.integers(1, 3), st.integers(2, 9))
variants = st.lists(variant, min_size=1, max_size=4, unique_by=lambda variant: variant.structure)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_one_row_does_not_replace_everybodys_correspondent(order: tuple[int, ...], app: InMemoryRosterService) -> None:
    rows = [line("10000001"), line("10000002"), line("10000003", **OTHER)]
    prepared = app.take_in(*(rows[place] for place in order))
    assert app.structures.rows["S1"] == STRUCTURE
    number = str(order.index(2) + 2)
    text = "la structure a ici autre chose qu'ailleurs, et ce n'est pas repris (1 ligne le dit)"
    columns = ("nom du correspondant", "email du correspondant")
    assert app.findings(prepared) == [[number, "remarque", column, text] for column in columns]
    assert app.findings(app.check(*(rows[place] for place in order))) == app.findings(prepared)


def test_where_no_way_has_most_rows_what_is_stored_stays(app: InMemoryRosterService) -> None:
    app.take_in(line("10000001", **OTHER))
    prepared = app.take_in(line("10000001"), line("10000002", **OTHER))
    assert app.structures.rows["S1"] == MARC
    said = "les lignes se contredisent sur la structure : ce qui était connu reste"
    assert {(found[0], found[3]) for found in app.findings(prepared)} == {("2", said)}


def test_where_no_way_has_most_rows_and_nothing_is_stored_the_first_is_taken(app: InMemoryRosterService) -> None:
    prepared = app.take_in(line("10000001", **OTHER), line("10000002"), line("10000003"), line("10000004", **OTHER))
    assert app.structures.rows["S1"] == MARC
    said = "la structure a ici autre chose qu'ailleurs, et ce n'est pas repris (2 lignes le disent)"
    assert {tuple(found[::3]) for found in app.findings(prepared)} == {("3", said)}


def test_a_file_that_agrees_replaces_what_is_stored() -> None:
    for second in ({**OTHER}, {"correspondent_name": "", "correspondent_email": ""}):  # an empty cell is no vote
        app = InMemoryRosterService()
        app.take_in(line("10000001"))
        prepared = app.take_in(line("10000001", **OTHER), line("10000002", **second))
        said = "le correspondant de la structure S1 change"
        columns = ("nom du correspondant", "email du correspondant")
        assert app.findings(prepared) == [["2", "remarque", column, said] for column in columns]
        assert app.structures.rows["S1"] == MARC


BLANK = {"structure_name": "", "correspondent_name": "", "correspondent_email": ""}
NO_MAIL = {"correspondent_email": ""}


@pytest.mark.parametrize("filled", [0, 2])
def test_an_empty_cell_is_no_vote(filled: int, app: InMemoryRosterService) -> None:
    app.take_in(line("10000001"))
    rows = [line(f"1000000{place}", **({} if place == filled else BLANK)) for place in range(4)]
    prepared = app.take_in(*rows)
    assert (app.structures.rows["S1"], app.findings(prepared)) == (STRUCTURE, [])
    app.take_in(*(row | ({} if place == filled else {"structure_name": "Ville"}) for place, row in enumerate(rows)))
    assert app.structures.rows["S1"] == replace(STRUCTURE, name="Ville")


@pytest.mark.parametrize(("before", "after", "now"), [({}, NO_MAIL, "effacé"), (NO_MAIL, {}, "nouveau")])
def test_what_all_rows_leave_empty_is_erased_and_told(before: dict[str, str], after: dict[str, str], now: str) -> None:
    app = InMemoryRosterService()
    app.take_in(line("10000001", **before))
    prepared = app.take_in(line("10000001", **after))
    mail = after.get("correspondent_email", STRUCTURE.correspondent_email)
    assert app.structures.rows["S1"] == replace(STRUCTURE, correspondent_email=mail)
    said = f"le correspondant de la structure S1 est {now}"
    assert app.findings(prepared) == [["2", "remarque", "email du correspondant", said]]


CODES_ON_FILE = [
    ("M0088", "m0088"),
    ("0974", "00974"),
    ("0974", "974"),
    ("974", "0974"),
    ("P0001", "p0001"),
    ("M0001", "M 0001"),
]


@pytest.mark.parametrize(("on_file", "written"), CODES_ON_FILE)
def test_a_new_code_that_is_a_known_one_spelt_otherwise_is_a_remark(on_file: str, written: str) -> None:
    app = InMemoryRosterService()
    app.take_in(line("10000001", structure_id=on_file))
    rows = [line("10000002", structure_id=written), line("10000003", structure_id=written)]
    prepared = app.take_in(*rows)
    text = "ce code ressemble à celui d'une structure connue : si c'est la même, écrivez-le de la même façon"
    assert app.findings(prepared) == [["2", "remarque", "code structure", text]]
    assert app.findings(app.check(*rows)) == []  # known by now
    assert likely_spellings("X0012") == likely_spellings("A12") == set()


@given(st.text("0 -aM9", max_size=6))
def test_a_code_has_so_many_other_spellings_at_most(code: str) -> None:
    assert len(likely_spellings(code)) <= structures.MOST_SPELLINGS


def test_rows_that_are_refused_say_nothing_of_a_structure(app: InMemoryRosterService) -> None:
    app.take_in(line("10000001"), *(line(f"2000000{place}", last_name="?", **OTHER) for place in range(5)))
    assert app.structures.rows["S1"] == STRUCTURE


@given(variants, st.one_of(st.none(), st.just(Structure("S1", "D"))))
def test_what_is_taken_has_most_rows_or_is_stored(said: list[StructureVariant], stored: Structure | None) -> None:
    taken = most_frequent(said, stored)
    most = max(variant.rows for variant in said)
    assert taken == stored or any(variant.structure == taken and variant.rows == most for variant in said)
    assert taken == most_frequent(said[::-1], stored) or len({variant.first for variant in said}) < len(said)


WAYS = [("M0001", "m0001"), ("M0001", "M 0001"), ("M0001", "M-0001"), ("0974", "974"), ("0974", "00974")]


@pytest.mark.parametrize(("one", "other"), [*WAYS, ("M0001", "M0002"), ("974", "975"), ("M1", "M01")])
def test_a_code_that_is_written_in_two_ways_is_a_remark(one: str, other: str, app: InMemoryRosterService) -> None:
    rows = [line("10000001", structure_id=one), line("10000002", structure_id="Z9")]
    prepared = app.check(*rows, line("10000003", structure_id=other), line("10000004", structure_id=other))
    said = "ce code est écrit autrement ligne 2 : si c'est la même structure, écrivez-le de la même façon"
    told = [["4", "remarque", "code structure", said]] if (one, other) in WAYS else []
    assert (app.findings(prepared), spelling_key(one) == spelling_key(other)) == (told, bool(told))


def test_an_empty_cell_is_filled_as_most_of_the_rows_that_say_it_do_and_the_first_of_as_many() -> None:
    ways = [("Mairie", "", 9), ("Ville", "06", 1), ("Commune", "07", 2), ("Cité", "08", 2)]
    said = [
        StructureVariant(Structure("S1", name, correspondent_phone=phone), rows, first)
        for first, (name, phone, rows) in enumerate(ways)
    ]
    assert most_frequent(said, None) == Structure("S1", "Mairie", correspondent_phone="07")


def test_what_changes_of_a_known_structure_is_said_by_what_it_is() -> None:
    before, after = Structure("S1", "Mairie"), Structure("S1", "Ville", "Claire Fontaine")
    said = [(remark.row, remark.text) for remark in structures.changes_of(before, after, 2)]
    assert said == [(2, "le nom de la structure S1 change"), (2, "le correspondant de la structure S1 est nouveau")]
