"""Taking an import back, within a day."""

import pytest

from activation.domain.errors import StaleError
from activation.domain.people import Status
from activation.domain.roster.imports import UNDO_SECONDS, Action
from functions.import_roster.service import UndoRefusedError
from tests.builders import active, entry, person
from tests.unit.roster_house import LOUIS, RosterHouse, line


def test_undo_puts_every_roster_back_and_takes_newcomers_out() -> None:
    house = RosterHouse()
    house.take_in(LOUIS, line("10000002"))
    before, employers = house.rosters_held(), dict(house.structures.rows)
    changed = house.take_in(LOUIS | {"email": "", "structure_name": "X"}, line("10000002"), line("10000003"))
    assert house.undo(changed) == {}
    assert (house.rosters_held(), house.structures.rows) == (before, employers)
    assert house.undo(changed) == {}
    assert house.rosters_held() == before


def test_undo_leaves_alone_and_lists_who_was_active_since_or_changed_by_another_file() -> None:
    house = RosterHouse(active("10000004", roster=entry(first_name="Ida")))
    rows = [line(f"1000000{number}", email=f"p{number}@exemple.fr") for number in range(1, 6)]
    changed = house.take_in(*rows)
    house.change_person("10000001", status=Status.ACTIVE)
    house.take_in(rows[1] | {"first_name": "Zoé"})
    house.change_person("10000005", status=Status.CLOSED)
    assert house.undo(changed) == {
        "10000001": "actif depuis l'import",
        "10000002": "modifié depuis par un autre fichier",
        "10000005": "compte fermé depuis l'import",
    }
    assert house.person("10000004").roster == entry(first_name="Ida")
    assert "10000003" not in house.accounts.rows
    said = house.report(changed, Action.UNDO)
    assert said["state"] == "undone"
    assert said["lines"][1].startswith("3 personnes laissées telles quelles")


def test_undo_goes_on_when_somebody_writes_in_the_middle() -> None:
    house = RosterHouse(person())
    changed = house.take_in(LOUIS | {"first_name": "Zoé"})
    house.rosters.store.meanwhile.append(house.change_person)
    house.undo(changed)
    assert house.person().roster == entry()
    again = house.take_in(LOUIS | {"first_name": "Zoé"})
    house.rosters.store.meanwhile += [house.change_person] * 5
    with pytest.raises(StaleError):
        house.undo(again)


def test_undo_closes_again_whoever_was_invited_anew() -> None:
    gone = person(status=Status.CLOSED, closed_at=5, roster=entry(email="", mobile=""))
    house = RosterHouse(gone)
    house.undo(house.take_in(LOUIS))
    back = house.person()
    assert (back.status, back.closed_at, back.roster) == (Status.CLOSED, 5, gone.roster)


def test_an_import_can_be_undone_for_a_day() -> None:
    house = RosterHouse()
    changed = house.take_in(LOUIS)
    house.wait(UNDO_SECONDS)
    with pytest.raises(UndoRefusedError):
        house.undo(changed)
    with pytest.raises(UndoRefusedError):
        house.undo(house.check(LOUIS | {"first_name": "Zoé"}))
    fresh = RosterHouse()
    with pytest.raises(UndoRefusedError):
        fresh.undo(changed)
