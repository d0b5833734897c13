"""What takes too long for every run of the tests: all of it where EXHAUSTIVE is set.

`make fuzz`, `make accessibility` and `make orders` set it: the workflow `ci` makes these whole, `.ci/run` a
twentieth of them each day. `make rehearsal` takes its tests by their mark: both make it whole.
"""

import os
from collections.abc import Iterable
from typing import Any

import pytest

IS_EXHAUSTIVE = "EXHAUSTIVE" in os.environ
DRAW = int(os.environ.get("DRAW", "0"))
"""Where random draws begin."""


def is_due(number: int, *, one_in: int) -> bool:
    """Whether the so-many-th of a row is taken."""
    return IS_EXHAUSTIVE or number % one_in == 0


def exhaustive_but(always: Iterable[Any], items: Iterable[Any]) -> list[Any]:
    """A test's parameters, of which every run takes some and only an exhaustive one takes all."""
    taken = [] if IS_EXHAUSTIVE else list(always)
    return [item if item in taken else _exhaustive(item) for item in items]


def _exhaustive(item: Any) -> Any:
    return pytest.param(*(item if isinstance(item, tuple) else (item,)), marks=pytest.mark.exhaustive)
