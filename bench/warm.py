"""What a step takes once its function is warm."""

from collections import defaultdict
from contextlib import ExitStack

from bench.aws import StandIn
from bench.cold import COLUMNS, rows
from bench.report import Results
from bench.runtime import Process, installed
from bench.steps import SETTINGS, Step, floor, steps

ROUNDS = 11
CALLS = 5
"""How often each is called in a round."""
WARMING = 20

MOST_OF_STACK = 1.3
"""The goal for *start*, which a campaign calls most."""


def measure() -> list[Results]:
    """Warm everything, then call all in turn."""
    wanted = (floor(), *steps())
    times = defaultdict[str, list[float]](list)
    with installed() as ours, StandIn() as aws, ExitStack() as running:
        processes = {
            step.name: running.enter_context(Process(ours, step.handler, {**SETTINGS, **aws.settings}))
            for step in wanted
        }
        for step in wanted:
            work(aws, processes[step.name], step, WARMING)
        for _ in range(ROUNDS):
            for step in wanted:
                times[step.name].append(work(aws, processes[step.name], step, CALLS))
    note = (
        f"Medians of {ROUNDS} interleaved rounds of {CALLS} calls. Goal: start at most {MOST_OF_STACK} times the stack."
    )
    return [Results("warm", "Warm calls", COLUMNS, rows(times), note)]


def work(aws: StandIn, process: Process, step: Step, calls: int) -> float:
    """The seconds of processor time that one of so many calls takes."""
    aws.rows = step.rows
    before = process.cpu_seconds
    for _ in range(calls):
        process.call(step.event)
    return (process.cpu_seconds - before) / calls
