"""The count of all people's typed codes together, in the table `limits` (port `Breaker`)."""

from collections.abc import Callable, Mapping

from aws_lambda_powertools.metrics import MetricUnit

from activation.adapters.dynamodb import Table, from_attributes, to_attributes
from activation.domain.code_limits import BREAKER_HOLD_SECONDS, BREAKER_WINDOW_SECONDS, TypedCodes
from activation.domain.limits import Limits, Window, window
from activation.observability import logger, metrics

SHARDS = 10
"""Rows over which the codes of one window are spread: a single row would slow down every code that is typed."""

SWITCH = {"scope": "breaker#wrong-codes"}
SWITCH_READ_SECONDS = 10


class DynamoBreaker:
    """Reads the switch at most once in ten seconds, so that step 1 does not pay for a read each time.

    `pick(n)` gives a number from 0 to n - 1; it spreads the codes over the rows.
    """

    def __init__(self, table: Table, limits: Limits, pick: Callable[[int], int]) -> None:
        self._table = table
        self._limits = limits
        self._pick = pick
        self._switch: Mapping[str, int] = {}
        self._read_at: int | None = None

    def count_wrong_code(self, *, now: int) -> None:
        span = window("w", BREAKER_WINDOW_SECONDS, now)
        until = span.ends_at + BREAKER_HOLD_SECONDS
        self._count(span, "codes")
        if self._until("shut_until", now) >= until:
            return
        typed = self._typed(span)
        if typed.shut(self._limits):
            self._set("shut_until", until)
        if typed.trip(self._limits) and self._until("tripped_until", now) < until and self._set("tripped_until", until):
            logger().warning("wrong_codes_breaker_tripped", tripped_until=until)
            metrics().add_metric("WrongCodesBreakerOpen", MetricUnit.Count, 1)
            metrics().flush_metrics()

    def count_right_code(self, *, now: int) -> None:
        self._count(window("w", BREAKER_WINDOW_SECONDS, now), "right_codes")

    def is_tripped(self, *, now: int) -> bool:
        return now < self._until("tripped_until", now)

    def is_shut(self, *, now: int) -> bool:
        return now < self._until("shut_until", now)

    def _until(self, name: str, now: int) -> int:
        if self._read_at is None or not 0 <= now - self._read_at < SWITCH_READ_SECONDS:
            self._switch = self._table.get(**SWITCH) or {}
            self._read_at = now
        return self._switch.get(name, 0)

    def _count(self, span: Window, kind: str) -> None:
        self._table.update(
            _shard(span, self._pick(SHARDS)), f"SET expires_at = :ends ADD {kind} :one", ends=span.ends_at, one=1
        )

    def _typed(self, span: Window) -> TypedCodes:
        """The codes of this window. A row that DynamoDB leaves out counts zero: the next wrong code reads it again."""
        keys = [to_attributes(_shard(span, number)) for number in range(SHARDS)]
        name = self._table.name
        asked = self._table.client.batch_get_item(RequestItems={name: {"Keys": keys, "ConsistentRead": True}})
        rows = [from_attributes(row) for row in asked["Responses"][name]]
        wrong, right = (sum(row.get(kind, 0) for row in rows) for kind in ("codes", "right_codes"))
        return TypedCodes(wrong, right)

    def _set(self, name: str, until: int) -> bool:
        """Trip or shut the breaker, or keep it so for longer; returns whether this call was the window's first."""
        _, is_news = self._table.update(
            SWITCH,
            f"SET {name} = :until, expires_at = :until",
            condition=f"attribute_not_exists({name}) OR {name} < :until",
            until=until,
        )
        self._switch = {**self._switch, name: until}
        return is_news


def _shard(span: Window, number: int) -> dict[str, str]:
    return {"scope": f"wrong-codes#{span.name}#{number}"}
