"""What correspondents send in: created, updated, unchanged; bad rows named; never over what a person proved."""

import csv
from typing import Any

import pytest

from activation import bootstrap
from activation.domain.roster.imports import ImportPaths
from tests.builders import ROSTER, row
from tests.dynamodb import stand_in
from tests.functions.people import (
    ACCOUNT,
    LOUIS,
    LOUIS_MAIL,
    LOUIS_MOBILE,
    RESET,
    Person,
    ask_code,
    at_home,
    in_session,
)
from tests.functions.roster_steps import read, report, undo
from tests.functions.visitor import Visitor
from tests.functions.world import World


def profile(world: World, identifier: str) -> dict[str, Any]:
    return world.row("accounts", identifier=identifier, record="PROFILE")


def test_new_and_changed_people_are_written(world: World, visitor: Visitor) -> None:
    rows = [
        row("10000001", "Garcia", "Louis", email="louis@exemple.fr"),
        row("20000001", "Lefèvre", "Zoé", mobile="06 98 76 54 32"),
        ROSTER[1],
    ]
    assert report(world, world.import_rows(rows))["lines"][0] == "1 création, 1 modification, 0 sortie, 1 inchangée"
    assert profile(world, "20000001")["roster"]["M"]["mobile"]["S"] == "+33698765432"
    assert sorted(message.to for message in world.deliver()) == [LOUIS_MOBILE, LOUIS_MAIL]
    assert ask_code(world, visitor, LOUIS).to == "louis@exemple.fr"
    assert ask_code(world, Visitor(), Person("20000001", "lefevre")).to == "+33698765432"


BAD = [
    (row("", "X", "Y"), ["identifiant"]),
    (row("20000001", "X", "Y", email="nope", mobile="3939"), ["adresse email", "téléphone mobile"]),
    ({"identifier": "20000001"}, ["nom de naissance", "code structure"]),
]


@pytest.mark.parametrize(("bad", "columns"), BAD)
def test_a_bad_row_is_refused_by_its_columns_and_the_others_go_on(
    world: World, bad: dict[str, str], columns: list[str]
) -> None:
    prepared = world.import_rows([row("20000008", "Avant", "A"), bad, row("20000009", "Après", "B")])
    assert report(world, prepared)["lines"][0] == "2 créations, 0 modification, 0 sortie, 0 inchangée"
    findings = csv.reader(read(world, ImportPaths(prepared["import_id"]).report("csv")).splitlines(), delimiter=";")
    refused = [(number, column) for number, kind, column, _ in findings if kind == "refus"]
    assert refused == [("3", column) for column in columns]
    assert profile(world, "20000001") == {}


def test_what_a_person_proved_stays(world: World) -> None:
    louis = at_home(world, LOUIS)
    before = profile(world, LOUIS.identifier)
    changed = row("10000001", "Garcia-Lopez", "Louis", email="employeur@exemple.fr", mobile="0699999999")
    assert report(world, world.import_rows([changed]))["lines"][0].startswith("0 création, 1 modification")
    after = profile(world, LOUIS.identifier)
    kept = before.keys() - {"roster", "version", "journal", "folded_last_name", "standing"}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    shown = louis.get(ACCOUNT).body["person"]
    assert (shown["email"], shown["last_name"]) == (LOUIS_MAIL, "Garcia-Lopez")
    message = ask_code(world, Visitor(), Person("10000001", "Garcia Lopez"), RESET)
    assert message.to == LOUIS_MAIL


def test_an_employer_cannot_add_a_way_in_for_themselves(world: World) -> None:
    visitor = in_session(world, Person("10000004", "D'Almeida-Coeur"))
    world.import_rows([row("10000004", "D’Almeida-Cœur", "Inès", mobile="0699999999")])
    assert ask_code(world, Visitor(), Person("10000004", "dalmeidacoeur"), RESET).to == "ines@mondomaine.com"
    assert visitor.get("/api/session").body["who"] == "session"


def test_a_roster_updates_a_structure_and_what_it_does_not_know_stays_even_when_it_is_undone(world: World) -> None:
    dynamodb, key = world.deployment.dynamodb, {"structure_id": {"S": "S1"}}
    links = {"L": [{"S": "C40218866"}]}
    dynamodb.update_item(
        TableName="structures",
        Key=key,
        UpdateExpression="SET correspondents = :links",
        ExpressionAttributeValues={":links": links},
    )
    prepared = world.import_rows([{**ROSTER[0], "structure_name": "Commune de Mondomaine"}])
    taken_in = world.row("structures", structure_id="S1")
    assert (taken_in["name"]["S"], taken_in["correspondents"]) == ("Commune de Mondomaine", links)
    undo(world, prepared)
    undone = world.row("structures", structure_id="S1")
    assert (undone["name"]["S"], undone["correspondents"]) == ("Mairie de Mondomaine", links)
    assert "journal" not in undone


def test_a_check_sees_whom_an_undo_has_just_taken_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stand_in, "LAG_SECONDS", 60)
    key = {"identifier": {"S": LOUIS.identifier}, "record": {"S": "PROFILE"}}
    world.deployment.dynamodb.delete_item(TableName="accounts", Key=key)
    assert bootstrap.rosters().stored_people([LOUIS.identifier]) == {}
