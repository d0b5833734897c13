"""The hourly cleanup."""

from collections.abc import Callable, Iterator
from itertools import chain, repeat

from hypothesis import given, settings
from hypothesis import strategies as st

from activation.domain.errors import BusyError
from functions.purge_expired.segments import SEGMENTS
from functions.purge_expired.service import Purged
from functions.purge_expired.service import purge as purge_tables
from tests.builders import NOW
from tests.fakes.expiry import FakeExpirable


def always() -> bool:
    return True


class Told(list[tuple[str, str | None, str]]):
    """What failed: table, whose row, kind of error."""

    def __call__(self, table: str, identifier: str | None, error: Exception) -> None:
        """Note it."""
        self.append((table, identifier, type(error).__name__))


def purge(tables: list[FakeExpirable], *, now: int, has_time: Callable[[], bool] = always) -> list[Purged]:
    """Purge tables in which nothing fails."""
    purged = purge_tables(tables, now=now, has_time=has_time, tell=(told := Told()))
    assert told == []
    return purged


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


def test_a_row_that_fails_is_told_and_the_others_go() -> None:
    class Poisoned(FakeExpirable):
        """One row never goes."""

        def remove(self, key: str, *, now: int) -> bool:
            if key == "07":
                raise BusyError
            return super().remove(key, now=now)

    table, told = Poisoned("sessions", {f"{number:02}": NOW for number in range(40)}), Told()
    assert purge_tables([table], now=NOW, has_time=always, tell=told) == [Purged("sessions", 39, finished=True)]
    assert (list(table.rows), told) == (["07"], [("sessions", None, "BusyError")])


def test_a_table_that_cannot_be_read_holds_up_no_other() -> None:
    class Unreadable(FakeExpirable):
        """Nothing can be read."""

        def expired(self, *, segment: int, segments: int, now: int) -> Iterator[list[str]]:
            yield from super().expired(segment=segment, segments=segments, now=now)
            raise ConnectionError

    told, other = Told(), FakeExpirable("sessions", {"1": NOW})
    tables = [Unreadable("flows", {"1": NOW}), other]
    assert purge_tables(tables, now=NOW, has_time=always, tell=told) == [
        Purged("flows", 1, finished=False),
        Purged("sessions", 1, finished=True),
    ]
    assert told == [("flows", None, "ConnectionError")] * SEGMENTS
