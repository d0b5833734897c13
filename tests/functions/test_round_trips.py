"""What each step asks of AWS is in a table: a call more fails until the table says why."""

import pytest

from bench.trips import Trip, chain, transactions, trips_of, units
from infra.traffic import BUDGETS, STEPS, WRITTEN, Budget
from tests.functions.world import World


def test_each_step_asks_of_aws_what_the_table_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = trips_of(world, monkeypatch)
    assert {name: Budget(len(trips), chain(trips), transactions(trips)) for name, trips in made.items()} == BUDGETS
    activation = [trip for steps in STEPS.values() for step, times in steps.items() for trip in made[step] * times]
    assert units(activation)[0] == WRITTEN


def test_calls_that_overlap_count_once() -> None:
    first, beside, after = Trip("a", 0, 2), Trip("b", 1, 3), Trip("c", 3, 4)
    assert chain([first, beside]) == 1
    assert chain([first, beside, after]) == 2
