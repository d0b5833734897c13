"""Checking, applying and undoing what correspondents send in."""

import json
from collections import Counter

import pytest

from activation.domain.contacts import Channel
from activation.domain.employment import Structure
from activation.domain.errors import StaleError
from activation.domain.people import Status
from activation.domain.roster.imports import Action
from tests.builders import MAIL, active, entry, person
from tests.unit.roster_house import LOUIS, STRUCTURE, RosterHouse, counted, line


def test_a_check_writes_nothing_but_its_report() -> None:
    house = RosterHouse(person())
    prepared = house.check(line("10000002"), LOUIS)
    assert counted(prepared) == {"created": 1, "unchanged": 1}
    assert (prepared.action, list(house.accounts.rows), house.structures.rows) == (Action.NOTHING, ["10000001"], {})
    assert house.rosters.writes == 0


def test_a_file_is_taken_in_as_it_was_checked() -> None:
    house = RosterHouse(person())
    prepared = house.take_in(line("10000002"), LOUIS | {"usage_name": "Petit"})
    assert counted(prepared) == {"created": 1, "updated": 1}
    assert house.person("10000002").status is Status.INVITED
    assert house.person().roster == entry(usage_name="Petit")
    assert house.structures.rows == {"S1": STRUCTURE}


def test_the_same_file_again_changes_nothing() -> None:
    house = RosterHouse()
    house.take_in(LOUIS, line("10000002"))
    before = dict(house.accounts.rows)
    prepared = house.take_in(LOUIS, line("10000002"))
    assert counted(prepared) == {"unchanged": 2}
    assert (house.batches(prepared), house.accounts.rows) == ([], before)


def test_one_read_a_hundred_rows_and_one_write_a_change() -> None:
    house = RosterHouse()
    rows = [line(f"1{number:07}") for number in range(1_000)]
    house.take_in(*rows)
    assert (house.rosters.reads, house.rosters.writes) == (10 + 1, 1_000 + 1)  # one for the structure
    house.rosters.reads = house.rosters.writes = 0
    house.take_in(*(row | {"first_name": "Zoé"} for row in rows[:150]))
    assert (house.rosters.reads, house.rosters.writes) == (2 + 1, 150)


def test_what_the_person_proved_stays_and_the_conflict_is_told() -> None:
    house = RosterHouse(active())
    prepared = house.take_in(LOUIS | {"email": "employer@exemple.fr", "mobile": ""})
    kept = house.person()
    assert (kept.proven, kept.chosen_contact(), kept.roster.email) == (
        active().proven, MAIL, "employer@exemple.fr",
    )  # fmt: skip
    assert [
        "2",
        "remarque",
        "adresse email",
        "conflit : la personne a vérifié un autre contact, qui reste le sien",
    ] in (house.findings(prepared))
    assert house.outbox.pending == []


def test_somebody_who_comes_back_is_invited_anew() -> None:
    gone = active(status=Status.CLOSED, proven={}, password=None, closed_at=5, session_epoch=3)
    house = RosterHouse(gone)
    assert counted(house.take_in(LOUIS)) == {"created": 1}
    back = house.person()
    assert (back.status, back.terms, back.consent, back.session_epoch) == (Status.INVITED, None, None, 3)


def test_a_batch_that_was_broken_off_goes_on_where_it_was_and_counts_everything_once() -> None:
    house = RosterHouse(person("10000001"), person("10000002"))
    rows = [line(f"1000000{number}", first_name="Zoé", email="") for number in range(1, 7)]
    prepared = house.check(*rows, apply="yes")
    [batch] = house.batches(prepared)

    def crash() -> None:
        raise ConnectionError

    house.rosters.store.meanwhile += [lambda: None, lambda: None, crash]
    with pytest.raises(ConnectionError):
        house.work_on(prepared, Action.APPLY, batch)
    done = house.work_on(prepared, Action.APPLY, batch)
    assert done == {"created": 4, "updated": 2}
    assert len(house.outbox.pending) == 4  # each former contact was told once
    assert house.work_on(prepared, Action.APPLY, batch) == done
    assert len(house.outbox.pending) == 4
    assert house.report(prepared, Action.APPLY)["lines"][0].startswith("4 créations, 2 modifications, 0 sortie")


def test_two_imports_at_once_lose_nothing_and_repeat_nothing() -> None:
    house = RosterHouse(person())
    first = house.check(LOUIS | {"usage_name": "Petit"}, line("10000002"), apply="yes")
    second = house.check(LOUIS | {"first_name": "Zoé"}, line("10000002"), line("10000003"), apply="yes")
    house.work(second, second.action)
    house.work(first, first.action)
    assert house.person().roster == entry(usage_name="Petit")
    assert (house.person("10000002").version, house.person("10000003").version) == (1, 1)


def test_an_activation_in_the_middle_is_kept() -> None:
    house = RosterHouse(person())
    proven = {Channel.EMAIL: MAIL}
    house.rosters.store.meanwhile += [
        lambda: house.change_person(status=Status.ACTIVE, proven=proven),
        lambda: None,
    ]
    house.take_in(LOUIS | {"usage_name": "Petit"})
    assert (house.person().status, house.person().last_name, house.person().proven) == (Status.ACTIVE, "Petit", proven)


def test_somebody_who_never_stops_changing_is_given_up() -> None:
    house = RosterHouse(person())
    house.rosters.store.meanwhile += [lambda: None] + [house.change_person] * 5
    with pytest.raises(StaleError):
        house.take_in(LOUIS | {"usage_name": "Petit"})


def test_an_employer_is_written_as_its_last_row_has_it_and_only_when_it_differs() -> None:
    house = RosterHouse()
    house.take_in(line("10000001"), line("10000002", structure_name="Commune de Mondomaine"))
    house.take_in(line("10000001"), line("10000002", structure_name="Commune de Mondomaine"))
    assert house.structures.saved == 1
    assert house.structures.rows["S1"].name == "Commune de Mondomaine"


def test_an_employer_that_two_imports_write_at_once_is_the_later_ones() -> None:
    house = RosterHouse()
    first = house.check(LOUIS | {"structure_name": "A"}, apply="yes")
    second = house.check(LOUIS | {"structure_name": "B"}, apply="yes")
    house.work(second, second.action)
    house.work(first, first.action)
    assert house.structures.rows["S1"].name == "A"


def test_an_employer_that_never_stops_changing_is_given_up() -> None:
    house = RosterHouse()

    def rename() -> None:
        house.structures.rows["S1"] = Structure("S1", str(house.random(4)))

    house.rosters.store.meanwhile += [rename] * 5
    with pytest.raises(StaleError):
        house.take_in(LOUIS)


def test_many_changes_are_cut_into_batches_of_500() -> None:
    house = RosterHouse()
    prepared = house.take_in(*(line(f"1{number:07}") for number in range(1_100)))
    sizes = [len(json.loads(house.files.objects[key])["people"]) for key in house.batches(prepared)]
    assert sizes == [500, 500, 100]
    assert Counter(person.status for person in house.accounts.rows.values()) == {Status.INVITED: 1_100}
