"""Everybody's wrong codes together, in the table `limits` (port `Breaker`)."""

from collections.abc import Callable

from aws_lambda_powertools.metrics import MetricUnit

from activation.adapters.dynamodb import Table, from_attributes, to_attributes
from activation.domain.limits import BREAKER_HOLD_SECONDS, BREAKER_WINDOW_SECONDS, Limits, Window, window
from activation.observability import logger, metrics

SHARDS = 10
"""Rows over which the wrong codes of one window are spread: a single row would slow down every wrong code."""

SWITCH = {"scope": "breaker#wrong-codes"}
SWITCH_READ_SECONDS = 10


class DynamoBreaker:
    """Reads the switch at most once in ten seconds, so that step 1 does not pay for a read each time.

    `pick(n)` gives a number from 0 to n - 1; it spreads the wrong codes over the rows.
    """

    def __init__(self, table: Table, limits: Limits, pick: Callable[[int], int]) -> None:
        self._table = table
        self._limits = limits
        self._pick = pick
        self._tripped_until = 0
        self._read_at: int | None = None

    def count_wrong_code(self, *, now: int) -> None:
        span = window("w", BREAKER_WINDOW_SECONDS, now)
        until = span.ends_at + BREAKER_HOLD_SECONDS
        self._table.update(
            _shard(span, self._pick(SHARDS)), "SET expires_at = :ends ADD codes :one", ends=span.ends_at, one=1
        )
        if self._until(now) < until and self._counted(span) >= self._limits.wrong_codes_per_10_minutes:
            self._trip(until)

    def is_tripped(self, *, now: int) -> bool:
        return now < self._until(now)

    def _until(self, now: int) -> int:
        if self._read_at is None or not 0 <= now - self._read_at < SWITCH_READ_SECONDS:
            self._tripped_until = (self._table.get(**SWITCH) or {}).get("tripped_until", 0)
            self._read_at = now
        return self._tripped_until

    def _counted(self, span: Window) -> int:
        """Wrong codes of this window. A row that DynamoDB leaves out counts zero: the next wrong code reads again."""
        keys = [to_attributes(_shard(span, number)) for number in range(SHARDS)]
        name = self._table.name
        asked = self._table.client.batch_get_item(RequestItems={name: {"Keys": keys, "ConsistentRead": True}})
        found = asked["Responses"][name]
        return sum(from_attributes(row)["codes"] for row in found)

    def _trip(self, until: int) -> None:
        """Trip the breaker, or keep it tripped for longer. Only the first call of a window sets the alarm off."""
        _, is_news = self._table.update(
            SWITCH,
            "SET tripped_until = :until, expires_at = :until",
            condition="attribute_not_exists(tripped_until) OR tripped_until < :until",
            until=until,
        )
        self._tripped_until = until
        if is_news:
            logger().warning("wrong_codes_breaker_tripped", tripped_until=until)
            metrics().add_metric("WrongCodesBreakerOpen", MetricUnit.Count, 1)
            metrics().flush_metrics()


def _shard(span: Window, number: int) -> dict[str, str]:
    return {"scope": f"wrong-codes#{span.name}#{number}"}
