"""What the cleanup does with requests: it reminds, closes, erases, and measures what waits for agents."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, repeat
from typing import Any

import pytest

from activation.domain.contacts import Channel
from activation.domain.errors import StaleError
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS
from activation.domain.outbox import MessageKind, OutboxMessage
from activation.domain.requests.documents import Document
from activation.domain.requests.kinds import Catalogue
from activation.domain.requests.ports import DueKey
from activation.domain.requests.request import Asked, Request, days_after
from activation.domain.requests.states import AskReason, Origin, Party, RequestAct, RequestState
from activation.domain.times import day_of_rights
from functions.purge_expired import requests as cleanup
from functions.purge_expired.requests import LOOKED_BACK_DAYS, Measured, Ports, Tended, Tending, measure_queue
from tests.builders import MAIL, active
from tests.fakes.requests import FakeRequests
from tests.in_memory import InMemoryService
from tests.unit.requests import KIND, NOW, PAID, request
from tests.unit.test_purge_expired import Told

TODAY = day_of_rights(NOW)
ASKED = Asked("la date", AskReason.INCOMPLETE, TODAY, "Complétez.")
DOCUMENT = Document("D1", "10000001", "R1", "rentree", "", "Garcia", "Louis", "S1", "Mairie", "", TODAY, TODAY, NOW)


def waiting(state: RequestState, **more: Any) -> Request:
    return replace(request(state), **more)


DRAFT = waiting(RequestState.DRAFT, sent_at=None)
TO_COMPLETE = waiting(RequestState.TO_COMPLETE, asked=ASKED)
ENDED = waiting(RequestState.REFUSED, ended_at=NOW)
SECOND = replace(ENDED, request_id="R2")


class Requests(InMemoryService):
    """An in-memory service whose requests are tended to on a day."""

    def __init__(self, *requests: Request, day: str = TODAY, stored: FakeRequests | None = None) -> None:
        super().__init__(active(proven={Channel.EMAIL: MAIL}))
        self.told = Told()
        self.requests = stored or FakeRequests()
        self.requests.rows = {one.request_id: one for one in requests}
        self.requests.lines = {one.request_id: [] for one in requests}
        self.now = NOW
        while day_of_rights(self.now) < day:
            self.now += DAY_SECONDS

    @property
    def ports(self) -> Ports:
        kinds = Catalogue({kind.id: {kind.version: kind} for kind in (KIND, PAID)})
        return Ports(kinds, self.store, self.requests, self.accounts, self.outbox)

    def tend(self, *, has_time: Callable[[], bool] = lambda: True, is_dry_run: bool = False) -> Tended:
        return cleanup.tend(self.ports, context=self.context, has_time=has_time, tell=self.told, is_dry_run=is_dry_run)


def done(*tendings: Tending, finished: bool = True) -> Tended:
    return Tended(Counter(tendings), finished)


@pytest.mark.parametrize(
    ("one", "kind"), [(DRAFT, MessageKind.DRAFT_ENDING), (TO_COMPLETE, MessageKind.REQUEST_REMINDER)]
)
def test_a_week_before_its_end_its_person_is_told_once(one: Request, kind: MessageKind) -> None:
    assert one.due_on is not None
    service = Requests(one, day=one.due_on)
    assert service.tend() == done(Tending.REMINDED)
    [notice] = service.outbox.pending
    expected = OutboxMessage("", kind, "10000001", service.now, service.now + DAY_SECONDS, channel=Channel.EMAIL)
    assert replace(notice, message_id="") == replace(expected, request_number="123 456 789")
    assert service.requests.rows == {"R1": replace(one, reminded=True, version=3)}
    assert service.tend() == done()


def test_a_reminder_without_an_account_is_written_down_and_sent_to_nobody() -> None:
    service = Requests(DRAFT, day=DRAFT.due_on or "")
    service.accounts.rows.clear()
    assert (service.tend(), service.outbox.pending) == (done(Tending.REMINDED), [])


def test_what_is_not_finished_in_time_is_closed_with_a_line_and_a_draft_loses_its_answers() -> None:
    for one, kept in ((DRAFT, {}), (TO_COMPLETE, TO_COMPLETE.answers)):
        reminded = replace(one, reminded=True)
        service = Requests(reminded, day=one.lapses_on or "")
        assert service.tend() == done(Tending.LAPSED)
        [closed], [line] = service.requests.rows.values(), service.requests.lines["R1"]
        assert (closed.state, closed.ended_at, closed.answers) == (RequestState.CLOSED, service.now, kept)
        assert (line.act, line.by, line.at) == (RequestAct.LAPSE, Party.SERVICE, service.now)


def test_what_was_not_reminded_in_time_is_closed_and_no_more_reminded() -> None:
    day = days_after(DRAFT.lapses_on or "", LOOKED_BACK_DAYS - 8)
    assert Requests(DRAFT, day=day).tend() == done(Tending.LAPSED)


def test_requests_and_documents_are_erased_when_their_time_is_over() -> None:
    service = Requests(ENDED, SECOND, day=ENDED.erased_on or "")
    assert (service.tend(), service.requests.rows) == (done(Tending.ERASED, Tending.ERASED), {})
    service = Requests(day=DOCUMENT.erased_on)
    service.requests.documents["D1"] = (DOCUMENT, "hash")
    assert (service.tend(), service.requests.documents) == (done(Tending.ERASED), {})


@pytest.mark.parametrize(("late", "erased"), [(0, 1), (LOOKED_BACK_DAYS, 1), (LOOKED_BACK_DAYS + 1, 0), (-1, 0)])
def test_a_cleanup_that_stood_still_for_60_days_finds_all_that_was_due(late: int, erased: int) -> None:
    service = Requests(ENDED, day=days_after(ENDED.erased_on or "", late))
    assert service.tend().done[Tending.ERASED] == erased


def test_a_dry_run_counts_and_changes_nothing() -> None:
    for one, tending in ((ENDED, Tending.ERASED), (replace(DRAFT, reminded=True), Tending.LAPSED)):
        service = Requests(one, day=one.due_on or "")
        assert service.tend(is_dry_run=True) == done(tending)
        assert (list(service.requests.rows.values()), service.outbox.pending) == ([one], [])


class Broken(FakeRequests):
    """Rows that can't be read, whose person acts meanwhile, or that went; days that can't be read."""

    def __init__(self, errors: dict[str, Exception | None], days: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.errors, self.days = errors, days

    def due_keys(self, day: str) -> Iterator[DueKey]:
        if day in self.days:
            raise TimeoutError
        return super().due_keys(day)

    def due(self, key: DueKey, day: str) -> Request | Document | None:
        if key.record not in self.errors:
            return super().due(key, day)
        if error := self.errors[key.record]:
            raise error
        return None


def test_a_row_that_cannot_be_read_is_told_and_those_after_it_are_done() -> None:
    service = Requests(ENDED, SECOND, day=ENDED.erased_on or "", stored=Broken({"R1": KeyError("state")}))
    assert service.tend() == done(Tending.ERASED)
    assert (list(service.requests.rows), service.told) == (["R1"], [("requests", "10000001", "KeyError")])


@pytest.mark.parametrize("error", [StaleError(), None], ids=["acted on", "gone"])
def test_what_changed_meanwhile_is_left_and_needs_no_word(error: Exception | None) -> None:
    service = Requests(ENDED, SECOND, day=ENDED.erased_on or "", stored=Broken({"R1": error}))
    assert (service.tend(), service.told) == (done(Tending.ERASED), [])


def test_a_day_that_cannot_be_read_is_told_and_the_next_run_reads_it_again() -> None:
    day = ENDED.erased_on or ""
    service = Requests(ENDED, day=day, stored=Broken({}, frozenset({days_after(day, -1)})))
    assert service.tend() == done(Tending.ERASED, finished=False)
    assert service.told == [("requests", None, "TimeoutError")]


def test_when_time_runs_out_the_next_run_goes_on() -> None:
    service, time = Requests(ENDED, SECOND, day=ENDED.erased_on or ""), chain([True], repeat(False))
    assert service.tend(has_time=lambda: next(time)) == done(Tending.ERASED, finished=False)
    assert service.tend() == done(Tending.ERASED)


def test_the_queue_says_how_much_waits_since_when_and_what_nobody_took_in_five_days() -> None:
    hours = {"R1": 120, "R2": 121, "R3": 119}
    sent = [waiting(RequestState.SENT, request_id=key, sent_at=NOW - ago * HOUR_SECONDS) for key, ago in hours.items()]
    taken = waiting(RequestState.EXAMINED, request_id="R4", sent_at=NOW - 200 * HOUR_SECONDS, kind=PAID.id)
    others = [replace(DRAFT, request_id="R5"), replace(ENDED, request_id="R6")]
    assert measure_queue(Requests(*sent, taken, *others).ports, now=NOW) == Measured(4, 200, 2)
    assert measure_queue(Requests(*sent[2:]).ports, now=NOW + HOUR_SECONDS - 1) == Measured(1, 119, 0)
    assert measure_queue(Requests().ports, now=NOW) == Measured(0, 0, 0)


def test_of_many_that_wait_all_are_counted_and_the_200_oldest_of_a_kind_looked_at() -> None:
    many = [waiting(RequestState.SENT, request_id=f"R{n}", sent_at=NOW - 6 * DAY_SECONDS) for n in range(201)]
    assert measure_queue(Requests(*many).ports, now=NOW) == Measured(201, 144, 200)


def test_of_whoever_leaves_only_what_the_cnas_must_still_answer_stays() -> None:
    stay = {
        "R1": waiting(RequestState.SENT),
        "R2": waiting(RequestState.TO_COMPLETE, request_id="R2", asked=ASKED),
        "R3": waiting(RequestState.SENT, request_id="R3", identifier="20000002"),
    }
    go = [
        replace(DRAFT, request_id="R4"),
        replace(ENDED, request_id="R5", document_id="D1"),
        waiting(RequestState.EXAMINED, request_id="R6", origin=Origin.BACK_OFFICE, document_id="gone"),
    ]
    service = Requests(*go, *stay.values())
    service.requests.documents["D1"] = (DOCUMENT, "hash")
    cleanup.close_requests(service.store, service.requests, "10000001", now=NOW + 5)
    examined = waiting(RequestState.EXAMINED, request_id="R2", changed_at=NOW + 5, version=3)
    assert service.requests.rows == stay | {"R2": examined}
    assert service.requests.documents == {}
