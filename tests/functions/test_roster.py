"""What correspondents send in: created, updated, unchanged; bad rows named; never over what a person proved."""

from typing import Any

import pytest

from tests.builders import ROSTER, row
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
from tests.functions.visitor import Visitor
from tests.functions.world import World

NOTHING = {"created": 0, "updated": 0, "left": 0, "unchanged": 0, "refused": []}


def profile(world: World, identifier: str) -> dict[str, Any]:
    return world.row("accounts", identifier=identifier, record="PROFILE")


def test_the_same_roster_again_changes_nothing(world: World) -> None:
    before = world.everything()
    assert world.import_rows(ROSTER) == NOTHING | {"unchanged": len(ROSTER)}
    assert world.everything() == before


def test_new_and_changed_people_are_written(world: World, visitor: Visitor) -> None:
    rows = [
        row("10000001", "Garcia", "Louis", email="louis@exemple.fr"),
        row("20000001", "Lefèvre", "Zoé", mobile="06 98 76 54 32"),
        ROSTER[1],
    ]
    assert world.import_rows(rows) == NOTHING | {"created": 1, "updated": 1, "unchanged": 1}
    assert profile(world, "20000001")["roster"]["M"]["mobile"]["S"] == "+33698765432"
    assert sorted(message.to for message in world.deliver()) == [LOUIS_MOBILE, LOUIS_MAIL]
    assert ask_code(world, visitor, LOUIS).to == "louis@exemple.fr"
    assert ask_code(world, Visitor(), Person("20000001", "lefevre")).to == "+33698765432"


BAD = [
    (row("", "X", "Y"), ["identifier"]),
    (row("20000001", "X", "Y", email="nope", mobile="3939"), ["email", "mobile"]),
    ({"identifier": "20000001"}, ["last_name", "structure_id"]),
    ({"identifier": None, "last_name": 5, "structure_id": []}, ["identifier", "last_name", "structure_id"]),
]


@pytest.mark.parametrize(("bad", "columns"), BAD)
def test_a_bad_row_is_refused_by_its_columns_and_the_others_go_on(
    world: World, bad: dict[str, Any], columns: list[str]
) -> None:
    answer = world.import_rows([row("20000008", "Avant", "A"), bad, row("20000009", "Après", "B")])
    assert answer == NOTHING | {"created": 2, "refused": [{"row": 1, "columns": columns}]}
    assert profile(world, "20000001") == {}


@pytest.mark.parametrize("bad", ["a text", None, 5, ["x"]])
def test_what_is_no_row_at_all_is_refused(world: World, bad: object) -> None:
    answer = world.import_rows([bad, row("20000009", "Après", "B")])
    assert (answer["created"], [refused["row"] for refused in answer["refused"]]) == (1, [0])


def test_unknown_columns_are_ignored(world: World) -> None:
    assert world.import_rows([ROSTER[0] | {"favourite_colour": "bleu"}]) == NOTHING | {"unchanged": 1}


def test_what_a_person_proved_stays(world: World) -> None:
    louis = at_home(world, LOUIS)
    before = profile(world, LOUIS.identifier)
    changed = row("10000001", "Garcia-Lopez", "Louis", email="employeur@exemple.fr", mobile="0699999999")
    assert world.import_rows([changed])["updated"] == 1
    after = profile(world, LOUIS.identifier)
    kept = before.keys() - {"roster", "version", "journal", "folded_last_name"}
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
