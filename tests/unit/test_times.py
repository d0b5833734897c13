"""Times as the product shows them."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from activation.domain.times import day_of, rfc3339
from tests.builders import NOW


def test_a_time_is_shown_in_utc_to_the_second() -> None:
    assert rfc3339(NOW) == "2026-11-24T09:32:00Z"
    assert day_of(NOW) == "2026-11-24"


def test_a_day_begins_at_midnight_utc() -> None:
    assert day_of(1_795_478_399) == "2026-11-23"
    assert day_of(1_795_478_400) == "2026-11-24"


@given(st.integers(min_value=0, max_value=2**33))
def test_a_shown_time_reads_back_as_it_was(epoch: int) -> None:
    assert int(datetime.fromisoformat(rfc3339(epoch)).timestamp()) == epoch
