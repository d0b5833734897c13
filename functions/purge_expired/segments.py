"""Rows worked through side by side, while there is time. One that fails is told, and the others go on."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

SEGMENTS = 4
"""Segments of a table that are read side by side."""

Row = TypeVar("Row")

Tell = Callable[[str, str | None, Exception], None]
"""Takes the table in which something failed, whose row it was as far as one may say, and how."""


@dataclass(frozen=True, slots=True)
class Worked(Generic[Row]):
    """The rows that something was done to; `finished` is false when the next run has to go on."""

    done: list[Row]
    finished: bool


def work_through(
    pages: Callable[[int, int], Iterable[Sequence[Row]]],
    act: Callable[[Row], bool],
    *,
    has_time: Callable[[], bool],
    failed: Callable[[Row | None, Exception], None],
) -> Worked[Row]:
    """Act on every row of the pages, which are given segment and number of segments.

    A row that fails is left: the next run finds it again. So is a segment that cannot be read on.
    """

    def work(segment: int) -> Worked[Row]:
        done: list[Row] = []
        try:
            finished = all(_work_page(page, act, done, has_time, failed) for page in pages(segment, SEGMENTS))
        except Exception as error:  # noqa: BLE001  # the other segments and tables go on
            failed(None, error)
            finished = False
        return Worked(done, finished)

    with ThreadPoolExecutor(SEGMENTS) as pool:
        parts = list(pool.map(work, range(SEGMENTS)))
    return Worked([row for part in parts for row in part.done], all(part.finished for part in parts))


def _work_page(
    page: Sequence[Row],
    act: Callable[[Row], bool],
    done: list[Row],
    has_time: Callable[[], bool],
    failed: Callable[[Row | None, Exception], None],
) -> bool:
    """Act on the page's rows; returns whether there was time for all."""
    for row in page:
        if not has_time():
            return False
        try:
            if act(row):
                done.append(row)
        except Exception as error:  # noqa: BLE001  # one poisoned row must not hold back those behind it
            failed(row, error)
    return bool(page) or has_time()
