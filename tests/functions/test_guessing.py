"""Guessing: what so many wrong codes for one throttle key cost whoever types them."""

from tests.functions.people import ACTIVATION, DAY, LOUIS, LOUIS_MAIL, Person, ask_code, flow_id
from tests.functions.printed import Printed, metrics_in
from tests.functions.test_codes import AGAIN, guess_wrong, type_code
from tests.functions.visitor import Visitor
from tests.functions.world import World


def spend(world: World, person: Person, times: int) -> None:
    """So many wrong codes for that throttle key, in browsers of their own."""
    for _ in range(times // 5):
        visitor = Visitor()
        visitor.post(ACTIVATION, person.start_body)
        guess_wrong(visitor, 5, world.right_code("activation", flow_id(visitor)))
    world.deliver()


def test_after_ten_wrong_codes_the_next_have_eight_digits_and_older_ones_are_dead(world: World) -> None:
    early, visitor = Visitor(), Visitor()
    short = ask_code(world, early, LOUIS).code
    spend(world, LOUIS, 10)
    assert type_code(early, short).said == (422, "code-rejected")
    world.advance(60)
    assert early.post(AGAIN).body["code"]["length"] == 8
    [again] = world.deliver()
    assert len(again.code) == 8
    assert type_code(early, short).said == (422, "code-rejected")
    world.advance(1_800)
    assert visitor.post(ACTIVATION, LOUIS.start_body).body["code"]["length"] == 8
    [message] = world.deliver()
    short = world.right_code("activation", flow_id(visitor))
    assert message.code.endswith(short)
    assert type_code(visitor, short).said == (422, "code-rejected")
    assert type_code(visitor, message.code).said == (200, "set_password")
    assert Visitor().post(ACTIVATION, LOUIS.start_body).body["code"]["length"] == 6


def test_a_hundred_wrong_codes_lock_the_throttle_key_for_a_day_and_tell_the_person(
    world: World, visitor: Visitor, printed: Printed
) -> None:
    world.set(WRONG_CODES_PER_PERSON=6)
    code = ask_code(world, visitor, LOUIS).code
    spend(world, LOUIS, 5)
    guess_wrong(visitor, 1, code)
    locked = ((429, "account-locked"), world.in_(DAY))
    for answer in (type_code(visitor, code), visitor.post(AGAIN), Visitor().post(ACTIVATION, LOUIS.start_body)):
        assert (answer.said, answer.body["retry_at"]) == locked
    [notice] = world.deliver()
    assert (notice.to, notice.has_code) == (LOUIS_MAIL, False)
    assert metrics_in(printed.getvalue())["ThrottleKeysLocked"] == 1
    assert Visitor().post(ACTIVATION, Person("10000001", "Garci").start_body).status == 202
    world.advance(DAY)
    again = Visitor()
    assert again.post(ACTIVATION, LOUIS.start_body).status == 202
    guess_wrong(again, 1, world.right_code("activation", flow_id(again)))
    assert type_code(again, code).body["retry_at"] == world.in_(DAY)


def test_a_right_code_forgets_the_wrong_ones_before_it(world: World) -> None:
    world.set(WRONG_CODES_PER_PERSON=6, STARTS_PER_PERSON_PER_HOUR=9)
    for _ in range(2):
        visitor = Visitor()
        code = ask_code(world, visitor, LOUIS).code
        guess_wrong(visitor, 4, code)
        assert type_code(visitor, code).said == (200, "set_password")
