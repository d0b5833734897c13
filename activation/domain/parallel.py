"""Runs independent calls at the same time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def run_both(first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """The results of both calls, run at the same time. Raises what `first` raises, else what `second` raises.

    Both have ended when this returns or raises: Lambda freezes a function that has answered. `second` may call nothing
    of this module: the threads could all wait for one another.
    """
    beside = _pool().submit(second)
    try:
        return first(), beside.result()
    finally:
        beside.exception()


def run_all(acts: Sequence[Callable[[], A]]) -> list[A]:
    """The results of all calls, in their order; as many run at the same time as there are threads.

    All have ended when this returns, or raises: the error of the first one, in their order, that failed. No call may
    use this module, as for `run_both`.
    """
    under_way = [_pool().submit(act) for act in acts]
    failed = [error for done in under_way if (error := done.exception())]
    if failed:
        raise failed[0]
    return [done.result() for done in under_way]


@cache
def _pool() -> ThreadPoolExecutor:
    """The threads: made when they are needed, and kept. A client of AWS has ten connections."""
    return ThreadPoolExecutor(8)
