"""Works through rows in parallel while there is time. A row that fails is reported, and the others go on."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

SEGMENTS = 4
"""How many segments of a table are read in parallel."""

Row = TypeVar("Row")

Tell = Callable[[str, str | None, Exception], None]
"""Reports a failure: the table, the row's identifier (None when it is unknown or must not be logged), the error."""


@dataclass(frozen=True, slots=True)
class Worked(Generic[Row]):
    """The rows on which `act` did something; `finished` is false when the next run has to go on."""

    done: list[Row]
    finished: bool


def work_through(
    pages: Callable[[int, int], Iterable[Sequence[Row]]],
    act: Callable[[Row], bool | None],
    *,
    has_time: Callable[[], bool],
    failed: Callable[[Row | None, Exception], None],
) -> Worked[Row]:
    """Act on every row of `pages(segment, number of segments)`; `act` returns whether it did something.

    A row that fails is left for the next run, and so is the rest of a segment that cannot be read.
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
    act: Callable[[Row], bool | None],
    done: list[Row],
    has_time: Callable[[], bool],
    failed: Callable[[Row | None, Exception], None],
) -> bool:
    """Act on the page's rows; returns whether there was time for all of them."""
    for row in page:
        if not has_time():
            return False
        try:
            if act(row):
                done.append(row)
        except Exception as error:  # noqa: BLE001  # one bad row must not stop those after it
            failed(row, error)
    return bool(page) or has_time()
