"""What each step asks of AWS is in a table: a call more fails until the table says why."""

import pytest

from bench.cost import trips_of_one
from bench.trips import Trip, chain, transactions, trips_of, units
from infra.traffic import BUDGETS, WRITTEN, Budget
from tests.functions.world import World


def test_each_step_asks_of_aws_what_the_table_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {
        name: Budget(len(trips), chain(trips), transactions(trips))
        for name, trips in trips_of(world, monkeypatch).items()
    }
    assert made == BUDGETS


def test_an_activation_writes_what_a_plan_reckons_with() -> None:
    written, _ = units(trips_of_one())
    assert written == WRITTEN


def test_calls_that_overlap_count_once() -> None:
    first, beside, after = Trip("a", 0, 2), Trip("b", 1, 3), Trip("c", 3, 4)
    assert chain([first, beside]) == 1
    assert chain([first, beside, after]) == 2
