"""An import in a few French sentences."""

from dataclasses import replace
from typing import Any

import pytest

from activation.domain.roster.comparison import ChangeKind, Guarded
from activation.domain.roster.confirmations import Departures, MassChanges, Renamings
from activation.domain.roster.ending_links import EndingLinks
from activation.domain.roster.imports import Action, Prepared, State
from activation.domain.roster.summary import Outcome
from tests.builders import NOW

PREPARED = Prepared("20261124T093200Z-0", "agents.csv", NOW, Action.NOTHING)
LAST = "Fichier : agents.csv. Import : 20261124T093200Z-0."
COUNTS = "0 création, 0 modification, 0 sortie, 0 inchangée"


def lines(state: State = State.CHECKED, restored: int = 0, left_alone: int = 0, **more: Any) -> list[str]:
    *said, last = Outcome(state, replace(PREPARED, **more), restored, left_alone).lines
    assert last == LAST
    return said


TITLES = [
    (State.CHECKED, "Fichier contrôlé, rien n'est importé"),
    (State.REFUSED, "Fichier refusé, rien n'est importé"),
    (State.APPLIED, "Fichier importé"),
    (State.UNDONE, "Import annulé"),
    (State.FAILED, "Import interrompu"),
]


@pytest.mark.parametrize(("state", "title"), TITLES)
def test_a_title_says_how_an_import_ended(state: State, title: str) -> None:
    assert Outcome(state, PREPARED).title == title


FILE_NAMES = [
    ("agents\r\nBcc: x@y.fr.csv", "agents__Bcc_ x_y.fr.csv"),
    ("e\u0301quipe «\u202e» 2026-11.csv", "équipe ___ 2026-11.csv"),
    ("x" * 60, "x" * 60),
    ("x" * 61, "x" * 59 + "…"),
]


@pytest.mark.parametrize(("name", "shown"), FILE_NAMES)
def test_a_subject_holds_neutral_characters_only_and_not_too_many(name: str, shown: str) -> None:
    assert Outcome(State.APPLIED, replace(PREPARED, file=name)).subject == f"CNAS : fichier importé ({shown})"


@pytest.mark.parametrize("state", State)
def test_of_a_refused_file_only_the_reason_is_said(state: State) -> None:
    said = lines(state, refusal="Trop de lignes.", refused=3, ignored=("Ville",))
    assert [line for line in said if not line.startswith("Le traitement")] == ["Trop de lignes."]


ENDED = " : l'accès de celui d'avant prend fin, et il en est prévenu."
UNREACHABLE = " sans adresse email ni mobile : sans contact, personne ne peut activer son compte."
COUNTED = [
    ({"refused": 1}, "1 ligne refusée : corrigez et renvoyez ces lignes."),
    ({"refused": 2}, "2 lignes refusées : corrigez et renvoyez ces lignes."),
    ({"remarks": 1}, "1 remarque."),
    ({"remarks": 2}, "2 remarques."),
    ({"ignored": ("Ville", "Pays")}, "Colonnes ignorées : Ville, Pays."),
    ({"ended_links": 1}, f"1 structure change de correspondant{ENDED}"),
    ({"ended_links": 2}, f"2 structures changent de correspondant{ENDED}"),
    ({"unreachable": 1}, f"1 personne{UNREACHABLE}"),
    ({"unreachable": 2}, f"2 personnes{UNREACHABLE}"),
]


@pytest.mark.parametrize(("more", "said"), COUNTED)
def test_rows_refused_remarks_and_ignored_columns_are_told(more: dict[str, Any], said: str) -> None:
    assert lines(**more) == [COUNTS, said]
    counts = {ChangeKind.CREATED: 2, ChangeKind.UNCHANGED: 1_000_000}
    told = "2 créations, 0 modification, 0 sortie, 1\u202f000\u202f000 inchangées"
    assert lines(State.CHECKED, counts=counts) == lines(State.APPLIED, counts=counts) == [told]
    go_on = "Le traitement s'est arrêté en chemin. Déposez le même fichier à nouveau : il reprend où il en était."
    assert lines(State.FAILED) == [COUNTS, go_on]


def test_every_structure_whose_departures_wait_is_named_and_how_to_confirm_is_said_once() -> None:
    assert lines(unconfirmed=(Departures("S1", 2, 20), Departures("S2", 1, 1))) == [
        COUNTS,
        "Structure S1 : 2 départs ou fins prévues sur 20 personnes, à confirmer (plus de 5 % et de 3 personnes).",
        "Structure S2 : 1 départ ou fin prévue sur 1 personne, à confirmer (plus de 5 % et de 3 personnes).",
        "Pour confirmer : le même fichier, avec confirm-departures=yes (make roster : CONFIRM=1).",
    ]


LEFT_ALONE = "1 personne laissée telle quelle : voyez la liste jointe au rapport."
LEFT_BOTH = "2 personnes laissées telles quelles : voyez la liste jointe au rapport."
UNDONE = [
    (1, 0, ["1 personne remise comme avant."]),
    (2, 0, ["2 personnes remises comme avant."]),
    (1, 1, ["1 personne remise comme avant.", LEFT_ALONE]),
    (1, 2, ["1 personne remise comme avant.", LEFT_BOTH]),
]


@pytest.mark.parametrize(("restored", "left_alone", "said"), UNDONE)
def test_an_undone_import_says_who_is_as_before_and_who_is_not(restored: int, left_alone: int, said: list[str]) -> None:
    assert lines(State.UNDONE, restored, left_alone, refused=3) == said
    of_states = Outcome(State.UNDONE, replace(PREPARED, import_id=f"states-{PREPARED.import_id}"), restored, left_alone)
    assert of_states.lines[:-1] == [line.replace("personne", "demande") for line in said]
    of_two = "2 demandes ont changé depuis le contrôle : rien n'y est fait."
    assert of_two in of_states._replace(state=State.APPLIED, left_out=2).lines


def test_other_names_that_wait_are_told_of_with_how_to_confirm_them() -> None:
    assert lines(unconfirmed_renamings=(Renamings("S1", 12, 2, 20), Renamings("S2", 3, 1, 90))) == [
        COUNTS,
        "Structure S1 : 12 changements de nom sur 20 personnes, à confirmer.",
        "Structure S2 : 1 changement de nom sur 90 personnes, à confirmer.",
        "Pour confirmer les noms : le même fichier, avec confirm-renamings=yes (make roster : CONFIRM_NAMES=1).",
    ]


def test_moves_and_other_correspondents_that_wait_are_told_of_each_with_how_to_confirm_them() -> None:
    moves, again = MassChanges("S1", Guarded.MOVES, 12, 20), "Pour les confirmer : le même fichier, avec "
    assert lines(unconfirmed_changes=(moves,), unconfirmed_links=EndingLinks(2, 3)) == [
        COUNTS,
        "Structure S1 : 12 changements de structure sur 20 personnes, à confirmer.",
        f"{again}confirm-changes=yes (make roster : CONFIRM_CHANGES=1).",
        "2 changements de correspondant sur 3 structures qui ont un correspondant, à confirmer.",
        f"{again}confirm-correspondents=yes (make roster : CONFIRM_CORRESPONDENTS=1).",
    ]


@pytest.mark.parametrize(
    ("number", "people", "waits"),
    [(0, 100, False), (5, 100, False), (6, 100, True), (3, 3, False), (4, 4, True), (4, 79, True), (4, 80, False)],
)
def test_more_than_five_in_a_hundred_and_than_three_wait_for_a_word(number: int, people: int, waits: bool) -> None:
    assert Departures("S1", number, people).need_confirmation is waits
    assert Renamings("S1", number, 0, people).need_confirmation is waits
    assert Renamings("S1", 1, 1, people).need_confirmation  # of an active account, however few they are
