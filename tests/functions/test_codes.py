"""Codes: asked for, mistyped, dead, a decoy's, out of their order; what guessing them costs one, and everybody."""

import itertools
from collections.abc import Mapping

import pytest

from activation.adapters.breaker import SHARDS, DynamoBreaker
from activation.adapters.dynamodb import Table
from activation.domain.limits import Limits
from tests.builders import PASSWORD
from tests.functions.paths import ACTIVATION, RESET, SESSION
from tests.functions.people import DAY, LOUIS, LOUIS_MAIL, STRANGER, YANN, Person, ask_code, flow_id, prove, wrong_codes
from tests.functions.printed import Printed, events, metrics_in
from tests.functions.visitor import Answer, Visitor
from tests.functions.world import World


@pytest.mark.parametrize("path", [ACTIVATION, RESET])
@pytest.mark.parametrize("person", [LOUIS, STRANGER])
def test_a_throttle_key_starts_three_times_an_hour_and_a_refused_start_leaves_nothing_behind(
    world: World, path: str, person: Person
) -> None:
    def start() -> Answer:
        return Visitor().post(path, person.start_body)

    assert [start().status for _ in range(3)] == [202] * 3
    before, refused = world.everything(), start()
    assert (refused.said, refused.body["retry_at"]) == ((429, "too-many-codes"), "2026-11-24T10:00:00Z")
    assert (refused.headers["Retry-After"], refused.cookies) == (["1800"], {})
    assert world.everything() == before


def start_from(source: str, address: str, number: int, forged: Mapping[str, str] | None = None) -> Answer:
    """Somebody's start from that address: as the gateway sees it, or as CloudFront says before the gateway."""
    told = {"CloudFront-Viewer-Address": f"{address}:4711"} if source == "cloudfront" else {}
    visitor = Visitor(address="203.0.113.200" if told else address)
    return visitor.post(ACTIVATION, Person(f"2000000{number}", "X").start_body, {**(forged or {}), **told})


@pytest.mark.parametrize("source", ["gateway", "cloudfront"])
@pytest.mark.parametrize(
    ("addresses", "other"),
    [
        (["198.51.100.7"] * 3, "198.51.100.8"),
        (["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2:3:4:5:6"], "2001:db8:1:3::1"),
        (["198.51.100.7", "::ffff:198.51.100.7", "198.51.100.7"], "::ffff:198.51.100.8"),
    ],
)
def test_an_address_starts_so_often_in_five_minutes(
    world: World, source: str, addresses: list[str], other: str
) -> None:
    world.set(CLIENT_ADDRESS=source, STARTS_PER_IP_PER_5_MINUTES=3)
    for number, address in enumerate(addresses):
        assert start_from(source, address, number).status == 202
    refused = start_from(source, addresses[0], 9)
    assert (refused.said, refused.body["retry_at"]) == ((429, "too-many-requests"), world.in_(300))
    assert start_from(source, other, 9).status == 202
    world.advance(300)
    assert start_from(source, addresses[0], 9).status == 202


@pytest.mark.parametrize("source", ["gateway", "cloudfront"])
def test_what_a_client_writes_about_its_address_is_not_believed(world: World, source: str) -> None:
    world.set(CLIENT_ADDRESS=source, STARTS_PER_IP_PER_5_MINUTES=2)
    statuses = []
    for number in range(4):
        forged = dict.fromkeys(("X-Forwarded-For", "Forwarded", "X-Real-IP", "True-Client-IP"), f"192.0.2.{number}")
        forged["CloudFront-Viewer-Address"] = f"192.0.2.{number}:443"  # in its place CloudFront writes its own
        statuses.append(start_from(source, "198.51.100.7", number, forged).status)
    assert statuses == [202, 202, 429, 429]


def test_a_success_gives_an_address_nothing_back(world: World) -> None:
    world.set(STARTS_PER_IP_PER_5_MINUTES=3)
    prove(world, Visitor(), LOUIS)
    assert [Visitor().post(ACTIVATION, STRANGER.start_body).status for _ in range(3)] == [202, 202, 429]


VERIFICATION, AGAIN = f"{ACTIVATION}/verification", f"{ACTIVATION}/code"


def type_code(visitor: Visitor, code: str) -> Answer:
    return visitor.post(VERIFICATION, {"code": code})


def guess_wrong(visitor: Visitor, times: int, *right: str) -> None:
    guesses = wrong_codes(*right)
    for _ in range(times):
        assert type_code(visitor, next(guesses)).said == (422, "code-rejected")


@pytest.mark.parametrize("person", [LOUIS, STRANGER])
def test_wrong_codes_count_down_and_then_the_flow_is_dead(world: World, visitor: Visitor, person: Person) -> None:
    visitor.post(ACTIVATION, person.start_body)
    [fault] = type_code(visitor, "1234567").body["errors"]  # no code at all
    assert fault["detail"].startswith("Le code de sécurité comporte 6 ou 8 chiffres")
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


def test_steps_cannot_be_skipped_or_replayed(world: World, visitor: Visitor) -> None:
    code, early = ask_code(world, visitor, LOUIS).code, visitor.twin()
    chosen = f"{ACTIVATION}/password", {"password": PASSWORD, "confirmation": PASSWORD}
    assert early.post(*chosen).said == (409, "wrong-step")
    type_code(visitor, code)
    proven = visitor.twin()
    for answer in (type_code(visitor, code), visitor.post(AGAIN)):
        assert (answer.said, answer.next_step) == ((409, "wrong-step"), "set_password")
    assert type_code(early, code).said == (401, "flow-expired")
    assert (visitor.post(*chosen).said, proven.post(*chosen).said) == ((200, "give_consent"), (409, "wrong-step"))


def test_a_code_opens_nothing_once_its_time_is_over_though_its_row_is_there(world: World, visitor: Visitor) -> None:
    code = ask_code(world, visitor, LOUIS).code
    world.advance(900)
    assert type_code(visitor, code).said == (401, "flow-expired")
    assert len(world.rows("pending_codes")) == 1


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


TEN_MINUTES, HOUR = 600, 3_600


def breaker_of(world: World, limit: int) -> DynamoBreaker:
    """A process's, which has read nothing yet, and counts on each row in turn."""
    picks = itertools.count()
    limits = Limits(wrong_codes_per_10_minutes=limit)
    return DynamoBreaker(Table(world.deployment.dynamodb, "limits"), limits, lambda most: next(picks) % most)


def count_wrong(world: World, breaker: DynamoBreaker, times: int) -> None:
    for _ in range(times):
        breaker.count_wrong_code(now=world.now)


def spray(world: World, times: int) -> None:
    """So many wrong codes, five for each of so many people."""
    for number in range(0, times, 5):
        visitor = Visitor(address=f"198.51.100.{number}")
        visitor.post(ACTIVATION, Person(f"2000{number:04}", "Durand").start_body)
        guess_wrong(visitor, 5, world.right_code("activation", flow_id(visitor)))


def test_past_the_limit_codes_have_eight_digits_and_it_is_told_once_in_ten_minutes(
    world: World, printed: Printed
) -> None:
    world.set(WRONG_CODES_PER_10_MINUTES=5)
    spray(world, 15)
    assert Visitor().post(ACTIVATION, LOUIS.start_body).body["code"]["length"] == 8
    assert metrics_in(printed.getvalue())["WrongCodesBreakerOpen"] == 1
    assert [event["message"] for event in events(printed)].count("wrong_codes_breaker_tripped") == 1
    world.advance(TEN_MINUTES)
    spray(world, 5)
    assert metrics_in(printed.getvalue())["WrongCodesBreakerOpen"] == 2


def test_right_codes_allow_for_wrong_ones(world: World) -> None:
    breaker = breaker_of(world, 2)
    for _ in range(5):
        breaker.count_right_code(now=world.now)
    for wrong, stands in ((2, (False, False)), (1, (True, False)), (1, (True, False)), (1, (True, True))):
        count_wrong(world, breaker, wrong)
        assert (breaker.is_tripped(now=world.now), breaker.is_shut(now=world.now)) == stands
    [switch] = [row for row in world.rows("limits") if row["scope"]["S"] == "breaker#wrong-codes"]
    assert switch["tripped_until"] == switch["shut_until"] == switch["expires_at"]


def test_it_falls_back_by_itself_an_hour_after_the_last_ten_minutes_of_it(world: World) -> None:
    """And wrong codes of two ten minutes do not add up."""
    breaker = breaker_of(world, 6)
    for _ in range(2):
        count_wrong(world, breaker, 5)
        world.advance(TEN_MINUTES)
    assert not breaker.is_tripped(now=world.now)
    for _ in range(2):
        count_wrong(world, breaker_of(world, 5), 5)
        world.advance(TEN_MINUTES)
    world.advance(HOUR - 1)
    assert breaker_of(world, 5).is_tripped(now=world.now)
    world.advance(1)
    assert not breaker_of(world, 5).is_tripped(now=world.now)


def test_step_1_reads_the_switch_at_most_every_ten_seconds_and_counts_nothing_of_everybodys(world: World) -> None:
    for _ in range(3):
        Visitor().post(ACTIVATION, STRANGER.start_body)
    assert len([asked for asked in world.wire.asked("GetItem") if "breaker#" in str(asked)]) == 1
    world.advance(10)
    Visitor().post(ACTIVATION, LOUIS.start_body)
    assert len([asked for asked in world.wire.asked("GetItem") if "breaker#" in str(asked)]) == 2
    written = [str(asked) for asked in world.wire.asked("TransactWriteItems")]
    assert not [asked for asked in written if "wrong-codes" in asked]


def test_the_count_is_spread_over_ten_rows_and_added_up_until_it_is_shut(world: World) -> None:
    breaker = breaker_of(world, SHARDS)
    count_wrong(world, breaker, SHARDS - 1)
    assert not breaker.is_tripped(now=world.now)
    count_wrong(world, breaker, 1)
    assert breaker.is_tripped(now=world.now)
    rows = [row for row in world.rows("limits") if "wrong-codes#" in row["scope"]["S"]]
    assert [row["codes"]["N"] for row in rows] == ["1"] * SHARDS
    count_wrong(world, breaker, SHARDS)
    world.wire.done.clear()
    count_wrong(world, breaker, SHARDS)
    assert world.wire.asked("BatchGetItem") == []
