"""`python -m bench.model`: what 200 and 2,000 starts a second ask of AWS, and which limit binds first."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from statistics import median

from activation.domain.credentials import hash_password
from bench import hot_items, report
from bench.results import Cell, Results
from bench.traffic import (
    AWS_CALL_MS,
    CAMPAIGN_STARTS,
    HASH_CPU_MS,
    SEND_MS,
    STARTS_AT_MOST,
    STEPS,
    WHOLE_VCPU_MB,
    Traffic,
    cpu_share,
    memory,
    milliseconds,
)
from bench.usage import one_activation
from infra.functions import FUNCTIONS
from infra.stages import STAGES

_ROUNDS = 11
_WORKERS_A_SHARD = 10
"""As `infra/constructs/delivery.py` has the outbox's stream read."""
_WRITES_A_PARTITION = 1_000
_NEW_TABLE_WRITES = 4_000


@dataclass(frozen=True, slots=True)
class Limit:
    """What AWS, or our own stage, lets through a second. `needs`: what the traffic asks of it.

    `ask`: what raises it. `source`: where the figure is from, and as of when.
    """

    name: str
    most: float
    needs: Callable[[Traffic], float]
    ask: str
    source: str

    @property
    def starts(self) -> float:
        """The starts a second at which it binds."""
        return self.most / self.needs(Traffic(1))


def _reserved(function: str) -> int:
    return next(spec.reserved_concurrency for spec in FUNCTIONS if spec.name == function) or 0


@cache
def _written() -> Counter[str]:
    """Write units of one activation, by table."""
    return sum((Counter(use.writes) for use in one_activation()), Counter())


def _writes(table: str) -> Callable[[Traffic], float]:
    return lambda traffic: traffic.starts * _written()[table]


def _at_once(traffic: Traffic) -> float:
    return sum(traffic.busy.values())


LIMITS = (
    Limit(
        "SES sends a second",
        14,
        lambda traffic: traffic.mails,
        "SES: send rate, and the day's quota with it",
        "memory: what production access begins with; the account's own stands in its console, to be checked",
    ),
    Limit(
        "SNS SMS a second",
        20,
        lambda traffic: traffic.sms,
        "SNS: SMS delivery rate and monthly spend, weeks ahead",
        "memory: SNS quotas page; to be checked",
    ),
    Limit(
        "API stage's own throttle, prod (calls/s)",
        STAGES["prod"].requests_per_second,
        lambda traffic: traffic.api_calls,
        "`requests_per_second` in infra/stages.py",
        "infra/stages.py",
    ),
    Limit(
        "its share for one path of start_activation",
        STAGES["prod"].requests_per_second * 0.3,
        lambda traffic: traffic.starts,
        "the same",
        "infra/routes.py",
    ),
    Limit(
        "its share for step 3",
        STAGES["prod"].requests_per_second * 0.1,
        lambda traffic: traffic.starts,
        "the same",
        "infra/routes.py",
    ),
    Limit(
        "API Gateway, account (calls/s)",
        10_000,
        lambda traffic: traffic.api_calls,
        "API Gateway: throttle quota L-8A5B8E43",
        "API Gateway quotas page, 2026 (Paris is not among the regions with 2,500)",
    ),
    Limit(
        "Lambda copies at once, account",
        1_000,
        _at_once,
        "Lambda: concurrent executions, to four times the model's figure",
        "Lambda scaling page, 2026",
    ),
    Limit(
        "set_password's reserved copies",
        _reserved("set_password"),
        lambda traffic: traffic.busy["set_password"],
        "`reserved_concurrency` in infra/functions.py",
        "infra/functions.py",
    ),
    Limit(
        "KMS MACs a second",
        10_000,
        lambda traffic: traffic.macs,
        "KMS: symmetric cryptographic operations",
        "KMS request quotas page, 2026: 10,000 shared, 20,000 and more in other regions",
    ),
    Limit(
        "outbox workers (4 partitions, 10 each)",
        _NEW_TABLE_WRITES / _WRITES_A_PARTITION * _WORKERS_A_SHARD,
        lambda traffic: traffic.busy["deliver_message"],
        "DynamoDB: warm throughput of `outbox` (each partition is a shard more)",
        "DynamoDB warm throughput page, 2026; Lambda: one shard, 10 workers",
    ),
    *(
        Limit(
            f"a new table's writes: {table}",
            _NEW_TABLE_WRITES,
            _writes(table),
            f"DynamoDB: warm throughput of `{table}`",
            "DynamoDB warm throughput page, 2026: 4,000 write and 12,000 read units at first",
        )
        for table in ("accounts", "outbox", "pending_codes", "limits")
    ),
)


def measure() -> list[Results]:
    """The traffic, the limits in the order in which they bind, the hot items, and Argon2id by memory."""
    return [traffic(), limits(), hot_items.table(), hashing()]


def traffic() -> Results:
    """Little's law, function by function."""
    campaign, most = Traffic(CAMPAIGN_STARTS), Traffic(STARTS_AT_MOST)
    figures = {
        function: [figure for each in (campaign, most) for figure in (each.calls(function), each.busy[function])]
        for function in STEPS
    }
    total = [sum(column) for column in zip(*figures.values(), strict=True)]
    rows: list[tuple[Cell, ...]] = [
        (function, memory(function), milliseconds(function), *figures[function]) for function in STEPS
    ]
    return Results(
        "traffic",
        "Calls a second and copies busy at once, by function",
        (
            "function",
            "MB",
            "ms a call",
            *(f"{what} at {starts:,}" for starts in (CAMPAIGN_STARTS, STARTS_AT_MOST) for what in ("calls/s", "busy")),
        ),
        (*rows, ("all", "", "", *total)),
        note=f"An AWS call is taken as {AWS_CALL_MS} ms, a provider's answer as {SEND_MS} ms, an Argon2id hash as "
        f"{HASH_CPU_MS} ms of a vCPU. Copies that only wait for the next call come on top: AWS keeps some minutes.",
    )


def limits() -> Results:
    """What binds first."""
    ordered = sorted(LIMITS, key=lambda limit: limit.starts)
    rows = tuple(
        (
            limit.name,
            limit.most,
            limit.needs(Traffic(CAMPAIGN_STARTS)),
            limit.needs(Traffic(STARTS_AT_MOST)),
            limit.starts,
            limit.ask,
            limit.source,
        )
        for limit in ordered
    )
    return Results(
        "limits",
        "Limits, the one that binds first at the top",
        (
            "limit",
            "allows",
            f"needed at {CAMPAIGN_STARTS}",
            f"needed at {STARTS_AT_MOST:,}",
            "binds at starts/s",
            "what to ask for",
            "source",
        ),
        rows,
    )


def hashing() -> Results:
    """How long a hash takes with each memory setting."""
    spent = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        hash_password(b"x" * 32)
        spent.append((time.process_time() - began) * 1_000)
    here = median(spent)
    rows = tuple(
        (f"{size:,} MB", min(1.0, size / WHOLE_VCPU_MB), here / share, HASH_CPU_MS / share)
        for size in (512, 1_024, WHOLE_VCPU_MB)
        for share in (min(1.0, size / WHOLE_VCPU_MB),)
    )
    return Results(
        "hashing",
        "One Argon2id hash by the function's memory",
        ("memory", "vCPU", "ms with this machine's core", "ms as modelled on arm64"),
        rows,
        note=f"Median of {_ROUNDS}: {here:.0f} ms of CPU here. Functions that hash have "
        f"{memory('set_password'):,} MB, {cpu_share('set_password'):.0%} of a vCPU.",
        bars=("ms as modelled on arm64",),
    )


if __name__ == "__main__":
    report.show(measure())
