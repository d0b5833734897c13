"""`python -m bench.memory`: the most memory that each function takes, and what a password's hash takes by memory."""

from collections.abc import Mapping, Sequence
from statistics import median

from argon2 import PasswordHasher

from bench.aws import StandIn, stand_in
from bench.clock import seconds_of
from bench.cold import PUT, STACK, Subject, subjects
from bench.report import show
from bench.results import Results, ratio_of
from bench.runtime import Process
from bench.steps import SETTINGS
from infra.functions import FUNCTIONS

ROUNDS = 11
CALLS = 10
"""How often each is called before its peak is read."""

GOALS = {"set password": 1.5, "sign in": 1.5}
"""At most so many times the stack's: Argon2id takes 19 MiB."""
MOST = 1.15
"""The same, for every other."""

WHOLE_CPU = 1_769
"""MB at which Lambda gives one whole vCPU; below, a share in proportion (AWS's documentation)."""
MOST_HASH_MS = 100
SLOWER = 2
"""How much slower than here a core may be: what is promised must hold on Lambda's."""
SIZES = (512, 1_024, 1_769)


def measure() -> list[Results]:
    """Look at the peaks, and at the hash."""
    with subjects() as wanted, stand_in() as aws:
        ours = [subject for subject in wanted if subject.name != PUT]
        rounds = [{subject.name: _peak(aws, subject) for subject in ours} for _ in range(ROUNDS)]
    peaks = {subject.name: [each[subject.name] for each in rounds] for subject in ours}
    return [_peaks(peaks), _hash_by_memory()]


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


def _hash_by_memory() -> Results:
    """How long Argon2id takes by a function's memory, were a core as fast as this one, and half as fast."""
    hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    here = 1e3 * min(seconds_of(lambda: hasher.hash(bytes(32))) for _ in range(2 * ROUNDS))
    given = {
        size: ", ".join(spec.name for spec in FUNCTIONS if spec.memory == size and spec.name in _HASHING) or "none"
        for size in SIZES
    }
    return Results(
        "hash-by-memory",
        "Argon2id by memory setting",
        ("MB", "share of a vCPU", "ms", f"ms, a core {SLOWER} times slower", "at most", "functions that hash"),
        tuple(
            (size, round(share, 2), round(here / share), round(SLOWER * here / share), MOST_HASH_MS, given[size])
            for size in SIZES
            for share in [min(1, size / WHOLE_CPU)]
        ),
        note="A model: the fastest of some hashes here, divided by the share of a vCPU that the memory buys.",
    )


_HASHING = ("set_password", "sign_in", "account")


if __name__ == "__main__":
    show(measure())
