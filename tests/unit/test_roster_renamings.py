"""Names that change: of one person, of many of a structure, of an active account."""

from collections.abc import Sequence

import pytest

from activation.domain.accounts import Account, Status
from activation.domain.roster.comparison import RosterChange, compare, holds_back, renames, renames_wholly
from activation.domain.roster.comparison import StoredPerson as Stored
from tests.builders import active, entry, invited
from tests.unit.in_memory_roster import InMemoryRosterService, counted, line

LAST = ["Garcia", "Le Goff", "N'Diaye", "Petit", "Moreau", "Le Gall", "Dubois", "Hoarau", "Payet", "Grondin"]
FIRST = ["Louis", "Zoé", "Awa", "Yann", "Inès", "Marc", "Claire", "Anaïs", "Ousmane", "Léa"]
WHOLLY = "le nom et le prénom changent ensemble : vérifiez que c'est la même personne"
HELD = "le nom et le prénom d'un compte activé changent ensemble : à confirmer"


def people(last: Sequence[str], first: Sequence[str], number: int = 10) -> list[dict[str, str]]:
    """Rows of so many people, named in turn."""
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
    held = [found[3] for found in app.findings(prepared) if found[1] == "à confirmer"]
    words = f"{len(held)} changements de nom sur 10 personnes de la structure : à confirmer"
    assert len(held) > 3
    assert set(held) == {f"{words} ; une colonne a-t-elle été triée seule ?"}
    assert app.report(prepared, prepared.action)["lines"][-3:-1] == [
        f"Structure S1 : {len(held)} changements de nom sur 10 personnes, à confirmer.",
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
    assert [found[1:] for found in app.findings(prepared)] == [
        ["remarque", "nom de naissance", WHOLLY],
        ["à confirmer", "", HELD],
    ]
    assert (app.account().beneficiary.roster, counted(prepared)) == (entry(), {"updated": 1})
    assert app.report(prepared, prepared.action)["lines"][2] == (
        "Structure S1 : 1 changement de nom sur 2 personnes, à confirmer."
    )
    app.take_in(*rows, confirm_renamings="yes")
    assert app.account().beneficiary.roster.last_name == "Rivière"


def test_whoever_leaves_under_other_names_needs_both_words() -> None:
    app = InMemoryRosterService()
    app.take_in(*people(LAST, FIRST))
    rows = [row | {"end_date": "2026-12-01"} for row in people(sorted(LAST), sorted(FIRST))]
    for said in ({}, {"confirm_departures": "yes"}, {"confirm_renamings": "yes"}):
        assert counted(app.check(*rows, **said)).get("left", 0) <= 2  # whose names the sorting left where they were
    assert counted(app.check(*rows, confirm_departures="yes", confirm_renamings="yes")) == {"left": 10}


def change(before: Account, **after: str) -> RosterChange:
    stored = Stored(before.beneficiary.roster, before.status, before.version)
    return compare(before.identifier, entry(**after), stored, today="2026-11-24")


SAME = [
    {"last_name": "GARCÍA", "first_name": "LOUIS"},
    {"usage_name": "Petit", "first_name": "Louis Marie"},
    {"last_name": "Petit", "usage_name": "Garcia"},
    {"last_name": "Garcia Petit"},
    {"first_name": ""},
]


@pytest.mark.parametrize("after", SAME)
def test_a_name_that_is_added_or_spelt_otherwise_is_no_other_name(after: dict[str, str]) -> None:
    assert not renames(change(active(), **after))


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


def test_particles_are_no_common_name() -> None:
    assert renames(change(invited(roster=entry(last_name="Le Goff")), last_name="Le Gall"))
    assert not renames(change(invited(roster=entry(last_name="Li")), last_name="LI"))


def test_newcomers_and_whoever_comes_back_are_not_renamed() -> None:
    assert not renames(compare("10000001", entry(), None, today="2026-11-24"))
    assert not renames(change(invited(status=Status.CLOSED, closed_at=5), last_name="Rivière", first_name="Paul"))
