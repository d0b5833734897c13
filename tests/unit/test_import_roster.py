"""Checking, applying and undoing what correspondents send in."""

import json
from collections import Counter

import pytest

from activation.domain.accounts import Status
from activation.domain.code_recipients import chosen_contact
from activation.domain.contacts import Channel, Contact
from activation.domain.employment import Structure
from activation.domain.errors import StaleError
from activation.domain.roster.comparison import ChangeKind, kind_between
from activation.domain.roster.imports import Action, ImportPaths, import_id_of
from activation.imports.batches import read_batch
from activation.imports.file_check import CheckProgress
from tests.builders import MAIL, active, entry, invited
from tests.in_memory.roster import LOUIS, STRUCTURE, InMemoryRosterService, as_csv, counted, line
from tests.unit.refusals import failing, refused


def test_a_check_writes_nothing_but_its_report() -> None:
    app = InMemoryRosterService(invited())
    result = app.check(line("10000002"), LOUIS)
    assert counted(result) == {"created": 1, "unchanged": 1}
    assert (result.action, list(app.accounts.rows), app.structures.rows) == (Action.NOTHING, ["10000001"], {})
    assert app.rosters.writes == 0
    assert result.import_id == import_id_of("incoming/S1/1.csv", "v1", 1_795_512_000) == "20261124T092000Z-1f5ffce9115b"
    assert import_id_of("states/a.csv", "1", 1_795_512_720) == "states-20261124T093200Z-3de27d146747"
    assert ImportPaths(result.import_id).source in app.files.objects


def test_a_file_is_taken_in_as_it_was_checked_and_the_same_again_changes_nothing() -> None:
    app = InMemoryRosterService(invited())
    rows = line("10000002", last_name="Zoé"), LOUIS | {"usage_name": "Petit"}
    prepared = app.send(as_csv(rows, encoding="cp1252"), apply="yes")
    app.work(prepared, prepared.action)
    assert counted(prepared) == {"created": 1, "updated": 1}
    assert app.account("10000002").status is Status.INVITED
    assert app.account("10000002").owner.last_name == "Zoé"
    assert app.account().beneficiary.roster == entry(usage_name="Petit")
    assert app.structures.rows == {"S1": STRUCTURE}
    before = dict(app.accounts.rows)
    again = app.take_in(*rows)
    assert (counted(again), app.batches(again), app.accounts.rows) == ({"unchanged": 2}, [], before)


ENDS = [
    ("", "2027-01-31", ChangeKind.LEFT),
    ("2027-01-31", "2027-01-30", ChangeKind.LEFT),
    ("2027-01-31", "2027-01-31", ChangeKind.UPDATED),
    ("2027-01-31", "2027-02-01", ChangeKind.UPDATED),
    ("2027-01-31", "", ChangeKind.UPDATED),
]


@pytest.mark.parametrize(("before", "after", "kind"), ENDS)
def test_with_a_new_or_an_earlier_end_a_person_leaves(before: str, after: str, kind: ChangeKind) -> None:
    assert kind_between(entry(end_date=before), entry(end_date=after, first_name="Zoé")) is kind


def test_what_the_person_proved_stays_and_the_conflict_is_told() -> None:
    app = InMemoryRosterService(active())
    prepared = app.take_in(LOUIS | {"email": "employer@exemple.fr", "mobile": ""})
    kept = app.account()
    assert (kept.proven, chosen_contact(kept)) == (active().proven, MAIL)
    assert kept.beneficiary.roster.email == "employer@exemple.fr"
    told = "conflit : la personne a vérifié un autre contact, qui reste le sien"
    assert ["2", "remarque", "adresse email", told] in app.findings(prepared)
    assert app.findings(app.check(LOUIS | {"email": "employer@exemple.fr", "mobile": "", "first_name": "Zoé"})) == []
    assert app.outbox.pending == []
    proven = {Channel.EMAIL: MAIL, Channel.SMS: Contact(Channel.SMS, "+33699999999")}
    app = InMemoryRosterService(active(proven=proven))
    assert app.findings(app.check(LOUIS | {"first_name": "Zoé"})) == []


def test_a_batch_that_was_broken_off_goes_on_where_it_was_and_counts_everything_once() -> None:
    app = InMemoryRosterService(invited("10000001"), invited("10000002"))
    rows = [line(f"1000000{number}", first_name="Zoé", email="") for number in range(1, 7)]
    prepared = app.check(*rows, apply="yes")
    [batch] = app.batches(prepared)
    app.rosters.store.meanwhile += [lambda: None, lambda: None, failing(ConnectionError())]
    refused(ConnectionError, app.work_on, prepared, Action.APPLY, batch)
    done = app.work_on(prepared, Action.APPLY, batch)
    assert done == {"created": 4, "updated": 2}
    assert len(app.outbox.pending) == 4  # each former contact was told once
    assert (app.work_on(prepared, Action.APPLY, batch), len(app.outbox.pending)) == (done, 4)
    assert app.report(prepared, Action.APPLY)["lines"][0].startswith("4 créations, 2 modifications, 0 sortie")


def test_whoever_is_erased_meanwhile_and_has_not_left_yet_is_invited_anew() -> None:
    app = InMemoryRosterService(invited())
    app.rosters.store.meanwhile += [lambda: None, app.accounts.rows.clear]
    app.take_in(LOUIS | {"end_date": "2027-01-31"}, confirm_departures="yes")
    assert app.account().beneficiary.roster == entry(end_date="2027-01-31")
    closed = InMemoryRosterService(invited(status=Status.CLOSED, closed_at=5))
    prepared = closed.take_in(LOUIS)
    [batch] = closed.batches(prepared)  # also where the batch broke off
    assert closed.work_on(prepared, Action.APPLY, batch) == {"created": 1}


def test_somebody_or_an_employer_who_never_stops_changing_is_given_up() -> None:
    app, other = InMemoryRosterService(invited()), InMemoryRosterService()
    app.rosters.store.meanwhile += [lambda: None] + [app.change_account] * 5
    refused(StaleError, app.take_in, LOUIS | {"usage_name": "Petit"})

    def rename() -> None:
        other.structures.rows["S1"] = Structure("S1", str(other.random(4)))

    other.rosters.store.meanwhile += [rename] * 5
    refused(StaleError, other.take_in, LOUIS)


def test_an_employer_is_written_as_most_of_its_rows_have_it_and_only_when_it_differs() -> None:
    app = InMemoryRosterService()
    rows = [line("10000001"), line("10000002", structure_name="Commune"), line("10000003", structure_name="Commune")]
    app.take_in(*rows)
    app.take_in(*reversed(rows))
    app.take_in(rows[0] | {"last_name": "Rivière"}, rows[1])  # one row for each name
    assert (app.structures.saved, app.structures.rows["S1"].name) == (1, "Commune")
    [batch] = app.batches(app.check(line(structure_name="Ville")))
    [change] = read_batch(app.files, batch).structures
    assert (change.structure.name, change.before) == ("Ville", app.structures.rows["S1"])
    at_once = [app.check(LOUIS | {"structure_name": name}, apply="yes") for name in "AB"]
    for prepared in reversed(at_once):
        app.work(prepared, prepared.action)
    assert app.structures.rows["S1"].name == "A"  # the later one's


def test_many_changes_are_cut_into_batches_of_500() -> None:
    app = InMemoryRosterService()
    rows = [line(f"1{number:07}") for number in range(1_100)]
    prepared = app.take_in(*rows)
    sizes = [len(json.loads(app.files.objects[key])["people"]) for key in app.batches(prepared)]
    assert sizes == [500, 500, 100]
    assert app.progress == [CheckProgress(number, 1_100) for number in range(100, 1_101, 100)]
    again = app.check(*rows)
    assert (again.rows, counted(again)) == (1_100, {"unchanged": 1_100})
    assert Counter(account.status for account in app.accounts.rows.values()) == {Status.INVITED: 1_100}
