"""Measuring, and saying how far things have come."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_EVERY_SECONDS = 1


@dataclass
class Meter:
    """Shows rows, rows a second and the time that is left, once a second."""

    what: str
    began: float = field(default_factory=time.perf_counter)
    _shown: float = 0

    def show(self, rows: int, of: int) -> None:
        """Say how far it is."""
        now = time.perf_counter()
        if now - self._shown < _EVERY_SECONDS and rows < of:
            return
        self._shown = now
        rate = rows / max(now - self.began, 1e-9)
        end = "\n" if rows >= of else "\r"
        sys.stderr.write(
            f"  {self.what}: {rows:>9,} of {of:,}  {rate:>7,.0f} rows/s  {(of - rows) / rate:>5.0f} s left{end}"
        )
        sys.stderr.flush()


def seconds_of(act: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
