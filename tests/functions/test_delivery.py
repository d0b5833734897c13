"""The worker: what it sends, to whom, once; what it drops; what goes to the retry queue; what SMS may cost."""

import itertools
from types import SimpleNamespace
from typing import Any

import pytest

from tests.builders import ROSTER
from tests.functions.paths import ACTIVATION
from tests.functions.people import AWA, INES, LOUIS, LOUIS_MAIL, ROSE, STRANGER, Person, ask_code
from tests.functions.printed import Printed, metrics_in
from tests.functions.reports import queued, retry
from tests.functions.visitor import CONTEXT, Visitor, handler
from tests.functions.wire import Failure, ProcessKilledError, aws_error, killed, timeout
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
    for event_name in ("MODIFY", "REMOVE"):  # only what is new is sent
        world.stream(message_id, event_name=event_name)
    assert world.messages() == []
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


def test_a_budget_given_back_after_its_end_leaves_no_row_that_never_expires(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, AWA.start_body)

    def purged_meanwhile(client: Any, operation: str, parameters: dict[str, Any]) -> BaseException | None:
        for row in world.rows("limits"):
            world.deployment.dynamodb.delete_item(TableName="limits", Key={"scope": row["scope"]})
        return aws_error("InternalError", 500)(client, operation, parameters)

    world.wire.fail("Publish", purged_meanwhile, times=1)
    world.deliver()
    assert world.rows("limits") == []


def test_past_the_hours_budget_an_sms_waits_is_told_and_goes_out_later_or_dies_with_its_code(
    world: World, printed: Printed
) -> None:
    """Queued anew each time, as no failure."""
    world.set(SMS_PER_HOUR=1)
    for _ in range(3):
        Visitor().post(ACTIVATION, AWA.start_body)
    assert len(world.deliver()) == 1
    counted = {"MessageSent": 1, "MessageWaiting": 2, "SmsHourSpent": 2}
    assert metrics_in(printed.getvalue()).items() >= counted.items()
    waiting = world.pending()
    for _ in range(2):
        assert retry(world, waiting[0], 4) == {"batchItemFailures": []}
    assert sorted(put_off(world)) == sorted((message_id, 60) for message_id in (*waiting, waiting[0], waiting[0]))
    assert postponed(world) == []
    world.set(SMS_PER_HOUR=2)
    assert len(world.deliver()) == 1
    [message_id] = world.pending()
    world.advance(900)
    world.stream(message_id)
    assert state_of(world, message_id) == "dropped"
    assert metrics_in(printed.getvalue())["MessageExpired"] == 1


TRANSIENT_MAIL = [
    *(aws_error(code) for code in ("LimitExceededException", "SendingPausedException")),
    *(aws_error("TooManyRequestsException", 429), aws_error("InternalFailure", 500)),
    *(aws_error("ServiceUnavailable", 503), timeout),
]
TRANSIENT_SMS = [aws_error("Throttled", 429), aws_error("InternalError", 500), aws_error("KMSThrottling"), timeout]


def failed(message_id: str) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": f"sqs-{message_id}"}]}


def postponed(world: World) -> list[int]:
    return [asked["VisibilityTimeout"] for asked in world.wire.asked("ChangeMessageVisibility")]


@pytest.mark.parametrize(
    ("person", "operation", "failure"),
    [(LOUIS, "SendEmail", failure) for failure in TRANSIENT_MAIL]
    + [(AWA, "Publish", failure) for failure in TRANSIENT_SMS],
)
def test_what_fails_for_now_goes_to_the_retry_queue_and_out_later(
    world: World, visitor: Visitor, person: Any, operation: str, failure: Failure
) -> None:
    world.set(SMS_PER_NUMBER_PER_DAY=1, SMS_PER_HOUR=2)
    message_id = asked_for(world, visitor, person)
    world.wire.fail(operation, failure, times=1)
    assert world.stream(message_id) == {"batchItemFailures": []}
    assert (put_off(world), state_of(world, message_id)) == ([(message_id, 5)], "pending")
    assert retry(world, message_id, 1) == {"batchItemFailures": []}
    [message] = world.messages()
    assert visitor.post(f"{ACTIVATION}/verification", {"code": message.code}).said == (200, "set_password")


def test_the_waits_grow_until_the_queue_gives_up(world: World, visitor: Visitor) -> None:
    message_id = asked_for(world, visitor, LOUIS)
    world.wire.fail("SendEmail", aws_error("InternalFailure", 500))
    for tries in range(1, 6):
        assert retry(world, message_id, tries) == failed(message_id)
    assert postponed(world) == [5, 15, 45, 120, 120]
    assert world.messages() == []
    world.wire.mend()
    assert retry(world, message_id, 6) == {"batchItemFailures": []}
    assert [message.to for message in world.messages()] == [LOUIS_MAIL]


def test_when_every_send_hangs_the_batch_ends_in_time_and_what_was_not_tried_comes_again(world: World) -> None:
    identifiers = [f"3000000{place}" for place in range(10)]
    world.import_rows([ROSTER[0] | {"identifier": each, "email": f"p{each}@exemple.fr"} for each in identifiers])
    for each in identifiers:
        Visitor().post(ACTIVATION, {"identifier": each, "last_name": "Garcia"})
    waiting, left = world.pending(), [30_000]

    def hang(*_: Any) -> Exception:
        left[0] -= 3_100
        assert left[0] > 0, "the function was ended"
        return timeout(*_)

    world.wire.fail("SendEmail", hang)
    records = [queued(world, message_id, 4) for message_id in waiting]
    context = SimpleNamespace(**vars(CONTEXT) | {"get_remaining_time_in_millis": lambda: left[0]})
    answer = handler("deliver_message")({"Records": records}, context)
    tried, untried = waiting[:7], waiting[7:]
    assert answer == {"batchItemFailures": [{"itemIdentifier": f"sqs-{message_id}"} for message_id in tried]}
    assert put_off(world) == [(message_id, 5) for message_id in untried]
    assert len(postponed(world)) == len(tried)


@pytest.mark.parametrize("source", ["stream", "queue"])
def test_a_poisoned_message_delays_nobody(world: World, source: str) -> None:
    for person in (LOUIS, INES, ROSE):
        Visitor().post(ACTIVATION, person.start_body)
    first, *others = world.pending()
    poisoned = {**world.row("outbox", message_id=first), "kind": {"S": "no-such-kind"}}
    del poisoned["identifier"]
    world.deployment.dynamodb.put_item(TableName="outbox", Item=poisoned)
    if source == "stream":
        assert world.stream(first, *others) == {"batchItemFailures": []}
        assert put_off(world) == [(first, 5)]
    else:
        records = [queued(world, message_id, 1) for message_id in (first, *others)]
        assert handler("deliver_message")({"Records": records}, CONTEXT) == failed(first)
    assert len(world.messages()) == 2


def test_a_worker_that_dies_between_claim_and_send_loses_nothing(world: World, visitor: Visitor) -> None:
    message_id = asked_for(world, visitor, LOUIS)
    world.wire.fail("SendEmail", killed, times=1)
    with pytest.raises(ProcessKilledError):
        world.stream(message_id)
    assert (state_of(world, message_id), world.messages()) == ("sending", [])
    world.stream(message_id)  # the stream gives the batch again at once: the lease still holds
    assert (world.messages(), put_off(world)) == ([], [(message_id, 60)])
    world.advance(60)
    retry(world, message_id, 1)
    [message] = world.messages()
    assert message.to == LOUIS_MAIL
    assert visitor.post(f"{ACTIVATION}/verification", {"code": message.code}).said == (200, "set_password")


def test_records_that_come_again_and_in_any_order_send_each_message_once(world: World) -> None:
    for person in (LOUIS, INES, ROSE):
        Visitor().post(ACTIVATION, person.start_body)
    waiting = world.pending()
    for order in itertools.permutations(waiting):
        world.stream(*order, *order)
        for message_id in order:
            retry(world, message_id, 1)
    assert len({message.to for message in world.messages()}) == len(world.messages()) == 3
    assert put_off(world) == []
