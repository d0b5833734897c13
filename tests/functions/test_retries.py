"""What could not be sent at once: the retry queue and its growing waits; and a worker that dies in the middle."""

import itertools
from types import SimpleNamespace
from typing import Any

import pytest

from tests.builders import ROSTER
from tests.functions.paths import ACTIVATION
from tests.functions.people import AWA, INES, LOUIS, LOUIS_MAIL, ROSE, ask_code
from tests.functions.test_delivery import asked_for, put_off, state_of
from tests.functions.visitor import CONTEXT, Visitor, handler
from tests.functions.wire import Failure, ProcessKilledError, aws_error, killed, timeout
from tests.functions.world import World

TRANSIENT_MAIL = [
    *(aws_error(code) for code in ("LimitExceededException", "SendingPausedException")),
    *(aws_error("TooManyRequestsException", 429), aws_error("InternalFailure", 500)),
    *(aws_error("ServiceUnavailable", 503), timeout),
]
TRANSIENT_SMS = [aws_error("Throttled", 429), aws_error("InternalError", 500), aws_error("KMSThrottling"), timeout]


def retry(world: World, message_id: str, tries: int) -> Any:
    """Hand the worker one message of the retry queue, received for the so many-th time."""
    return handler("deliver_message")({"Records": [queued(world, message_id, tries)]}, CONTEXT)


def queued(world: World, message_id: str, tries: int) -> dict[str, Any]:
    """A record of the retry queue, with a receipt that the queue knows."""
    world.deployment.sqs.send_message(QueueUrl=world.deployment.queue_url, MessageBody=message_id)
    [received] = world.deployment.sqs.receive_message(QueueUrl=world.deployment.queue_url)["Messages"]
    return {
        "eventSource": "aws:sqs",
        "messageId": f"sqs-{message_id}",
        "receiptHandle": received["ReceiptHandle"],
        "body": message_id,
        "attributes": {"ApproximateReceiveCount": str(tries)},
    }


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


def test_past_the_hours_budget_an_sms_waits_and_goes_out_later(world: World) -> None:
    """Queued anew each time, as no failure."""
    world.set(SMS_PER_HOUR=1, STARTS_PER_PERSON_PER_HOUR=9)
    ask_code(world, Visitor(), AWA)
    message_id = asked_for(world, Visitor(), AWA)
    assert world.deliver() == []
    for _ in range(2):
        assert retry(world, message_id, 4) == {"batchItemFailures": []}
    assert (put_off(world), postponed(world)) == ([(message_id, 60)] * 3, [])
    assert state_of(world, message_id) == "pending"
    world.set(SMS_PER_HOUR=2)
    assert len(world.deliver()) == 1


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
