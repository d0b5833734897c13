"""Runs several calls one strand at a time: a turn ends only before a call to AWS, as the order says."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ReadTimeoutError

from tests.orders.steps import Step
from tests.orders.turns import Fault, Order, Turn

MOST_STEPS = 2_000
"""A call that asks more of AWS than this goes round in a circle."""


class Strand:
    """A thread of a call: the one that it runs in, or one that it started. It runs only when `resume` lets it."""

    def __init__(self, call: "Call", act: Callable[[], object]) -> None:
        self.call = call
        self.is_ended = False
        self.is_there = False
        self.waits_for: Strand | None = None
        self._act, self._go, self._back = act, threading.Lock(), threading.Lock()
        self._go.acquire()
        self._back.acquire()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def can_go_on(self) -> bool:
        return not self.is_ended and (self.waits_for is None or self.waits_for.is_ended)

    def resume(self) -> None:
        self._go.release()
        self._back.acquire()

    def stop(self) -> None:
        """Give the turn back; returns when the strand has it again. Only within the strand itself."""
        self._back.release()
        self._go.acquire()
        self.call.enter()

    def _run(self) -> None:
        self._go.acquire()
        self.call.enter()
        _HERE.strand = self
        try:
            self._act()
        finally:
            self.is_ended = True
            self._back.release()


class _Here(threading.local):
    """The strand that a thread is."""

    strand: Strand | None = None


_HERE = _Here()


@dataclass
class Call:
    """A call under way. `enter`: puts its process in place, each time that one of its strands goes on."""

    name: str
    enter: Callable[[], None]
    strands: list[Strand] = field(default_factory=list)
    steps: int = 0
    fault: Fault | None = None
    sleeps: bool = False
    broken: str | None = None
    """The invocation that fails: its further tries fail too."""
    others: "list[Call]" = field(default_factory=list)
    asked: list[Step] = field(default_factory=list)
    result: Any = None
    error: BaseException | None = None

    @property
    def is_ended(self) -> bool:
        return all(strand.is_ended for strand in self.strands)

    @property
    def is_under_way(self) -> bool:
        return self.steps > 0 and not self.is_ended

    def next_strand(self, *, beside_first: bool) -> Strand:
        """The strand that goes on: its own thread as long as it can, or those that it started. Fails in a deadlock."""
        able = [strand for strand in self.strands if strand.can_go_on]
        assert able, f"{self.name} waits for itself"
        return able[-1] if beside_first else able[0]


class Pool(Executor):
    """Stands for `ThreadPoolExecutor`: its threads are strands of the call that made it. Outside of any, it is none."""

    def __init__(self, max_workers: int | None = None, **_: Any) -> None:
        del max_workers  # every order of many is one of few
        self._begun: list[Strand] = []

    def submit(self, act: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        done, here = _Awaited(), _HERE.strand

        def carry_out() -> None:
            if not done.set_running_or_notify_cancel():
                return
            try:
                done.set_result(act(*given, **named))
            except BaseException as error:  # noqa: BLE001  # whoever asks for the result is told
                done.set_exception(error)

        if here is None:
            carry_out()
            return done
        done.strand = Strand(here.call, carry_out)
        self._begun.append(done.strand)
        here.call.strands.append(done.strand)
        return done

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        del wait, cancel_futures
        for strand in self._begun:
            _await(strand)


class _Awaited(Future[Any]):
    """A future that hands the turn over until it is done."""

    strand: Strand | None = None

    def result(self, timeout: float | None = None) -> Any:
        _await(self.strand)
        return super().result(timeout)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        _await(self.strand)
        return super().exception(timeout)


def _await(strand: Strand | None) -> None:
    here = _HERE.strand
    if strand is None or here is None or strand.is_ended:
        return
    here.waits_for = strand
    here.stop()
    here.waits_for = None


def overlaps() -> bool:
    return _HERE.strand is not None and any(other.is_under_way for other in _HERE.strand.call.others)


def sleep(_: float) -> None:
    """What a call does instead of sleeping: others go on first, if they can."""
    if _HERE.strand:
        _HERE.strand.call.sleeps = True
        _HERE.strand.stop()


def pause(step: Step) -> None:
    """A step of the running strand: another may go on before it. No step for whoever is no strand."""
    strand = _HERE.strand
    if strand:
        strand.stop()
        strand.call.steps += 1
        strand.call.asked.append(step)
        assert strand.call.steps < MOST_STEPS, f"{strand.call.name} asks too much: {strand.call.asked[-6:]}"


def is_in_a_call() -> bool:
    return _HERE.strand is not None


def arrives(step: Step) -> bool:
    """A step of the running strand that may need no AWS; whether it is to fail. If it asks AWS, it `stay_there`s."""
    pause(step)
    strand = _HERE.strand
    return strand is not None and strand.call.fault is not None


def stay_there() -> None:
    """The next call to AWS of the running strand is the step at which it is."""
    if _HERE.strand:
        _HERE.strand.is_there = True


def carried_out(request: Any, step: Step, carry_out: Callable[[Any], Any]) -> Any:
    """One call to AWS of the running strand, with the fault that is due; elsewhere the call as it is."""
    strand = _HERE.strand
    if strand is None:
        return carry_out(request)
    if not strand.is_there:
        pause(step)
    strand.is_there = False
    call, invocation = strand.call, str(request.headers.get("amz-sdk-invocation-id"))
    if call.broken == invocation:
        raise _timeout(request)
    fault, call.fault = call.fault, None
    if fault in (Fault.UNREACHED, Fault.UNANSWERED):
        call.broken = invocation
    if fault is Fault.UNREACHED:
        raise _timeout(request)
    answer = carry_out(request)
    if fault:
        raise _timeout(request)
    return answer


def run(acts: Mapping[str, tuple[Callable[[], Any], Callable[[], None]]], order: Order) -> dict[str, Call]:
    """Every call, run as the order says and then to its end; each has what it returned, or what it raised.

    `acts`: what each does, and what puts its process in place.
    """
    calls = {name: Call(name, enter) for name, (_, enter) in acts.items()}
    for name, (act, _) in acts.items():
        calls[name].strands.append(Strand(calls[name], _kept(calls[name], act)))
        calls[name].others += (call for other, call in calls.items() if other != name)
    left = list(order) + [Turn(name) for name in calls]
    while left:
        turn = left.pop(0)
        _take(turn, calls[turn.who], calls, left)
    return calls


def _kept(call: Call, act: Callable[[], Any]) -> Callable[[], None]:
    def keep() -> None:
        try:
            call.result = act()
        except BaseException as error:  # noqa: BLE001  # the order's judge looks at it
            call.error = error

    return keep


def _take(turn: Turn, call: Call, calls: Mapping[str, Call], left: list[Turn]) -> None:
    """One turn: so many steps; then, with a fault, one more that fails. Who sleeps meanwhile comes after the others."""
    end = None if turn.steps is None else call.steps + turn.steps
    while not call.is_ended and (end is None or call.steps < end):
        call.next_strand(beside_first=turn.beside_first).resume()
        if call.sleeps:
            call.sleeps = False
            others = [other for name, other in calls.items() if name != turn.who and not other.is_ended]
            if others and end is None:
                left.append(turn)
                return
    if turn.fault and not call.is_ended:
        call.fault = turn.fault
        while call.fault and not call.is_ended:
            call.next_strand(beside_first=turn.beside_first).resume()


def _timeout(request: Any) -> ReadTimeoutError:
    return ReadTimeoutError(endpoint_url=str(request.url))
