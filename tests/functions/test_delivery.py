"""The worker: what it sends, to whom, once; what it drops; what it leaves for later; what SMS may cost."""

from typing import Any

import pytest

from tests.functions.paths import ACTIVATION
from tests.functions.people import AWA, DAY, LOUIS, LOUIS_MAIL, STRANGER, Person, ask_code
from tests.functions.printed import Printed, metrics_in
from tests.functions.visitor import Visitor
from tests.functions.wire import aws_error
from tests.functions.world import World

KEPT = {"message_id", "state", "created_at", "expires_at", "finished_at"}
KEPT_FOR_REPORTS = {"provider_id", "kind", "identifier", "flow_id", "code_number", "dies_at"}


def asked_for(world: World, visitor: Visitor, person: Person) -> str:
    """Step 1; the id of the message that waits."""
    visitor.post(ACTIVATION, person.start_body)
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
    message_id = asked_for(world, visitor, LOUIS)
    [message] = world.deliver()
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


def test_an_sms_is_transactional_and_ends_with_the_host_and_the_code(world: World, visitor: Visitor) -> None:
    message = ask_code(world, visitor, AWA)
    assert message.text.endswith(f"@compte.exemple.fr #{message.code}")
    assert len(message.text) <= 160
    [asked] = world.wire.asked("Publish")
    values = {name: value["StringValue"] for name, value in asked["MessageAttributes"].items()}
    assert values == {"AWS.SNS.SMS.SMSType": "Transactional", "AWS.SNS.SMS.SenderID": "CNAS"}


@pytest.mark.parametrize("event_name", ["MODIFY", "REMOVE"])
def test_only_what_is_new_is_sent(world: World, visitor: Visitor, event_name: str) -> None:
    world.stream(asked_for(world, visitor, LOUIS), event_name=event_name)
    assert world.messages() == []


@pytest.mark.parametrize("person", [LOUIS, STRANGER])
def test_a_decoys_message_is_forgotten_and_none_holds_a_contact(world: World, visitor: Visitor, person: Any) -> None:
    visitor.post(ACTIVATION, person.start_body)
    world.deliver()
    [row] = world.rows("outbox")
    sent = person is LOUIS
    assert row["state"]["S"] == ("sent" if sent else "dropped")
    assert row.keys() == KEPT | (KEPT_FOR_REPORTS if sent else set())
    assert LOUIS_MAIL not in str(row)


@pytest.mark.parametrize(
    ("person", "operation", "code"),
    [
        *((LOUIS, "SendEmail", code) for code in ("MessageRejected", "BadRequestException")),
        *((AWA, "Publish", code) for code in ("InvalidParameter", "ParameterValueInvalid")),
    ],
)
def test_what_is_refused_for_good_is_dropped_and_costs_no_budget(
    world: World, visitor: Visitor, person: Person, operation: str, code: str
) -> None:
    world.set(SMS_PER_NUMBER_PER_DAY=1)
    message_id = asked_for(world, visitor, person)
    world.wire.fail(operation, aws_error(code), times=1)
    world.stream(message_id)
    assert (state_of(world, message_id), put_off(world)) == ("dropped", [])
    Visitor().post(ACTIVATION, person.start_body)
    assert ("sms" if person is AWA else "email") in [message.channel for message in world.deliver()]


def test_a_number_gets_so_many_codes_a_day(world: World) -> None:
    world.set(SMS_PER_NUMBER_PER_DAY=2, STARTS_PER_PERSON_PER_HOUR=9, STARTS_PER_PERSON_PER_DAY=9)
    for _ in range(4):
        Visitor().post(ACTIVATION, AWA.start_body)
    world.deliver()
    assert len(world.messages()) == 2
    assert put_off(world) == []
    world.advance(DAY)
    ask_code(world, Visitor(), AWA)


def test_a_budget_given_back_after_its_end_leaves_no_row_that_never_expires(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, AWA.start_body)

    def purged_meanwhile(client: Any, operation: str, parameters: dict[str, Any]) -> BaseException | None:
        for row in world.rows("limits"):
            world.deployment.dynamodb.delete_item(TableName="limits", Key={"scope": row["scope"]})
        return aws_error("InternalError", 500)(client, operation, parameters)

    world.wire.fail("Publish", purged_meanwhile, times=1)
    world.deliver()
    assert world.rows("limits") == []


def test_what_waits_for_the_hour_is_told_and_dies_with_its_code(world: World, printed: Printed) -> None:
    world.set(SMS_PER_HOUR=2)
    for _ in range(3):
        Visitor().post(ACTIVATION, AWA.start_body)
    world.deliver()
    counted = {"MessageSent": 2, "MessageWaiting": 1, "SmsHourSpent": 1}
    assert metrics_in(printed.getvalue()).items() >= counted.items()
    [message_id] = world.pending()
    world.advance(900)
    world.stream(message_id)
    assert state_of(world, message_id) == "dropped"
    assert metrics_in(printed.getvalue())["MessageExpired"] == 1
