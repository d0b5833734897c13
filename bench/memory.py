"""`python -m bench.memory`: the most memory that each function takes."""

from collections.abc import Mapping, Sequence
from statistics import median

from bench.aws import StandIn, stand_in
from bench.cold import PUT, STACK, Subject, subjects
from bench.report import show
from bench.results import Results, ratio_of
from bench.runtime import Process
from bench.steps import SETTINGS

ROUNDS = 11
CALLS = 10
"""How often each is called before its peak is read."""

GOALS = {"set password": 1.5, "sign in": 1.5}
"""At most so many times the stack's: Argon2id takes 19 MiB."""
MOST = 1.15
"""The same, for every other."""


def measure() -> list[Results]:
    """Look at the peaks."""
    with subjects() as wanted, stand_in() as aws:
        ours = [subject for subject in wanted if subject.name != PUT]
        rounds = [{subject.name: _peak(aws, subject) for subject in ours} for _ in range(ROUNDS)]
    peaks = {subject.name: [each[subject.name] for each in rounds] for subject in ours}
    return [_peaks(peaks)]


def _peak(aws: StandIn, subject: Subject) -> float:
    aws.rows = subject.rows
    with Process(subject.installed, subject.handler, {**SETTINGS, **aws.settings}) as process:
        for _ in range(CALLS):
            process.call(subject.event)
        return process.most_memory


def _peaks(peaks: Mapping[str, Sequence[float]]) -> Results:
    floor = peaks[STACK]
    return Results(
        "memory",
        "Most memory",
        ("function", "MiB", "times stack", "at most"),
        tuple(
            (name, round(median(ours) / 2**20), round(ratio_of(ours, floor), 2), GOALS.get(name, MOST))
            for name, ours in peaks.items()
        ),
        note=f"Medians of {ROUNDS} interleaved rounds: the peak (VmHWM) after {CALLS} calls.",
        bars=("MiB",),
    )


if __name__ == "__main__":
    show(measure())
