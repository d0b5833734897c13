"""The hourly cleanup: what has expired goes, the rest stays."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.functions.people import ACTIVATION, LOUIS, SESSION, STRANGER
from tests.functions.visitor import CONTEXT, Visitor, handler
from tests.functions.world import World

SHORT_LIVED = {"pending_codes": "flow_id", "sessions": "token_hash", "limits": "scope", "outbox": "message_id"}
EXPIRY = {"pending_codes": "ends_at"}


@pytest.fixture(autouse=True)
def one_segment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments are read side by side, and moto knows no threads."""
    monkeypatch.setattr("functions.purge_expired.service.SEGMENTS", 1)


def purge(milliseconds: int = 300_000) -> Any:
    context = SimpleNamespace(**vars(CONTEXT) | {"get_remaining_time_in_millis": lambda: milliseconds})
    return handler("purge_expired")({}, context)


def put(world: World, table: str, key: str, expires_at: int) -> None:
    expiry = EXPIRY.get(table, "expires_at")
    item = {SHORT_LIVED[table]: {"S": key}, expiry: {"N": str(expires_at)}}
    world.deployment.dynamodb.put_item(TableName=table, Item=item)


@pytest.mark.parametrize("table", SHORT_LIVED)
def test_what_has_expired_goes_and_the_rest_stays(world: World, table: str) -> None:
    for number in range(30):
        put(world, table, f"dead-{number}", world.now - number)
    for number in range(3):
        put(world, table, f"alive-{number}", world.now + 1 + number)
    assert purge() == dict.fromkeys(SHORT_LIVED, 0) | {table: 30}
    assert {row[SHORT_LIVED[table]]["S"] for row in world.rows(table)} == {"alive-0", "alive-1", "alive-2"}
    assert purge() == dict.fromkeys(SHORT_LIVED, 0)


def test_people_and_structures_are_never_purged(world: World, louis: Visitor) -> None:
    before = (world.rows("accounts"), world.rows("structures"))
    world.advance(10 * 365 * 86_400)
    purge()
    assert (world.rows("accounts"), world.rows("structures")) == before
    assert louis


def test_a_journey_leaves_nothing_short_lived_behind(world: World, louis: Visitor) -> None:
    assert louis.get(SESSION).body["who"] == "session"
    Visitor().post(ACTIVATION, STRANGER.pair)
    purge()
    assert louis.get(SESSION).body["who"] == "session"
    world.advance(401 * 86_400)
    purge()
    assert all(world.rows(table) == [] for table in SHORT_LIVED)


def test_it_stops_when_time_is_short_and_goes_on_the_next_time(world: World) -> None:
    for number in range(5):
        put(world, "outbox", f"dead-{number}", world.now)
    assert purge(milliseconds=10_000)["outbox"] == 0
    assert len(world.rows("outbox")) == 5
    assert purge()["outbox"] == 5


def test_many_pages_are_read_to_the_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activation.adapters.expiry.PAGE_ROWS", 7)
    for number in range(40):
        put(world, "limits", f"row-{number}", world.now + (number % 2))
    assert purge()["limits"] == 20


def test_a_row_that_came_to_life_again_meanwhile_stays(world: World) -> None:
    put(world, "limits", "pair#x", world.now)

    def revive(*_: object) -> None:
        put(world, "limits", "pair#x", world.now + 60)

    world.wire.fail("DeleteItem", revive, times=1)
    assert purge()["limits"] == 0
    assert len(world.rows("limits")) == 1


def test_a_flow_past_its_end_is_dead_before_it_is_purged(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.pair)
    world.advance(900)
    assert visitor.post(f"{ACTIVATION}/verification", {"code": "123456"}).said == (401, "flow-expired")
    assert purge()["pending_codes"] == 1
    assert visitor.post(f"{ACTIVATION}/verification", {"code": "123456"}).said == (401, "flow-expired")
