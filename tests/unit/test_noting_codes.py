"""What the outbox knows of codes is noted with their people."""

from collections.abc import Iterator
from itertools import chain, repeat

from activation.domain.activation_funnel import FunnelStage
from activation.domain.errors import BusyError
from activation.domain.ports import CodeTimes
from functions.purge_expired.funnel import note_codes
from tests.builders import NOW

CODES = [CodeTimes(f"1{number:07}", NOW - number, None) for number in range(40)]


class FakeActivationFunnel:
    """The codes that went out, and of whom they are noted. The `poisoned` person's row fails."""

    def __init__(self, poisoned: str = "") -> None:
        self.noted: list[str] = []
        self.asked: list[tuple[int, int, int]] = []
        self._poisoned = poisoned

    def sent_codes(self, *, segment: int, segments: int, since: int) -> Iterator[list[CodeTimes]]:
        """Those of that segment, on one page."""
        self.asked.append((segment, segments, since))
        yield CODES[segment::segments]

    def note(self, code: CodeTimes) -> None:
        """Raises BusyError for the poisoned person."""
        if code.identifier == self._poisoned:
            raise BusyError
        self.noted.append(code.identifier)

    def everybody(self) -> Iterator[FunnelStage]:
        """Nobody is counted here."""
        yield from ()


class Told(list[tuple[str, str | None, str]]):
    """What failed: table, whose row, kind of error."""

    def __call__(self, table: str, identifier: str | None, error: Exception) -> None:
        """Note it."""
        self.append((table, identifier, type(error).__name__))


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
    assert len(activation_funnel.noted) == len(CODES) - 1
    assert told == [("outbox", "10000007", "BusyError")]


def test_a_segment_that_breaks_off_is_told_and_the_next_run_reads_it_again() -> None:
    class BrokenOff(FakeActivationFunnel):
        """Nothing can be read after the first page."""

        def sent_codes(self, *, segment: int, segments: int, since: int) -> Iterator[list[CodeTimes]]:
            yield from super().sent_codes(segment=segment, segments=segments, since=since)
            raise ConnectionError

    activation_funnel, told = BrokenOff(), Told()
    assert not note_codes(activation_funnel, now=NOW, has_time=lambda: True, tell=told)
    assert (len(activation_funnel.noted), told) == (len(CODES), [("outbox", None, "ConnectionError")] * 4)
