"""Rows: every write of a profile keeps the index by which people are found, and rows of another version are read."""

from typing import Any

import pytest

from activation.adapters.accounts import found_by_of
from activation.adapters.dynamodb import from_attributes
from activation.adapters.tables import TABLES
from infra.reindex import reindex
from tests.builders import PASSWORD, ROSTER
from tests.dynamodb.stand_in import let_writes_be_seen
from tests.functions.paths import ACCOUNT, ACTIVATION, SESSION
from tests.functions.people import INES, LOUIS, LOUIS_MAIL, ask_code, at_home, both, credentials, prove, sign_in
from tests.functions.reports import report_mail
from tests.functions.roster_steps import undo
from tests.functions.visitor import CONTEXT, Visitor, handler
from tests.functions.wire import aws_error
from tests.functions.world import World

NEWER = {"of_tomorrow": {"S": "something that this version does not know"}}
"""A new version is rolled out beside the old one, and may be taken back: the old one reads what the new one wrote."""
RECORDS = {"roster", "password", "consent", "terms", "journal", "codes"}
"""The attributes that are records of ours."""


def standing(world: World, identifier: str) -> str | None:
    """What the person's row says, as all by which it is found follows from the rest of it."""
    row = from_attributes(world.profile(identifier))
    expected = found_by_of(row)
    assert {name: row.get(name) for name in expected} == expected
    return expected["standing"]


def test_what_a_roster_writes_is_found_otherwise_once_it_changes_and_as_before_once_undone(world: World) -> None:
    found = [standing(world, person["identifier"]) for person in ROSTER]
    assert found == ["fine#garcia", "fine#ndiaye", "missing#legoff", "fine#dalmeidacoeur", "fine#saintmartin"]
    said = {"last_name": "Garcia-Lopez", "email": "", "mobile": "", "structure_id": "S9", "structure_name": "Ville"}
    prepared = world.import_rows([ROSTER[0] | said, *ROSTER[1:]])
    assert standing(world, "10000001") == "missing#garcialopez"
    undo(world, prepared)
    assert standing(world, "10000001") == "fine#garcia"


@pytest.mark.parametrize("is_active", [False, True])
def test_an_address_that_came_back_tells_the_same_of_the_invited_and_of_the_active(
    world: World, is_active: bool
) -> None:
    if is_active:
        at_home(world, LOUIS)
        Visitor().post(SESSION, credentials(LOUIS))
        world.deliver()
    else:
        ask_code(world, Visitor(), LOUIS)
    report_mail(world.wire.asked("SendEmail")[-1]["EmailTags"][0]["Value"], "bounce", to=LOUIS_MAIL)
    seen = [standing(world, "10000001")]
    for changed in ({"first_name": "Louis-Marie"}, {"email": "louis@exemple.fr"}, {}):
        prepared = world.import_rows([ROSTER[0] | changed, *ROSTER[1:]])
        seen.append(standing(world, "10000001"))
    undo(world, prepared)
    assert [*seen, standing(world, "10000001")] == ["bounced#garcia"] * 2 + ["fine#garcia"] * 3


def test_whoever_leaves_is_found_no_more_and_found_again_when_they_come_back(world: World) -> None:
    world.import_rows([ROSTER[0] | {"end_date": "2026-11-20"}, *ROSTER[1:]])
    handler("purge_expired")({}, CONTEXT)
    assert standing(world, "10000001") is None
    prepared = world.import_rows(ROSTER)
    assert standing(world, "10000001") == "fine#garcia"
    undo(world, prepared)
    assert standing(world, "10000001") is None


def test_rows_of_a_release_before_are_brought_in_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.reindex._SEGMENTS", 1)  # moto knows no threads
    mail_marks = {"M": {LOUIS_MAIL: {"S": "undeliverable"}}}
    closed = {"status": {"S": "closed"}, "closed_at": {"N": "1"}}
    for number, changes in ((1, {"deliverability": mail_marks}), (3, {}), (4, closed)):
        profile = world.profile(f"1000000{number}") | changes
        if number != 4:
            del profile["standing"]
        world.deployment.dynamodb.put_item(TableName="accounts", Item=profile)
    world.wire.fail("UpdateItem", aws_error("ConditionalCheckFailedException"))  # written meanwhile by whoever does it
    let_writes_be_seen()
    assert reindex(world.deployment.dynamodb, "accounts") == 0
    world.wire.mend()
    assert reindex(world.deployment.dynamodb, "accounts") == 3
    assert [standing(world, f"1000000{number}") for number in (1, 3, 4)] == ["bounced#garcia", "missing#legoff", None]
    let_writes_be_seen()
    assert reindex(world.deployment.dynamodb, "accounts") == 0


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


def test_rows_of_a_newer_version_are_read_and_a_flow_in_them_goes_on(world: World, visitor: Visitor) -> None:
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


def test_a_roster_is_compared_with_rows_of_a_newer_version(world: World) -> None:
    row = {"identifier": "20000001", "last_name": "Durand", "structure_id": "S1", "email": "d@exemple.fr"}
    world.import_rows([row])
    roll_out_and_back(world)
    world.import_rows([row | {"email": "e@exemple.fr"}])
    roster = world.profile("20000001")["roster"]["M"]
    assert roster["email"]["S"] == "e@exemple.fr"
