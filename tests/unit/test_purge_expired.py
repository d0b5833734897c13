"""The hourly cleanup."""

from collections.abc import Iterator
from itertools import chain, repeat

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.purge_expired.service import SEGMENTS, Purged, purge
from tests.builders import NOW
from tests.fakes.expiry import FakeExpirable


def always() -> bool:
    return True


@settings(max_examples=30)
@given(st.dictionaries(st.text(max_size=3), st.integers(NOW - 2, NOW + 2), max_size=30))
def test_what_has_expired_goes_and_the_rest_stays(rows: dict[str, int]) -> None:
    table = FakeExpirable("flows", dict(rows))
    [purged] = purge([table], now=NOW, has_time=always)
    assert table.rows == {key: expiry for key, expiry in rows.items() if expiry > NOW}
    assert purged == Purged("flows", len(rows) - len(table.rows), finished=True)


def test_every_table_is_reported() -> None:
    tables = [FakeExpirable(name, {"1": NOW}) for name in ("pending_codes", "sessions")]
    assert purge(tables, now=NOW, has_time=always) == [
        Purged("pending_codes", 1, finished=True),
        Purged("sessions", 1, finished=True),
    ]


def test_a_row_whose_life_was_prolonged_meanwhile_stays() -> None:
    class Prolonged(FakeExpirable):
        """Rows live on as soon as they are found."""

        def remove(self, key: str, *, now: int) -> bool:
            self.rows[key] = now + 60
            return super().remove(key, now=now)

    table = Prolonged("sessions", {"1": NOW})
    assert purge([table], now=NOW, has_time=always) == [Purged("sessions", 0, finished=True)]
    assert table.rows == {"1": NOW + 60}


def test_when_time_runs_out_the_next_run_goes_on() -> None:
    table = FakeExpirable("flows", {f"{number:03}": NOW for number in range(100)}, page_rows=1)
    time_left = chain(repeat(True, 10), repeat(False))
    [first] = purge([table], now=NOW, has_time=lambda: next(time_left))
    assert not first.finished
    assert first.removed == 100 - len(table.rows) == 10
    [second] = purge([table], now=NOW, has_time=always)
    assert second == Purged("flows", 90, finished=True)


def test_without_time_nothing_goes() -> None:
    table = FakeExpirable("flows", {"1": NOW})
    assert purge([table], now=NOW, has_time=lambda: False) == [Purged("flows", 0, finished=False)]


def test_every_segment_of_a_table_is_read() -> None:
    seen: list[tuple[int, int]] = []

    class Watched(FakeExpirable):
        """Tells which segments are asked for."""

        def expired(self, *, segment: int, segments: int, now: int) -> Iterator[list[str]]:
            seen.append((segment, segments))
            return super().expired(segment=segment, segments=segments, now=now)

    purge([Watched("flows", {})], now=NOW, has_time=always)
    assert sorted(seen) == [(segment, SEGMENTS) for segment in range(SEGMENTS)]
