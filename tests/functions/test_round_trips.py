"""What each step asks of AWS is in a table: a call more fails until the table says why."""

import pytest

from activation.domain.people_search import PAGE_PEOPLE
from bench.trips import Recorder, Trip, chain, transactions, trips_of, units
from infra.traffic import BUDGETS, STEPS, WRITTEN, Budget
from tests.builders import ROSTER
from tests.functions.correspondents import claire_at_home
from tests.functions.world import World


def test_each_step_asks_of_aws_what_the_table_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = trips_of(world, monkeypatch)
    assert {name: Budget(len(trips), chain(trips), transactions(trips)) for name, trips in made.items()} == BUDGETS
    activation = [trip for steps in STEPS.values() for step, times in steps.items() for trip in made[step] * times]
    assert units(activation)[0] == WRITTEN


def test_a_page_of_the_follow_up_asks_the_same_whoever_consents(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three calls, and one for each person: nobody here consents. Whoever is shown costs one more, a transaction."""
    claire = claire_at_home(world)
    many = [{**ROSTER[0], "identifier": f"7{number:07}", "email": "", "mobile": ""} for number in range(PAGE_PEOPLE)]
    world.import_rows([*ROSTER, *many])
    recorder = Recorder(monkeypatch)
    assert claire.post("/api/correspondent/requests/search", {"structure": "S1"}).body.keys() == {"people", "after"}
    assert (len(recorder.trips), transactions(recorder.trips)) == (3 + PAGE_PEOPLE, 0)


def test_calls_that_overlap_count_once() -> None:
    first, beside, after = Trip("a", 0, 2), Trip("b", 1, 3), Trip("c", 3, 4)
    assert chain([first, beside]) == 1
    assert chain([first, beside, after]) == 2
