"""Whatever comes between two calls to AWS, no two calls corrupt an account, and no three.

`make orders` tries them all; threes and faults are drawn by the seed DRAW.
"""

from itertools import product

import pytest

from tests.orders.actors import missing
from tests.orders.scenes import SCENES
from tests.orders.search import Search, pairs, triples

TRIPLES, FAULTS, CLEANUPS = 2, 3, 24
"""Orders tried of each three, of each two of whom one meets a fault, and with the cleanup; the same for one draw."""
PARTS = 20
"""So many tests of each scene, of about the same length: a twentieth of all has two of each of three scenes."""
EVERY_PART = list(product(range(PARTS), SCENES))


def test_every_call_and_every_function_takes_part() -> None:
    assert missing() == set()


@pytest.mark.exhaustive
@pytest.mark.parametrize(("part", "scene"), EVERY_PART)
def test_no_order_of_two_breaks_anything_even_where_a_call_fails(search: Search, part: int, scene: str) -> None:
    for first, second in pairs()[part::PARTS]:
        with_cleanup = "purge_expired" in (first.name, second.name)
        search.pair(scene, first, second, faults=FAULTS, most=CLEANUPS if with_cleanup else None)
    assert not search.found, search.told()


@pytest.mark.exhaustive
@pytest.mark.parametrize(("part", "scene"), EVERY_PART)
def test_no_order_of_three_that_write_one_row_breaks_anything(search: Search, part: int, scene: str) -> None:
    for three in triples(search.simulation, scene)[part::PARTS]:
        search.triple(scene, three, most=TRIPLES)
    assert not search.found, search.told()
