"""What each step asks of AWS is in a table: a call more fails until the table says why."""

import pytest

from bench.trips import Trip, chain, trips_of
from infra.traffic import BUDGETS, Budget
from tests.functions.world import World


def test_each_step_asks_of_aws_what_the_table_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {name: Budget(len(trips), chain(trips)) for name, trips in trips_of(world, monkeypatch).items()}
    assert made == BUDGETS


def test_calls_that_overlap_count_once() -> None:
    first, beside, after = Trip("a", 0, 2), Trip("b", 1, 3), Trip("c", 3, 4)
    assert chain([first, beside]) == 1
    assert chain([first, beside, after]) == 2
