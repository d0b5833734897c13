"""The cleanup: DynamoDB's own time to live removes within days, this removes at once."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from activation.domain.ports import Expirable

SEGMENTS = 4
"""Segments of a table that are read side by side."""


@dataclass(frozen=True, slots=True)
class Purged:
    """What was removed from one table; `finished` is false when time ran out and the next run goes on."""

    table: str
    removed: int
    finished: bool


def purge(tables: Iterable[Expirable], *, now: int, has_time: Callable[[], bool]) -> list[Purged]:
    """Remove every expired row while there is time; what is left, the next run finds again."""
    with ThreadPoolExecutor(SEGMENTS) as pool:
        return [_purge_table(table, pool, now, has_time) for table in tables]


def _purge_table(table: Expirable, pool: ThreadPoolExecutor, now: int, has_time: Callable[[], bool]) -> Purged:
    parts = list(pool.map(lambda segment: _purge_segment(table, segment, now, has_time), range(SEGMENTS)))
    return Purged(table.name, sum(removed for removed, _ in parts), all(finished for _, finished in parts))


def _purge_segment(table: Expirable, segment: int, now: int, has_time: Callable[[], bool]) -> tuple[int, bool]:
    removed = 0
    for keys in table.expired(segment=segment, segments=SEGMENTS, now=now):
        if not has_time():
            return removed, False
        removed += sum(table.remove(key, now=now) for key in keys)
    return removed, True
