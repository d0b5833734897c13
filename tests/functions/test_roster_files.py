"""Files of rosters through the import's steps, over tables and a bucket; never over what a person proved."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from activation import bootstrap
from activation.domain.errors import BusyError
from activation.domain.roster.imports import ImportPaths
from activation.domain.roster.workbooks import WorkbookFault, WorkbookRefusedError
from tests.builders import ROSTER
from tests.dynamodb import stand_in
from tests.functions.people import LOUIS, LOUIS_MAIL, LOUIS_MOBILE, ask_code, at_home
from tests.functions.printed import metrics_in
from tests.functions.roster_steps import batches, prepare, read, report, send, step, take_in, undo, upload, work
from tests.functions.visitor import Visitor
from tests.functions.wire import aws_error
from tests.functions.world import World
from tests.in_memory.roster import line
from tests.workbooks import cells, xlsx_of

SENDER = "agent@exemple.fr"
LOUIS_ROW = line(email=LOUIS_MAIL, mobile="06 12 34 56 78")


def test_who_shares_a_contact_is_told_the_structure_with_the_code(world: World, visitor: Visitor) -> None:
    take_in(world, [LOUIS_ROW, line("20000002", email=LOUIS_MAIL)])
    message = ask_code(world, visitor, LOUIS)
    assert "inscrite par la structure « Mairie de Mondomaine »" in message.text.replace("\u00a0", " ")
    assert [told for told in (LOUIS.identifier, LOUIS.last_name) if told in message.text] == []
    assert world.profile()["roster"]["M"]["shared"] == {"BOOL": True}


def test_a_file_goes_from_the_bucket_to_the_tables_and_its_sender_is_told(world: World) -> None:
    rows = [line("20000001"), LOUIS_ROW | {"email": ""}, line("20000003", email="no address")]
    prepared = take_in(world, rows, sender=SENDER)
    said = report(world, prepared)
    assert (said["state"], said["lines"][0]) == ("applied", "1 création, 1 modification, 0 sortie, 0 inchangée")
    assert world.profile("20000001")["roster"]["M"]["email"]["S"] == "p20000001@exemple.fr"
    assert world.profile("20000003") == {}
    assert [(message.to, message.subject) for message in world.messages()] == [
        (SENDER, "CNAS : fichier importé (a.csv)")
    ]
    [summary] = world.wire.asked("SendEmail")
    assert summary["EmailTags"] == [{"Name": "import_id", "Value": prepared["import_id"]}]
    assert sorted(message.to for message in world.deliver()) == [LOUIS_MOBILE, LOUIS_MAIL]
    assert "<h1>Fichier importé</h1>" in read(world, ImportPaths(prepared["import_id"]).report("html"))


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
def test_a_summary_that_ses_refuses_is_counted(world: World, capsys: pytest.CaptureFixture[str], code: str) -> None:
    prepared = take_in(world, [line("20000001")], sender=SENDER)
    world.wire.fail("SendEmail", aws_error(code), times=1)
    assert report(world, prepared)["state"] == "applied"
    assert metrics_in(capsys.readouterr().out)["SummariesLost"] == 1


def test_one_read_a_hundred_rows_and_one_write_a_change(world: World) -> None:
    rows = [line(f"2{number:07}") for number in range(250)]
    world.wire.done.clear()
    take_in(world, rows)  # newcomers take more reads: they may be known with other zeros
    assert [len(world.wire.asked(call)) for call in ("PutItem", "UpdateItem")] == [250, 1]
    world.wire.done.clear()
    take_in(world, [row | {"usage_name": "Petit"} for row in rows])
    assert [len(world.wire.asked(call)) for call in ("BatchGetItem", "UpdateItem")] == [3 + 1, 250]
    assert world.wire.asked("GetItem") == []


def test_a_file_is_read_piece_by_piece(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activation.adapters.roster_files._CHUNK_BYTES", 100)
    rows = [line(f"2{number:07}", first_name="Zoé") for number in range(20)]
    send(world, rows)
    prepared = prepare()
    said = report(world, prepared)
    assert (prepared["does"], said["state"], said["lines"][0][:12]) == ("nothing", "checked", "20 créations")
    assert len(world.wire.asked("GetObject")) > 60


def test_the_version_that_was_announced_is_taken_though_another_lies_there_by_now(world: World) -> None:
    first = send(world, [line("20000001")], apply="yes")
    send(world, [line("20000002")], apply="yes")
    prepared = prepare(version=first)
    work(prepared, *batches(world, prepared))
    assert (world.profile("20000001") != {}, world.profile("20000002")) == (True, {})


def test_rows_that_a_throttled_table_left_out_are_asked_for_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("activation.adapters.dynamodb.time.sleep", waits.append)
    client, left = bootstrap.client("dynamodb"), [2]
    original = client.batch_get_item

    def batch_get_item(**asked: Any) -> Any:
        left[0] -= 1
        return {"Responses": {}, "UnprocessedKeys": asked["RequestItems"]} if left[0] >= 0 else original(**asked)

    monkeypatch.setattr(client, "batch_get_item", batch_get_item)
    send(world, [LOUIS_ROW])
    assert report(world, prepare())["lines"][0].endswith("1 inchangée")
    assert len(waits) == 2
    left[0] = 6
    with pytest.raises(BusyError):
        prepare()


def test_somebody_who_signs_in_meanwhile_keeps_what_they_did(world: World) -> None:
    at_home(world, LOUIS)
    send(world, [LOUIS_ROW | {"first_name": "Loïc"}], apply="yes")
    prepared = prepare()
    before = world.profile()
    bumped = before | {"version": {"N": str(int(before["version"]["N"]) + 1)}, "signed_in_at": {"N": "7"}}
    world.deployment.dynamodb.put_item(TableName="accounts", Item=bumped)
    work(prepared, *batches(world, prepared))
    after = world.profile()
    assert after["roster"]["M"]["first_name"]["S"] == "Loïc"
    kept = bumped.keys() - {"roster", "version", "journal"}
    assert {name: after[name] for name in kept} == {name: bumped[name] for name in kept}


def test_whoever_comes_back_is_invited_anew_and_closed_again_by_an_undo(world: World) -> None:
    at_home(world, LOUIS)
    noted = {name: {"N": "4"} for name in ("code_sent_at", "code_delivered_at")}  # by the cleanup, before the closing
    closed = noted | world.profile() | {"status": {"S": "closed"}, "closed_at": {"N": "5"}}
    closed["proven"] = {"M": {}}
    del closed["password"]
    world.deployment.dynamodb.put_item(TableName="accounts", Item=closed)
    prepared = take_in(world, [LOUIS_ROW])
    assert report(world, prepared)["lines"][0].startswith("1 création")
    again = world.profile()
    assert (again["status"]["S"], again["session_epoch"]) == ("invited", closed["session_epoch"])
    assert not {"terms", *noted} & again.keys()
    undo(world, prepared)
    undone = world.profile()
    assert (undone["status"]["S"], undone["closed_at"]["N"]) == ("closed", "5")


def test_an_undo_of_no_import_is_refused_also_where_s3_does_not_say_that_there_is_nothing(world: World) -> None:
    unknown = "20261124T093001Z-0123456789ab"
    assert step("prepare", order={"undo": unknown})["does"] == "refused"
    world.wire.fail("GetObject", aws_error("AccessDenied"), times=1)
    assert step("prepare", order={"undo": unknown})["does"] == "refused"
    assert world.wire.asked("ListObjectsV2")[-1]["Prefix"] == ImportPaths(unknown).prepared
    prepared = take_in(world, [line("20000001")])
    world.wire.fail("GetObject", aws_error("AccessDenied"), times=1)
    with pytest.raises(ClientError, match="AccessDenied"):  # one that is there
        step("prepare", order={"undo": prepared["import_id"]})


@pytest.mark.parametrize("event", [{"action": "prepare", "order": {}}, {"action": "batch", "rows": [LOUIS_MAIL]}, {}])
def test_a_step_that_is_none_is_an_error_that_shows_nothing(world: World, event: dict[str, Any]) -> None:
    assert world
    action = event.pop("action", "erase")
    with pytest.raises(ValueError, match=r"unknown action|nothing to prepare") as refused:
        step(action, **event)
    assert LOUIS_MAIL not in str(refused.value)


def test_a_roster_updates_a_structure_and_what_it_does_not_know_stays_even_when_it_is_undone(world: World) -> None:
    links = {"L": [{"S": "C40218866"}]}
    linked = {**world.row("structures", structure_id="S1"), "correspondents": links}
    world.deployment.dynamodb.put_item(TableName="structures", Item=linked)
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


def test_a_workbook_that_ends_its_reader_is_refused_and_not_tried_again(world: World) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    key, body = "incoming/personnes.xlsx", xlsx_of(cells('<c r="A1"><v>1</v></c>').replace("</sheetData>", far))
    prepared = prepare(key, upload(world, body, key, apply="yes"))
    assert prepared["does"] == "nothing"  # an answer: a state machine tries again what raised an error
    said = report(world, prepared)
    assert said["state"] == "refused"
    assert str(WorkbookRefusedError(WorkbookFault.UNREADABLE)) in said["lines"]
