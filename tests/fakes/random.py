"""Chance that is the same in every run."""

import hashlib
from itertools import count


class FakeRandom:
    """Bytes that look random, differ at each call and are the same in every run."""

    def __init__(self) -> None:
        self._calls = count(1)

    def __call__(self, size: int) -> bytes:
        return hashlib.shake_256(str(next(self._calls)).encode()).digest(size)
