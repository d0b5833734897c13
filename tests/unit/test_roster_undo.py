"""Taking an import back, within a day; a batch that is carried out again counts the same."""

from collections import Counter
from dataclasses import replace

import pytest

from activation.domain.accounts import Status
from activation.domain.correspondents import LinkedStructure
from activation.domain.employment import RosterJournal, Structure
from activation.domain.errors import StaleError
from activation.domain.roster.columns import Column
from activation.domain.roster.comparison import ChangeKind, RosterChange, StoredPerson, kind_written
from activation.domain.roster.imports import UNDO_SECONDS, Action, ImportPaths
from activation.domain.roster.scope import Scope
from activation.domain.roster.undo import Undoing, taking_back, undoing_of
from functions.import_roster.service import UndoRefusedError
from tests.builders import NOW, active, entry, invited
from tests.in_memory.roster import LOUIS, InMemoryRosterService, line
from tests.unit.refusals import refused


def test_undo_leaves_alone_and_lists_who_was_active_since_or_changed_by_another_file() -> None:
    app = InMemoryRosterService(active("10000004", roster=entry(first_name="Ida")))
    rows = [line(f"1000000{number}", email=f"p{number}@exemple.fr") for number in range(1, 6)]
    changed = app.take_in(*rows)
    app.change_account("10000001", status=Status.ACTIVE)
    app.take_in(rows[1] | {"first_name": "Zoé"})
    app.change_account("10000005", status=Status.CLOSED)
    for _ in range(2):  # whoever was put back is so already
        left = {"10000001": "actif", "10000002": "modifié", "10000005": "compte fermé"}
        assert app.undo(changed) == {name: f"{why} depuis l'import" for name, why in left.items()}
    assert app.account("10000004").beneficiary.roster == entry(first_name="Ida")
    assert "10000003" not in app.accounts.rows
    said = app.report(changed, Action.UNDO)
    assert (said["state"], said["lines"][0]) == ("undone", "2 personnes remises comme avant.")
    assert said["lines"][1].startswith("3 personnes laissées telles quelles")
    assert app.cells(ImportPaths(changed.import_id).left_alone)[0] == ["identifiant", "motif"]
    assert app.report(changed, Action.UNDO, has_failed=True)["state"] == "failed"


@pytest.mark.parametrize("is_new", [True, False])
def test_undo_leaves_alone_and_lists_whom_an_agent_corrected_since(is_new: bool) -> None:
    app = InMemoryRosterService(*([] if is_new else [invited()]))
    changed = app.take_in(LOUIS | {"email": "nouveau@exemple.fr"})
    corrected = replace(app.account().beneficiary.roster, email="corrige@exemple.fr", desk_email=True)
    app.change_account(roster=corrected)
    assert app.undo(changed) == {"10000001": "modifié depuis l'import"}
    assert app.account().beneficiary.roster == corrected


def test_undoing_reads_100_rows_at_once_and_puts_back_employers_that_no_other_file_changed_since() -> None:
    app = InMemoryRosterService()
    rows = [line(f"1{number:07}", structure_id=f"S{number}", structure_name="A") for number in range(251)]
    app.take_in(*rows)
    changed = app.take_in(*(row | {"first_name": "Zoé", "structure_name": "B"} for row in rows))
    app.take_in(rows[0] | {"structure_name": "C"})
    read = app.rosters.reads
    app.undo(changed)
    assert app.rosters.reads == read + 3 + 3 + 1  # 251 people and 249 employers in a batch, and 2 in another
    assert {roster.first_name for roster in app.stored_rosters().values()} == {"Louis"}
    assert Counter(structure.name for structure in app.structures.rows.values()) == {"A": 250, "C": 1}


@pytest.mark.parametrize(("seconds", "then"), [(UNDO_SECONDS - 1, Undoing.RESTORE), (UNDO_SECONDS, Undoing.TOO_LATE)])
def test_a_person_is_restored_within_a_day_of_their_own_import(seconds: int, then: Undoing) -> None:
    change = RosterChange("10000001", entry(), None, ChangeKind.CREATED)
    stored = StoredPerson(entry(), Status.INVITED, 1, journal=RosterJournal("import", NOW, 1))
    assert undoing_of(change, stored, import_id="import", now=NOW + seconds) is then
    declared = replace(stored, journal=RosterJournal("import", NOW, 1, before=entry()))
    theirs = Scope({"S1": LinkedStructure(Structure("S1", "Ville"))})
    assert (theirs.only, Scope().only) == ("S1", "")
    assert taking_back(change, declared, theirs, import_id="import", now=NOW + seconds) is then


def test_undo_goes_on_when_somebody_writes_in_the_middle() -> None:
    app = InMemoryRosterService(invited())
    changed = app.take_in(LOUIS | {"first_name": "Zoé"})
    app.rosters.store.meanwhile.append(app.change_account)
    app.undo(changed)
    assert app.account().beneficiary.roster == entry()
    [batch] = app.batches(changed)
    assert app.work_in(changed.import_id, Action.UNDO, batch) == {"restored": 1, "left_alone": 0}
    again = app.take_in(LOUIS | {"first_name": "Zoé"})
    app.rosters.store.meanwhile += [app.change_account] * 5
    refused(StaleError, app.undo, again)


def test_an_import_can_be_undone_for_a_day() -> None:
    app = InMemoryRosterService()
    changed = app.take_in(LOUIS)
    app.wait(UNDO_SECONDS)
    for late in (changed, app.check(LOUIS | {"first_name": "Zoé"})):
        with pytest.raises(UndoRefusedError, match=r"^not applied within a day$"):
            app.undo(late)
    with pytest.raises(UndoRefusedError, match=r"^unknown import$"):
        InMemoryRosterService().undo(changed)


JOURNAL = RosterJournal("import", NOW, 2, before=entry(first_name="Lou"))


WRITTEN = [
    (JOURNAL, ChangeKind.LEFT, ChangeKind.UPDATED),
    (replace(JOURNAL, closed_at=NOW), ChangeKind.CREATED, ChangeKind.CREATED),
    (replace(JOURNAL, before=None), ChangeKind.CREATED, ChangeKind.CREATED),
    (replace(JOURNAL, before=None), ChangeKind.UPDATED, ChangeKind.UPDATED),
]


@pytest.mark.parametrize(("now", "plan", "kind"), WRITTEN)
def test_a_change_counts_as_it_was_written_not_planned(now: RosterJournal, plan: ChangeKind, kind: ChangeKind) -> None:
    assert kind_written(RosterChange("10000001", entry(), None, plan), now) is kind


def test_a_column_that_a_file_does_not_have_is_no_part_of_what_was_written() -> None:
    change = RosterChange("10000001", entry(first_name=""), None, ChangeKind.UPDATED, unsaid=(Column.FIRST_NAME,))
    assert kind_written(change, JOURNAL) is ChangeKind.UNCHANGED
