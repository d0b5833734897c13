"""Which tests try to kill a mutant, and in which order: those that are quick and run few functions come first.

A mutant dies by its first failing test, so what is about its function alone is tried before what only passes it. Of
what passes it, some seconds' worth is tried: a rule has a test that is about it, or it has none.
"""

import json
import os
from collections import Counter
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

_STATS = Path("mutmut-stats.json")
"""What mutmut noted of the tests; it runs them beside it."""
_MOST_SECONDS = 10.0
"""Of tests that a mutant has to survive, as they took without mutants: some functions are passed by half of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests, once mutmut knows which functions each runs and for how long; leave the last to the clean run."""
    if not _STATS.exists():
        return
    weights = _weights()
    items.sort(key=lambda item: weights.get(item.nodeid, 0.0))
    if "__mutmut_" in os.environ.get("MUTANT_UNDER_TEST", ""):
        durations = _stats()["duration_by_test"]
        starts = accumulate((durations.get(item.nodeid, 0.0) for item in items), initial=0.0)
        items[:] = [item for item, start in zip(items, starts, strict=False) if start < _MOST_SECONDS]


@cache
def _weights() -> dict[str, float]:
    stats = _stats()
    functions = Counter(test for tests in stats["tests_by_mangled_function_name"].values() for test in tests)
    return {test: functions[test] * (0.01 + seconds) for test, seconds in stats["duration_by_test"].items()}


@cache
def _stats() -> Any:
    return json.loads(_STATS.read_text(encoding="utf-8"))
