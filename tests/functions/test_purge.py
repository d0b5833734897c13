"""The hourly cleanup: what has expired goes, the rest stays; and the figures of the structures that it notes."""

from collections.abc import Sequence
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from activation.domain.accounts import Status
from activation.domain.retention import FIVE_YEARS_SECONDS, YEAR_SECONDS, Act
from functions.purge_expired.requests import Tending
from tests.builders import CLAIRE as CLAIRE_C
from tests.builders import ROSTER, row
from tests.functions.correspondents import claire_at_home, invite, link_ports, stored
from tests.functions.desk import CLAIRE, close
from tests.functions.paths import ACTIVATION, SESSION
from tests.functions.people import DAY, HOUR, LOUIS, LOUIS_MAIL, Person, ask_code, in_session
from tests.functions.printed import Printed, events, metrics_in
from tests.functions.reports import report_mail
from tests.functions.roster_steps import read, step
from tests.functions.visitor import CONTEXT, Visitor, handler
from tests.functions.wire import Failure, timeout
from tests.functions.world import World

SHORT_LIVED = {"pending_codes": "flow_id", "sessions": "token_hash", "limits": "scope", "outbox": "message_id"}
EXPIRY = {"pending_codes": "ends_at"}


@pytest.fixture(autouse=True)
def one_segment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each segment that is read, and each day looked back to, is one more of the same."""
    monkeypatch.setattr("functions.purge_expired.segments.SEGMENTS", 1)
    monkeypatch.setattr("functions.purge_expired.requests.LOOKED_BACK_DAYS", 1)


NOTHING = dict.fromkeys((*SHORT_LIVED, *Act, *(f"requests_{tending}" for tending in Tending)), 0)


def purge(left: Sequence[int] = (300_000,), **event: bool) -> Any:
    """Run the cleanup with so many milliseconds left, which a test may change meanwhile."""
    context = SimpleNamespace(**vars(CONTEXT) | {"get_remaining_time_in_millis": lambda: left[0]})
    return handler("purge_expired")(event, context)


def put(world: World, table: str, key: str, expires_at: int) -> None:
    expiry = EXPIRY.get(table, "expires_at")
    item = {SHORT_LIVED[table]: {"S": key}, expiry: {"N": str(expires_at)}}
    world.deployment.dynamodb.put_item(TableName=table, Item=item)


@pytest.mark.parametrize("table", SHORT_LIVED)
def test_what_has_expired_goes_page_by_page(world: World, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activation.adapters.expiry.PAGE_ROWS", 7)
    for number in range(30):
        put(world, table, f"dead-{number}", world.now - number)
    for number in range(3):
        put(world, table, f"alive-{number}", world.now + 1 + number)
    assert purge() == NOTHING | {table: 30}
    assert {row[SHORT_LIVED[table]]["S"] for row in world.rows(table)} == {"alive-0", "alive-1", "alive-2"}
    assert purge() == NOTHING


def test_open_accounts_and_structures_are_never_purged_but_for_old_events(world: World, louis: Visitor) -> None:
    def kept() -> list[dict[str, Any]]:
        return [row for row in world.rows("accounts") if not row["record"]["S"].startswith("EVENT#")]

    before = (kept(), world.rows("structures"))
    for seconds, removed in ((YEAR_SECONDS - 1, 0), (1, 3), (9 * YEAR_SECONDS, 0)):
        world.advance(seconds)
        assert purge()["events_removed"] == removed
    assert (kept(), world.rows("structures")) == before
    assert len(world.rows("accounts")) == len(kept())
    assert louis


def test_who_has_left_is_closed_told_and_in_the_end_forgotten(world: World, louis: Visitor) -> None:
    world.import_rows([ROSTER[0] | {"end_date": "2026-11-23"}])
    assert purge() == NOTHING
    world.advance(DAY)
    assert purge()["accounts_closed"] == 1
    closed = world.profile()
    assert (closed["status"]["S"], closed["proven"]["M"], "password" in closed) == ("closed", {}, False)
    assert [(message.to, message.subject) for message in world.deliver()] == [
        (LOUIS_MAIL, "Votre compte en ligne CNAS est fermé")
    ]
    assert louis.get(SESSION).body["who"] == "anonymous"
    world.advance(DAY)  # the flow that carries the notice to the removed contact goes
    purge()
    assert LOUIS_MAIL not in world.everything()
    world.advance(YEAR_SECONDS - DAY - 1)
    assert (purge()["accounts_erased"], world.profile()["status"]["S"]) == (0, "closed")
    world.advance(1)
    assert purge()["accounts_erased"] == 1
    assert sorted(row["record"]["S"][:5] for row in rows_of_louis(world)) == ["CONSE", "TERMS"]
    world.advance(FIVE_YEARS_SECONDS - YEAR_SECONDS - 1)
    assert purge()["proofs_removed"] == 0
    world.advance(1)
    assert purge()["proofs_removed"] == 2
    assert rows_of_louis(world) == []


def test_every_segment_of_the_accounts_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.purge_expired.segments.SEGMENTS", 4)
    purge()
    scans = [asked for asked in world.wire.asked("Scan") if asked["TableName"] == "accounts"]
    assert [(scan["Segment"], scan["TotalSegments"]) for scan in scans] == [(0, 4), (1, 4), (2, 4), (3, 4)]


def test_what_an_import_replaced_goes_after_a_day(world: World) -> None:
    world.import_rows([ROSTER[0] | {"email": "nouveau@exemple.fr", "structure_name": "Commune de Mondomaine"}])
    assert "before" in world.profile()["journal"]["M"]
    assert purge()["undo_data_removed"] == 0
    assert "before" in world.row("structures", structure_id="S1")["journal"]["M"]
    assert purge()["undo_data_removed"] == 0
    world.advance(DAY)
    assert purge()["undo_data_removed"] == 1
    assert "before" not in world.profile()["journal"]["M"]
    assert "before" not in world.row("structures", structure_id="S1")["journal"]["M"]
    assert purge()["undo_data_removed"] == 0


@pytest.mark.parametrize("operation", ["DeleteItem", "UpdateItem", "TransactWriteItems"])
def test_what_a_fault_left_undone_the_next_run_does(world: World, louis: Visitor, operation: str) -> None:
    assert louis
    world.import_rows([ROSTER[0] | {"end_date": "2026-11-23"}, ROSTER[1] | {"mobile": ""}])
    world.deliver()
    for seconds in (DAY, YEAR_SECONDS):
        world.advance(seconds)
        world.wire.fail(operation, timeout, times=1)
        with suppress(ReadTimeoutError):
            purge()
        world.wire.mend()
        purge()
    assert sorted(row["record"]["S"][:5] for row in rows_of_louis(world)) == ["CONSE", "TERMS"]
    assert all("erase_at" in row for row in rows_of_louis(world))


def test_proofs_of_a_closed_account_go_in_their_time_though_a_roster_reopens_it(world: World, louis: Visitor) -> None:
    assert louis.get(SESSION).body["who"] == "session"
    close()
    closed_at = world.now
    world.import_rows([ROSTER[0]])
    world.advance(3_600)
    assert purge()["proofs_dated"] == 1
    proofs = [row for row in rows_of_louis(world) if row["record"]["S"].startswith(("CONSENT#", "TERMS#"))]
    assert [row["erase_at"]["N"] for row in proofs] == [str(closed_at + FIVE_YEARS_SECONDS)] * 2
    assert purge()["proofs_dated"] == 0


def test_however_much_is_to_be_noted_and_to_go_there_is_time_to_close_people(world: World, printed: Printed) -> None:
    world.import_rows([ROSTER[0] | {"end_date": "2026-11-23"}])
    guests = [f"2000000{number}" for number in range(5)]
    world.import_rows([ROSTER[0] | {"identifier": each, "email": f"p{each}@exemple.fr"} for each in guests])
    world.advance(DAY)
    for each in guests:
        Visitor().post(ACTIVATION, {"identifier": each, "last_name": "Garcia"})
    world.deliver()
    for number in range(10):
        put(world, "outbox", f"dead-{number}", world.now)
    left = [900_000]

    def slowly(seconds: int) -> Failure:
        def take(*_: object) -> None:
            left[0] -= 1_000 * seconds

        return take

    world.wire.fail("UpdateItem", slowly(100))
    world.wire.fail("DeleteItem", slowly(50))
    done = purge(left)
    noted = [row for row in world.rows("accounts") if "code_sent_at" in row]
    assert (len(noted), done["outbox"], done["accounts_closed"]) == (3, 6, 1)
    counted = metrics_in(printed.getvalue())
    assert (counted["TablesLeftUnfinished"], counted["RowsPurged"]) == (2, 7)
    world.wire.mend()
    assert purge()["outbox"] == 4
    assert len([row for row in world.rows("accounts") if "code_sent_at" in row]) == len(guests)


def test_a_broken_row_is_told_and_counted_and_stops_nothing_behind_it(world: World, printed: Printed) -> None:
    world.import_rows([row | {"end_date": "2026-11-23"} for row in ROSTER])
    broken = {name: value for name, value in world.profile().items() if name != "proven"}
    world.deployment.dynamodb.put_item(TableName="accounts", Item=broken)
    world.advance(DAY)
    assert purge()["accounts_closed"] == len(ROSTER) - 1
    [told] = [event for event in events(printed) if event["message"] == "row_failed"]
    assert (told["table"], told["identifier"], told["error"]) == ("accounts", LOUIS.identifier, "KeyError")
    counted = metrics_in(printed.getvalue())
    assert (counted["RowsFailed"], counted["TablesLeftUnfinished"]) == (1, 0)


def rows_of_louis(world: World) -> list[dict[str, Any]]:
    return [row for row in world.rows("accounts") if row["identifier"]["S"] == LOUIS.identifier]


def test_a_row_that_came_to_life_again_meanwhile_stays(world: World) -> None:
    put(world, "limits", "throttle#x", world.now)

    def revive(*_: object) -> None:
        put(world, "limits", "throttle#x", world.now + 60)

    world.wire.fail("DeleteItem", revive, times=1)
    assert purge()["limits"] == 0
    assert len(world.rows("limits")) == 1


def test_an_invitation_that_lapsed_closes_the_account_in_both_rows_and_frees_the_mail(world: World) -> None:
    invite(world, invited_until="2026-11-25")
    world.advance(DAY)
    assert purge()["accounts_closed"] == 0
    world.advance(2 * DAY)
    assert purge()["accounts_closed"] == 1
    closed, ports = stored(world), link_ports(world)
    assert (closed.status, closed.owner.declared_contacts()) == (Status.CLOSED, [])
    assert ports.links.structures(["S1"])["S1"].correspondents == ()
    assert ports.links.account_of_mail(CLAIRE_C) is None
    assert purge()["accounts_closed"] == 0


def test_what_is_left_of_a_closed_correspondent_goes_after_a_year_and_the_proofs_after_five(world: World) -> None:
    claire_at_home(world)
    close(CLAIRE_C)
    assert purge()["proofs_dated"] == 1
    world.advance(YEAR_SECONDS)
    assert purge()["accounts_erased"] == 1
    left = [row["record"]["S"] for row in world.rows("accounts") if row["identifier"]["S"] == CLAIRE_C]
    assert [record.partition("#")[0] for record in left] == ["TERMS"]
    world.advance(FIVE_YEARS_SECONDS)
    assert purge()["proofs_removed"] == 1


def test_an_invitation_that_no_second_agent_confirmed_is_forgotten_after_seven_days(world: World) -> None:
    CLAIRE.ask("invitation", structure_id="S1", email="autre@exemple.fr")
    purge()
    assert "invitation" in world.row("structures", structure_id="S1")
    world.advance(7 * DAY)
    purge()
    assert "invitation" not in world.row("structures", structure_id="S1")


OTHERS = [Person(f"2000000{number}", "Roux") for number in range(4)]


def figures(world: World) -> list[str]:
    return read(world, step("figures")["figures"]).splitlines()


def invite_others(world: World, structure: str = "S1") -> None:
    rows = [row(who.identifier, who.last_name, "Zoé", email=f"z{who.identifier}@exemple.fr") for who in OTHERS]
    world.import_rows([each | {"structure_id": structure} for each in rows])


def test_a_structure_sees_how_many_were_invited_sent_a_code_got_it_and_are_active(world: World) -> None:
    """But for fewer than five people, of whom figures would tell."""
    in_session(world, LOUIS)
    invite_others(world)
    for person in OTHERS[:2]:
        assert Visitor().post(ACTIVATION, person.start_body).status == 202
    first, _ = world.pending()
    world.deliver()
    report_mail(first, "delivery", to=f"z{OTHERS[0].identifier}@exemple.fr")
    purge()
    assert "code_sent_at" not in world.profile()  # who is active already
    assert figures(world) == ["structure;invités;code envoyé;code remis;activés;part (%)", "S1;9;3;2;1;11"]
    invite_others(world, "=S9")
    assert figures(world)[1] == "'=S9;4;;;;"


def test_a_code_is_noted_once_and_stays_noted_when_the_outbox_has_forgotten_it(world: World) -> None:
    ask_code(world, Visitor(), LOUIS)
    sent_at = world.now
    for seconds in (0, HOUR, DAY):
        world.advance(seconds)
        purge()
        assert world.profile()["code_sent_at"] == {"N": str(sent_at)}
    assert world.rows("outbox") == []


def test_a_dry_run_closes_nobody_and_removes_nothing(world: World, louis: Visitor) -> None:
    assert louis
    world.import_rows([ROSTER[0] | {"end_date": "2026-11-23"}])
    world.advance(DAY)
    before = world.everything()
    counted = purge(dry_run=True)
    assert (counted["accounts_closed"], counted["sessions"] > 0, world.everything()) == (1, True, before)
