"""The worker: what it sends, to whom, once; what it drops; what it leaves for later."""

from typing import Any

import pytest

from activation.domain.times import paris_time
from tests.functions.people import ACTIVATION, AWA, LOUIS, LOUIS_MAIL, RESET, STRANGER, YANN, Person, ask_code, at_home
from tests.functions.visitor import Visitor
from tests.functions.wire import aws_error
from tests.functions.world import World

KEPT = {"message_id", "state", "created_at", "expires_at", "finished_at"}
KEPT_FOR_REPORTS = {"provider_id", "kind", "identifier", "flow_id", "code_number", "dies_at"}


@pytest.mark.parametrize("path", [ACTIVATION, RESET])
@pytest.mark.parametrize("person", [AWA, LOUIS, YANN, STRANGER], ids=["invited", "active", "no contact", "unknown"])
def test_whoever_a_code_is_for_the_worker_takes_its_flows_row_once(world: World, person: Person, path: str) -> None:
    at_home(world, LOUIS)
    Visitor().post(path, person.start_body)
    world.wire.done.clear()
    world.deliver()
    taken = [str(asked).count("'TableName': 'pending_codes'") for asked in world.wire.asked("TransactWriteItems")]
    assert sum(taken) == 1


def one_waits(world: World) -> str:
    [message_id] = world.pending()
    return message_id


def state_of(world: World, message_id: str) -> str:
    state: str = world.row("outbox", message_id=message_id)["state"]["S"]
    return state


def put_off(world: World) -> list[tuple[str, int]]:
    """What went to the retry queue: which message, after how long."""
    asked = [asked for asked in world.wire.asked("SendMessage") if "DelaySeconds" in asked]
    return [(one["MessageBody"], one["DelaySeconds"]) for one in asked]


def test_a_mail_says_the_code_in_both_its_parts_and_carries_our_id(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    message_id = one_waits(world)
    [message] = world.deliver()
    assert message.subject == "Votre code de sécurité CNAS"
    assert f"Il a été demandé {paris_time(world.now)} (heure de Paris)." in message.text
    assert message.code in message.html
    [asked] = world.wire.asked("SendEmail")
    assert asked["FromEmailAddress"] == "CNAS <ne-pas-repondre@exemple.fr>"
    assert asked["ConfigurationSetName"] == "mails"
    assert asked["Content"]["Simple"]["Headers"] == [
        {"Name": "Auto-Submitted", "Value": "auto-generated"},
        {"Name": "X-Auto-Response-Suppress", "Value": "All"},
        {"Name": "X-Entity-Ref-ID", "Value": message_id},
    ]
    assert asked["EmailTags"] == [{"Name": "message_id", "Value": message_id}]
    assert "15 minutes" in message.text


def test_an_sms_is_transactional_and_ends_with_the_host_and_the_code(world: World, visitor: Visitor) -> None:
    message = ask_code(world, visitor, AWA)
    assert message.text.endswith(f"@compte.exemple.fr #{message.code}")
    assert len(message.text) <= 160
    [asked] = world.wire.asked("Publish")
    values = {name: value["StringValue"] for name, value in asked["MessageAttributes"].items()}
    assert values == {"AWS.SNS.SMS.SMSType": "Transactional", "AWS.SNS.SMS.SenderID": "CNAS"}


def test_a_message_redelivered_is_sent_once(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    message_id = one_waits(world)
    assert world.stream(message_id, message_id) == {"batchItemFailures": []}
    world.stream(message_id)
    assert len(world.messages()) == 1
    assert put_off(world) == []


@pytest.mark.parametrize("event_name", ["MODIFY", "REMOVE"])
def test_only_what_is_new_is_sent(world: World, visitor: Visitor, event_name: str) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    world.stream(one_waits(world), event_name=event_name)
    assert world.messages() == []


def lease(world: World, message_id: str, until: int) -> None:
    world.deployment.dynamodb.update_item(
        TableName="outbox",
        Key={"message_id": {"S": message_id}},
        UpdateExpression="SET #state = :sending, leased_until = :until",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={":sending": {"S": "sending"}, ":until": {"N": str(until)}},
    )


@pytest.mark.parametrize("person", [LOUIS, STRANGER])
def test_a_decoys_message_is_forgotten_and_no_other_holds_a_contact(
    world: World, visitor: Visitor, person: Any
) -> None:
    visitor.post(ACTIVATION, person.start_body)
    world.deliver()
    [row] = world.rows("outbox")
    sent = person is LOUIS
    assert row["state"]["S"] == ("sent" if sent else "dropped")
    assert row.keys() == KEPT | (KEPT_FOR_REPORTS if sent else set())
    assert LOUIS_MAIL not in str(row)


def test_a_message_of_which_nothing_is_left_is_settled(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    message_id = one_waits(world)
    world.stream(message_id, event_name="MODIFY")
    world.deployment.dynamodb.delete_item(TableName="outbox", Key={"message_id": {"S": message_id}})
    assert world.stream(message_id) == {"batchItemFailures": []}
    assert world.messages() == []
    assert put_off(world) == []


def test_a_late_mail_says_how_long_its_code_still_lives(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    world.advance(839)
    [message] = world.deliver()
    assert "2 minutes" in message.text
    assert f"demandé {paris_time(world.now - 839)}" in message.text


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
def test_a_mail_refused_for_good_is_dropped(world: World, visitor: Visitor, code: str) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    message_id = one_waits(world)
    world.wire.fail("SendEmail", aws_error(code))
    world.stream(message_id)
    assert state_of(world, message_id) == "dropped"
    assert put_off(world) == []
