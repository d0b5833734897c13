"""`python -m bench.cost`: what a million activations cost at AWS's list prices, and the same with Cognito."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench import prices, report
from bench.prices import Price
from bench.results import Results
from bench.traffic import CALLS, SMS_SHARE, WRONG_SHARE, memory, milliseconds
from bench.usage import Use, one_activation

GOAL = 160
PEOPLE = 1_000_000
TRACED_SHARE = 0.05
"""X-Ray's default rule: one request a second, and a twentieth of the rest."""
PLATFORM_LOG_BYTES = 350
"""Lambda's own START, END and REPORT lines."""
ACCESS_LOG_BYTES = 330
"""One line of API Gateway's access log."""
LOG_EVENT_BYTES = 26
"""What CloudWatch counts for each event on top."""
EVENTS_A_CALL = 5
EXPIRING_ROWS = 6
"""A flow, a pair's counter, an address's, two messages, a session: each removed by the cleanup, for a write unit."""


@dataclass(frozen=True, slots=True)
class FrontUse:
    """What the front brings to a browser in one activation: pages, and their requests without the API's."""

    pages: int
    requests: int
    kilobytes: float


def front() -> FrontUse:
    """As `bench.front` measured it last."""
    measured, _ = report.results_of(report.kept())["front-activation"]
    *pages, total = (dict(zip(measured.columns, row, strict=True)) for row in measured.rows)
    return FrontUse(len(pages), int(total["requests"]) - int(total["of which API"]), float(total["kB"]))


Line = tuple[str, str, float, Price]
"""Whose, what, how many for one activation, at which price."""


def measure() -> list[Results]:
    """By call, by service, messages apart, against Cognito. Raises ValueError when the model counts other calls."""
    used = one_activation()
    if (called := Counter(use.function for use in used if use.is_api)) != CALLS:
        raise ValueError(f"bench.traffic has other calls: {called}")
    lines = list(_lines(used))
    total = sum(_dollars(line) for line in lines if line[0] == "API")
    return [_calls(used), _services(lines), _comparison(total)]


def _lines(used: Sequence[Use]) -> Iterable[Line]:
    api = [use for use in used if use.is_api]
    seconds = sum(milliseconds(use.function) / 1_000 * memory(use.function) / 1_024 for use in used)
    logged = sum(use.logged + PLATFORM_LOG_BYTES + EVENTS_A_CALL * LOG_EVENT_BYTES for use in used)
    logged += len(api) * (ACCESS_LOG_BYTES + LOG_EVENT_BYTES)
    yield "API", "API Gateway", len(api), prices.API_CALL
    yield "API", "DynamoDB writes", sum(sum(use.writes.values()) for use in used) + EXPIRING_ROWS, prices.WRITE
    yield "API", "DynamoDB reads", sum(sum(use.reads.values()) for use in used), prices.READ
    yield "API", "Lambda time", seconds, prices.GB_SECOND
    yield "API", "Lambda invocations", len(used), prices.INVOCATION
    yield "API", "KMS", sum(use.macs for use in used), prices.MAC
    yield "API", "CloudWatch Logs", logged / 1e9 * 1e6, prices.LOG_GB
    yield "API", "X-Ray", TRACED_SHARE * len(used), prices.TRACE
    yield "API", "SNS (delivery reports)", sum(use.function == "record_delivery" for use in used), prices.REPORT
    yield "API", "WAF before the API", len(api), prices.FIREWALL
    pages = front()
    yield "edge", "CloudFront", pages.requests + len(api), prices.EDGE
    yield "edge", "CloudFront, bytes", pages.kilobytes, prices.EDGE_GB
    yield "edge", "CloudFront Functions", 2 * pages.pages, prices.EDGE_FUNCTION
    yield "edge", "WAF at the edge", pages.requests + len(api), prices.FIREWALL


def _dollars(line: Line) -> float:
    """For a million activations; a price for one GB is multiplied by the GB of a million."""
    _, _, amount, price = line
    return amount * price.dollars


def _calls(used: Sequence[Use]) -> Results:
    rows = tuple(
        (
            use.name,
            use.function,
            use.calls,
            sum(use.writes.values()),
            sum(use.reads.values()),
            use.macs,
            milliseconds(use.function),
            use.logged,
        )
        for use in used
    )
    total = tuple(sum(float(row[place]) for row in rows) for place in range(2, 8))
    return Results(
        "usage",
        "What one activation asks of AWS, call by call",
        ("call", "function", "AWS calls", "write units", "read units", "MACs", "ms (model)", "bytes logged"),
        (*rows, ("all", "", *total)),
        note="Counted on moto; units from the rows' sizes, a transaction's twice.",
    )


def _services(lines: Sequence[Line]) -> Results:
    rows: list[tuple[str | int | float, ...]] = [
        (name, round(amount, 3), price.unit, price.dollars, round(_dollars(line), 1), price.source)
        for part in ("API", "edge")
        for line in sorted(lines, key=_dollars, reverse=True)
        if line[0] == part
        for _, name, amount, price in (line,)
    ]
    behind = sum(_dollars(line) for line in lines if line[0] == "API")
    total = sum(map(_dollars, lines))
    place = sum(line[0] == "API" for line in lines)
    rows.insert(place, ("the service", "", "", "", round(behind, 1), f"goal: {GOAL}"))
    rows.append(("with the front's delivery", "", "", "", round(total, 1), ""))
    return Results(
        "cost",
        "A million activations without messages, by service (USD)",
        ("service", "for one activation", "unit", "USD a million", "USD", "price from"),
        tuple(rows),
        note="List prices in eu-west-3, no free tier.",
        bars=("USD",),
    )


def _comparison(service: float) -> Results:
    mails, texts = 2 * (1 - SMS_SHARE), 2 * SMS_SHARE
    rows = (
        ("this service", round(service)),
        ("Cognito Lite", round(_tiered(prices.COGNITO_LITE))),
        ("Cognito Essentials", round(_tiered(prices.COGNITO_ESSENTIALS))),
        (f"mails, either way ({mails:.1f} a person)", round(mails * prices.MAIL.dollars)),
        (f"SMS, either way ({texts:.1f} a person)", round(texts * prices.SMS.dollars)),
    )
    return Results(
        "cognito",
        "The same million against Cognito's price for as many users of a month (USD)",
        ("what", "USD"),
        rows,
        note=f"{prices.COGNITO_SOURCE}. Cognito has no roster, no consent, no decoys: Lambda triggers for them would "
        f"come on top. Wrong codes ({WRONG_SHARE:.0%}) and resends are on neither side.",
    )


def _tiered(tiers: Iterable[tuple[int, float]]) -> float:
    return sum(users * price for users, price in tiers)


if __name__ == "__main__":
    report.show(measure())
