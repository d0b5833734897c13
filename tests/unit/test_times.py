"""Times as the product shows them."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.times import day_of, paris_time, rfc3339
from tests.builders import NOW

SUMMER_2026 = (1_774_746_000, 1_792_890_000)
"""When clocks change in France: 01:00 UTC on 29 March and on 25 October 2026."""


def test_a_time_is_shown_in_utc_to_the_second() -> None:
    assert rfc3339(NOW) == "2026-11-24T09:32:00Z"
    assert day_of(NOW) == "2026-11-24"


def test_a_day_begins_at_midnight_utc() -> None:
    assert day_of(1_795_478_399) == "2026-11-23"
    assert day_of(1_795_478_400) == "2026-11-24"


@given(st.integers(min_value=0, max_value=2**33))
def test_a_shown_time_reads_back_as_it_was(epoch: int) -> None:
    assert int(datetime.fromisoformat(rfc3339(epoch)).timestamp()) == epoch


@pytest.mark.parametrize(
    ("epoch", "said"),
    [
        (NOW, "le 24/11 à 10 h 32"),
        (SUMMER_2026[0] - 1, "le 29/03 à 1 h 59"),
        (SUMMER_2026[0], "le 29/03 à 3 h 00"),
        (SUMMER_2026[1] - 1, "le 25/10 à 2 h 59"),
        (SUMMER_2026[1], "le 25/10 à 2 h 00"),
        (1_711_846_800, "le 31/03 à 3 h 00"),  # 2024: the last day of March is a Sunday
    ],
)
def test_a_time_is_said_as_clocks_in_france_show_it(epoch: int, said: str) -> None:
    assert paris_time(epoch) == said
