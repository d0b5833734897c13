"""What becomes of requests as time goes by: reminders, what lapses, what is erased."""

import pytest

from tests.builders import ROSTER
from tests.functions.desk import CLAIRE, close
from tests.functions.paths import REQUESTS
from tests.functions.people import DAY, LOUIS
from tests.functions.printed import Printed, events, metrics_in
from tests.functions.requests import handle, opened, saved, sent
from tests.functions.test_purge import purge
from tests.functions.visitor import Visitor
from tests.functions.world import World


def test_a_draft_is_told_of_a_week_before_and_erased_after_30_days(world: World, louis: Visitor) -> None:
    draft = opened(louis)
    saved(louis, draft, explication="Mes chèques ne sont jamais arrivés.")
    world.advance(23 * DAY)
    assert purge()["requests_reminded"] == 1
    assert [mail.subject for mail in world.deliver()] == ["Votre brouillon sera bientôt effacé"]
    world.advance(7 * DAY)
    for is_dry_run in (True, False):  # which only counts
        assert purge(dry_run=is_dry_run)["requests_lapsed"] == 1
    assert "jamais arrivés" not in str(world.rows("requests"))
    [counted] = [row for row in world.rows("requests") if row["record"]["S"] == "OPEN"]
    assert counted["open_requests"]["N"] == "0"
    assert "draft_reclamation" not in counted


def test_what_ended_long_ago_is_erased_and_a_broken_row_told(world: World, louis: Visitor, printed: Printed) -> None:
    for claim in (sent(louis), sent(louis)):
        louis.post(f"{REQUESTS}/{claim['id']}/withdrawal", {})
    broken, other = (row for row in world.rows("requests") if row["record"]["S"].startswith("R#"))
    world.deployment.dynamodb.put_item(TableName="requests", Item=broken | {"state": {"S": "of another version"}})
    world.advance(404 * DAY)
    assert purge()["requests_erased"] == 1
    assert [name for name in ("request_id", "number") if other[name]["S"] in str(world.rows("requests"))] == []
    [told] = [event for event in events(printed) if event["message"] == "row_failed"]
    assert (told["table"], told["identifier"], told["error"]) == ("requests", LOUIS.identifier, "ValueError")


def test_a_request_that_no_agent_takes_for_five_days_is_counted(world: World, louis: Visitor, printed: Printed) -> None:
    request = sent(louis)
    world.advance(5 * DAY)
    purge()
    handle(CLAIRE, request, "take")
    handle(CLAIRE, request, "refuse", words="Elle est arrivée.")
    told = metrics_in(printed.getvalue())
    assert (told["RequestsNotTaken"], told["RequestsWaiting"], told["OldestRequestHours"]) == (1, 1, 120)
    assert (told["RequestsSent"], told["RequestsAnswered"]) == (1, 1)


def test_the_draft_of_a_closed_account_takes_no_place_when_its_person_is_back(world: World, louis: Visitor) -> None:
    opened(louis)
    close()
    purge()
    [counted] = world.rows("requests")
    assert (counted["record"]["S"], counted["open_requests"]["N"]) == ("OPEN", "0")
    assert "draft_reclamation" not in counted


def test_accounts_leave_time_for_requests(
    world: World, louis: Visitor, printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.purge_expired.segments.SEGMENTS", 1)  # one person after the other
    opened(louis)
    world.import_rows([row | {"end_date": "2026-11-23"} for row in ROSTER[1:]])
    world.advance(31 * DAY)
    left = [900_000]

    def take_400_seconds(*_: object) -> None:
        left[0] -= 400_000

    world.wire.fail("TransactWriteItems", take_400_seconds)
    done = purge(left)
    assert (done["accounts_closed"], done["requests_lapsed"]) == (2, 1)
    assert metrics_in(printed.getvalue())["TablesLeftUnfinished"] == 1
