"""What many of a structure's people change in at once waits for a word, by the structure that is held."""

from collections.abc import Callable, Mapping

import pytest

from activation.domain.accounts import Status
from activation.domain.roster.columns import Column
from activation.domain.roster.comparison import StoredPerson, compare, holds_back, renames_wholly
from tests.builders import entry, invited
from tests.unit.in_memory_roster import InMemoryRosterService, counted, line

Row = dict[str, str]
NUMBER = 20


def person(place: int) -> Row:
    """Somebody whom the file knows by a mail address, a mobile and a usage name."""
    return line(
        f"1{place:07}",
        last_name=f"Nom{chr(97 + place)}",
        usage_name=f"Usage{chr(97 + place)}",
        mobile=f"06123456{place:02}",
    )


PEOPLE = [person(place) for place in range(NUMBER)]


def shifted(column: str) -> list[Row]:
    """Every row with the cell of the next one."""
    return [row | {column: PEOPLE[(place + 1) % NUMBER][column]} for place, row in enumerate(PEOPLE)]


def filled_down(rows: list[Row], column: str = "structure_id") -> list[Row]:
    """A code that counts on from row to row."""
    return [row | {column: f"P{5_000 + place}"} for place, row in enumerate(rows)]


MASS: Mapping[str, tuple[list[Row], str, str]] = {
    "usage names shifted": (shifted("usage_name"), "confirm_renamings", "changements de nom"),
    "mail shifted": (shifted("email"), "confirm_changes", "contacts remplacés ou retirés"),
    "mobile shifted": (shifted("mobile"), "confirm_changes", "contacts remplacés ou retirés"),
    "mail and mobile blank": (
        [row | {"email": "", "mobile": ""} for row in PEOPLE], "confirm_changes", "contacts remplacés ou retirés",
    ),
    "code filled down": (filled_down(PEOPLE), "confirm_changes", "changements de structure"),
}  # fmt: skip


@pytest.mark.parametrize("kind", MASS)
def test_what_changes_for_many_of_a_structure_waits_for_its_word_and_changes_nothing(kind: str) -> None:
    rows, word, said = MASS[kind]
    app = InMemoryRosterService()
    app.take_in(*PEOPLE)
    people, structures = app.stored_rosters(), dict(app.structures.rows)
    prepared = app.take_in(*rows)
    assert (app.stored_rosters(), app.structures.rows) == (people, structures)
    words = f"{NUMBER} {said} sur {NUMBER} personnes"
    assert {
        found[3].partition(" de la structure :")[0] for found in app.findings(prepared) if found[1] == "à confirmer"
    } == {words}
    told = app.report(prepared, prepared.action)["lines"]
    assert f"Structure S1 : {words}, à confirmer." in told
    assert any(f"{word.replace('_', '-')}=yes" in line for line in told)
    assert counted(app.take_in(*rows, **{word: "yes"})) == {"updated": NUMBER}


def test_a_file_of_contacts_alone_waits_too() -> None:
    app = InMemoryRosterService()
    app.take_in(*PEOPLE)
    before = app.stored_rosters()
    text = "identifiant;nom;email\n" + "".join(
        f"{row['identifier']};{row['last_name']};{row['email']}\n" for row in shifted("email")
    )
    prepared = app.send(text.encode(), apply="yes")
    app.work(prepared, prepared.action)
    assert app.stored_rosters() == before


def test_departures_wait_though_each_row_has_another_code() -> None:
    app = InMemoryRosterService()
    app.take_in(*PEOPLE)
    rows = filled_down([row | {"end_date": "2026-12-01"} for row in PEOPLE])
    assert counted(app.take_in(*rows, confirm_changes="yes")) == {}
    assert list(app.structures.rows) == ["S1"]
    assert counted(app.take_in(*rows, confirm_changes="yes", confirm_departures="yes")) == {"left": NUMBER}
    assert len(app.structures.rows) == 1 + NUMBER


GOES_ON: Mapping[str, Callable[[Row], Row]] = {
    "contacts added": lambda row: row | {"email": f"n{row['identifier']}@exemple.fr", "mobile": "0612345678"},
    "a contact added": lambda row: row | {"mobile": f"06{row['identifier']}"},
}


@pytest.mark.parametrize("kind", GOES_ON)
def test_contacts_that_many_get_for_the_first_time_go_on(kind: str) -> None:
    app = InMemoryRosterService()
    blank = {"email": "", "mobile": ""} if kind == "contacts added" else {"mobile": ""}
    app.take_in(*(row | blank for row in PEOPLE))
    assert counted(app.take_in(*(GOES_ON[kind](row) for row in PEOPLE))) == {"updated": NUMBER}


@pytest.mark.parametrize("column", ["email", "mobile", "structure_id", "usage_name"])
def test_three_changes_go_on_whatever_they_are(column: str) -> None:
    app = InMemoryRosterService()
    app.take_in(*PEOPLE)
    value = {"email": "x{}@exemple.fr", "mobile": "070000000{}", "structure_id": "T{}", "usage_name": "Autre"}[column]
    rows = [row | ({column: value.format(place)} if place < 3 else {}) for place, row in enumerate(PEOPLE)]
    assert counted(app.take_in(*rows)) == {"updated": 3, "unchanged": NUMBER - 3}


def test_whoever_comes_back_is_in_no_structure_and_newcomers_are_in_the_files() -> None:
    app = InMemoryRosterService(*(invited(row["identifier"], status=Status.CLOSED, closed_at=5) for row in PEOPLE))
    rows = [*(row | {"structure_id": "S2"} for row in PEOPLE), line("20000001", structure_id="S2")]
    assert counted(app.take_in(*rows)) == {"created": NUMBER + 1}


NO_FIRST_NAME = [
    ({"last_name": "Petit", "usage_name": "Moyen"}, (Column.FIRST_NAME,), True),
    ({"last_name": "Petit", "usage_name": "Moyen", "first_name": ""}, (), True),
    ({"last_name": "Petit", "usage_name": "Garcia"}, (Column.FIRST_NAME,), False),
    ({"last_name": "Petit"}, (Column.FIRST_NAME,), False),
    ({"last_name": "Petit", "usage_name": "Moyen"}, (), False),
]


@pytest.mark.parametrize(("after", "unsaid", "is_held"), NO_FIRST_NAME)
def test_an_active_account_of_which_every_name_changes_is_held_without_a_first_name_too(
    after: dict[str, str], unsaid: tuple[Column, ...], is_held: bool
) -> None:
    change = compare(
        "10000001", entry(**after), StoredPerson(entry(), Status.ACTIVE, 1), today="2026-11-24", unsaid=unsaid
    )
    assert (renames_wholly(change), holds_back(change)) == (is_held, is_held)
