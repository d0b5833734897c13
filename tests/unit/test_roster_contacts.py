"""Contacts that a roster changes, adds or shares: who is told, and what the report remarks."""

import pytest

from activation.domain.contacts import Deliverability
from activation.domain.outbox import MessageKind
from activation.domain.people import Person, Status
from tests.builders import MAIL, MOBILE, active, entry, person
from tests.unit.roster_house import LOUIS, RosterHouse, counted, line


def test_the_former_contacts_of_somebody_invited_are_told() -> None:
    house = RosterHouse(person())
    house.take_in(LOUIS | {"email": "new@exemple.fr", "mobile": ""})
    assert [message.kind for message in house.outbox.pending] == [MessageKind.ROSTER_CONTACT_CHANGED] * 2
    house.deliver()
    assert [sent.to for sent in house.mail.sent] == [MAIL.value]
    assert [sent.to for sent in house.sms.sent] == ["+33612345678"]


WAS_TOLD = [
    ({"email": "new@exemple.fr"}, "adresse email", "contact remplacé"),
    ({"mobile": "0699999999"}, "téléphone mobile", "contact remplacé"),
    ({"email": ""}, "adresse email", "contact retiré"),
    ({"mobile": ""}, "téléphone mobile", "contact retiré"),
]


@pytest.mark.parametrize(("cells", "column", "words"), WAS_TOLD)
def test_every_contact_of_somebody_invited_is_told_when_one_of_them_changes_or_goes(
    cells: dict[str, str], column: str, words: str
) -> None:
    house = RosterHouse(person())
    prepared = house.take_in(LOUIS | cells)
    house.deliver()
    assert [sent.to for sent in (*house.mail.sent, *house.sms.sent)] == [MAIL.value, MOBILE.value]
    assert house.findings(prepared) == [
        ["2", "remarque", column, f"{words} avant l'activation : les contacts d'avant sont prévenus"]
    ]


ADDED = [
    ({"email": ""}, {"email": "new@exemple.fr"}, MOBILE.value, "adresse email"),
    ({"mobile": ""}, {"mobile": "0699999999"}, MAIL.value, "téléphone mobile"),
]


@pytest.mark.parametrize(("had", "cells", "told", "column"), ADDED)
def test_whoever_is_invited_is_told_of_a_contact_that_a_file_adds_to_theirs(
    had: dict[str, str], cells: dict[str, str], told: str, column: str
) -> None:
    house = RosterHouse(person(roster=entry(**had)))
    prepared = house.take_in(LOUIS | had | cells)
    assert house.findings(prepared) == [
        ["2", "remarque", column, "contact ajouté avant l'activation : les contacts d'avant sont prévenus"]
    ]
    house.deliver()
    assert [sent.to for sent in (*house.mail.sent, *house.sms.sent)] == [told]


def test_a_contact_that_is_added_and_taken_away_again_is_told_of_twice_and_the_same_file_once() -> None:
    house = RosterHouse(person(roster=entry(email="")))
    for row in (LOUIS, LOUIS, LOUIS | {"email": ""}):
        house.take_in(row)
    house.deliver()
    assert [sent.to for sent in (*house.mail.sent, *house.sms.sent)] == [MAIL.value, MOBILE.value, MOBILE.value]


def test_the_first_contact_of_somebody_invited_is_told_to_nobody_and_is_no_remark() -> None:
    house = RosterHouse(person(roster=entry(email="", mobile="")))
    prepared = house.take_in(LOUIS)
    assert (house.findings(prepared), house.outbox.pending) == ([], [])


def test_a_mail_that_came_back_stays_marked_when_a_mobile_is_added() -> None:
    marks = {MAIL.value: Deliverability.UNDELIVERABLE}
    house = RosterHouse(person(roster=entry(mobile=""), deliverability=marks))
    house.take_in(LOUIS)
    assert house.person().deliverability == marks


@pytest.mark.parametrize("held", [person(), active()])
def test_another_structure_than_the_known_one_is_a_remark(held: Person) -> None:
    house = RosterHouse(held)
    assert house.findings(house.check(LOUIS | {"structure_id": "S2"})) == [
        ["2", "remarque", "code structure", "structure différente de celle connue"]
    ]


def test_somebody_closed_who_comes_back_is_a_remark_wherever_they_come_from() -> None:
    house = RosterHouse(person(status=Status.CLOSED, closed_at=5, roster=entry(email="", mobile="")))
    assert house.findings(house.check(LOUIS | {"structure_id": "S2"})) == [
        ["2", "remarque", "identifiant", "personne sortie, invitée de nouveau : vérifiez que c'est bien elle"]
    ]


REMARKS = [
    ({"email": "both@exemple.fr"}, "plusieurs personnes du fichier ont ce contact"),
    ({"mobile": "06 11 11 11 11"}, "plusieurs personnes du fichier ont ce contact"),
    ({"email": "Claire@mairie.example"}, "c'est aussi le contact du correspondant"),
    ({"mobile": "0622222222"}, "c'est aussi le contact du correspondant"),
    ({"email": "louis@mairie.example"}, "boîte du domaine de l'employeur : d'autres peuvent la lire"),
]


@pytest.mark.parametrize(("cells", "words"), REMARKS)
def test_contacts_that_others_can_read_are_told(cells: dict[str, str], words: str) -> None:
    house = RosterHouse()
    other = line("10000002", email="BOTH@exemple.fr", mobile="+33 6 11 11 11 11", correspondent_phone="06 22 22 22 22")
    prepared = house.take_in(other, line(correspondent_phone="0622222222") | cells)
    assert words in [found[3] for found in house.findings(prepared) if found[0] == "3"]


def test_a_public_mail_domain_is_no_employers() -> None:
    house = RosterHouse()
    prepared = house.check(line(email="louis@gmail.com", correspondent_email="claire@gmail.com"))
    assert house.findings(prepared) == []


SPOUSE = line("10000002", email=MAIL.value)
SPOUSES = {"10000001", "10000002"}


def sharing(house: RosterHouse) -> set[str]:
    """Who is held to have a contact that is somebody else's too."""
    return {identifier for identifier, entry in house.rosters_held().items() if entry.shared}


def test_whoever_shares_a_contact_is_marked() -> None:
    house = RosterHouse()
    house.take_in(LOUIS, SPOUSE, line("10000003"), line("10000004", email="", mobile=""), line("10000005", email=""))
    assert sharing(house) == SPOUSES


@pytest.mark.parametrize("cells", [{"email": "Claire@mairie.example"}, {"mobile": "0622222222"}])
def test_whoever_has_the_correspondents_contact_is_marked(cells: dict[str, str]) -> None:
    house = RosterHouse()
    house.take_in(line(correspondent_phone="06 22 22 22 22") | cells)
    assert sharing(house) == {"10000001"}


def test_who_was_alone_with_a_contact_is_marked_when_somebody_else_comes_with_it() -> None:
    house = RosterHouse()
    house.take_in(LOUIS)
    assert counted(house.take_in(LOUIS, SPOUSE | {"email": MAIL.value.upper()})) == {"created": 1, "updated": 1}
    assert sharing(house) == SPOUSES
    assert house.outbox.pending == []


def test_a_file_without_the_other_person_takes_no_mark_away() -> None:
    house = RosterHouse()
    house.take_in(LOUIS, SPOUSE)
    assert counted(house.take_in(LOUIS)) == {"unchanged": 1}
    house.take_in(LOUIS | {"first_name": "Loïs", "mobile": ""})
    assert sharing(house) == SPOUSES


def test_contacts_of_ones_own_end_the_mark() -> None:
    house = RosterHouse()
    house.take_in(LOUIS, SPOUSE)
    house.take_in(LOUIS, SPOUSE | {"email": "own@exemple.fr"})
    assert sharing(house) == {"10000001"}


def test_undo_takes_the_marks_back() -> None:
    house = RosterHouse()
    house.take_in(LOUIS)
    house.undo(house.take_in(LOUIS, SPOUSE))
    assert (sharing(house), list(house.accounts.rows)) == (set(), ["10000001"])


def test_a_former_contact_is_told_even_when_two_files_follow_each_other() -> None:
    house = RosterHouse(person())
    for address in ("second@exemple.fr", "third@exemple.fr"):
        house.take_in(LOUIS | {"email": address})
    house.deliver()
    assert [mail.to for mail in house.mail.sent] == [MAIL.value, "second@exemple.fr"]
