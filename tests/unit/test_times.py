"""Times as the product shows them."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.times import day_of_rights, latest_day, paris_time, rfc3339
from tests.builders import NOW

FRENCH_OFFSETS = (-10, -9.5, -9, -4, -3, -2, 1, 2, 3, 4, 11, 12)
"""Hours from UTC of Papeete, the Marquises, the Gambier, the Antilles, Guyane and Saint-Pierre, Paris in winter and in
summer, Mayotte, La Réunion, Nouméa, Wallis."""

SUMMER_2026 = (1_774_746_000, 1_792_890_000)
"""When clocks change in France: 01:00 UTC on 29 March and on 25 October 2026."""


def test_a_time_is_shown_in_utc_to_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    assert rfc3339(NOW) == "2026-11-24T09:32:00Z"
    monkeypatch.undo()
    time.tzset()


DAYS = [
    ("2026-11-24T09:59:59Z", "2026-11-23"),
    ("2026-11-24T10:00:00Z", "2026-11-24"),
    ("2028-03-01T09:59:59Z", "2028-02-29"),
    ("2027-01-01T09:59:59Z", "2026-12-31"),
]


@pytest.mark.parametrize(("moment", "day"), DAYS)
def test_a_day_of_rights_ends_at_midnight_in_papeete(moment: str, day: str) -> None:
    assert day_of_rights(int(datetime.fromisoformat(moment).timestamp())) == day


@given(st.integers(min_value=0, max_value=2**33))
def test_a_day_begins_with_the_first_in_france_and_of_rights_lasts_as_long_as_anywhere(epoch: int) -> None:
    moment = datetime.fromtimestamp(epoch, UTC)
    days = {moment.astimezone(timezone(timedelta(hours=hours))).date().isoformat() for hours in FRENCH_OFFSETS}
    assert (min(days), max(days)) == (day_of_rights(epoch), latest_day(epoch))


@given(st.integers(min_value=0, max_value=2**33))
def test_a_shown_time_reads_back_as_it_was(epoch: int) -> None:
    assert int(datetime.fromisoformat(rfc3339(epoch)).timestamp()) == epoch


CLOCKS = [
    (NOW, "le 24/11 à 10 h 32"),
    (SUMMER_2026[0] - 1, "le 29/03 à 1 h 59"),
    (SUMMER_2026[0], "le 29/03 à 3 h 00"),
    (SUMMER_2026[1] - 1, "le 25/10 à 2 h 59"),
    (SUMMER_2026[1], "le 25/10 à 2 h 00"),
    (1_711_846_800, "le 31/03 à 3 h 00"),  # 2024: the last day of March is a Sunday
]


@pytest.mark.parametrize(("epoch", "said"), CLOCKS)
def test_a_time_is_said_as_clocks_in_france_show_it(epoch: int, said: str) -> None:
    assert paris_time(epoch) == said
