"""Whatever comes between two calls to AWS, no two calls corrupt an account, and no three.

`make test` tries a sample, the same every day; `EXHAUSTIVE=1` all (`make orders`), with threes and faults drawn by the
seed DRAW.
"""

import os
from itertools import product

import pytest

from tests.orders.actors import actors, missing
from tests.orders.scenes import SCENES
from tests.orders.search import Search, pairs, triples

IS_EXHAUSTIVE = "EXHAUSTIVE" in os.environ
TRIPLES, FAULTS, CLEANUPS = 2, 3, 24
"""Orders tried of each three, of each two of whom one meets a fault, and with the cleanup; the same for one draw."""
PARTS = 20
"""So many tests of each scene, of about the same length: a tenth of all has four of three scenes."""
EVERY_PART = list(product(range(PARTS), SCENES))

SAMPLE = (
    ("invited", "POST /api/activation/password", "/support/closing/confirmation"),
    ("invited", "POST /api/activation/password", "import_roster"),
    ("invited", "POST /api/activation/password", "import_roster undo"),
    ("invited", "POST /api/activation/verification", "deliver_message"),
    ("invited", "deliver_message", "deliver_message"),
    ("home", "record_delivery", "record_delivery"),
    ("home", "POST /api/password-reset/code", "POST /api/password-reset/code"),
    ("onboarding", "PUT /api/account/consent", "PUT /api/account/consent otherwise"),
    ("home", "POST /api/session/verification", "POST /api/password-reset/password"),
    ("home", "POST /api/account/contact/verification", "POST /api/password-reset/password"),
    ("home", "PUT /api/account/password", "DELETE /api/account/sessions"),
    ("home", "PUT /api/account/consent", "DELETE /api/account/sessions"),
    ("home", "purge_expired", "POST /api/session/verification"),
    ("home", "record_delivery", "/support/closing/confirmation"),
    ("home", "POST /api/account/contact/verification", "import_roster undo"),
    ("space", "PUT /api/correspondent/people", "import_roster"),
    ("space", "POST /api/correspondent/uploads/{upload_id}/application", "/support/unlinking"),
    ("space", "POST /api/correspondent/uploads/{upload_id}/undoing", "import_roster undo"),
    ("declared", "import_roster", "/support/closing/confirmation"),
    ("declared", "import_roster", "/support/unlinking"),
    ("requesting", "POST /api/requests/{request_id}/withdrawal", "/support/requests/take"),
    ("requesting", "PUT /api/requests/{request_id}", "POST /api/requests/{request_id}/sending"),
    ("requesting", "PUT /api/correspondent/people", "import_roster check"),
    ("requesting", "import_roster", "/support/requests/refuse"),
    ("requesting", "import_roster", "/support/closing/confirmation"),
)
MOST_OF_A_SAMPLE = 8


def test_every_call_and_every_function_takes_part() -> None:
    assert missing() == set()


@pytest.mark.skipif(IS_EXHAUSTIVE, reason="a part of what is tried then")
@pytest.mark.parametrize(
    ("scene", "first", "second"), [pytest.param(*each, marks=pytest.mark.xdist_group(each[0])) for each in SAMPLE]
)
def test_of_a_sample_no_order_of_two_breaks_anything(search: Search, scene: str, first: str, second: str) -> None:
    [one] = [actor for actor in actors() if str(actor) == first]
    [other] = [actor for actor in (*actors(), *actors(1)) if str(actor) == second]
    search.pair(scene, one, other, faults=MOST_OF_A_SAMPLE, most=MOST_OF_A_SAMPLE)
    assert not search.found, search.told()


@pytest.mark.skipif(not IS_EXHAUSTIVE, reason="make orders")
@pytest.mark.parametrize(("part", "scene"), EVERY_PART)
def test_no_order_of_two_breaks_anything_even_where_a_call_fails(search: Search, part: int, scene: str) -> None:
    for first, second in pairs()[part::PARTS]:
        with_cleanup = "purge_expired" in (first.name, second.name)
        search.pair(scene, first, second, faults=FAULTS, most=CLEANUPS if with_cleanup else None)
    assert not search.found, search.told()


@pytest.mark.skipif(not IS_EXHAUSTIVE, reason="make orders")
@pytest.mark.parametrize(("part", "scene"), EVERY_PART)
def test_no_order_of_three_that_write_one_row_breaks_anything(search: Search, part: int, scene: str) -> None:
    for three in triples(search.simulation, scene)[part::PARTS]:
        search.triple(scene, three, most=TRIPLES)
    assert not search.found, search.told()
