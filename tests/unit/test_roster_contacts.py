"""Contacts that a roster changes, adds or shares: who is told, and what the report remarks."""

import pytest

from activation.domain.accounts import Account, Status
from activation.domain.contacts import Deliverability
from tests.builders import MAIL, MOBILE, active, entry, invited
from tests.in_memory.roster import LOUIS, InMemoryRosterService, counted, line

UNWANTED = Deliverability.COMPLAINED

BOTH, AT, BY = [MAIL.value, MOBILE.value], "adresse email", "téléphone mobile"
TOLD: list[tuple[dict[str, str], dict[str, str], list[str], str, str]] = [
    ({}, {"email": "new@exemple.fr"}, BOTH, AT, "contact remplacé"),
    ({}, {"mobile": "0699999999"}, BOTH, BY, "contact remplacé"),
    ({}, {"email": ""}, BOTH, AT, "contact retiré"),
    ({}, {"mobile": ""}, BOTH, BY, "contact retiré"),
    ({"email": ""}, {"email": "new@exemple.fr"}, [MOBILE.value], AT, "contact ajouté"),
    ({"mobile": ""}, {"mobile": "0699999999"}, [MAIL.value], BY, "contact ajouté"),
]


@pytest.mark.parametrize(("had", "cells", "told", "column", "words"), TOLD)
def test_every_contact_of_somebody_invited_is_told_when_one_of_them_changes_comes_or_goes(
    had: dict[str, str], cells: dict[str, str], told: list[str], column: str, words: str
) -> None:
    app = InMemoryRosterService(invited(roster=entry(**had)))
    prepared = app.take_in(LOUIS | had | cells)
    app.deliver()
    assert [sent.to for sent in (*app.mail.sent, *app.sms.sent)] == told
    assert app.findings(prepared) == [
        ["2", "remarque", column, f"{words} avant l'activation : les contacts d'avant sont prévenus"]
    ]


def test_a_contact_that_is_added_and_taken_away_again_is_told_of_twice_and_the_same_file_once() -> None:
    app = InMemoryRosterService(invited(roster=entry(email="")))
    for row in (LOUIS, LOUIS, LOUIS | {"email": ""}):
        app.take_in(row)
    app.deliver()
    assert [sent.to for sent in (*app.mail.sent, *app.sms.sent)] == [MAIL.value, MOBILE.value, MOBILE.value]
    marks = {MAIL.value: Deliverability.UNDELIVERABLE}
    app = InMemoryRosterService(invited(roster=entry(mobile=""), deliverability=marks))
    app.take_in(LOUIS)
    assert app.account().deliverability == marks
    app = InMemoryRosterService(invited(roster=entry(email="", mobile="")))  # a first contact is told to nobody
    assert (app.findings(app.take_in(LOUIS)), app.outbox.pending) == ([], [])
    for address in ("second@exemple.fr", "third@exemple.fr"):
        app.take_in(LOUIS | {"email": address, "mobile": ""})
    app.deliver()
    assert [mail.to for mail in app.mail.sent] == [MAIL.value, "second@exemple.fr"]


@pytest.mark.parametrize("cells", [{"mobile": "0699999999"}, {"mobile": ""}])
def test_a_mark_goes_with_the_contact_that_a_roster_replaces_and_no_other_does(cells: dict[str, str]) -> None:
    app = InMemoryRosterService(invited(deliverability=dict.fromkeys((MAIL.value, MOBILE.value), UNWANTED)))
    app.take_in(LOUIS | cells)
    assert app.account().deliverability == {MAIL.value: UNWANTED}


CLOSED = invited(status=Status.CLOSED, closed_at=5, roster=entry(email="", mobile=""))


@pytest.mark.parametrize("stored", [invited(), active(), CLOSED])
def test_another_structure_than_the_known_one_is_a_remark(stored: Account) -> None:
    moved = ["code structure", "structure différente de celle connue"]
    back = ["identifiant", "personne sortie, invitée de nouveau : vérifiez que c'est bien elle"]
    app = InMemoryRosterService(stored)
    told = app.findings(app.check(LOUIS | {"structure_id": "S2"}))
    assert told == [["2", "remarque", *(back if stored is CLOSED else moved)]]


REMARKS = [
    ({"email": "both@exemple.fr"}, "plusieurs personnes du fichier ont ce contact"),
    ({"mobile": "06 11 11 11 11"}, "plusieurs personnes du fichier ont ce contact"),
    ({"email": "Claire@mairie.example"}, "c'est aussi le contact du correspondant"),
    ({"mobile": "0622222222"}, "c'est aussi le contact du correspondant"),
    ({"email": "louis@mairie.example"}, "boîte du domaine de l'employeur : d'autres peuvent la lire"),
]


@pytest.mark.parametrize(("cells", "words"), REMARKS)
def test_contacts_that_others_can_read_are_told(cells: dict[str, str], words: str) -> None:
    app = InMemoryRosterService()
    other = line("10000002", email="BOTH@exemple.fr", mobile="+33 6 11 11 11 11", correspondent_phone="06 22 22 22 22")
    prepared = app.take_in(other, line(correspondent_phone="0622222222") | cells)
    assert words in [found[3] for found in app.findings(prepared) if found[0] == "3"]
    assert app.stored_rosters()["10000001"].shared is ("domaine de l'employeur" not in words)
    app = InMemoryRosterService()  # a public domain is no employer's
    assert app.findings(app.check(line(email="louis@gmail.com", correspondent_email="claire@gmail.com"))) == []


SPOUSE = line("10000002", email=MAIL.value)
SPOUSES = {"10000001", "10000002"}


def sharing(app: InMemoryRosterService) -> set[str]:
    return {identifier for identifier, entry in app.stored_rosters().items() if entry.shared}


def test_whoever_shares_a_contact_is_marked() -> None:
    app = InMemoryRosterService()
    app.take_in(LOUIS, SPOUSE, line("10000003"), line("10000004", email="", mobile=""), line("10000005", email=""))
    assert sharing(app) == SPOUSES


def test_who_was_alone_with_a_contact_is_marked_when_somebody_else_comes_with_it() -> None:
    app = InMemoryRosterService()
    app.take_in(LOUIS)
    assert counted(app.take_in(LOUIS, SPOUSE | {"email": MAIL.value.upper()})) == {"created": 1, "updated": 1}
    assert (sharing(app), app.outbox.pending) == (SPOUSES, [])


def test_a_file_without_the_other_person_takes_no_mark_away_and_contacts_of_ones_own_do() -> None:
    app = InMemoryRosterService()
    app.take_in(LOUIS, SPOUSE)
    assert counted(app.take_in(LOUIS)) == {"unchanged": 1}
    app.take_in(LOUIS | {"first_name": "Loïs", "mobile": ""})
    assert sharing(app) == SPOUSES
    app.take_in(LOUIS | {"first_name": "Loïs", "mobile": ""}, SPOUSE | {"email": "own@exemple.fr"})
    assert sharing(app) == {"10000001"}
