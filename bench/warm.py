"""`python -m bench.warm`: what a step takes once its function is warm, beside the sum of what it can't do without."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Any

from activation.domain.passwords import _FRENCH_WORDS
from bench.aws import Row, StandIn, stand_in
from bench.cold import LEAN, PUT, STACK, Subject, subjects
from bench.report import show
from bench.results import Cell, Results, ratio_of
from bench.runtime import Process
from bench.steps import SETTINGS, Pair, pairs
from tests.builders import PASSWORD

ROUNDS = 11
CALLS = 5
"""How often each is called in a round."""
WARMING = 20
PAIRED = 200
"""How often each of two people who must look alike calls."""

MOST_OF_PARTS, MOST_OF_STACK, MOST_APART = 1.25, 1.3, 0.03
HASHING = {
    "set password": {"hashes": True, "judges": PASSWORD, "known": _FRENCH_WORDS},
    "sign in": {"hashes": True, "judges": "", "known": ()},
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a call took, in seconds: on the clock, and of processor time."""

    clock: float
    cpu: float


class Warm:
    """A function that has been called often."""

    def __init__(self, aws: StandIn, process: Process, subject: Subject) -> None:
        self._aws, self._process, self._subject = aws, process, subject
        for _ in range(WARMING):
            self.call()
        aws.heard.clear()
        self.call()
        self.calls = list(aws.heard)
        """What it asks of AWS."""

    @property
    def rows(self) -> Mapping[str, Row]:
        """What AWS answers it with."""
        return self._subject.rows

    def call(self) -> float:
        """Call it; returns seconds."""
        self._aws.rows = self._subject.rows
        return self._process.call(self._subject.event).seconds

    def cost(self) -> Cost:
        """What a call costs, the median of some."""
        before = self._process.cpu_seconds
        clock = median(self.call() for _ in range(CALLS))
        return Cost(clock, (self._process.cpu_seconds - before) / CALLS)


def measure() -> list[Results]:
    """Warm everything, then call all in turn."""
    with subjects() as wanted, stand_in() as aws, ExitStack() as running:

        def warm(subject: Subject) -> Warm:
            process = Process(subject.installed, subject.handler, {**SETTINGS, **aws.settings})
            return Warm(aws, running.enter_context(process), subject)

        ours = {subject.name: warm(subject) for subject in wanted if subject.name != PUT}
        stack = next(subject for subject in wanted if subject.name == STACK)
        steps = [name for name in ours if name not in (STACK, LEAN)]

        def floor(module: str, rows: Mapping[str, Row], **event: Any) -> Warm:
            return warm(Subject(module, stack.installed, f"{module}.lambda_handler", event, rows))

        nothing = floor("nothing", {})
        calls = {name: floor("calls", ours[name].rows, calls=ours[name].calls) for name in steps}
        hashing = {name: floor("hashing", {}, **event) for name, event in HASHING.items()}
        rounds = [
            (
                {name: each.cost() for name, each in ours.items()},
                {name: each.cost() for name, each in calls.items()},
                {name: each.cost() for name, each in hashing.items()},
                nothing.cost(),
            )
            for _ in range(ROUNDS)
        ]
    return [_steps(rounds, steps), _people()]


_Round = tuple[Mapping[str, Cost], Mapping[str, Cost], Mapping[str, Cost], Cost]


def _sum_of_parts(name: str, this: _Round) -> float:
    """AWS's client and the calls, the stack around them, the hashing: seconds."""
    ours, calls, hashing, nothing = this
    framework = ours[STACK].clock - ours[LEAN].clock
    hashed = hashing[name].clock - nothing.clock if name in hashing else 0
    return calls[name].clock + framework + hashed


def _steps(rounds: Sequence[_Round], steps: Sequence[str]) -> Results:
    def row(name: str) -> tuple[str, float, float, float, float, float]:
        clock = [this[0][name].clock for this in rounds]
        parts = [_sum_of_parts(name, this) for this in rounds]
        cpu, stack = ([this[0][which].cpu for this in rounds] for which in (name, STACK))
        return (
            name,
            round(1e3 * median(clock), 1),
            round(1e3 * median(parts), 1),
            round(ratio_of(clock, parts), 2),
            round(1e3 * median(cpu), 1),
            round(ratio_of(cpu, stack), 2),
        )

    return Results(
        "warm",
        "Warm calls",
        ("step", "ms", "sum of parts, ms", "times the parts", "of work, ms", "work, times stack"),
        tuple(row(name) for name in steps),
        note=f"Medians of {ROUNDS} interleaved rounds of {CALLS} calls. The parts: AWS's client with the step's own "
        "AWS calls, one after the other; what Powertools and pydantic add to a put; the hashing. Goals: at most "
        f"{MOST_OF_PARTS} times the parts; start's work at most {MOST_OF_STACK} times the stack's.",
        bars=("ms", "sum of parts, ms"),
    )


def _people() -> Results:
    """Two people, one known and one not, call one process in turn."""
    rows = list[tuple[Cell, ...]]()
    with subjects() as wanted, stand_in() as aws:
        for pair in pairs():
            with Process(wanted[-1].installed, pair.handler, {**SETTINGS, **aws.settings}) as process:
                known, unknown = _in_turn(aws, process, pair)
            clock = median(cost.clock for cost in known) / median(cost.clock for cost in unknown)
            apart = median(cost.cpu for cost in known) / median(cost.cpu for cost in unknown)
            rows.append((pair.name, *map(_work, (known, unknown)), round(apart, 3), round(clock, 3)))
    return Results(
        "alike",
        "Known and unknown people",
        ("call", "known, ms of work", "unknown, ms of work", "known / unknown, work", "known / unknown, clock"),
        tuple(rows),
        note=f"Medians of {PAIRED} calls each, in turn, to one process. "
        f"Goal: from {1 - MOST_APART} to {1 + MOST_APART}.",
    )


def _work(costs: Sequence[Cost]) -> float:
    return round(1e3 * median(cost.cpu for cost in costs), 2)


def _in_turn(aws: StandIn, process: Process, pair: Pair) -> tuple[list[Cost], list[Cost]]:
    known, unknown = list[Cost](), list[Cost]()
    for number in range(2 * (PAIRED + WARMING)):
        # Who comes first changes: ABBA, so that nobody always comes after the other.
        is_known = number % 4 in (0, 3)
        aws.rows = pair.known if is_known else pair.unknown
        event = pair.known_event if is_known else pair.unknown_event
        before = process.cpu_seconds
        clock = process.call(event).seconds
        (known if is_known else unknown).append(Cost(clock, process.cpu_seconds - before))
    return known[WARMING:], unknown[WARMING:]


if __name__ == "__main__":
    show(measure())
