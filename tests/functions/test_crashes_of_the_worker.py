"""A worker that dies in the middle: the message comes out all the same, and records that come twice send once."""

import itertools
from typing import Any

import pytest

from tests.functions.people import ACTIVATION, INES, LOUIS, LOUIS_MAIL, ROSE
from tests.functions.test_delivery import one_waits, put_off, state_of
from tests.functions.test_retries import retry
from tests.functions.visitor import Visitor
from tests.functions.world import World


class Killed(BaseException):
    """The process is gone: nothing of ours runs any more."""


def killed(_: Any, __: str, ___: dict[str, Any]) -> Any:
    return Killed()


def die_before(world: World, operation: str, message_id: str) -> None:
    """Let the worker die at its first call of that operation."""
    world.wire.fail(operation, killed, times=1)
    with pytest.raises(Killed):
        world.stream(message_id)
    world.wire.mend()


def test_a_worker_that_dies_between_claim_and_send_loses_nothing(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    message_id = one_waits(world)
    die_before(world, "SendEmail", message_id)
    assert (state_of(world, message_id), world.messages()) == ("sending", [])
    world.stream(message_id)  # the stream gives the batch again at once: the lease still holds
    assert (world.messages(), put_off(world)) == ([], [(message_id, 60)])
    world.advance(60)
    retry(world, message_id, 1)
    [message] = world.messages()
    assert message.to == LOUIS_MAIL
    assert visitor.post(f"{ACTIVATION}/verification", {"code": message.code}).said == (200, "set_password")


@pytest.mark.parametrize("operation", ["BatchGetItem", "GenerateMac", "TransactWriteItems"])
def test_a_worker_that_dies_before_it_claims_leaves_the_message_as_it_was(
    world: World, visitor: Visitor, operation: str
) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    message_id = one_waits(world)
    die_before(world, operation, message_id)
    assert state_of(world, message_id) == "pending"
    world.stream(message_id)
    assert [message.to for message in world.messages()] == [LOUIS_MAIL]


def test_a_message_whose_code_died_with_the_worker_is_not_sent(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    message_id = one_waits(world)
    die_before(world, "SendEmail", message_id)
    world.advance(900)
    retry(world, message_id, 1)
    assert (world.messages(), state_of(world, message_id)) == ([], "dropped")


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


def test_a_later_code_that_overtakes_an_earlier_one_stops_neither(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    first = one_waits(world)
    world.advance(60)
    visitor.post(f"{ACTIVATION}/code")
    [second] = [message_id for message_id in world.pending() if message_id != first]
    world.stream(second, first)
    codes = [message.code for message in world.messages()]
    assert len(set(codes)) == 2
    assert visitor.post(f"{ACTIVATION}/verification", {"code": codes[-1]}).said == (200, "set_password")
