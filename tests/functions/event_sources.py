"""What Lambda's event sources do with the worker: hand a message over until it is taken, and again when it is due."""

from collections.abc import Callable
from typing import Any

from activation.domain.outbox import LEASE_SECONDS
from tests.functions.test_retries import retry
from tests.functions.wire import ProcessKilledError, aws_error
from tests.functions.world import World

MOST_HANDOVERS = 8


def let_the_worker_work(world: World) -> None:
    """Every message of the outbox reaches the worker, by the stream first, then by the queue that it puts some on.

    Time goes by as the queue waits. Fails when a message is not settled in the end: then it is lost.
    """
    for message_id in world.pending():
        _hand_over(world, message_id)
    _nothing_is_lost(world)


def let_the_queue_work(world: World) -> None:
    """The same, for messages that come from the queue alone, and whose provider fails at the first try."""
    world.wire.fail("SendEmail", aws_error("InternalFailure", 500), times=1)
    for message_id in world.pending():
        _hand_over_from_the_queue(world, message_id)
    _nothing_is_lost(world)


def _nothing_is_lost(world: World) -> None:
    left = [row["state"]["S"] for row in world.rows("outbox") if row["state"]["S"] not in ("sent", "dropped")]
    assert not left, f"messages are lost: {left}"


def _hand_over(world: World, message_id: str) -> None:
    heard = len(world.wire.done)
    while not _taken(lambda: world.stream(message_id)):
        continue  # the stream hands a batch over again until the function ends well
    for _ in range(MOST_HANDOVERS):
        delays = [
            asked["DelaySeconds"]
            for operation, asked in world.wire.done[heard:]
            if operation == "SendMessage" and asked["MessageBody"] == message_id and "DelaySeconds" in asked
        ]
        heard = len(world.wire.done)
        if not delays:
            return
        world.advance(max(delays))
        _hand_over_from_the_queue(world, message_id)


def _hand_over_from_the_queue(world: World, message_id: str) -> None:
    while not _taken(lambda: retry(world, message_id, 1)):
        world.advance(LEASE_SECONDS)


def _taken(hand_over: Callable[[], Any]) -> bool:
    """Whether the function ended well, and said of no message that it failed."""
    try:
        answer = hand_over()
    except (Exception, ProcessKilledError):  # noqa: BLE001  # whatever ends the function, its source tries again
        return False
    return not answer["batchItemFailures"]
