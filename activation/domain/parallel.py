"""Runs two independent calls at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def run_both(first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """The results of both calls, run at the same time. Raises what `first` raises, else what `second` raises.

    Both have ended when this returns or raises: Lambda freezes a function that has answered. `second` must not call
    `run_both`: there is only one thread.
    """
    beside = _pool().submit(second)
    try:
        return first(), beside.result()
    finally:
        beside.exception()


@cache
def _pool() -> ThreadPoolExecutor:
    """One thread, made at the first use and kept: a function answers one call at a time."""
    return ThreadPoolExecutor(1)
