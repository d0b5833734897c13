"""Codes: mistyped, dead, a decoy's, another's, out of their order, and what guessing them costs."""

import pytest

from tests.functions.paths import ACTIVATION, RESET, SESSION
from tests.functions.people import DAY, LOUIS, LOUIS_MAIL, STRANGER, YANN, Person, ask_code, flow_id, wrong_codes
from tests.functions.printed import Printed, metrics_in
from tests.functions.visitor import Answer, Visitor
from tests.functions.world import World

VERIFICATION, AGAIN = f"{ACTIVATION}/verification", f"{ACTIVATION}/code"


def type_code(visitor: Visitor, code: str) -> Answer:
    return visitor.post(VERIFICATION, {"code": code})


def guess_wrong(visitor: Visitor, times: int, *right: str) -> None:
    guesses = wrong_codes(*right)
    for _ in range(times):
        assert type_code(visitor, next(guesses)).said == (422, "code-rejected")


def test_what_is_no_code_is_told_both_numbers_of_digits(visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    [fault] = type_code(visitor, "1234567").body["errors"]
    assert fault["detail"].startswith("Le code de sécurité comporte 6 ou 8 chiffres")


@pytest.mark.parametrize("person", [LOUIS, STRANGER])
def test_wrong_codes_count_down_and_then_the_flow_is_dead(world: World, visitor: Visitor, person: Person) -> None:
    visitor.post(ACTIVATION, person.start_body)
    right = world.right_code("activation", flow_id(visitor))
    world.deliver()
    guess = wrong_codes(right)
    assert [type_code(visitor, next(guess)).body["attempts_left"] for _ in range(5)] == [4, 3, 2, 1, 0]
    for answer in (type_code(visitor, right), type_code(visitor, next(guess)), visitor.post(AGAIN)):
        assert (answer.said, answer.body["retry_at"]) == ((429, "flow-locked"), world.in_(0))
    assert visitor.get(SESSION).body["locked_until"] == world.in_(0)
    assert visitor.post(ACTIVATION, person.start_body).body["code"]["resends_left"] == 4


def test_a_resend_gives_no_attempt_back(world: World, visitor: Visitor) -> None:
    guess_wrong(visitor, 3, ask_code(world, visitor, LOUIS).code)
    world.advance(60)
    visitor.post(AGAIN)
    [message] = world.deliver()
    assert type_code(visitor, next(wrong_codes(message.code))).body["attempts_left"] == 1
    assert type_code(visitor, message.code).said == (200, "set_password")


@pytest.mark.parametrize("person", [STRANGER, YANN, Person("10000001", "Garci")])
@pytest.mark.parametrize("path", [ACTIVATION, RESET])
def test_a_decoys_right_code_is_rejected(world: World, visitor: Visitor, person: Person, path: str) -> None:
    visitor.post(path, person.start_body)
    world.deliver()
    purpose = "activation" if path == ACTIVATION else "password_reset"
    right = world.right_code(purpose, flow_id(visitor))
    answer = visitor.post(f"{path}/verification", {"code": right})
    assert (answer.said, answer.body["attempts_left"]) == ((422, "code-rejected"), 4)
    wrong = visitor.post(f"{path}/verification", {"code": next(wrong_codes(right))})
    assert wrong.body | {"attempts_left": 4, "correlation_id": ""} == answer.body | {"correlation_id": ""}
    [throttle] = [row for row in world.rows("limits") if row["scope"]["S"].startswith("throttle#")]
    assert throttle["wrong"]["N"] == "2"


def test_the_code_of_another_flow_or_purpose_is_wrong(world: World, visitor: Visitor) -> None:
    other = ask_code(world, Visitor(), LOUIS).code
    mine = ask_code(world, visitor, LOUIS).code
    assert other == mine or type_code(visitor, other).said == (422, "code-rejected")
    for purpose in ("password_reset", "sign_in", "contact"):
        code = world.right_code(purpose, flow_id(visitor))
        assert code == mine or type_code(visitor, code).said == (422, "code-rejected")


def test_a_hundred_wrong_codes_lock_the_pair_for_a_day_and_tell_the_person(
    world: World, visitor: Visitor, printed: Printed
) -> None:
    world.set(WRONG_CODES_PER_PERSON=6)
    early = Visitor()
    guess_wrong(early, 5, ask_code(world, early, LOUIS).code)
    code = ask_code(world, visitor, LOUIS).code
    guess_wrong(visitor, 1, code)
    for answer in (type_code(visitor, code), visitor.post(AGAIN), Visitor().post(ACTIVATION, LOUIS.start_body)):
        assert (answer.said, answer.body["retry_at"]) == ((429, "account-locked"), world.in_(DAY))
    [notice] = world.deliver()
    assert (notice.to, notice.has_code) == (LOUIS_MAIL, False)
    assert metrics_in(printed.getvalue())["ThrottleKeysLocked"] == 1
    assert Visitor().post(ACTIVATION, Person("10000001", "Garci").start_body).status == 202
    world.advance(DAY)
    assert Visitor().post(ACTIVATION, LOUIS.start_body).status == 202


def test_a_right_code_forgets_the_wrong_ones_before_it(world: World) -> None:
    world.set(WRONG_CODES_PER_PERSON=6, STARTS_PER_PERSON_PER_HOUR=9)
    for _ in range(2):
        visitor = Visitor()
        code = ask_code(world, visitor, LOUIS).code
        guess_wrong(visitor, 4, code)
        assert type_code(visitor, code).said == (200, "set_password")


def test_a_proven_flow_takes_no_more_codes(world: World, visitor: Visitor) -> None:
    code = ask_code(world, visitor, LOUIS).code
    type_code(visitor, code)
    for answer in (type_code(visitor, code), visitor.post(AGAIN)):
        assert (answer.said, answer.next_step) == ((409, "wrong-step"), "set_password")


def test_another_browsers_flow_id_is_no_key(world: World, visitor: Visitor) -> None:
    code = ask_code(world, visitor, LOUIS).code
    thief = Visitor()
    thief.post(ACTIVATION, STRANGER.start_body)
    token = thief.cookies["__Host-flow"].partition(".")[2]
    thief.cookies["__Host-flow"] = f"{flow_id(visitor)}.{token}"
    before = world.rows("pending_codes")
    assert thief.post(f"{ACTIVATION}/verification", {"code": code}).said == (401, "flow-expired")
    assert world.rows("pending_codes") == before
    assert visitor.post(f"{ACTIVATION}/verification", {"code": code}).said == (200, "set_password")
