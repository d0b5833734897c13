"""The worker: what it sends, to whom, once; what it drops; what it leaves for later; what SMS may cost."""

from typing import Any

import pytest

from activation.domain.times import paris_time
from tests.functions.paths import ACTIVATION, RESET
from tests.functions.people import AWA, DAY, LOUIS, LOUIS_MAIL, STRANGER, YANN, Person, ask_code, at_home
from tests.functions.printed import Printed, metrics_in
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


def test_a_late_mail_says_how_long_its_code_still_lives(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    world.advance(839)
    [message] = world.deliver()
    assert "2 minutes" in message.text


@pytest.mark.parametrize("event_name", ["MODIFY", "REMOVE"])
def test_only_what_is_new_is_sent(world: World, visitor: Visitor, event_name: str) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    world.stream(one_waits(world), event_name=event_name)
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


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
def test_a_mail_refused_for_good_is_dropped(world: World, visitor: Visitor, code: str) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    message_id = one_waits(world)
    world.wire.fail("SendEmail", aws_error(code))
    world.stream(message_id)
    assert state_of(world, message_id) == "dropped"
    assert put_off(world) == []


@pytest.mark.parametrize("code", ["InvalidParameter", "ParameterValueInvalid"])
def test_an_sms_refused_for_good_is_dropped_and_costs_no_budget(world: World, visitor: Visitor, code: str) -> None:
    world.set(SMS_PER_NUMBER_PER_DAY=1)
    visitor.post(ACTIVATION, AWA.start_body)
    message_id = one_waits(world)
    world.wire.fail("Publish", aws_error(code))
    world.stream(message_id)
    assert state_of(world, message_id) == "dropped"
    world.wire.mend()
    assert ask_code(world, Visitor(), AWA).to == "+33623456789"


def test_a_number_gets_so_many_codes_a_day(world: World) -> None:
    world.set(SMS_PER_NUMBER_PER_DAY=2, STARTS_PER_PERSON_PER_HOUR=9, STARTS_PER_PERSON_PER_DAY=9)
    for _ in range(4):
        Visitor().post(ACTIVATION, AWA.start_body)
    world.deliver()
    assert len(world.messages()) == 2
    assert put_off(world) == []
    world.advance(DAY)
    ask_code(world, Visitor(), AWA)


def test_past_the_hours_budget_an_sms_waits_and_goes_out_later(world: World) -> None:
    world.set(SMS_PER_HOUR=1, STARTS_PER_PERSON_PER_HOUR=9)
    ask_code(world, Visitor(), AWA)
    Visitor().post(ACTIVATION, AWA.start_body)
    message_id = one_waits(world)
    assert world.deliver() == []
    assert (put_off(world), state_of(world, message_id)) == ([(message_id, 60)], "pending")
    world.set(SMS_PER_HOUR=2)
    assert len(world.deliver()) == 1


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
