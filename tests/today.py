"""What is too much for every day: a part of it each day, and all of it where EXHAUSTIVE is set.

`make fuzz` and `make accessibility` set it, and the workflow's job `exhaustive` makes these.
"""

import os
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pytest

Item = TypeVar("Item")

IS_EXHAUSTIVE = "EXHAUSTIVE" in os.environ
DAY = int(os.environ.setdefault("DAY", str(int(time.time() // 86_400))))
"""Which part it is. A run that fails says its day: with DAY in the environment it is taken again."""
MARKS = [pytest.mark.exhaustive] if IS_EXHAUSTIVE else []
"""Of what is taken in turn."""


def of_today(items: Sequence[Item], one_in: int) -> Sequence[Item]:
    """Each item on one day in so many."""
    return items[DAY % one_in :: one_in]


def is_due(number: int, *, one_in: int) -> bool:
    """Whether the so-many-th of a row is taken today."""
    return IS_EXHAUSTIVE or (number + DAY) % one_in == 0


def in_turn(
    name: str, items: Sequence[Any], one_in: int, *, ids: Callable[[Any], str] | None = None, indirect: bool = False
) -> pytest.MarkDecorator:
    """A test's parameters, each on one day in so many, or all of them."""
    taken = items if IS_EXHAUSTIVE else of_today(items, one_in)
    parameters = [pytest.param(item, marks=MARKS) for item in taken]
    return pytest.mark.parametrize(name, parameters, ids=ids, indirect=indirect)
