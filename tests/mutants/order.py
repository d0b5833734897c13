"""Which tests try to kill a mutant, and in which order: those that killed others of its module come first.

Then those that are quick and run few functions: a mutant dies by its first failing test, so what is about its function
is tried before what only passes it. pytest takes longer to look for thousands of tests than to run the right one:
a first round tries the likeliest alone, a second one all of them on what survived.
"""

import json
import os
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

_STATS = Path("mutmut-stats.json")
"""What mutmut noted of the tests; it runs them beside it."""
_KILLERS = Path("killers")
"""A file for each module, with the tests that killed mutants of it, a line for each kill."""
LIKELIEST_TESTS = "LIKELIEST_TESTS"
"""How many tests a round tries, in the environment; all of them where it is not set."""


def pytest_configure(config: pytest.Config) -> None:
    """Put the tests of a mutant in order, and leave the likeliest, before pytest looks for them."""
    killers = _killers()
    if killers is None:
        return
    kills = Counter(killers.read_text(encoding="utf-8").splitlines() if killers.exists() else ())
    weights = _weights()
    most = int(os.environ.get(LIKELIEST_TESTS, len(config.args)))
    config.args = sorted(config.args, key=lambda test: (-kills[test], weights.get(test, 0.0)))[:most]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note what killed the mutant."""
    killers = _killers() if report.failed else None
    if killers:
        killers.parent.mkdir(exist_ok=True)
        with killers.open("a", encoding="utf-8") as notes:
            notes.write(f"{report.nodeid}\n")


def _killers() -> Path | None:
    """The file of the mutant's module; None where no mutant is tried."""
    module, _, function = os.environ.get("MUTANT_UNDER_TEST", "").rpartition(".")
    return _KILLERS / module if "__mutmut_" in function else None


@cache
def _weights() -> dict[str, float]:
    stats: dict[str, Any] = json.loads(_STATS.read_text(encoding="utf-8"))
    functions = Counter(test for tests in stats["tests_by_mangled_function_name"].values() for test in tests)
    return {test: functions[test] * (0.01 + seconds) for test, seconds in stats["duration_by_test"].items()}
