"""One simulation for all that is tried here, and how much that is."""

import os
from collections.abc import Callable, Iterator

import pytest

from tests.orders.search import Search
from tests.orders.simulation import Simulation, simulation


@pytest.fixture(scope="package")
def simulated() -> Iterator[Simulation]:
    with simulation() as made:
        yield made


@pytest.fixture
def search(simulated: Simulation, record_property: Callable[[str, object], None]) -> Iterator[Search]:
    """Tries orders; says how many."""
    before = simulated.orders
    yield Search(simulated, os.environ.get("DRAW", ""))
    record_property("orders", simulated.orders - before)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many orders were tried, and answers compared with the model's."""
    told: dict[str, int] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "teardown":
                for name, value in report.user_properties:
                    told[name] = told.get(name, 0) + value
    if told:
        terminalreporter.write_line("  ".join(f"{name}: {value:,}" for name, value in told.items()))
