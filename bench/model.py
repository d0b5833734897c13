"""What a campaign asks of each limit of AWS and of ours, and which limit binds first. A model: nothing is measured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.cost import trips_of_one
from bench.report import Results
from bench.trips import units
from infra.functions import FUNCTIONS
from infra.stages import STAGES
from infra.traffic import AWS_CALL_MS, CAMPAIGN_STARTS, HASH_CPU_MS, SEND_MS, Traffic

_WORKERS_A_SHARD = 10
"""As `infra/constructs/delivery.py` has the outbox's stream read."""
_WRITES_A_PARTITION = 1_000
_NEW_TABLE_WRITES = 4_000
"""AWS's page on warm throughput, 2026."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What AWS, or our own stage, lets through a second. `needs`: what the traffic asks of it.

    `ask`: what raises it, and where the figure is from when it isn't a page of AWS's of 2026.
    """

    name: str
    most: float
    needs: Callable[[Traffic], float]
    ask: str

    @property
    def starts(self) -> float:
        """The starts a second at which it binds."""
        return self.most / self.needs(Traffic(1))


def limits() -> Iterator[Limit]:
    """All that are known."""
    yield Limit("SES sends", 14, lambda traffic: traffic.mails, "SES: send rate and day's quota (memory)")
    yield Limit("SNS SMS", 20, lambda traffic: traffic.sms, "SNS: SMS rate and monthly spend (memory)")
    stage = STAGES["prod"].requests_per_second
    yield Limit("our throttle, prod: calls", stage, lambda traffic: traffic.api_calls, "`infra/stages.py`")
    [copies] = [spec.reserved_concurrency or 0 for spec in FUNCTIONS if spec.name == "set_password"]
    yield Limit("set_password's copies", copies, lambda traffic: traffic.busy["set_password"], "`infra/functions.py`")
    yield Limit("API Gateway calls, account", 10_000, lambda traffic: traffic.api_calls, "quota L-8A5B8E43")
    yield Limit("Lambda copies, account", 1_000, lambda traffic: sum(traffic.busy.values()), "concurrent executions")
    yield Limit("KMS MACs", 10_000, lambda traffic: traffic.macs, "KMS: symmetric operations")
    yield Limit(
        "outbox workers (4 shards, 10 each)",
        _NEW_TABLE_WRITES / _WRITES_A_PARTITION * _WORKERS_A_SHARD,
        lambda traffic: traffic.busy["deliver_message"],
        "warm throughput of `outbox`",
    )
    [(table, written)] = units(trips_of_one())[0].most_common(1)
    yield Limit(
        f"a new table's writes: {table}, the most",
        _NEW_TABLE_WRITES,
        lambda traffic: traffic.starts * written,
        "warm throughput of each table",
    )


def measure() -> list[Results]:
    """The limits in the order in which they bind."""
    return [
        Results(
            "limits",
            "Limits, the one that binds first at the top",
            ("limit, a second", "allows", f"needed at {CAMPAIGN_STARTS}", "binds at starts/s", "raised by"),
            [
                (limit.name, limit.most, limit.needs(Traffic(CAMPAIGN_STARTS)), limit.starts, limit.ask)
                for limit in sorted(limits(), key=lambda limit: limit.starts)
            ],
            note=f"An AWS call is taken as {AWS_CALL_MS} ms, a provider's answer as {SEND_MS} ms, an Argon2id hash as "
            f"{HASH_CPU_MS} ms of a vCPU.",
        )
    ]
