"""What a cold start costs, by function, beside what Powertools and pydantic alone cost."""

from collections.abc import Mapping, Sequence
from statistics import median

from bench.aws import StandIn
from bench.report import Cell, Results, ratio_of
from bench.runtime import Installed, Process, installed
from bench.steps import SETTINGS, STACK, Step, floor, steps

ROUNDS = 11
ANSWERS = (200, 202)

MOST, MOST_WITH_A_HASH = 1.16, 1.47
"""At most so many times the stack: 1.5 and 1.9 times a bare put with boto3, of which the stack is 1.29."""


def measure() -> list[Results]:
    """Start everything in turn, again and again; the first round warms the machine."""
    wanted = (floor(), *steps())
    with installed() as ours, StandIn() as aws:
        rounds = [{step.name: start(aws, ours, step) for step in wanted} for _ in range(ROUNDS + 1)][1:]
    note = f"Goals: at most {MOST} times the stack, {MOST_WITH_A_HASH} where a password is hashed."
    starts = {step.name: [each[step.name] for each in rounds] for step in wanted}
    return [Results("cold", "Cold start", COLUMNS, rows(starts), f"Medians of {ROUNDS} interleaved rounds. {note}")]


def start(aws: StandIn, where: Installed, step: Step) -> float:
    """The work (seconds of processor time) of one cold start, from the process's beginning to its first answer.

    Raises RuntimeError when that is a refusal.
    """
    aws.rows = step.rows
    with Process(where, step.handler, {**SETTINGS, **aws.settings}) as process:
        given = process.call(step.event)
        if not given.path.endswith("/response") or given.body.get("statusCode", 200) not in ANSWERS:
            raise RuntimeError(f"{step.name}: {given.body}")
        return process.cpu_seconds


COLUMNS = ("function", "ms of work", "times stack")


def rows(work: Mapping[str, Sequence[float]]) -> Sequence[Sequence[Cell]]:
    """The medians of what each worked in interleaved rounds, under these columns."""
    return [(name, round(1e3 * median(ours), 1), round(ratio_of(ours, work[STACK]), 2)) for name, ours in work.items()]
