"""One simulation for all that is tried here, and what it came to."""

import os
from collections.abc import Callable, Iterator

import pytest

from tests.orders.search import Search
from tests.orders.simulation import Simulation, simulation


@pytest.fixture(scope="package")
def simulated() -> Iterator[Simulation]:
    """Everything deployed in a moto of its own."""
    with simulation() as made:
        yield made


@pytest.fixture
def search(simulated: Simulation, record_property: Callable[[str, object], None]) -> Iterator[Search]:
    """Tries orders; says what it tried."""
    orders, states = simulated.orders, len(simulated.states)
    made = Search(simulated, os.environ.get("DRAW", ""))
    yield made
    record_property("orders", simulated.orders - orders)
    record_property("states", len(simulated.states) - states)
    record_property("faults", len(made.found))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Orders tried, states seen, faults found."""
    told: dict[str, int] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "teardown":
                for name, value in report.user_properties:
                    told[name] = told.get(name, 0) + value
    if told:
        terminalreporter.write_line("  ".join(f"{name}: {value:,}" for name, value in told.items()))
