"""Removes expired rows at the next hourly run: DynamoDB's own time to live may take days.

The run's order is in `handler.py`, the acts on accounts in `people.py`, those on the funnel's codes in `funnel.py`.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from activation.domain.ports import Expirable
from functions.purge_expired.segments import Tell, work_through


class Purged(NamedTuple):
    """How many rows were removed from one table; `finished` is false when time ran out and the next run goes on."""

    table: str
    removed: int
    finished: bool


def purge(
    tables: Iterable[Expirable], *, now: int, has_time: Callable[[], bool], tell: Tell, is_dry_run: bool = False
) -> list[Purged]:
    """Remove every expired row while there is time; the next run finds the others again. A dry run only counts.

    `tell` is called for rows that fail, without their keys, as these are hashes of text that people typed.
    """

    def purge_table(table: Expirable) -> Purged:
        worked = work_through(
            lambda segment, segments: table.expired(segment=segment, segments=segments, now=now),
            lambda key: is_dry_run or table.remove(key, now=now),
            has_time=has_time,
            failed=lambda _, error: tell(table.name, None, error),
        )
        return Purged(table.name, len(worked.done), worked.finished)

    return [purge_table(table) for table in tables]
