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


def purge(
    tables: Iterable[Expirable], *, now: int, has_time: Callable[[], bool], is_dry_run: bool = False
) -> list[Purged]:
    """Remove every expired row while there is time; what is left, the next run finds again. A dry run only counts."""

    def remove(table: Expirable, key: str) -> bool:
        return is_dry_run or table.remove(key, now=now)

    with ThreadPoolExecutor(SEGMENTS) as pool:
        return [_purge_table(table, pool, now, has_time, remove) for table in tables]


def _purge_table(
    table: Expirable,
    pool: ThreadPoolExecutor,
    now: int,
    has_time: Callable[[], bool],
    remove: Callable[[Expirable, str], bool],
) -> Purged:
    def purge_segment(segment: int) -> tuple[int, bool]:
        removed = 0
        for keys in table.expired(segment=segment, segments=SEGMENTS, now=now):
            if not has_time():
                return removed, False
            removed += sum(remove(table, key) for key in keys)
        return removed, True

    parts = list(pool.map(purge_segment, range(SEGMENTS)))
    return Purged(table.name, sum(removed for removed, _ in parts), all(finished for _, finished in parts))
