"""What SMS may cost: so many a day for a number, so many an hour for all."""

from typing import Any

import pytest

from tests.functions.people import ACTIVATION, AWA, DAY, ask_code
from tests.functions.printed import Printed, metrics_in
from tests.functions.test_delivery import one_waits, put_off, state_of
from tests.functions.visitor import Visitor
from tests.functions.wire import aws_error
from tests.functions.world import World


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
