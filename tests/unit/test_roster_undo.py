"""Taking an import back, within a day."""

import pytest

from activation.domain.accounts import Status
from activation.domain.errors import StaleError
from activation.domain.roster.imports import UNDO_SECONDS, Action
from functions.import_roster.service import UndoRefusedError
from tests.builders import active, entry, invited
from tests.unit.in_memory_roster import LOUIS, InMemoryRosterService, line


def test_undo_leaves_alone_and_lists_who_was_active_since_or_changed_by_another_file() -> None:
    app = InMemoryRosterService(active("10000004", roster=entry(first_name="Ida")))
    rows = [line(f"1000000{number}", email=f"p{number}@exemple.fr") for number in range(1, 6)]
    changed = app.take_in(*rows)
    app.change_account("10000001", status=Status.ACTIVE)
    app.take_in(rows[1] | {"first_name": "Zoé"})
    app.change_account("10000005", status=Status.CLOSED)
    assert app.undo(changed) == {
        "10000001": "actif depuis l'import",
        "10000002": "modifié depuis par un autre fichier",
        "10000005": "compte fermé depuis l'import",
    }
    assert app.account("10000004").owner.roster == entry(first_name="Ida")
    assert "10000003" not in app.accounts.rows
    said = app.report(changed, Action.UNDO)
    assert said["state"] == "undone"
    assert said["lines"][1].startswith("3 personnes laissées telles quelles")


def test_undo_goes_on_when_somebody_writes_in_the_middle() -> None:
    app = InMemoryRosterService(invited())
    changed = app.take_in(LOUIS | {"first_name": "Zoé"})
    app.rosters.store.meanwhile.append(app.change_account)
    app.undo(changed)
    assert app.account().owner.roster == entry()
    again = app.take_in(LOUIS | {"first_name": "Zoé"})
    app.rosters.store.meanwhile += [app.change_account] * 5
    with pytest.raises(StaleError):
        app.undo(again)


def test_an_import_can_be_undone_for_a_day() -> None:
    app = InMemoryRosterService()
    changed = app.take_in(LOUIS)
    app.wait(UNDO_SECONDS)
    with pytest.raises(UndoRefusedError):
        app.undo(changed)
    with pytest.raises(UndoRefusedError):
        app.undo(app.check(LOUIS | {"first_name": "Zoé"}))
    fresh = InMemoryRosterService()
    with pytest.raises(UndoRefusedError):
        fresh.undo(changed)
