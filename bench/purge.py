"""`python -m bench.purge`: the cleanup, against what the same engine does by itself."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import Any

from activation.adapters.dynamodb import Table
from activation.adapters.expiry import PAGE_ROWS, ExpiringTable
from activation.adapters.tables import LIMITS
from bench.clock import seconds_of
from bench.stand import Stand, stand
from functions.purge_expired import segments, service

DEAD = 10_000
ALIVE = 40_000
SAMPLE = 4_000
"""Rows of each measurement of the engine's own rate, before and after ours."""

_NOW = 1_795_512_720
_BATCH = 25
say = partial(print, flush=True)


def main() -> None:
    """Measure and print."""
    with stand() as bench:
        own = rate_of_plain_deletes(bench)
        fill(bench, "dead", DEAD, expires_at=_NOW)
        ours = DEAD / seconds_of(partial(purge, bench, removes=DEAD))
        own = (own + rate_of_plain_deletes(bench)) / 2
        say(f"everything to remove: ours {ours:,.0f} rows/s, plain deletes {own:,.0f} rows/s: {ours / own:.2f}")
        fill(bench, "alive", ALIVE, expires_at=_NOW + 1)
        own = ALIVE / seconds_of(partial(scan_plainly, bench))
        ours = ALIVE / seconds_of(partial(purge, bench, removes=0))
        own = (own + ALIVE / seconds_of(partial(scan_plainly, bench))) / 2
        say(f"nothing to remove: ours {ours:,.0f} rows/s, plain scans {own:,.0f} rows/s: {ours / own:.2f}")


def purge(bench: Stand, *, removes: int) -> None:
    """The cleanup of one table. Raises AssertionError when it removed another number of rows."""
    table = ExpiringTable(Table(bench.dynamodb, LIMITS.name), LIMITS)
    [purged] = service.purge([table], now=_NOW, has_time=lambda: True, tell=give_up)
    if (purged.removed, purged.finished) != (removes, True):
        raise AssertionError(purged)


def give_up(_: str, __: str | None, error: Exception) -> None:
    """Raise what failed: a measurement counts nothing else."""
    raise error


def scan_plainly(bench: Stand) -> None:
    """Nothing but scans, with as many segments and pages as ours."""

    def scan(segment: int) -> None:
        pages = bench.dynamodb.get_paginator("scan").paginate(
            TableName=LIMITS.name,
            Segment=segment,
            TotalSegments=segments.SEGMENTS,
            ProjectionExpression="#key",
            FilterExpression="#expiry <= :now",
            ExpressionAttributeNames={"#key": LIMITS.partition_key, "#expiry": str(LIMITS.time_to_live)},
            ExpressionAttributeValues={":now": {"N": str(_NOW)}},
            PaginationConfig={"PageSize": PAGE_ROWS},
        )
        for _ in pages:
            pass

    side_by_side(scan, range(segments.SEGMENTS))


def rate_of_plain_deletes(bench: Stand) -> float:
    """Rows a second of nothing but conditional deletes, with as many threads as ours."""

    def delete(number: int) -> None:
        bench.dynamodb.delete_item(
            TableName=LIMITS.name,
            Key={LIMITS.partition_key: {"S": f"sample-{number}"}},
            ConditionExpression="#expiry <= :now",
            ExpressionAttributeNames={"#expiry": str(LIMITS.time_to_live)},
            ExpressionAttributeValues={":now": {"N": str(_NOW)}},
        )

    fill(bench, "sample", SAMPLE, expires_at=_NOW)
    return SAMPLE / seconds_of(lambda: side_by_side(delete, range(SAMPLE)))


def side_by_side(act: Callable[[int], None], numbers: range) -> None:
    """Do it for each number, as many at once as the cleanup does."""
    with ThreadPoolExecutor(segments.SEGMENTS) as pool:
        list(pool.map(act, numbers))


def fill(bench: Stand, name: str, number: int, *, expires_at: int) -> None:
    """Put that many rows into the table."""
    rows = ({"scope": {"S": f"{name}-{place}"}, "expires_at": {"N": str(expires_at)}} for place in range(number))
    for some in _batches(rows):
        bench.dynamodb.batch_write_item(RequestItems={LIMITS.name: [{"PutRequest": {"Item": row}} for row in some]})


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while some := list(islice(rows, _BATCH)):
        yield some


if __name__ == "__main__":
    main()
