"""Calls that need not wait for each other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def run_both(first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """What both give, carried out at once. Raises what the first raises, else what the second does.

    Neither is still under way when it returns or raises: a function that has answered is frozen. `second` calls
    `both` no more: there is one thread.
    """
    beside = _pool().submit(second)
    try:
        return first(), beside.result()
    finally:
        beside.exception()


@cache
def _pool() -> ThreadPoolExecutor:
    """One thread, made at the first need and kept: a function answers one call at a time."""
    return ThreadPoolExecutor(1)
