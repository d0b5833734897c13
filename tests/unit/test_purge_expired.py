"""The hourly cleanup, and what it notes of codes."""

from collections.abc import Callable, Iterator
from itertools import chain, repeat

from hypothesis import given, settings
from hypothesis import strategies as st

from activation.domain.activation_funnel import FunnelStage
from activation.domain.errors import BusyError
from activation.domain.ports import CodeTimes
from functions.purge_expired.funnel import note_codes
from functions.purge_expired.segments import SEGMENTS
from functions.purge_expired.service import Purged
from functions.purge_expired.service import purge as purge_tables
from tests.builders import NOW
from tests.fakes.retention import FakeExpirable


class Told(list[tuple[str, str | None, str]]):
    """What failed: table, whose row, kind of error."""

    def __call__(self, table: str, identifier: str | None, error: Exception) -> None:
        self.append((table, identifier, type(error).__name__))


def purge(tables: list[FakeExpirable], *, now: int, has_time: Callable[[], bool] = lambda: True) -> list[Purged]:
    purged = purge_tables(tables, now=now, has_time=has_time, tell=(told := Told()))
    assert told == []
    return purged


@settings(max_examples=30)
@given(st.dictionaries(st.text(max_size=3), st.integers(NOW - 2, NOW + 2), max_size=30))
def test_what_has_expired_goes_and_the_rest_stays(rows: dict[str, int]) -> None:
    table = FakeExpirable("flows", dict(rows))
    [purged] = purge([table], now=NOW)
    assert table.rows == {key: expiry for key, expiry in rows.items() if expiry > NOW}
    assert purged == Purged("flows", len(rows) - len(table.rows), finished=True)


def test_when_time_runs_out_the_next_run_goes_on() -> None:
    table = FakeExpirable("flows", {f"{number:03}": NOW for number in range(100)}, page_rows=1)
    time_left = chain(repeat(True, 10), repeat(False))
    [first] = purge([table], now=NOW, has_time=lambda: next(time_left))
    assert (first.finished, first.removed, len(table.rows)) == (False, 10, 90)
    assert purge([table], now=NOW, has_time=lambda: False) == [Purged("flows", 0, finished=False)]
    sessions = FakeExpirable("sessions", {"1": NOW})
    done = [Purged("flows", 90, finished=True), Purged("sessions", 1, finished=True)]
    assert purge([table, sessions], now=NOW) == done


def test_a_row_that_fails_is_told_and_the_others_go() -> None:
    class Poisoned(FakeExpirable):
        def remove(self, key: str, *, now: int) -> bool:
            if key == "07":
                raise BusyError
            return super().remove(key, now=now)

    table, told = Poisoned("sessions", {f"{number:02}": NOW for number in range(40)}), Told()
    assert purge_tables([table], now=NOW, has_time=lambda: True, tell=told) == [Purged("sessions", 39, finished=True)]
    assert (list(table.rows), told) == (["07"], [("sessions", None, "BusyError")])


def test_a_table_that_cannot_be_read_holds_up_no_other() -> None:
    class Unreadable(FakeExpirable):
        def expired(self, *, segment: int, segments: int, now: int) -> Iterator[list[str]]:
            yield from super().expired(segment=segment, segments=segments, now=now)
            raise ConnectionError

    told, other = Told(), FakeExpirable("sessions", {"1": NOW})
    tables = [Unreadable("flows", {"1": NOW}), other]
    assert purge_tables(tables, now=NOW, has_time=lambda: True, tell=told) == [
        Purged("flows", 1, finished=False),
        Purged("sessions", 1, finished=True),
    ]
    assert told == [("flows", None, "ConnectionError")] * SEGMENTS


CODES = [CodeTimes(f"1{number:07}", NOW - number, None) for number in range(40)]


class FakeActivationFunnel:
    """The codes that went out, and of whom they are noted. The `poisoned` person's row fails."""

    def __init__(self, poisoned: str = "") -> None:
        self.noted: list[str] = []
        self.asked: list[tuple[int, int, int]] = []
        self._poisoned = poisoned

    def sent_codes(self, *, segment: int, segments: int, since: int) -> Iterator[list[CodeTimes]]:
        self.asked.append((segment, segments, since))
        yield CODES[segment::segments]

    def note(self, code: CodeTimes) -> None:
        if code.identifier == self._poisoned:
            raise BusyError
        self.noted.append(code.identifier)

    def everybody(self) -> Iterator[FunnelStage]:
        yield from ()


def test_every_code_of_an_hour_and_a_quarter_is_noted_in_four_segments() -> None:
    activation_funnel = FakeActivationFunnel()
    assert note_codes(activation_funnel, now=NOW, has_time=lambda: True, tell=Told())
    assert sorted(activation_funnel.noted) == [code.identifier for code in CODES]
    assert sorted(activation_funnel.asked) == [(segment, 4, NOW - 4_500) for segment in range(4)]


def test_noting_stops_when_its_time_is_over() -> None:
    activation_funnel, time_left = FakeActivationFunnel(), chain(repeat(True, 10), repeat(False))
    assert not note_codes(activation_funnel, now=NOW, has_time=lambda: next(time_left), tell=Told())
    assert len(activation_funnel.noted) == 10


def test_one_person_who_cannot_be_noted_is_told_and_the_others_are() -> None:
    activation_funnel, told = FakeActivationFunnel(poisoned="10000007"), Told()
    assert note_codes(activation_funnel, now=NOW, has_time=lambda: True, tell=told)
    assert (len(activation_funnel.noted), told) == (len(CODES) - 1, [("outbox", "10000007", "BusyError")])


def test_a_segment_that_breaks_off_is_told_and_the_next_run_reads_it_again() -> None:
    class BrokenOff(FakeActivationFunnel):
        def sent_codes(self, *, segment: int, segments: int, since: int) -> Iterator[list[CodeTimes]]:
            yield from super().sent_codes(segment=segment, segments=segments, since=since)
            raise ConnectionError

    activation_funnel, told = BrokenOff(), Told()
    assert not note_codes(activation_funnel, now=NOW, has_time=lambda: True, tell=told)
    assert (len(activation_funnel.noted), told) == (len(CODES), [("outbox", None, "ConnectionError")] * 4)
