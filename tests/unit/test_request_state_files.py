"""A file of states makes the follow-up true: once, never backwards, and only of people who have an account."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from activation.catalogue import catalogue
from activation.domain.accounts import close
from activation.domain.errors import StaleError, WrongStepError
from activation.domain.limits import DAY_SECONDS
from activation.domain.outbox import MessageKind
from activation.domain.requests import acts, states
from activation.domain.requests.acts import Actor
from activation.domain.requests.declared import NOTICE_DAYS, request_id_of
from activation.domain.requests.request import Request
from activation.domain.requests.sentences import label_of, sentence_of, words_of
from activation.domain.requests.states import LEADS_TO, Origin, Party, RequestAct, RequestState
from activation.domain.roster.columns import FileColumn, RosterRefusedError
from activation.domain.roster.imports import Action, ImportPaths, Prepared, is_of_states
from activation.domain.roster.state_columns import STATES, StateColumn
from activation.domain.times import paris_day
from activation.imports import state_preparation
from activation.imports.file_check import CheckProgress
from functions.import_roster.service import UndoRefusedError, find_undoable
from tests.builders import NOW, active, invited
from tests.in_memory.roster import counted
from tests.in_memory.states import InMemoryStates, as_states, by_number, said
from tests.unit.refusals import failing, refused
from tests.workbooks import as_ods, as_xlsx

S = RequestState
CLAIM = catalogue().versions["reclamation"]["1"]
TODAY = "2026-11-24"


@pytest.fixture
def app() -> InMemoryStates:
    return InMemoryStates(active())


def claim(app: InMemoryStates, state: RequestState = S.SENT, *, kind: str = "reclamation") -> Request:
    sent = None if state is S.DRAFT else app.now - DAY_SECONDS
    request = Request(
        "R1", "123456789", "10000001", kind, "1", app.now - DAY_SECONDS, app.now - DAY_SECONDS, state, 2, sent_at=sent
    )
    app.requests.rows["R1"] = request
    app.requests.lines["R1"] = []
    return request


def told(app: InMemoryStates) -> list[MessageKind]:
    return [delivery.message.kind for delivery in app.outbox.rows.values() if delivery.message]


def sent(app: InMemoryStates, *rows: dict[str, str]) -> tuple[Prepared, str]:
    prepared = app.send_states(as_states(rows), apply="yes")
    (batch,) = app.batches(prepared)
    return prepared, batch


# What a row opens and changes


def test_a_request_by_post_is_opened_once_with_a_number_and_a_line_for_each_state(app: InMemoryStates) -> None:
    prepared = app.take_in_states(said())
    request = app.the_request()
    assert counted(prepared) == {"created": 1}
    assert (request.origin, request.state, request.kind) == (Origin.BACK_OFFICE, S.EXAMINED, "rentree-11-18")
    assert request.request_id == request_id_of("10000001", "rentree-11-18", "2026-11-02")
    assert (len(request.number), request.structure_id, request.version) == (9, "S1", 2)
    assert [paris_day(moment) for moment in (request.sent_at or 0, request.changed_at)] == ["2026-11-02", "2026-11-20"]
    lines = app.requests.timeline("10000001", request.request_id)
    assert [(words_of(line, CLAIM), line.state, line.number) for line in lines] == [
        ("Le CNAS a reçu votre demande.", S.SENT, 1),
        ("Le CNAS examine votre demande.", S.EXAMINED, 2),
    ]
    received = InMemoryStates(active())
    received.take_in_states(said("sent", "2026-11-02"))
    lines = received.requests.timeline("10000001", received.the_request().request_id)
    assert [line.act for line in lines] == [RequestAct.OPEN]


def test_the_same_file_again_changes_nothing_and_tells_nobody(app: InMemoryStates) -> None:
    app.take_in_states(said("settled", words="Par virement."))
    before, messages = app.the_request(), list(app.outbox.rows)
    again = app.take_in_states(said("settled", words="Par virement."))
    assert (app.the_request(), list(app.outbox.rows), counted(again)) == (before, messages, {"unchanged": 1})
    assert again.action is Action.NOTHING
    assert app.remarks(again) == ["la demande est déjà dans cet état : rien n'est repris de cette ligne"]
    assert app.remarks(app.check_states(said("settled"))) == []


def test_a_request_is_named_by_its_number_or_by_whose_it_is_and_a_check_writes_nothing(app: InMemoryStates) -> None:
    prepared = app.check_states(said())
    assert is_of_states(prepared.import_id)
    assert (counted(prepared), prepared.action, app.requests.rows) == ({"created": 1}, Action.NOTHING, {})
    told = app.report(prepared, prepared.action)["lines"][0]
    assert told == "1 demande ouverte, 0 demande change d'état, 0 inchangée"
    app.take_in_states(said())
    number = app.the_request().number
    app.take_in_states(said("accepted", "2026-11-21"))
    app.take_in_states(by_number(number, "settled"))
    assert app.the_request().state is S.SETTLED
    assert len(app.requests.timeline("10000001", app.the_request().request_id)) == 4


def test_a_claim_made_here_takes_what_the_back_office_says(app: InMemoryStates) -> None:
    claim(app)
    app.take_in_states(by_number("123 456 789", "répondue", words="Vos titres sont repartis."))
    request = app.the_request()
    assert (request.state, request.words, request.decided_by) == (S.SETTLED, "Vos titres sont repartis.", None)
    assert sentence_of(request, CLAIM) == "Le CNAS vous a répondu le 24/11/2026."
    assert told(app) == [MessageKind.REQUEST_DECIDED]


@pytest.mark.parametrize(("before", "after"), list(itertools.product(RequestState, states.DECLARED)))
def test_states_lead_on_and_never_back(before: RequestState, after: RequestState) -> None:
    app = InMemoryStates(active())
    kind = "rentree-11-18"
    claim(app, before, kind=kind)
    prepared = app.take_in_states(by_number("123456789", after, words="Parce que."), said(sent_on="2026-10-01"))
    leads_there = after in LEADS_TO[before]
    assert (app.requests.rows["R1"].state is after) is (leads_there or before is after)
    is_refused = prepared.refused == 1
    assert is_refused is not (leads_there or before is after)


def test_of_the_states_that_end_none_leads_on_and_open_ones_do() -> None:
    assert all(not LEADS_TO[state] for state in (*states.ENDED, S.DRAFT))
    assert all(LEADS_TO[state] for state in states.OPEN - {S.DRAFT})
    assert all(state not in LEADS_TO[state] and S.SENT not in LEADS_TO[state] for state in RequestState)


OLDER = [
    ("examined", "to_complete", "2026-11-19", False),
    ("examined", "to_complete", "2026-11-20", True),
    ("to_complete", "examined", "2026-11-20", False),
    ("to_complete", "examined", "2026-11-21", True),
]


@pytest.mark.parametrize(("now", "says", "state_on", "is_taken"), OLDER)
def test_an_older_file_does_not_turn_an_examination_back(now: str, says: str, state_on: str, is_taken: bool) -> None:
    app = InMemoryStates(active())
    app.take_in_states(said(now, words="Il manque l'acte."))
    refusals = app.refusals(said(says, state_on, words="Il manque l'avis."))
    assert refusals == ([] if is_taken else [("2", "date de l'état", "la demande a changé depuis cette date")])


# What is refused, by its line


WORDS, DAY, STATE = "mots pour la personne", "date de l'état", "état"
DECIDED_HERE = "cette sorte de demande se décide ici, et par aucun fichier"
NEEDED = "cette cellule est vide : la personne doit lire pourquoi, ou ce qui est demandé"
OLD = "trop ancienne : une demande est gardée l'année de sa fin, et une de plus"
NOBODY = "personne inconnue ; si des zéros manquent, mettez la colonne en texte"
DIGITS, NO_DATE = "cette cellule n'a que des chiffres", "ce n'est pas une date : écrivez 31/12/2026 ou 2026-12-31"
SCIENTIFIC = "le tableur l'a changé en notation scientifique : mettez la colonne en texte"
FAILED = "le tableur montre ici une erreur de formule : corrigez-la, ou videz la cellule"
NOTHING_TO_SETTLE = "cette sorte de demande n'a pas cet état : rien n'est à régler"
REFUSED: dict[str, tuple[dict[str, str], str, str]] = {
    "people of nobody": (said(identifier="99999999"), "identifiant", NOBODY),
    "no identifier": (said(identifier="C40218866"), "identifiant", DIGITS),
    "unknown kind": (said(kind="chèque-cadeau"), "prestation", "aucune prestation ne s'appelle ainsi"),
    "kind decided here": (said(kind="non-versement"), "prestation", DECIDED_HERE),
    "document at once": (said(kind="attestation-de-droits"), "prestation", DECIDED_HERE),
    "unknown number": (by_number("987654321", "settled"), "numéro de demande", "aucune demande n'a ce numéro"),
    "no number at all": (by_number("n° 12", "settled"), "numéro de demande", DIGITS),
    "unknown state": (said("perdue"), STATE, "aucun état ne s'appelle ainsi"),
    "no state": (said(""), STATE, "cette cellule est vide"),
    "draft": (said("draft"), STATE, "aucun état ne s'appelle ainsi"),
    "nothing to settle": (said("accepted", kind="Réclamation"), STATE, NOTHING_TO_SETTLE),
    "answer without words": (said("settled", kind="reclamation"), WORDS, NEEDED),
    "refusal without words": (said("refused"), WORDS, NEEDED),
    "nothing asked for": (said("to_complete"), WORDS, NEEDED),
    "a novel": (said(words="x" * 2001), WORDS, "plus de 2000 caractères"),
    "to come": (said(state_on="2026-11-25"), DAY, "cette date est à venir"),
    "sent in the future": (said(sent_on="2026-11-25", state_on=TODAY), "date d'envoi", "cette date est à venir"),
    "before it was sent": (said(state_on="2026-11-01"), DAY, "cette date est avant l'envoi de la demande"),
    "no day": (said(state_on="31/02/2026"), DAY, NO_DATE),
    "long ago": (said("settled", "2024-12-31", sent_on="2024-12-01"), DAY, OLD),
    "a formula that failed": (said(words="#REF!"), WORDS, FAILED),
    "scientific": (said(identifier="1,23E+13"), "identifiant", SCIENTIFIC),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_row_is_refused_by_its_line_in_french(name: str, app: InMemoryStates) -> None:
    row, column, reason = REFUSED[name]
    assert ("2", column, reason) in app.refusals(row)
    assert app.requests.rows == {}
    assert app.refusals(said(identifier="#REF!")) == [("2", "identifiant", FAILED)]  # the first fault of a cell alone


def test_a_message_has_2000_characters_at_most_and_an_end_is_too_old_on_the_day_that_erases_it() -> None:
    app = InMemoryStates(active())
    ended = said("settled", "2025-12-31", sent_on="2025-12-01", words="x" * 2000)
    app.wait(37 * DAY_SECONDS)
    assert app.refusals(ended) == []
    app.wait(DAY_SECONDS)
    assert app.refusals(ended) == [("2", DAY, OLD)]


@pytest.mark.parametrize("column", ["identifier", "kind", "sent_on"])
def test_without_a_number_the_three_after_it_are_needed(column: str, app: InMemoryStates) -> None:
    ((line, _, reason),) = app.refusals(said(**{column: "néant"}))
    assert (line, reason) == ("2", "cette cellule est vide : sans numéro de demande, elle est obligatoire")


CONTRADICTED = [
    ({"identifier": "10000002"}, "cette demande est celle d'une autre personne"),
    ({"kind": "permis"}, "cette demande est d'une autre sorte"),
    ({"sent_on": "2026-11-03"}, "cette demande a été envoyée un autre jour"),
    ({"state_on": "2026-11-01"}, "cette date est avant l'envoi de la demande"),
    ({"state": "sent"}, "la demande est déjà plus loin : un état ne revient pas en arrière"),
]


@pytest.mark.parametrize(("more", "reason"), CONTRADICTED)
def test_a_number_belongs_with_what_else_the_row_says(more: dict[str, str], reason: str, app: InMemoryStates) -> None:
    app.accounts.add(invited("10000002"))
    app.take_in_states(said())
    row = by_number(app.the_request().number, "settled") | more
    (column,) = (StateColumn(name).label for name in more)
    assert [tuple(refused[1:]) for refused in app.refusals(row)] == [(column, reason)]


def test_nothing_is_said_of_a_closed_account_nor_of_a_draft(app: InMemoryStates) -> None:
    claim(app, S.DRAFT)
    (refused,) = app.refusals(by_number("123456789", "examined"))
    assert tuple(refused[1:]) == ("numéro de demande", "cette demande est un brouillon : elle n'a pas été envoyée")
    claim(app)
    app.accounts.add(close(active(), now=NOW), active("10000002"))
    prepared = app.check_states(said(), by_number("123456789", "examined"), said(identifier="10000002"))
    closed = ["identifiant", "le compte de cette personne est fermé"]
    assert [found[2:] for found in app.findings(prepared)] == [closed] * 2


def test_a_request_on_two_lines_takes_neither(app: InMemoryStates) -> None:
    app.take_in_states(said(kind="permis"))
    number = app.the_request().number
    rows = (said(), said("settled"), by_number(number, "accepted"), by_number(number, "settled"))
    assert [(line, reason) for line, _, reason in app.refusals(*rows)] == [
        (str(line), "cette demande est sur plusieurs lignes du fichier : n'en gardez qu'une") for line in (2, 3, 4, 5)
    ]


def test_of_two_requests_of_a_day_a_number_says_which(app: InMemoryStates) -> None:
    first = claim(app)
    app.requests.rows["R2"] = replace(first, request_id="R2", number="223456789")
    row = said("examined", "2026-11-23", kind="reclamation", sent_on="2026-11-23")
    (refused,) = app.refusals(row)
    assert refused[2] == "plusieurs demandes de cette personne sont de cette sorte et de ce jour : donnez le numéro"
    assert app.refusals(row | {"number": "223456789"}) == []


def test_a_file_that_is_mostly_bad_is_refused_as_a_whole(app: InMemoryStates) -> None:
    rows = [said(identifier=f"9{number:07}") for number in range(20)]
    prepared = app.take_in_states(*rows, said())
    assert (prepared.refusal or "").startswith("Plus de la moitié des lignes sont refusées")
    assert app.requests.rows == {}
    assert (app.check_states(said(identifier="99999999")).refusal or "").startswith("Aucune ligne n'est bonne.")


def test_a_file_without_a_row_or_of_too_many_is_refused(app: InMemoryStates, monkeypatch: pytest.MonkeyPatch) -> None:
    assert app.check_states().refusal == "Le fichier n'a aucune ligne après celle des titres."
    monkeypatch.setattr(state_preparation, "MOST_STATES", 1_000)
    assert app.check_states(*[said()] * 1_001).refusal == "Le fichier dépasse 1 000 lignes : partagez-le."


def test_a_large_file_is_judged_in_parts_and_batches(app: InMemoryStates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_preparation, "READ_AT_ONCE", 2)
    monkeypatch.setattr(state_preparation, "MOST_ROWS", 2)
    monkeypatch.setattr(state_preparation, "MOST_STATES", 5)
    rows = [said(sent_on=f"2026-11-0{day}") for day in range(1, 6)]
    prepared = app.take_in_states(*rows)
    assert (prepared.rows, prepared.batches, prepared.counts) == (5, 3, {"created": 5, "unchanged": 0})
    assert app.progress == [CheckProgress(read, 5) for read in (2, 4, 5)]
    assert len(app.requests.rows) == 5
    paths = ImportPaths(prepared.import_id)
    assert app.batches(prepared) == [paths.batch(number) for number in (1, 2, 3)]


# The file


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_read_as_a_roster_is(delimiter: str, encoding: str, app: InMemoryStates) -> None:
    row = said("réglée", words=",;\t".replace(delimiter, "") * 9)
    prepared = app.send_states(as_states([row], delimiter=delimiter, encoding=encoding), apply="yes")
    app.work(prepared, prepared.action)
    assert app.the_request().state is S.SETTLED


@pytest.mark.parametrize("made", [as_xlsx, as_ods])
def test_a_workbook_is_read_by_its_own_headers(made: Callable[[list[list[str]]], bytes], app: InMemoryStates) -> None:
    titles = ["Matricule", "Prestation", "Date d'envoi", "État de la demande", "Date de décision", "Service"]
    row = ["10000001", "Rentrée scolaire, de 11 à 18 ans", "02/11/2026", "Accepté", "20/11/2026", "B2"]
    prepared = app.send_states(made([["Suivi"], titles, row, ["Total", "1"]]), apply="yes")
    app.work(prepared, prepared.action)
    assert (app.the_request().state, prepared.ignored, prepared.rows) == (S.ACCEPTED, ("Service",), 1)


def test_digits_are_read_as_they_were_before_a_spreadsheet(app: InMemoryStates) -> None:
    app.take_in_states(said(identifier='="10000001"'))
    app.take_in_states(by_number("'" + app.the_request().number, "accepted"))
    assert app.the_request().state is S.ACCEPTED


def test_a_cell_too_many_refuses_its_row_and_one_too_few_does_not(app: InMemoryStates) -> None:
    header = "identifier;kind;sent_on;state;state_on;words"
    body = f"{header}\n10000001;permis;2026-11-02;examined;2026-11-03\n10000001;permis;2026-11-04;examined;x;y;z\n"
    prepared = app.send_states(body.encode())
    assert counted(prepared) == {"created": 1}
    ((line, *_),) = app.findings(prepared)
    assert line == "3"


def test_what_the_header_lacks_is_named_and_a_sort_of_file_without_french_names_is_none() -> None:
    for cells, missing in (
        (["numéro", "état"], "« date de l'état » (state_on)"),
        (["identifiant", "prestation", "état", "date de l'état", "motif"], "« numéro de demande » (number)"),
    ):
        assert f"colonnes : {missing}. C" in str(refused(RosterRefusedError, STATES.read_header, cells))
    with pytest.raises(NotImplementedError):
        _ = FileColumn("Unnamed", {"A": "a"}).A.label  # type: ignore[call-arg, attr-defined]  # made on the fly


@pytest.mark.parametrize("column", list(StateColumn))
def test_every_column_has_a_french_name_of_its_own(column: StateColumn) -> None:
    assert STATES.read_header(["numéro", "état", "date de l'état"]).width == 3
    needed = [StateColumn.NUMBER, StateColumn.STATE, StateColumn.STATE_ON]
    cells = [column.label, *(each.value for each in needed if each is not column)]
    assert STATES.read_header(cells).places[column] == 0


WRITTEN = [
    ("Envoyée", S.SENT),
    ("reçu", S.SENT),
    ("EN COURS D'EXAMEN", S.EXAMINED),
    ("en cours", S.EXAMINED),
    ("A compléter", S.TO_COMPLETE),
    ("accepté", S.ACCEPTED),
    ("Réglé", S.SETTLED),
    ("payée", S.SETTLED),
    ("refusé", S.REFUSED),
    ("Classée sans suite", S.CLOSED),
    ("closed", S.CLOSED),
]


@pytest.mark.parametrize(("written", "state"), WRITTEN)
def test_a_state_is_written_in_french_or_by_its_name(written: str, state: RequestState, app: InMemoryStates) -> None:
    app.take_in_states(said(written, words="Parce que."))
    assert app.the_request().state is state


# Who is told


TELLS = [
    (S.SENT, MessageKind.REQUEST_SENT),
    (S.EXAMINED, None),
    (S.TO_COMPLETE, MessageKind.REQUEST_TO_COMPLETE),
    (S.ACCEPTED, MessageKind.REQUEST_DECIDED),
    (S.SETTLED, MessageKind.REQUEST_SETTLED),
    (S.REFUSED, MessageKind.REQUEST_DECIDED),
    (S.CLOSED, MessageKind.REQUEST_DECIDED),
]


@pytest.mark.parametrize(("state", "kind"), TELLS)
def test_the_person_is_told_of_what_concerns_them_where_proven(state: RequestState, kind: MessageKind | None) -> None:
    app = InMemoryStates(active())
    app.take_in_states(said(state, words="Parce que."))
    assert told(app) == ([kind] if kind else [])
    shown = {delivery.message.request_number for delivery in app.outbox.rows.values() if delivery.message}
    assert {(number or "").replace(" ", "") for number in shown} == ({app.the_request().number} if kind else set())
    fresh = InMemoryStates(invited())
    fresh.take_in_states(said(state, words="Parce que."))
    assert (fresh.the_request().state, told(fresh)) == (state, [])


@pytest.mark.parametrize(("days", "is_told"), [(NOTICE_DAYS, True), (NOTICE_DAYS + 1, False)])
def test_nobody_is_told_of_what_was_so_long_ago(days: int, is_told: bool, app: InMemoryStates) -> None:
    app.now = 1_798_066_800  # 24 December begins in Paris
    app.take_in_states(said("settled", paris_day(app.now - days * DAY_SECONDS), sent_on="2026-09-01"))
    assert bool(told(app)) is is_told


# Broken off, at once, undone


def test_a_batch_that_broke_off_is_applied_again_and_counts_the_same(app: InMemoryStates) -> None:
    claim(app)
    prepared, batch = sent(app, said("settled"), by_number("123456789", "examined"), said("accepted", kind="permis"))
    app.store.meanwhile = [lambda: None, lambda: None, failing(RuntimeError())]
    refused(RuntimeError, app.work_on, prepared, Action.APPLY, batch)
    for _ in range(2):
        counts = app.work_on(prepared, Action.APPLY, batch)
        assert counts == {"created": 2, "updated": 1, "left_out": 0, "answered": 1}
    assert (len(app.requests.rows), told(app).count(MessageKind.REQUEST_SETTLED)) == (3, 1)


def test_a_request_that_was_opened_or_changed_since_the_check_is_judged_anew(app: InMemoryStates) -> None:
    (first, _), (second, _) = sent(app, said("settled")), sent(app, said("settled"))
    app.work(first, first.action)
    app.work(second, second.action)
    assert (len(app.requests.rows), len(told(app))) == (1, 1)
    assert app.report(second, Action.APPLY)["lines"][0] == "0 demande ouverte, 0 demande change d'état, 1 inchangée"
    request = claim(app)
    prepared, _ = sent(app, by_number("123456789", "examined"))
    app.requests.rows["R1"] = replace(request, state=S.REFUSED, version=3)
    app.work(prepared, prepared.action)
    assert app.requests.rows["R1"].state is S.REFUSED
    anew = "1 demande a changé depuis le contrôle : rien n'y est fait."
    assert app.report(prepared, Action.APPLY)["lines"][1] == anew


def test_what_is_gone_since_the_check_is_left_out(app: InMemoryStates) -> None:
    claim(app)
    app.accounts.add(active("10000002"))
    prepared, batch = sent(app, by_number("123456789", "examined"), said(identifier="10000002"))
    assert app.files.kept == {"states/1.csv": "v1"}
    app.requests.rows.clear()
    app.accounts.add(close(active("10000002"), now=NOW))
    assert app.work_on(prepared, Action.APPLY, batch) == {"left_out": 2, "answered": 0}
    assert app.requests.rows == {}


def test_an_account_that_closes_meanwhile_gets_no_request_and_what_it_has_goes_on(app: InMemoryStates) -> None:
    prepared, batch = sent(app, said())
    app.store.meanwhile = [lambda: app.accounts.add(close(active(), now=NOW))]
    assert (app.work_on(prepared, Action.APPLY, batch)["left_out"], app.requests.rows) == (1, {})
    app.accounts.add(active())
    claim(app)
    prepared, batch = sent(app, by_number("123456789", "examined"))
    app.store.meanwhile = [lambda: app.accounts.add(close(active(), now=NOW))]
    assert app.work_on(prepared, Action.APPLY, batch)["updated"] == 1


def test_a_request_that_changes_before_each_try_is_for_another_run(app: InMemoryStates) -> None:
    claim(app)
    prepared, batch = sent(app, by_number("123456789", "examined"))

    def touch() -> None:
        stored = app.requests.rows["R1"]
        app.requests.rows["R1"] = replace(stored, version=stored.version + 1)

    app.store.meanwhile = [touch] * 5
    refused(StaleError, app.work_on, prepared, Action.APPLY, batch)
    app.store.meanwhile = []
    assert app.work_on(prepared, Action.APPLY, batch)["updated"] == 1
    app.store.meanwhile = [touch]
    assert app.work_on(prepared, Action.UNDO, batch) == {"restored": 0, "left_alone": 1}


def test_undoing_brings_back_what_stood_and_removes_what_was_opened(app: InMemoryStates) -> None:
    request = claim(app)
    prepared = app.take_in_states(said("settled"), by_number("123456789", "refused", words="Trop tard."))
    messages = list(app.outbox.rows)
    assert app.undo(prepared) == {}
    restored = app.the_request()
    assert replace(restored, version=2, journal=None) == request
    assert restored.is_open
    assert [(words_of(line, CLAIM), line.at) for line in app.requests.timeline("10000001", "R1")] == [
        ("Le CNAS a refusé votre demande.", app.now),
        ("Le CNAS a corrigé l'état de votre demande.", app.now),
    ]
    assert list(app.outbox.rows) == messages
    assert app.report(prepared, Action.UNDO)["lines"][0] == "2 demandes remises comme avant."
    assert app.undo(prepared) == {}
    again = app.take_in_states(said("settled"))
    assert counted(again) == {"created": 1}


def test_undoing_leaves_alone_what_changed_since(app: InMemoryStates) -> None:
    claim(app)
    prepared = app.take_in_states(said("examined"), by_number("123456789", "examined"))
    app.take_in_states(said("settled", TODAY))
    stored = app.requests.rows["R1"]
    done = acts.message(stored, CLAIM, "Où en êtes-vous ?", acts.PERSON, now=app.now)
    app.requests.rows["R1"] = done.after
    assert app.undo(prepared) == dict.fromkeys("23", "modifié depuis l'import")
    assert app.left_alone(prepared)[0] == ["ligne", "motif"]
    assert {request.state for request in app.requests.rows.values()} == {S.SETTLED, S.EXAMINED}


def test_undoing_a_second_change_of_one_file_brings_back_what_stood_before_the_first(app: InMemoryStates) -> None:
    request = claim(app)
    by_name = said("settled", TODAY, kind="reclamation", sent_on="2026-11-23", words="Voici.")
    prepared = app.take_in_states(by_number("123456789", "examined"), by_name)
    assert app.the_request().state is S.SETTLED
    app.undo(prepared)
    assert app.the_request().state is request.state


def test_a_check_and_a_file_of_yesterday_are_not_undone(app: InMemoryStates) -> None:
    checked, applied = app.check_states(said()), app.take_in_states(said())
    for prepared, now in ((checked, app.now), (applied, app.now + DAY_SECONDS)):
        refused(UndoRefusedError, find_undoable, app.files, prepared.import_id, now=now)


# What may be done with what is decided elsewhere


def test_what_is_decided_elsewhere_is_only_looked_at_here_or_opened_again(app: InMemoryStates) -> None:
    app.take_in_states(said("to_complete", words="L'acte de naissance, avant le 15/12/2026"))
    request, kind = app.the_request(), catalogue().released("rentree-11-18", "1")
    assert sentence_of(request, kind) == "À vous : L'acte de naissance, avant le 15/12/2026."
    with pytest.raises(WrongStepError):
        acts.withdraw(request, kind, now=app.now)
    with pytest.raises(WrongStepError):
        acts.complete(request, kind, {}, now=app.now)
    assert [act for act in states.TRANSITIONS if any(acts.may(request, act, party) for party in Party)] == []
    assert (request.queue, request.due_on) == (None, None)
    app.take_in_states(said("refused", "2026-11-21", words="Hors délai."))
    ended = app.the_request()
    assert (sentence_of(ended, kind), ended.due_on) == ("Hors délai.", "2028-01-01")
    done = acts.reopen(ended, kind, "Le cachet fait foi.", Actor(Party.AGENT, "jeanne"), now=app.now)
    assert done.after.state is S.EXAMINED


SENTENCES = [
    ("sent", "Envoyée", "Le CNAS l'a reçue. Vous n'avez rien à faire."),
    ("closed", "Classée sans suite", "Le CNAS l'a classée le 20/11/2026. Sans suite."),
    ("settled", "Réglée", "Réglée le 20/11/2026."),
]


@pytest.mark.parametrize(("state", "label", "sentence"), SENTENCES)
def test_a_state_of_the_back_office_is_said_as_any(state: str, label: str, sentence: str, app: InMemoryStates) -> None:
    app.take_in_states(said(state, words="Sans suite"))
    request, kind = app.the_request(), catalogue().released("rentree-11-18", "1")
    assert (label_of(request, kind), sentence_of(request, kind)) == (label, sentence)


def test_an_id_is_of_what_names_the_request() -> None:
    ids = {request_id_of(*named) for named in itertools.product("12", ("permis", "x"), ("2026-11-02", "2026-11-03"))}
    assert (len(ids), {len(each) for each in ids}) == (8, {26})


@pytest.mark.parametrize(("day", "version"), [("2025-12-31", "1"), ("2026-06-01", "1"), ("2027-01-01", "2")])
def test_a_kind_is_as_it_was_when_it_was_asked(day: str, version: str) -> None:
    kind = "a"
    first = replace(CLAIM, id=kind)
    versions = {"1": first, "2": replace(first, version="2", valid_from="2027-01-01", valid_until="2027-12-31")}
    released = type(catalogue())({kind: versions})
    assert released.version_on(kind, day).version == version
    assert (released.named("RÉCLAMATION"), released.named("b")) == (kind, None)
