"""What whoever sent a roster reads: rows refused, departures that wait, the summary, the mail."""

import csv
import io
import json
import re
from html import unescape

import pytest

from activation.domain.accounts import Status
from activation.domain.outbox import RefusedByProviderError
from activation.domain.roster.columns import Column, RosterRefusedError
from activation.domain.roster.imports import Action, ImportPaths, State
from activation.domain.roster.rows import Fault, Remark
from activation.domain.times import day_of_rights
from activation.imports.file_check import refuse_when_most_are_bad
from activation.imports.findings import Findings
from functions.import_roster import reporting
from functions.import_roster.reporting import Reported
from tests.builders import MAIL, entry, invited
from tests.in_memory.roster import LOUIS, InMemoryRosterService, as_csv, counted, line
from tests.unit.refusals import refused


def leaving(app: InMemoryRosterService, number: int, of: int) -> list[dict[str, str]]:
    """Take so many people in; returns their rows with an end for the first ones."""
    rows = [line(f"1{place:07}") for place in range(of)]
    app.take_in(*rows)
    return [row | ({"end_date": "2026-12-01"} if place < number else {}) for place, row in enumerate(rows)]


@pytest.fixture
def app() -> InMemoryRosterService:
    return InMemoryRosterService()


def test_bad_rows_are_listed_and_the_others_go_on(app: InMemoryRosterService) -> None:
    rows = line("10000002"), line("10000003"), line(" 1000 0002"), line("10000004", last_name="?", end_date="x")
    prepared = app.take_in(*rows, line("10000005"))
    assert (counted(prepared), prepared.refused) == ({"created": 2}, 3)
    assert list(app.accounts.rows) == ["10000003", "10000005"]
    assert app.findings(prepared) == [
        *([row, "refus", "identifiant", "cet identifiant est sur plusieurs lignes du fichier"] for row in ("2", "4")),
        ["5", "refus", "nom de naissance", "un nom a au moins une lettre"],
        ["5", "refus", "date de fin", "ce n'est pas une date : écrivez 31/12/2026 ou 2026-12-31"],
    ]


@pytest.mark.parametrize(("whole", "said"), [(24, ["6 chiffres au lieu de 8"] * 6), (23, [])])
def test_identifiers_without_their_zeros_are_refused_where_four_in_five_have_them(whole: int, said: list[str]) -> None:
    app = InMemoryRosterService()
    short = [line(f"12345{number}") for number in range(6)]
    prepared = app.take_in(*(line(f"1{number:07}") for number in range(whole)), *short)
    found = [(column, words.partition(" :")[0]) for *_, column, words in app.findings(prepared)]
    assert found == [("identifiant", words) for words in said]


def test_only_what_may_be_an_identifier_is_looked_up_and_a_short_one_that_is_known_is_taken() -> None:
    app = InMemoryRosterService(invited("1" * 20, roster=entry(email="", mobile="")), invited("123456"))
    prepared = app.check(*(line(written, email="") for written in ("1" * 20, "1" * 21, "1x", "1²")))
    assert (counted(prepared), prepared.refused) == ({"unchanged": 1}, 3)
    assert app.check(*(line(f"1{number:07}") for number in range(9)), line("123456")).refused == 0
    assert InMemoryRosterService().check(line("123456"), line("12345678")).refused == 0


INTERCHANGED = " : des colonnes sont peut-être interverties"
NOTHING_IMPORTED = "Rien n'est importé ; corrigez le fichier d'après le rapport."


def test_swapped_columns_refuse_the_file_and_write_nothing(app: InMemoryRosterService) -> None:
    rows = [line(f"1{number:07}", email="0612345678", mobile="x@exemple.fr") for number in range(20)]
    prepared = app.take_in(*rows, line("20000001"))
    assert prepared.refusal == f"Plus de la moitié des lignes sont refusées{INTERCHANGED}. {NOTHING_IMPORTED}"
    assert (prepared.action, app.accounts.rows) == (Action.NOTHING, {})
    assert len([found for found in app.findings(prepared) if found[1] == "refus"]) == 40
    assert app.report(prepared, Action.NOTHING)["state"] == "refused"


NO_ROSTERS = [
    (b"", "Le fichier est vide."),
    (as_csv([]), "Le fichier n'a aucune ligne après celle des titres."),
    (as_csv([{}]), "Le fichier n'a aucune ligne après celle des titres."),
]


@pytest.mark.parametrize(("body", "refusal"), NO_ROSTERS)
def test_a_file_that_is_no_roster_is_reported_and_nothing_is_written(body: bytes, refusal: str) -> None:
    app = InMemoryRosterService(invited())
    prepared = app.send(body, apply="yes", sender="agent@cnas.example")
    assert (prepared.refusal, prepared.action) == (refusal, Action.NOTHING)
    said = app.report(prepared, prepared.action)
    assert (said["lines"][0], [sent.to for sent in app.mail.sent]) == (prepared.refusal, ["agent@cnas.example"])
    assert list(app.accounts.rows) == ["10000001"]


def test_a_failed_import_says_what_was_done_and_how_to_go_on() -> None:
    app = InMemoryRosterService(invited())
    prepared = app.check(LOUIS, line("10000002"), apply="yes", sender="no address")
    said = app.report(prepared, Action.APPLY, has_failed=True)
    done = "0 création, 0 modification, 0 sortie, 1 inchangée"
    assert (said["title"], said["lines"][0]) == ("Import interrompu", done)
    assert "reprend où il en était" in " ".join(said["lines"])
    assert app.mail.sent == []


def test_departures_of_more_than_one_in_twenty_wait_for_a_word(app: InMemoryRosterService) -> None:
    rows = leaving(app, 4, of=20)
    prepared = app.take_in(*rows)
    assert (counted(prepared), prepared.refused) == ({"unchanged": 16}, 0)
    words = "4 départs ou fins prévues sur 20 personnes"
    assert app.findings(prepared)[0] == ["2", "à confirmer", "", f"{words} de la structure : à confirmer"]
    assert app.report(prepared, prepared.action)["lines"][1:3] == [
        f"Structure S1 : {words}, à confirmer (plus de 5 % et de 3 personnes).",
        "Pour confirmer : le même fichier, avec confirm-departures=yes (make roster : CONFIRM=1).",
    ]
    page = app.report_page(prepared)
    assert f"{words}, à confirmer" in page
    assert "CONFIRM=1" in page
    assert "refus" not in page.replace("Refus et remarques", "")
    confirmed = app.take_in(*rows, confirm_departures="yes")
    assert counted(confirmed) == {"left": 4, "unchanged": 16}


def test_who_is_not_known_and_has_left_is_not_invited_and_the_row_says_so() -> None:
    app = InMemoryRosterService(invited("10000002", status=Status.CLOSED, closed_at=5))
    prepared = app.take_in(line(end_date="2020-01-01"), line("10000002", end_date="2020-01-01"))
    assert (counted(prepared), prepared.remarks) == ({"unchanged": 2}, 1)
    said = ["2", "remarque", "date de fin", "date de fin passée : la personne n'est pas créée"]
    assert (app.findings(prepared), list(app.accounts.rows)) == ([said], ["10000002"])
    assert counted(app.check(line(end_date=day_of_rights(app.now)))) == {"created": 1}


@pytest.mark.parametrize("bad", [1, 19])
def test_a_file_with_no_good_row_is_refused_however_short_it_is(bad: int, app: InMemoryRosterService) -> None:
    prepared = app.check(*(line(f"1{number:07}", last_name="") for number in range(bad)), apply="yes")
    assert (prepared.refusal, app.report(prepared, Action.NOTHING)["state"]) == (NO_GOOD_ROW, "refused")


@pytest.mark.parametrize(("bad", "good"), [(19, 1), (20, 20)])
def test_below_twenty_bad_rows_or_up_to_half_of_all_the_good_ones_go_on(bad: int, good: int) -> None:
    app = InMemoryRosterService()
    rows = [line(f"1{number:07}", last_name="" if number < bad else "Garcia") for number in range(bad + good)]
    assert counted(app.take_in(*rows)) == {"created": good}


def test_a_report_says_whether_there_is_anything_to_import_and_every_object_what_it_is() -> None:
    app = InMemoryRosterService(invited())
    new, same = app.check(line("10000002")), app.check(LOUIS)
    changed = app.take_in(LOUIS)
    again = app.check(LOUIS)
    assert [app.report(prepared, Action.NOTHING)["has_changes"] for prepared in (new, same)] == [True, True]
    assert app.report(again, Action.NOTHING)["has_changes"] is False
    app.undo(changed)
    kinds = {"json": "application/json", "csv": "text/csv; charset=utf-8", "html": "text/html; charset=utf-8"}
    assert app.files.kinds == {key: kinds[key.rpartition(".")[2]] for key in app.files.kinds}


def test_the_mail_names_the_file_and_the_report_and_the_first_rows_refused(app: InMemoryRosterService) -> None:
    rows = [line(f"1{number:07}", last_name="" if number < 12 else "Garcia") for number in range(15)]
    prepared = app.check(*rows, sender="agent@cnas.example")
    said, report = app.report(prepared, prepared.action), f"reports/{prepared.import_id}/report"
    where = f"Rapport, dans le compartiment : {report}.html et {report}.csv."
    refused = [f"Ligne {number}, nom de naissance : cette cellule est vide" for number in range(2, 12)]
    [mail] = app.mail.sent
    assert mail.subject == "CNAS : fichier contrôlé, rien n'est importé (1.csv)"
    assert mail.message_id == prepared.import_id
    assert mail.text == "\n\n".join([*said["lines"], where, "\n".join(refused)]) + "\n"
    shown = re.findall("<(?:h1|p|li)>(.*)</", unescape(mail.html))
    assert shown == [said["title"], *said["lines"], where, *refused]
    app.mail.sent.clear()
    app.mail.failures.append(RefusedByProviderError("x"))
    told = reporting.report(reporting.Ports(app.files, app.mail), prepared.import_id, prepared.action, has_failed=False)
    assert told == Reported(State.CHECKED, is_mail_refused=True)
    changed = app.take_in(line("10000001"), line("10000002", last_name=""), sender="agent@cnas.example")
    app.change_account("10000001", status=Status.ACTIVE)
    app.undo(changed)
    [mail], left_alone = app.mail.sent, ImportPaths(changed.import_id).left_alone
    assert mail.text.endswith(f"report.csv.\n\nListe de qui est laissé tel quel : {left_alone}.\n")


@pytest.mark.parametrize(("many", "said"), [(20, "Refus et remarques<"), (21, "Refus et remarques (les 20 premiers)")])
def test_a_page_says_when_it_shows_the_first_alone(many: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "MOST_SHOWN", 20)
    app = InMemoryRosterService()
    good = [line(f"2{number:07}") for number in range(many + 1)]
    prepared = app.check(*good, *(line(f"1{number:07}", last_name="") for number in range(many)))
    page = app.report_page(prepared)
    assert said in page
    assert page.count("<tr><td>") == 20


def test_a_report_names_nobody_and_says_what_there_is_to_do(app: InMemoryRosterService) -> None:
    body = as_csv([LOUIS, line("10000002", email="=cmd()@x")]).replace(b"end_date", b"end_date;<b>Ville", 1)
    prepared = app.send(b"".join(part + b";\r\n" if number else part + b"\r\n" for number, part in enumerate(
        body.splitlines())), sender="agent@cnas.example")  # fmt: skip
    said = app.report(prepared, prepared.action)
    assert said["lines"][1] == "1 ligne refusée : corrigez et renvoyez ces lignes."
    assert "Colonnes ignorées : <b>Ville." in said["lines"]
    assert said["at"] == app.now
    page = app.files.objects[ImportPaths(prepared.import_id).report("html")].decode()
    assert "<b>" not in page + app.mail.sent[0].html
    everything = page + app.mail.sent[0].text + json.dumps(said) + str(app.findings(prepared))
    assert not [secret for secret in ("Garcia", MAIL.value, "cmd()", "0612", "612345678") if secret in everything]


@pytest.mark.parametrize(("found", "last"), [(50, "49;refus;;x"), (52, ";;;… et 2 autres lignes")])
def test_a_report_has_so_many_lines_at_most_and_says_how_many_more_there_are(found: int, last: str) -> None:
    findings = Findings(most_lines=50)
    findings.add(Fault(row, None, "x") for row in range(found))
    lines = findings.finish().decode().split("\r\n")
    assert (lines[0], lines[50], lines[-2]) == ("\ufeffligne;nature;colonne;motif", "49;refus;;x", last)


@pytest.mark.parametrize("start", "=+-@\t\r")
def test_a_cell_that_a_spreadsheet_would_take_for_a_formula_is_made_text(start: str) -> None:
    findings = Findings(most_lines=3)
    findings.add([Remark(2, Column.LAST_NAME, f"{start}cmd()"), Remark(3, Column.LAST_NAME, f"cmd{start}")])
    cells = [line[-1] for line in csv.reader(io.StringIO(findings.finish().decode(), newline=""), delimiter=";")]
    assert (cells[1:], findings.remarks) == ([f"'{start}cmd()", f"cmd{start}"], 2)


@pytest.mark.parametrize(("alike", "why"), [(16, ", le plus souvent pour ce motif : « x »"), (15, INTERCHANGED)])
def test_the_reason_is_told_that_more_than_half_of_the_refused_rows_have(alike: int, why: str) -> None:
    findings = Findings(most_lines=0)
    findings.add(Fault(row, None, "x" if row < alike else f"{row}") for row in range(30))
    told = f"Plus de la moitié des lignes sont refusées{why}. {NOTHING_IMPORTED}"
    assert str(refused(RosterRefusedError, refuse_when_most_are_bad, findings, 40)) == told


NO_GOOD_ROW = f"Aucune ligne n'est bonne. {NOTHING_IMPORTED}"
IN_CP850 = "Fichier lu en CP850 (« CSV MS-DOS »), d'après ses lettres : vérifiez les accents."
OF_FILES = [
    (b"", ["Le fichier est vide."]),
    (b"identifiant;nom;Ville\n;x;\n", [NO_GOOD_ROW, "Colonnes ignorées : Ville."]),
    ("identifiant;nom;SIRET\n1;Béranger;S1\n".encode("cp850"), [IN_CP850]),
]


@pytest.mark.parametrize(("body", "said"), OF_FILES)
def test_the_findings_say_what_is_said_of_the_whole_file_and_the_page_once(body: bytes, said: list[str]) -> None:
    app = InMemoryRosterService()
    prepared = app.send(body)
    assert app.said_of_file(prepared) == said
    page = unescape(app.report_page(prepared))
    assert [page.count(text) for text in said if text in app.report(prepared, prepared.action)["lines"]][:1] == [1]


def test_whoever_has_no_contact_is_counted_where_they_cannot_activate(app: InMemoryRosterService) -> None:
    rows = [line(f"1000000{place}", email="") for place in range(3)]
    said = app.report(prepared := app.take_in(*rows, line("20000001")), prepared.action)["lines"]
    assert "3 personnes sans adresse email ni mobile : sans contact, personne ne peut activer son compte." in said
    app.change_account("10000000", status=Status.ACTIVE)
    again = app.check(*(row | {"usage_name": "Petit"} for row in rows))
    assert again.unreachable == 2
