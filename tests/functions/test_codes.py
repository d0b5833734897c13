"""Codes: sent again, mistyped, dead, a decoy's, longer, and locked."""

import pytest

from tests.functions.people import (
    ACTIVATION,
    LOUIS,
    RESET,
    SESSION,
    STRANGER,
    YANN,
    Person,
    ask_code,
    flow_id,
    wrong_codes,
)
from tests.functions.visitor import Answer, Visitor
from tests.functions.world import World

VERIFICATION, AGAIN = f"{ACTIVATION}/verification", f"{ACTIVATION}/code"


def type_code(visitor: Visitor, code: str) -> Answer:
    return visitor.post(VERIFICATION, {"code": code})


def guess_wrong(visitor: Visitor, times: int, *right: str) -> None:
    guesses = wrong_codes(*right)
    for _ in range(times):
        assert type_code(visitor, next(guesses)).said == (422, "code-rejected")


@pytest.mark.parametrize("person", [LOUIS, STRANGER])
def test_a_resend_waits_a_minute_and_four_are_all(world: World, visitor: Visitor, person: Person) -> None:
    assert visitor.post(ACTIVATION, person.start_body).body["code"]["resends_left"] == 4
    for left in (3, 2, 1, 0):
        world.advance(59)
        early = visitor.post(AGAIN)
        assert (early.said, early.body["retry_at"]) == ((429, "resend-too-early"), world.in_(1))
        assert early.headers["Retry-After"] == ["1"]
        world.advance(1)
        code = visitor.post(AGAIN).body["code"]
        assert (code["resends_left"], code["resend_at"]) == (left, world.in_(60))
        assert code["expires_at"] == world.in_(900)
    world.advance(60)
    refused = visitor.post(AGAIN)
    assert (refused.said, refused.body["retry_at"]) == ((429, "too-many-codes"), world.in_(840))


def test_of_three_codes_the_first_is_dead_and_the_others_work(world: World) -> None:
    for chosen, status in enumerate((422, 200, 200)):
        world.deployment.recall("the demo people are invited")
        visitor = Visitor()
        codes = [ask_code(world, visitor, LOUIS).code]
        for _ in range(2):
            world.advance(60)
            visitor.post(AGAIN)
            codes.append(world.deliver()[0].code)
        assert type_code(visitor, codes[chosen]).status == status


def test_a_code_lives_from_its_own_sending(world: World, visitor: Visitor) -> None:
    first = ask_code(world, visitor, LOUIS).code
    world.advance(600)
    visitor.post(AGAIN)
    [message] = world.deliver()
    world.advance(300)
    assert type_code(visitor, first).said == (422, "code-rejected")
    world.advance(599)
    assert type_code(visitor, message.code).said == (200, "set_password")


def test_a_flow_ends_with_its_latest_code(world: World, visitor: Visitor) -> None:
    code = ask_code(world, visitor, LOUIS).code
    world.advance(900)
    assert type_code(visitor, code).said == (401, "flow-expired")
    assert visitor.post(AGAIN).said == (401, "flow-expired")


@pytest.mark.parametrize("separator", [" ", "-", ".", "\u00a0", "\u200b", "·"])
def test_a_code_may_be_typed_as_it_is_read(world: World, visitor: Visitor, separator: str) -> None:
    code = ask_code(world, visitor, LOUIS).code
    assert type_code(visitor, f" {code[:3]}{separator}{code[3:]} ").said == (200, "set_password")


@pytest.mark.parametrize("typed", ["", " ", "12345", "1234567", "123456789", "abcdef", "12 34 5a", "½½½½½½"])
def test_what_is_no_code_spends_no_attempt(world: World, visitor: Visitor, typed: str) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    before = world.everything()
    answer = type_code(visitor, typed)
    assert answer.said == (422, "invalid-request")
    assert {pointer for pointer, _ in answer.faults} == {"#/code"}
    assert world.everything() == before


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
    assert visitor.post(ACTIVATION, person.start_body).body["code"]["resends_left"] == 4


def test_a_dead_flow_says_when_its_throttle_key_may_start_again(world: World) -> None:
    visitors = [Visitor() for _ in range(3)]
    for visitor in visitors:
        visitor.post(ACTIVATION, STRANGER.start_body)
    guess_wrong(visitors[0], 5)
    assert type_code(visitors[0], "000000").body["retry_at"] == "2026-11-24T10:00:00Z"
    assert visitors[0].get(SESSION).body["locked_until"] == "2026-11-24T10:00:00Z"
    assert world


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


def test_a_right_code_that_nobody_was_sent_yet_opens_nothing(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    assert type_code(visitor, world.right_code("activation", flow_id(visitor))).said == (422, "code-rejected")


def test_the_code_of_another_flow_or_purpose_is_wrong(world: World, visitor: Visitor) -> None:
    other = ask_code(world, Visitor(), LOUIS).code
    mine = ask_code(world, visitor, LOUIS).code
    assert other == mine or type_code(visitor, other).said == (422, "code-rejected")
    for purpose in ("password_reset", "sign_in", "contact"):
        code = world.right_code(purpose, flow_id(visitor))
        assert code == mine or type_code(visitor, code).said == (422, "code-rejected")
