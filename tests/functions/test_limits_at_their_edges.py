"""The limits as they are without any setting: the last that passes, and the first that does not."""

from collections.abc import Callable
from unittest.mock import Mock

import pytest
import zxcvbn

from activation import bootstrap
from activation.domain.errors import AccountLockedError, DomainError, TooManyRequestsError
from activation.domain.flows import Purpose, make_throttle_key
from activation.domain.names import fold_name
from tests.functions.people import ACTIVATION, AWA, DAY, LOUIS, STRANGER, Person, activate, both, flow_id, prove
from tests.functions.test_codes import guess_wrong
from tests.functions.visitor import Visitor
from tests.functions.world import World

WEAK = "Motdepasse2024"
MIDNIGHT = "2026-11-25T00:00:00Z"


def refused_after(times: int, call: Callable[[], object]) -> DomainError:
    """How the call is refused after it passed so many times."""
    for _ in range(times):
        call()
    with pytest.raises(DomainError) as refused:
        call()
    return refused.value


def throttle_key_of(person: Person, purpose: Purpose = Purpose.ACTIVATION) -> str:
    return make_throttle_key(purpose, person.identifier, fold_name(person.last_name))


def mistype(world: World, person: Person, times: int) -> None:
    """So many wrong codes counted against a throttle key, as if typed long ago."""
    for _ in range(times):
        bootstrap.counters().count_guess(throttle_key_of(person), now=world.now)


@pytest.mark.parametrize("person", [LOUIS, STRANGER])
@pytest.mark.parametrize(("wrong", "digits"), [(9, 6), (10, 8)])
def test_codes_are_longer_after_ten_wrong_ones(world: World, person: Person, wrong: int, digits: int) -> None:
    mistype(world, person, wrong)
    assert Visitor().post(ACTIVATION, person.start_body).body["code"]["length"] == digits


def test_where_one_wrong_code_is_too_many_it_locks(world: World, visitor: Visitor) -> None:
    world.set(WRONG_CODES_PER_PERSON=1)
    visitor.post(ACTIVATION, LOUIS.start_body)
    guess_wrong(visitor, 1, world.right_code("activation", flow_id(visitor)))
    assert Visitor().post(ACTIVATION, LOUIS.start_body).code == "account-locked"


@pytest.mark.parametrize("person", [LOUIS, STRANGER])
@pytest.mark.parametrize(("wrong", "status"), [(98, 202), (99, 429)])
def test_the_hundredth_wrong_code_in_a_row_locks_the_throttle_key_for_a_day(
    world: World, visitor: Visitor, person: Person, wrong: int, status: int
) -> None:
    mistype(world, person, wrong)
    visitor.post(ACTIVATION, person.start_body)
    guess_wrong(visitor, 1, world.right_code("activation", flow_id(visitor), digits=8))
    again = Visitor().post(ACTIVATION, person.start_body)
    assert again.status == status
    if status == 429:
        assert (again.code, again.body["retry_at"]) == ("account-locked", world.in_(DAY))
        assert again.headers["Retry-After"] == [str(DAY)]


@pytest.mark.parametrize("address", ["198.51.100.7", "2001:db8:1:2::1"])
def test_an_address_asks_sixty_times_in_five_minutes(world: World, address: str) -> None:
    store, counters = bootstrap.store(), bootstrap.counters()

    def count() -> None:
        store.commit(counters.count_address(address, now=world.now))

    refusal = refused_after(60, count)
    assert isinstance(refusal, TooManyRequestsError)
    assert refusal.retry_at == world.now + 300
    world.now = refusal.retry_at
    count()


def test_ten_wrong_passwords_lock_for_a_quarter_of_an_hour(world: World) -> None:
    counters = bootstrap.counters()

    def count() -> None:
        counters.count_wrong_password("10000001", now=world.now)

    refusal = refused_after(10, count)
    assert isinstance(refusal, AccountLockedError)
    assert refusal.retry_at == world.now + 900
    world.now = refusal.retry_at - 1
    with pytest.raises(AccountLockedError):
        count()
    world.advance(1)
    count()


def test_right_passwords_prolong_no_failure(world: World) -> None:
    store, counters, began = bootstrap.store(), bootstrap.counters(), world.now

    def fail(times: int = 1) -> list[int]:
        return [counters.count_wrong_password("10000001", now=world.now) for _ in range(times)]

    def succeed() -> None:
        fail()
        store.commit(counters.return_wrong_password("10000001"))

    succeed()
    assert fail(9)[-1] == 1
    world.now = began + 14 * 60
    succeed()
    assert fail() == [0]
    store.commit(counters.return_wrong_password("10000001"))
    world.now = began + 15 * 60 - 1
    succeed()
    world.now = began + 28 * 60
    assert fail() == [9]
    assert counters.password_locked_until("10000001", now=world.now) == 0


def test_a_failure_beside_a_right_password_keeps_its_own_time(world: World) -> None:
    store, counters, began = bootstrap.store(), bootstrap.counters(), world.now
    for _ in range(8):
        counters.count_wrong_password("10000001", now=began)
    world.now = began + 14 * 60
    counters.count_wrong_password("10000001", now=world.now)  # a right one, which is still being hashed
    assert counters.count_wrong_password("10000001", now=world.now) == 0
    store.commit(counters.return_wrong_password("10000001"))
    world.now = began + 28 * 60
    assert counters.count_wrong_password("10000001", now=world.now) == 0
    assert counters.password_locked_until("10000001", now=world.now) == world.now + 900


def test_a_right_password_counted_before_the_lock_was_lifted_gives_nothing_back(world: World) -> None:
    store, counters = bootstrap.store(), bootstrap.counters()
    counters.count_wrong_password("10000001", now=world.now)  # a right one, which is still being hashed
    store.commit(counters.lift_password_lock("10000001"))
    store.commit(counters.return_wrong_password("10000001"))
    assert ["failures" in row for row in world.rows("limits")] == [False]
    assert counters.count_wrong_password("10000001", now=world.now) == 9


@pytest.mark.parametrize(("before", "is_tripped"), [(498, False), (499, True)])
def test_the_five_hundredth_wrong_code_of_all_trips_the_breaker(world: World, before: int, is_tripped: bool) -> None:
    breaker = bootstrap.breaker()
    breaker.count_wrong_code(now=world.now)
    [row] = [row for row in world.rows("limits") if row["scope"]["S"].startswith("wrong-codes#")]
    world.deployment.dynamodb.put_item(TableName="limits", Item=row | {"codes": {"N": str(before)}})
    breaker.count_wrong_code(now=world.now)
    assert breaker.is_tripped(now=world.now) is is_tripped


def test_thirty_passwords_of_a_flow_are_judged_and_nobody_else_waits_for_more(
    world: World, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    prove(world, visitor, LOUIS)
    judged = Mock(wraps=zxcvbn.zxcvbn)
    monkeypatch.setattr(zxcvbn, "zxcvbn", judged)
    answers = [visitor.twin().post(f"{ACTIVATION}/password", both(WEAK)).said for _ in range(50)]
    assert answers == [(422, "password-rejected")] * 30 + [(401, "flow-expired")] * 20
    assert judged.call_count == 30
    activate(world, Visitor(), AWA)
