"""A new version is rolled out beside the old one, and may be taken back: the old one reads what the new one wrote."""

from typing import Any

from activation.adapters.tables import TABLES
from tests.builders import PASSWORD
from tests.functions.paths import ACCOUNT, ACTIVATION, SESSION
from tests.functions.people import INES, LOUIS, at_home, both, prove, sign_in
from tests.functions.visitor import Visitor
from tests.functions.world import World

NEWER = {"of_tomorrow": {"S": "something that this version does not know"}}


RECORDS = {"roster", "password", "consent", "terms", "journal", "codes"}
"""The attributes that are records of ours."""


def newer(value: Any) -> Any:
    """A map of a row with one more member, in every map that it holds; a map of names to contacts has none."""
    if isinstance(value, dict) and "M" in value:
        members = {name: newer(member) for name, member in value["M"].items()}
        holds_records = any("M" in member or "L" in member for member in members.values())
        return {"M": members if holds_records else members | NEWER}
    return value


def roll_out_and_back(world: World) -> None:
    """Write into every row what a newer version would."""
    for spec in TABLES:
        for item in world.rows(spec.name):
            written = {name: newer(value) if name in RECORDS else value for name, value in item.items()}
            world.deployment.dynamodb.put_item(TableName=spec.name, Item=written | NEWER)


def test_a_session_an_account_and_its_history_are_read_and_a_flow_goes_on(world: World, visitor: Visitor) -> None:
    louis = at_home(world, LOUIS)
    prove(world, visitor, INES)
    roll_out_and_back(world)
    assert louis.get(ACCOUNT).status == 200
    assert louis.get(f"{ACCOUNT}/history").status == 200
    assert louis.get(f"{ACCOUNT}/export").status == 200
    assert sign_in(world, LOUIS).get(SESSION).body["who"] == "session"
    assert visitor.post(f"{ACTIVATION}/password", both(PASSWORD)).status == 200


def test_an_event_of_a_release_that_was_taken_back_is_no_fault(world: World) -> None:
    louis = at_home(world, LOUIS)
    key = {"identifier": {"S": LOUIS.identifier}, "record": {"S": "EVENT#2026-11-24T09:31:00Z#00"}}
    event = {**key, "kind": {"S": "something_new"}, "at": {"N": str(world.now)}}
    world.deployment.dynamodb.put_item(TableName="accounts", Item=event)
    said = [event["label"] for event in louis.get(f"{ACCOUNT}/history").body["events"]]
    assert "Activité sur votre compte" in said
    assert louis.get(f"{ACCOUNT}/export").status == 200


def test_a_roster_is_compared(world: World) -> None:
    row = {"identifier": "20000001", "last_name": "Durand", "structure_id": "S1", "email": "d@exemple.fr"}
    world.import_rows([row])
    roll_out_and_back(world)
    world.import_rows([row | {"email": "e@exemple.fr"}])
    held = world.profile("20000001")["roster"]["M"]
    assert held["email"]["S"] == "e@exemple.fr"
