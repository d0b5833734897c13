"""Checking, applying and undoing what correspondents send in."""

import json
from collections import Counter

import pytest

from activation.domain.contacts import Channel, Deliverability
from activation.domain.employment import Structure
from activation.domain.errors import StaleError
from activation.domain.outbox import MessageKind
from activation.domain.people import Person, Status
from activation.domain.roster.imports import UNDO_SECONDS, Action, Places, Prepared, State
from activation.domain.roster.summary import Outcome
from functions.import_roster.service import UndoRefusedError
from tests.builders import MAIL, MOBILE, NOW, active, entry, person
from tests.unit.roster_house import RosterHouse, as_csv, counted, line

LOUIS = line(email=MAIL.value, mobile="06 12 34 56 78")
STRUCTURE = Structure("S1", "Mairie de Mondomaine", "Claire Fontaine", "claire@mairie.example")


def leaving(house: RosterHouse, number: int, of: int) -> list[dict[str, str]]:
    """Take so many people in; returns their rows with an end for the first ones."""
    rows = [line(f"1{place:07}") for place in range(of)]
    house.take_in(*rows)
    return [row | ({"end_date": "2026-12-01"} if place < number else {}) for place, row in enumerate(rows)]


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


def test_bad_rows_are_listed_and_the_others_go_on() -> None:
    house = RosterHouse()
    prepared = house.take_in(line("10000002"), line("10000003", last_name="?", end_date="x"), line("10000004"))
    assert (counted(prepared), prepared.refused) == ({"created": 2}, 1)
    assert house.findings(prepared) == [
        ["3", "refus", "nom de naissance", "un nom a au moins une lettre"],
        ["3", "refus", "date de fin", "ce n'est pas une date : écrivez 31/12/2026 ou 2026-12-31"],
    ]


def test_an_identifier_on_two_rows_refuses_both() -> None:
    house = RosterHouse()
    prepared = house.take_in(line("10000002"), line("10000003"), line(" 1000 0002"))
    assert list(house.accounts.rows) == ["10000003"]
    assert [found[0] for found in house.findings(prepared)] == ["2", "4"]


def test_identifiers_that_lost_their_zeros_are_refused_where_nearly_all_have_them() -> None:
    house = RosterHouse()
    rows = [line(f"1{number:07}") for number in range(9)]
    prepared = house.take_in(*rows, line("123456"))
    assert [found[3].partition(" :")[0] for found in house.findings(prepared)] == ["6 chiffres au lieu de 8"]


def test_a_short_identifier_that_is_known_is_taken() -> None:
    house = RosterHouse(person("123456"))
    prepared = house.check(*(line(f"1{number:07}") for number in range(9)), line("123456"))
    assert prepared.refused == 0


def test_identifiers_of_all_lengths_are_taken() -> None:
    assert RosterHouse().check(line("123456"), line("12345678")).refused == 0


def test_a_row_of_another_width_is_refused() -> None:
    house = RosterHouse()
    prepared = house.send(as_csv([line("10000002")]) + b"10000003;Garcia\r\n")
    assert [found[3] for found in house.findings(prepared)] == [
        "cette ligne n'a pas autant de cellules que la ligne des titres"
    ]


def test_swapped_columns_refuse_the_file_and_write_nothing() -> None:
    house = RosterHouse()
    rows = [line(f"1{number:07}", email="0612345678", mobile="x@exemple.fr") for number in range(20)]
    prepared = house.take_in(*rows, line("20000001"))
    assert "interverties" in str(prepared.refusal)
    assert (prepared.action, house.accounts.rows) == (Action.NOTHING, {})
    assert len(house.findings(prepared)) == 40
    assert house.report(prepared, Action.NOTHING)["state"] == "refused"


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", as_csv([])])
def test_a_file_that_is_no_roster_is_reported_and_nothing_is_written(body: bytes) -> None:
    house = RosterHouse(person())
    prepared = house.send(body, apply="yes", sender="agent@cnas.example")
    assert prepared.refusal
    assert prepared.action is Action.NOTHING
    said = house.report(prepared, prepared.action)
    assert said["lines"][0] == prepared.refusal
    assert [sent.to for sent in house.mail.sent] == ["agent@cnas.example"]
    assert list(house.accounts.rows) == ["10000001"]


def test_departures_of_a_few_go_on() -> None:
    house = RosterHouse()
    prepared = house.take_in(*leaving(house, 1, of=20))
    assert counted(prepared) == {"left": 1, "unchanged": 19}
    assert house.person("10000000").roster.end_date == "2026-12-01"


def test_departures_of_more_than_one_in_twenty_wait_for_a_word() -> None:
    house = RosterHouse()
    rows = leaving(house, 2, of=20)
    prepared = house.take_in(*rows)
    assert (counted(prepared), prepared.refused) == ({"unchanged": 18}, 0)
    assert house.findings(prepared)[0] == [
        "2", "à confirmer", "", "2 départs sur 20 personnes de la structure : à confirmer",
    ]  # fmt: skip
    assert house.report(prepared, prepared.action)["lines"][1:3] == [
        "Structure S1 : 2 départs sur 20 personnes, à confirmer (plus de 5 %).",
        "Pour confirmer : le même fichier, avec confirm-departures=yes (make roster : CONFIRM=1).",
    ]
    confirmed = house.take_in(*rows, confirm_departures="yes")
    assert counted(confirmed) == {"left": 2, "unchanged": 18}


def test_one_departure_that_waits_is_told_in_the_singular() -> None:
    house = RosterHouse()
    prepared = house.check(*leaving(house, 1, of=1))
    assert house.findings(prepared) == [
        ["2", "à confirmer", "", "1 départ sur 1 personne de la structure : à confirmer"]
    ]
    page = house.report_page(prepared)
    assert "1 départ sur 1 personne, à confirmer" in page
    assert "CONFIRM=1" in page
    assert "refus" not in page.replace("Refus et remarques", "")


def test_who_is_not_known_and_has_left_is_not_invited_and_the_row_says_so() -> None:
    house = RosterHouse()
    prepared = house.take_in(line(end_date="2020-01-01"))
    assert counted(prepared) == {"unchanged": 1}
    assert house.findings(prepared) == [
        ["2", "remarque", "date de fin", "date de fin passée : la personne n'est pas créée"]
    ]
    assert house.accounts.rows == {}


def test_who_was_closed_and_is_still_in_the_file_is_no_remark() -> None:
    house = RosterHouse(person(status=Status.CLOSED, closed_at=5))
    assert house.findings(house.check(line(end_date="2020-01-01"))) == []


@pytest.mark.parametrize("bad", [1, 19])
def test_a_file_with_no_good_row_is_refused_however_short_it_is(bad: int) -> None:
    house = RosterHouse()
    prepared = house.check(*(line(f"1{number:07}", last_name="") for number in range(bad)), apply="yes")
    assert prepared.refusal == (
        "Aucune ligne n'est bonne. Rien n'est importé ; corrigez le fichier d'après le rapport."
    )
    assert house.report(prepared, Action.NOTHING)["state"] == "refused"


def test_below_twenty_bad_rows_the_good_ones_go_on() -> None:
    house = RosterHouse()
    rows = [line(f"1{number:07}", last_name="") for number in range(19)]
    assert counted(house.take_in(*rows, line("20000001"))) == {"created": 1}


def test_a_report_says_whether_there_is_anything_to_import() -> None:
    house = RosterHouse(person())
    new, same = house.check(line("10000002")), house.check(LOUIS)
    house.take_in(LOUIS)
    again = house.check(LOUIS)
    assert [house.report(prepared, Action.NOTHING)["has_changes"] for prepared in (new, same, again)] == [
        True, True, False,
    ]  # fmt: skip


def test_the_mail_names_the_file_and_the_report_and_the_first_rows_refused() -> None:
    house = RosterHouse()
    rows = [line(f"1{number:07}", last_name="" if number < 12 else "Garcia") for number in range(15)]
    prepared = house.check(*rows, sender="agent@cnas.example")
    house.report(prepared, prepared.action)
    [mail] = house.mail.sent
    assert mail.subject == "CNAS : fichier contrôlé, rien n'est importé (1.csv)"
    assert f"reports/{prepared.import_id}/report.html" in mail.text
    assert "Ligne 2, nom de naissance : cette cellule est vide\nLigne 3, " in mail.text
    assert "Ligne 11, " in mail.text
    assert "Ligne 12, " not in mail.text


def test_the_mail_on_an_undone_import_says_who_was_left_alone_and_no_rows() -> None:
    house = RosterHouse()
    changed = house.take_in(line("10000001"), line("10000002", last_name=""), sender="agent@cnas.example")
    house.change_person("10000001", status=Status.ACTIVE)
    house.undo(changed)
    assert "Ligne 3" not in house.mail.sent[0].text
    assert Places(changed.import_id).left_alone in house.mail.sent[0].text


FILE_NAMES = [
    ("agents\r\nBcc: x@y.fr.csv", "agents__Bcc_ x_y.fr.csv"),
    ("e\u0301quipe «\u202e» 2026-11.csv", "équipe ___ 2026-11.csv"),
    ("x" * 100, "x" * 59 + "…"),
]


@pytest.mark.parametrize(("name", "shown"), FILE_NAMES)
def test_a_subject_holds_neutral_characters_only_and_not_too_many(name: str, shown: str) -> None:
    prepared = Prepared("20261124T093200Z-0", name, NOW, Action.NOTHING)
    assert Outcome(State.APPLIED, prepared).subject == f"CNAS : fichier importé ({shown})"


@pytest.mark.parametrize(
    ("many", "caption"), [(3, "Refus et remarques<"), (501, "Refus et remarques (les 500 premiers)")]
)
def test_a_page_says_that_it_shows_the_first_findings_only_when_there_are_more(many: int, caption: str) -> None:
    house = RosterHouse()
    good = [line(f"2{number:07}") for number in range(many + 1)]
    prepared = house.check(*good, *(line(f"1{number:07}", last_name="") for number in range(many)))
    assert caption in house.report_page(prepared)


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


def test_a_report_names_nobody_and_says_what_there_is_to_do() -> None:
    house = RosterHouse()
    body = as_csv([LOUIS, line("10000002", email="=cmd()@x")]).replace(b"end_date", b"end_date;Ville", 1)
    prepared = house.send(b"".join(part + b";\r\n" if number else part + b"\r\n" for number, part in enumerate(
        body.splitlines())), sender="agent@cnas.example")  # fmt: skip
    said = house.report(prepared, prepared.action)
    assert said["lines"][1] == "1 ligne refusée : corrigez et renvoyez ces lignes."
    assert "Colonnes ignorées : Ville." in said["lines"]
    page = house.files.objects[Places(prepared.import_id).report("html")].decode()
    everything = page + house.mail.sent[0].text + json.dumps(said) + str(house.findings(prepared))
    assert not [secret for secret in ("Garcia", MAIL.value, "cmd()", "0612", "612345678") if secret in everything]


def test_a_failed_import_says_how_to_go_on() -> None:
    house = RosterHouse()
    prepared = house.check(LOUIS, apply="yes", sender="no address")
    said = house.report(prepared, Action.APPLY, has_failed=True)
    assert said["title"] == "Import interrompu"
    assert "reprend où il en était" in " ".join(said["lines"])
    assert house.mail.sent == []


def test_many_changes_are_cut_into_batches_of_500() -> None:
    house = RosterHouse()
    prepared = house.take_in(*(line(f"1{number:07}") for number in range(1_100)))
    sizes = [len(json.loads(house.files.objects[key])["people"]) for key in house.batches(prepared)]
    assert sizes == [500, 500, 100]
    assert Counter(person.status for person in house.accounts.rows.values()) == {Status.INVITED: 1_100}


def test_a_former_contact_is_told_even_when_two_files_follow_each_other() -> None:
    house = RosterHouse(person())
    for address in ("second@exemple.fr", "third@exemple.fr"):
        house.take_in(LOUIS | {"email": address})
    house.deliver()
    assert [mail.to for mail in house.mail.sent] == [MAIL.value, "second@exemple.fr"]
