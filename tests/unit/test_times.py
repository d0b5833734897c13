"""Times as the product shows them."""

import time
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.times import day_of_rights, latest_day, paris_time, rfc3339
from tests.builders import NOW

FRENCH_OFFSETS = (-10, -9.5, -9, -4, -3, -2, 1, 2, 3, 4, 11, 12)
"""Hours from UTC of Papeete, the Marquises, the Gambier, the Antilles, Guyane and Saint-Pierre, Paris in winter and in
summer, Mayotte, La Réunion, Nouméa, Wallis."""


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


def test_times_are_said_as_clocks_in_paris_show_them() -> None:
    paris, moment = ZoneInfo("Europe/Paris"), datetime(2024, 1, 1, tzinfo=UTC)
    while moment.year < 2029:
        shown = moment.astimezone(paris)
        assert paris_time(int(moment.timestamp())) == f"le {shown:%d/%m} à {shown.hour} h {shown:%M}"
        moment += timedelta(hours=0.5 if moment.month in {3, 10} else 7)  # clocks are changed in these months
