"""A hundred at once against one limit: exactly as many pass as it says. The adapters themselves, on the real engine."""

import itertools
import secrets
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from activation import observability
from activation.adapters.breaker import SHARDS, DynamoBreaker
from activation.adapters.budgets import DynamoBudgets
from activation.adapters.counters import DynamoCounters
from activation.adapters.dynamodb import DynamoStore, DynamoWrite, Table
from activation.adapters.flows import DynamoFlows
from activation.adapters.outbox import DynamoOutbox
from activation.adapters.tables import FLOWS, LIMITS, OUTBOX, TableSpec
from activation.domain.budgets import Budget
from activation.domain.code_digits import code_for, code_message
from activation.domain.errors import BusyError, DomainError
from activation.domain.flows import Flow, FlowReference, FlowState, Purpose, SentCode
from activation.domain.limits import DAY_SECONDS, Limits, Quota
from activation.domain.verification import RequestContext, VerificationPorts
from functions.verify_code.comparison import Ports
from functions.verify_code.service import verify_anonymous
from local.engine import Engine
from tests.builders import flow
from tests.fakes.accounts import FakeAccounts
from tests.fakes.breaker import FakeBreaker
from tests.fakes.macs import FakeMacs
from tests.fakes.sessions import FakeSessions
from tests.tables import create

AT_ONCE = 100
NOW = int(time.time())
ACCOUNTS = itertools.count(200_000_000_000)
THROTTLE_KEY = "a" * 64
BUSY_TRIES = 20


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted has a place, as in a function."""
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "AccountActivation")
    observability.metrics.cache_clear()


@pytest.fixture
def dynamodb(ministack: Engine) -> Any:
    client = ministack.client("dynamodb", account=str(next(ACCOUNTS)))
    create(client, LIMITS, OUTBOX, FLOWS)
    return client


def table(dynamodb: Any, spec: TableSpec = LIMITS) -> Table:
    return Table(dynamodb, spec.name)


def passed(call: Callable[[], object]) -> int:
    """How many of a hundred calls at once are not refused. One that finds the tables busy asks again, as people do."""

    def is_let_through(_: int) -> bool:
        for _ in range(BUSY_TRIES):
            with suppress(BusyError):
                try:
                    return call() is not False
                except DomainError as error:
                    if isinstance(error, BusyError):
                        raise
                    return False
        raise AssertionError("busy for ever")

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sum(threads.map(is_let_through, range(AT_ONCE)))


def counters(dynamodb: Any, **limits: int) -> DynamoCounters:
    return DynamoCounters(table(dynamodb), Limits(**limits))


def test_a_throttle_key_starts_as_often_as_its_quota_says(dynamodb: Any) -> None:
    store, counted = DynamoStore(dynamodb), counters(dynamodb)
    assert passed(lambda: store.commit(counted.count_start(THROTTLE_KEY, Quota(3, 5), digits=6, now=NOW))) == 3
    assert passed(lambda: store.commit(counted.count_start(THROTTLE_KEY, Quota(9, 5), digits=6, now=NOW))) == 2


def test_calls_of_an_address_wrong_passwords_and_every_wrong_code_are_counted(dynamodb: Any) -> None:
    store, counted, seen = DynamoStore(dynamodb), counters(dynamodb), list[int]()
    assert passed(lambda: store.commit(counted.count_address("2001:db8::1", now=NOW))) == 60
    assert passed(lambda: counted.count_wrong_password("10000001", now=NOW) >= 0) == 10
    assert passed(lambda: seen.append(counted.count_guess(THROTTLE_KEY, now=NOW))) == AT_ONCE
    assert sorted(seen) == list(range(1, AT_ONCE + 1))


@pytest.mark.parametrize("most", [6, 30, 80])
def test_a_budget_is_not_overdrawn(dynamodb: Any, most: int) -> None:
    budgets = DynamoBudgets(table(dynamodb))
    assert passed(partial(budgets.take, Budget("number#+33612345678", most, NOW + 60))) == most


def test_thirty_passwords_of_one_flow_are_judged(dynamodb: Any) -> None:
    flows = DynamoFlows(table(dynamodb, FLOWS))
    opened = flow(state=FlowState.VERIFIED, ends_at=NOW + 900)
    DynamoStore(dynamodb).commit(flows.open(opened))
    reference = FlowReference(opened.flow_id, opened.token_hash)

    def spend() -> bool:
        _, spent = flows.spend_password(reference, Purpose.ACTIVATION, most=30, now=NOW)
        return spent

    assert passed(spend) == 30


class WatchedFlows(DynamoFlows):
    """Notes every flow whose code was taken for right."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self.taken: list[str] = []

    def mark_verified(self, before: Flow, after: Flow) -> DynamoWrite:
        self.taken.append(before.flow_id)
        return super().mark_verified(before, after)


class Guesses:
    """Five guesses at each of five flows of one throttle key, all at once. Each is right; nobody was sent it."""

    def __init__(self, dynamodb: Any, *, digits: int, before: int = 0) -> None:
        self.store, self.limits = DynamoStore(dynamodb), Limits()
        self.flows, self.counters = WatchedFlows(table(dynamodb, FLOWS)), counters(dynamodb)
        self.outbox = DynamoOutbox(table(dynamodb, OUTBOX))
        code_number = SentCode(digits, NOW + 900)
        self.opened = [
            flow(flow_id=f"f-{place}", codes={1: code_number}, ends_at=NOW + 900, throttle_key=THROTTLE_KEY)
            for place in range(5)
        ]
        self.store.commit(*map(self.flows.open, self.opened))
        for _ in range(before):
            self.counters.count_guess(THROTTLE_KEY, now=NOW)

    def answers(self) -> Counter[str]:
        guesses = [opened for opened in self.opened for _ in range(5)]
        with ThreadPoolExecutor(len(guesses)) as threads:
            return Counter(threads.map(self._answer, guesses))

    def _answer(self, opened: Flow) -> str:
        macs = FakeMacs("code")
        verification = VerificationPorts(self.store, self.flows, self.counters, self.outbox, FakeBreaker(self.limits))
        mac = macs.mac(code_message(opened.purpose, opened.flow_id))
        try:
            verify_anonymous(
                Ports(verification, FakeAccounts(), FakeSessions(), macs),
                purpose=opened.purpose,
                reference=FlowReference(opened.flow_id, opened.token_hash),
                code=code_for(mac, number=1, digits=opened.latest_code.digits),
                context=RequestContext(NOW, secrets.token_bytes, self.limits),
            )
        except DomainError as error:
            return type(error).__name__
        return "ok"


def test_however_many_flows_a_throttle_key_has_ten_guesses_at_short_codes_are_taken(dynamodb: Any) -> None:
    guesses = Guesses(dynamodb, digits=6)
    assert guesses.answers() == {"CodeRejectedError": 25}
    assert len(guesses.flows.taken) == 10


def test_past_a_hundred_wrong_codes_one_guess_of_a_throttle_key_is_looked_at_a_day(dynamodb: Any) -> None:
    guesses = Guesses(dynamodb, digits=8, before=99)
    assert guesses.answers() == {"CodeRejectedError": 1, "AccountLockedError": 24}
    assert len(guesses.flows.taken) == 1
    assert guesses.counters.throttle(THROTTLE_KEY).locked_until == NOW + DAY_SECONDS
    assert len(dynamodb.scan(TableName=OUTBOX.name)["Items"]) == 1


def test_of_a_hundred_wrong_codes_the_breaker_misses_none(dynamodb: Any) -> None:
    limits, picks = Limits(wrong_codes_per_10_minutes=AT_ONCE), itertools.count()

    def another_process() -> DynamoBreaker:
        return DynamoBreaker(table(dynamodb), limits, lambda _: next(picks) % SHARDS)

    assert passed(lambda: another_process().count_wrong_code(now=NOW)) == AT_ONCE
    assert another_process().is_tripped(now=NOW)
    rows = dynamodb.scan(TableName=LIMITS.name)["Items"]
    assert [row["codes"]["N"] for row in rows if "codes" in row] == [str(AT_ONCE // SHARDS)] * SHARDS
