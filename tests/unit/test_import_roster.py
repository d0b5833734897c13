"""Applying what correspondents send in."""

import pytest

from activation.domain.contacts import Channel
from activation.domain.errors import StaleError
from activation.domain.people import Person, RosterEntry, Status, Structure
from functions.import_roster.service import Change, Ports, apply_entry, apply_structures
from tests.builders import MAIL, active, entry, person
from tests.unit.house import House

STRUCTURE = Structure("S1", "Mairie de Mondomaine", "Claire Fontaine")


def ports(house: House) -> Ports:
    return Ports(house.store, house.accounts, house.structures)


def apply(house: House, roster: RosterEntry) -> Change:
    return apply_entry(ports(house), "10000001", roster)


def test_a_new_row_invites_a_person() -> None:
    house = House()
    assert apply(house, entry()) is Change.CREATED
    assert house.person() == Person("10000001", entry(), version=1)
    assert house.person().status is Status.INVITED


def test_the_same_row_again_changes_nothing() -> None:
    house = House(person())
    assert apply(house, entry()) is Change.UNCHANGED
    assert house.person().version == 1


@pytest.mark.parametrize(
    "changed", [entry(email="new@exemple.fr"), entry(usage_name="Petit"), entry(end_date="2027-01-01")]
)
def test_a_changed_row_is_written(changed: RosterEntry) -> None:
    house = House(person())
    assert apply(house, changed) is Change.UPDATED
    assert house.person() == person(roster=changed, version=2)


def test_nothing_that_the_person_proved_or_decided_is_overwritten() -> None:
    house = House(active())
    apply(house, entry(email="correspondent@mondomaine.com", mobile=""))
    kept = house.person()
    assert kept == active(roster=kept.roster, version=2)
    assert kept.chosen_contact() == MAIL


def test_an_activation_in_the_middle_is_kept() -> None:
    house = House(person())
    proven = {Channel.EMAIL: MAIL}
    house.store.meanwhile.append(lambda: house.change_person(status=Status.ACTIVE, proven=proven))
    assert apply(house, entry(usage_name="Petit")) is Change.UPDATED
    assert (house.person().status, house.person().last_name) == (Status.ACTIVE, "Petit")


def test_two_imports_of_a_new_person_at_once_make_one() -> None:
    house = House()
    house.store.meanwhile.append(lambda: house.accounts.add(person(version=1)))
    assert apply(house, entry()) is Change.UNCHANGED
    assert house.person().version == 1


def test_a_person_who_never_stops_changing_is_given_up() -> None:
    house = House(person())
    house.store.meanwhile += [house.change_person] * 3
    with pytest.raises(StaleError):
        apply(house, entry(usage_name="Petit"))


def test_a_structure_is_written_once_and_only_when_it_differs() -> None:
    house = House()
    apply_structures(ports(house), [STRUCTURE] * 500)
    apply_structures(ports(house), [STRUCTURE])
    assert house.structures.saved == 1
    renamed = Structure("S1", "Commune de Mondomaine")
    apply_structures(ports(house), [renamed])
    assert house.structures.get("S1") == renamed
