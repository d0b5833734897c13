"""Names that change, and what many of a structure change in at once: they wait for a word."""

from collections.abc import Mapping, Sequence

import pytest

from activation.domain.accounts import Account, Status
from activation.domain.roster import comparison
from activation.domain.roster.columns import Column
from activation.domain.roster.comparison import RosterChange, StoredPerson, compare, holds_back, renames, renames_wholly
from activation.domain.roster.confirmations import MassChanges, Renamings
from tests.builders import active, entry, invited
from tests.in_memory.roster import InMemoryRosterService, counted, line

LAST = ["Garcia", "Le Goff", "N'Diaye", "Petit", "Moreau", "Le Gall", "Dubois", "Hoarau", "Payet", "Grondin"]
FIRST = ["Louis", "Zoé", "Awa", "Yann", "Inès", "Marc", "Claire", "Anaïs", "Ousmane", "Léa"]
WHOLLY = "le nom et le prénom changent ensemble : vérifiez que c'est la même personne"
WITHHELD = "le nom et le prénom d'un compte activé changent ensemble : à confirmer"


def people(last: Sequence[str], first: Sequence[str], number: int = 10) -> list[dict[str, str]]:
    return [
        line(f"2{place:07}", last_name=last[place % len(last)], first_name=first[place % len(first)], email="")
        for place in range(number)
    ]


SHIFTED = [
    (sorted(LAST), sorted(FIRST)),
    ([*LAST[1:], LAST[0]], [*FIRST[1:], FIRST[0]]),
    (sorted(LAST), FIRST),
    (LAST, sorted(FIRST)),
]


@pytest.mark.parametrize(("last", "first"), SHIFTED)
def test_a_column_that_was_sorted_alone_waits_for_a_word_and_changes_nobody(last: list[str], first: list[str]) -> None:
    app = InMemoryRosterService()
    app.take_in(*people(LAST, FIRST))
    before = app.stored_rosters()
    prepared = app.take_in(*people(last, first))
    assert app.stored_rosters() == before
    withheld = [found[3] for found in app.findings(prepared) if found[1] == "à confirmer"]
    words = f"{len(withheld)} changements de nom sur 10 personnes de la structure : à confirmer"
    assert len(withheld) > 3
    assert set(withheld) == {f"{words} ; une colonne a-t-elle été triée seule ?"}
    assert app.report(prepared, prepared.action)["lines"][-3:-1] == [
        f"Structure S1 : {len(withheld)} changements de nom sur 10 personnes, à confirmer.",
        "Pour confirmer les noms : le même fichier, avec confirm-renamings=yes (make roster : CONFIRM_NAMES=1).",
    ]
    confirmed = app.take_in(*people(last, first), confirm_renamings="yes")
    assert counted(confirmed).get("unchanged", 0) + counted(confirmed)["updated"] == 10
    assert app.stored_rosters() != before


@pytest.mark.parametrize(("number", "of", "waits"), [(3, 10, False), (4, 10, True), (4, 80, False), (5, 80, True)])
def test_a_few_other_names_go_on_and_each_is_a_remark(number: int, of: int, waits: bool) -> None:
    app = InMemoryRosterService()
    app.take_in(*people(LAST, FIRST, of))
    rows = people(LAST, FIRST, of)
    changed = [row | {"last_name": "Rivière", "first_name": "Paul"} for row in rows[:number]]
    prepared = app.take_in(*changed, *rows[number:])
    assert [found[3] for found in app.findings(prepared) if found[1] == "remarque"] == [WHOLLY] * number
    assert counted(prepared).get("updated", 0) == (0 if waits else number)


def test_other_names_of_an_active_account_wait_for_a_word_and_all_else_goes_on() -> None:
    app = InMemoryRosterService(active(), invited("10000002", roster=entry(email="", mobile="")))
    rows = [
        line(email=entry().email, mobile="0612345678", last_name="Rivière", first_name="Paul"),
        line("10000002", email="", last_name="Rivière"),
    ]
    prepared = app.take_in(*rows)
    told = [["remarque", "nom de naissance", WHOLLY], ["à confirmer", "", WITHHELD]]
    assert [found[1:] for found in app.findings(prepared)] == told
    assert (app.account().beneficiary.roster, counted(prepared)) == (entry(), {"updated": 1})
    said = "Structure S1 : 1 changement de nom sur 2 personnes, à confirmer."
    assert app.report(prepared, prepared.action)["lines"][2] == said
    assert Renamings("S1", renamed=1, withheld=1, people=1).counted == "1 changement de nom sur 1 personne"
    assert MassChanges("S1", comparison.Guarded.MOVES, 1, 1).counted == "1 changement de structure sur 1 personne"
    app.take_in(*rows, confirm_renamings="yes")
    assert app.account().beneficiary.roster.last_name == "Rivière"


@pytest.fixture
def app() -> InMemoryRosterService:
    return InMemoryRosterService()


def test_whoever_leaves_under_other_names_needs_both_words(app: InMemoryRosterService) -> None:
    app.take_in(*people(LAST, FIRST))
    rows = [row | {"end_date": "2026-12-01"} for row in people(sorted(LAST), sorted(FIRST))]
    for said in ({}, {"confirm_departures": "yes"}, {"confirm_renamings": "yes"}):
        assert counted(app.check(*rows, **said)).get("left", 0) <= 2  # whose names the sorting left where they were
    assert counted(app.check(*rows, confirm_departures="yes", confirm_renamings="yes")) == {"left": 10}


def change(before: Account, **after: str) -> RosterChange:
    stored = StoredPerson(before.beneficiary.roster, before.status, before.version)
    return compare(before.identifier, entry(**after), stored, today="2026-11-24")


SAME = [
    {"last_name": "GARCÍA", "first_name": "LOUIS"},
    {"usage_name": "Petit", "first_name": "Louis Marie"},
    {"last_name": "Petit", "usage_name": "Garcia"},
    {"last_name": "Garcia Petit"},
    {"first_name": ""},
]


@pytest.mark.parametrize("after", SAME)
def test_a_name_added_or_spelt_otherwise_is_no_other_name_nor_are_newcomers_renamed(after: dict[str, str]) -> None:
    assert not renames(change(active(), **after))
    for place in (
        {"last_name": "Petit"},
        {"usage_name": "Garcia"},
    ):  # each in the other's place
        assert not renames(change(active(roster=entry(usage_name="Petit")), **place))
    assert not renames(change(invited(roster=entry(last_name="Li")), last_name="LI"))
    assert not renames(change(invited(roster=entry(first_name="Zoé Anne")), first_name="Zoé Rose"))
    assert renames(change(invited(roster=entry(last_name="Le Goff")), last_name="Le Gall"))  # « Le » is no common name
    assert not renames(compare("10000001", entry(), None, today="2026-11-24"))
    assert not renames(change(invited(status=Status.CLOSED, closed_at=5), last_name="Rivière", first_name="Paul"))


OTHERS = [
    ({"last_name": "Rivière"}, False),
    ({"first_name": "Paul"}, False),
    ({"last_name": "Rivière", "first_name": "Paul"}, True),
    ({"last_name": "Li", "first_name": "Li"}, True),
]


@pytest.mark.parametrize(("after", "wholly"), OTHERS)
def test_another_name_is_one_and_both_are_another_persons(after: dict[str, str], wholly: bool) -> None:
    changed = change(active(), **after)
    assert (renames(changed), renames_wholly(changed), holds_back(changed)) == (True, wholly, wholly)
    assert not holds_back(change(invited(), **after))


Row = dict[str, str]
NUMBER = 20


def person(place: int) -> Row:
    """Somebody whom the file knows by a mail address, a mobile and a usage name."""
    letter = chr(97 + place)
    return line(f"1{place:07}", last_name=f"Nom{letter}", usage_name=f"Usage{letter}", mobile=f"06123456{place:02}")


PEOPLE = [person(place) for place in range(NUMBER)]


def shifted(column: str) -> list[Row]:
    """Every row with the cell of the next one."""
    return [row | {column: PEOPLE[(place + 1) % NUMBER][column]} for place, row in enumerate(PEOPLE)]


def filled_down(rows: list[Row], column: str = "structure_id") -> list[Row]:
    """A code that counts on from row to row."""
    return [row | {column: f"P{5_000 + place}"} for place, row in enumerate(rows)]


BLANK = [row | {"email": "", "mobile": ""} for row in PEOPLE]
CONTACTS = ("confirm_changes", "contacts remplacés ou retirés")
MASS: Mapping[str, tuple[list[Row], str, str]] = {
    "usage names shifted": (shifted("usage_name"), "confirm_renamings", "changements de nom"),
    "mail shifted": (shifted("email"), *CONTACTS),
    "mobile shifted": (shifted("mobile"), *CONTACTS),
    "mail and mobile blank": (BLANK, *CONTACTS),
    "code filled down": (filled_down(PEOPLE), "confirm_changes", "changements de structure"),
}


@pytest.mark.parametrize("kind", MASS)
def test_what_changes_for_many_of_a_structure_waits_for_its_word_and_changes_nothing(kind: str) -> None:
    rows, word, said = MASS[kind]
    app = InMemoryRosterService()
    app.take_in(*PEOPLE)
    people, structures = app.stored_rosters(), dict(app.structures.rows)
    prepared = app.take_in(*rows)
    assert (app.stored_rosters(), app.structures.rows) == (people, structures)
    words = f"{NUMBER} {said} sur {NUMBER} personnes"
    withheld = [one[3].partition(" de la structure :")[0] for one in app.findings(prepared) if one[1] == "à confirmer"]
    assert set(withheld) == {words}
    told = app.report(prepared, prepared.action)["lines"]
    assert f"Structure S1 : {words}, à confirmer." in told
    assert any(f"{word.replace('_', '-')}=yes" in line for line in told)
    assert counted(app.take_in(*rows, **{word: "yes"})) == {"updated": NUMBER}


def test_a_file_of_contacts_alone_waits_too(app: InMemoryRosterService) -> None:
    app.take_in(*PEOPLE)
    before = app.stored_rosters()
    rows = [f"{row['identifier']};{row['last_name']};{row['email']}" for row in shifted("email")]
    prepared = app.send("\n".join(["identifiant;nom;email", *rows]).encode(), apply="yes")
    app.work(prepared, prepared.action)
    assert app.stored_rosters() == before


def test_departures_wait_though_each_row_has_another_code(app: InMemoryRosterService) -> None:
    app.take_in(*PEOPLE)
    rows = filled_down([row | {"end_date": "2026-12-01"} for row in PEOPLE])
    assert (counted(app.take_in(*rows, confirm_changes="yes")), list(app.structures.rows)) == ({}, ["S1"])
    assert counted(app.take_in(*rows, confirm_changes="yes", confirm_departures="yes")) == {"left": NUMBER}
    assert len(app.structures.rows) == 1 + NUMBER


@pytest.mark.parametrize("blank", [{"email": "", "mobile": ""}, {"mobile": ""}])
def test_contacts_that_many_get_for_the_first_time_go_on(blank: Row, app: InMemoryRosterService) -> None:
    app.take_in(*(row | blank for row in PEOPLE))
    assert counted(app.take_in(*PEOPLE)) == {"updated": NUMBER}


@pytest.mark.parametrize("column", ["email", "mobile", "structure_id", "usage_name"])
def test_three_changes_go_on_whatever_they_are(column: str, app: InMemoryRosterService) -> None:
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


@pytest.mark.parametrize(("new", "unsaid", "is_held"), NO_FIRST_NAME)
def test_other_last_names_of_an_active_account_wait_where_no_first_name_tells_who_it_is(
    new: dict[str, str], unsaid: tuple[Column, ...], is_held: bool
) -> None:
    one = compare("10000001", entry(**new), StoredPerson(entry(), Status.ACTIVE, 1), today="2026-11-24", unsaid=unsaid)
    assert (renames_wholly(one), holds_back(one)) == (is_held, is_held)
