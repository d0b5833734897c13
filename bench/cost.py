"""What a million activations cost at AWS's list prices, from the calls that one makes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench import report
from bench.front import IN_TURN
from bench.report import Cell, Results
from bench.trips import Trip, counted, units
from infra.traffic import CALLS, STEPS, memory, milliseconds

GOAL = 160
TRACED_SHARE = 0.05
"""X-Ray's default rule: one request a second, and a twentieth of the rest."""
LOG_EVENT_BYTES = 26
"""What CloudWatch counts for each event on top."""
CALL_LOG_BYTES = 386 + 350 + 5 * LOG_EVENT_BYTES
"""What a call logs: our lines and metrics (the mean of an activation's, counted on 2026-11-25), and Lambda's."""
ACCESS_LOG_BYTES = 330 + LOG_EVENT_BYTES
"""One line of API Gateway's access log."""
EXPIRING_ROWS = 6
"""A flow, counters of a throttle key and an address, two messages, a session: the cleanup removes each for a write."""


@dataclass(frozen=True, slots=True)
class Line:
    """How many units one activation takes of a service, and the dollars of a million of them, in eu-west-3.

    GB are those of a million activations, with the price of one. `is_checked`: on AWS's price list or page of 2026-09.
    """

    service: str
    amount: float
    unit: str
    price: float
    is_checked: bool = True

    @property
    def dollars(self) -> float:
        """For a million activations."""
        return self.amount * self.price

    @property
    def row(self) -> Sequence[Cell]:
        """As the table has it."""
        return self.service, f"{self.amount:.3g} {self.unit}", self.price, round(self.dollars, 1)


def measure() -> list[Results]:
    """By service, the front's delivery apart, messages left out."""
    service, edge = (sorted(lines, key=lambda line: -line.dollars) for lines in (_service(), _edge()))
    behind = sum(line.dollars for line in service)
    total = behind + sum(line.dollars for line in edge)
    rows = [
        *(line.row for line in service),
        (f"the service (goal: {GOAL})", "", "", round(behind, 1)),
        *(line.row for line in edge),
        ("with the front's delivery", "", "", round(total, 1)),
    ]
    unsure = ", ".join(line.service for line in (*service, *edge) if not line.is_checked)
    return [
        Results(
            "cost",
            "A million activations without messages (USD)",
            ("service", "for one activation", "price of a million", "USD"),
            rows,
            note=f"List prices in eu-west-3, no free tier. From memory, to be checked: {unsure}.",
        )
    ]


def trips_of_one() -> list[Trip]:
    """Every call to AWS of one activation, from S1 to the account's home."""
    made = counted()
    return [trip for steps in STEPS.values() for step, times in steps.items() for trip in made[step] * times]


def _service() -> Iterable[Line]:
    trips, calls = trips_of_one(), {function: sum(steps.values()) for function, steps in STEPS.items()}
    (written, read), called, api = units(trips), sum(calls.values()), sum(CALLS.values())
    macs = sum(trip.operation == "GenerateMac" for trip in trips)
    seconds = sum(times * milliseconds(name) / 1_000 * memory(name) / 1_024 for name, times in calls.items())
    logged = (called * CALL_LOG_BYTES + api * ACCESS_LOG_BYTES) / 1e9 * 1e6
    yield Line("API Gateway", api, "REST calls", 3.70, is_checked=False)
    yield Line("DynamoDB writes", written.total() + EXPIRING_ROWS, "units", 0.7423)
    yield Line("DynamoDB reads", read, "units", 0.1487)
    yield Line("Lambda time", seconds, "GB-seconds, arm64", 13.3334)
    yield Line("Lambda invocations", called, "invocations", 0.20)
    yield Line("KMS", macs, "MACs", 3.00)
    yield Line("CloudWatch Logs", logged, "GB (one)", 0.5985, is_checked=False)
    yield Line("X-Ray", TRACED_SHARE * called, "traces", 5.00)
    yield Line("SNS (delivery reports)", calls["record_delivery"], "publications", 0.50)
    yield Line("WAF before the API", api, "requests", 0.60)


def _edge() -> Iterable[Line]:
    """From the pages as `bench.front` measured them last."""
    front, _ = report.results_of(report.kept())["front"]
    *pages, total = front.rows
    kilobytes, requested, called = (float(total[front.columns.index(name)]) for name in IN_TURN)
    requests = round(requested - called) + sum(CALLS.values())
    yield Line("CloudFront", requests, "HTTPS requests", 1.20, is_checked=False)
    yield Line("CloudFront bytes", kilobytes, "GB (one)", 0.085, is_checked=False)
    yield Line("CloudFront Functions", 2 * len(pages), "invocations", 0.10)
    yield Line("WAF at the edge", requests, "requests", 0.60)
