"""The order in which tests try to kill a mutant: those that are quick and run few functions come first.

A mutant dies by its first failing test, so what is about its function alone should be tried before what only passes it.
"""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

_STATS = Path("mutmut-stats.json")
"""What mutmut noted of the tests; it runs them beside it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests, once mutmut knows which functions each runs and for how long."""
    if _STATS.exists():
        weights = _weights()
        items.sort(key=lambda item: weights.get(item.nodeid, 0.0))


@cache
def _weights() -> dict[str, float]:
    stats = json.loads(_STATS.read_text(encoding="utf-8"))
    functions = Counter(test for tests in stats["tests_by_mangled_function_name"].values() for test in tests)
    return {test: functions[test] * (0.01 + seconds) for test, seconds in stats["duration_by_test"].items()}
