"""`python -m bench.cold`: what a cold start costs, by function, beside the least that one can cost."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench import floors
from bench.aws import Row, StandIn, stand_in
from bench.report import show
from bench.results import Results, ratio_of
from bench.runtime import Installed, Process, compile_folder, installed, only_boto3
from bench.steps import SETTINGS, steps

ROUNDS = 11
IMPORT_ROUNDS = 3
PUT, LEAN, STACK = "put", "lean put", "stack"

_AWS = {"AWS_DEFAULT_REGION": "eu-west-3", "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}

ANSWERS = (200, 202)

GOALS = {
    "start": 1.5,
    "verify": 1.5,
    "consent": 1.5,
    "home": 1.5,
    "set password": 1.9,
    "sign in": 1.9,
}
"""At most so many times *put*."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is started from where: a function with its event, or a floor."""

    name: str
    installed: Installed
    handler: str
    event: Mapping[str, Any]
    rows: Mapping[str, Row]

    @property
    def module(self) -> str:
        """What is imported."""
        return self.handler.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Start:
    """One cold start, in seconds. `ready`: from the process's beginning to its asking for an event; `call`: the rest.

    `cpu` is what it ran for in all: on a busy machine the other two are longer than the work.
    """

    ready: float
    call: float
    cpu: float

    @property
    def whole(self) -> float:
        """From the process's beginning to its first answer."""
        return self.ready + self.call


@contextmanager
def subjects() -> Iterator[tuple[Subject, ...]]:
    """The floors, then the steps.

    *put* is what anybody has: boto3 as it is published. *lean put* and *stack* start from the functions' own asset.
    """
    with installed() as ours:
        folder = Path(floors.__file__).parent
        compile_folder(folder)
        called = steps()
        event = called[0].event
        yield (
            Subject(PUT, only_boto3().with_folder(folder), "put.lambda_handler", event, {}),
            Subject(LEAN, ours.with_folder(folder), "put.lambda_handler", event, {}),
            Subject(STACK, ours.with_folder(folder), "stack.lambda_handler", event, {}),
            *(Subject(step.name, ours, step.handler, step.event, step.rows) for step in called),
        )


def measure() -> list[Results]:
    """Start everything in turn, again and again."""
    with subjects() as wanted, stand_in() as aws:
        rounds = [{subject.name: start(aws, subject) for subject in wanted} for _ in range(ROUNDS + 1)][1:]
        interpreter = median(_seconds_of(wanted[0].installed.command(program="pass")) for _ in range(ROUNDS))
        imports = {subject.name: _imports(subject) for subject in wanted}
    starts = {subject.name: [each[subject.name] for each in rounds] for subject in wanted}
    return [_ratios(starts), _parts(starts, interpreter), _packages(imports)]


def start(aws: StandIn, subject: Subject) -> Start:
    """One cold start."""
    aws.rows = subject.rows
    with Process(subject.installed, subject.handler, {**SETTINGS, **aws.settings}) as process:
        given = process.call(subject.event)
        if not given.path.endswith("/response") or given.body.get("statusCode", 200) not in ANSWERS:
            raise RuntimeError(f"{subject.name}: {given.body}")
        return Start(given.ready_at - process.started_at, given.answered_at - given.ready_at, process.cpu_seconds)


def _ratios(starts: Mapping[str, Sequence[Start]]) -> Results:
    floor = starts[PUT]
    return Results(
        "cold",
        "Cold start",
        ("function", "ms of work", "ms on the clock", "times put", "times put, on the clock", "at most"),
        tuple(
            (
                name,
                round(1e3 * median(each.cpu for each in ours)),
                round(1e3 * median(each.whole for each in ours)),
                round(ratio_of([each.cpu for each in ours], [each.cpu for each in floor]), 2),
                round(ratio_of([each.whole for each in ours], [each.whole for each in floor]), 2),
                GOALS.get(name, ""),
            )
            for name, ours in starts.items()
        ),
        note=f"Medians of {ROUNDS} interleaved rounds, from the process's beginning to the first answer, from the "
        "built asset through awslambdaric, on Lambda's Python. Work is processor time: what else the machine does is "
        "not in it.",
        bars=("times put",),
    )


def _parts(starts: Mapping[str, Sequence[Start]], interpreter: float) -> Results:
    return Results(
        "cold-parts",
        "What a cold start is made of",
        ("function", "interpreter, ms", "client and imports, ms", "first call, ms"),
        tuple(
            (
                name,
                round(1e3 * interpreter),
                round(1e3 * (median(each.ready for each in ours) - interpreter)),
                round(1e3 * median(each.call for each in ours)),
            )
            for name, ours in starts.items()
        ),
        bars=("interpreter, ms", "client and imports, ms", "first call, ms"),
        stacked=True,
    )


def _packages(imports: Mapping[str, Mapping[str, float]]) -> Results:
    biggest = Counter[str]()
    for each in imports.values():
        biggest.update(each)
    shown = [name for name, _ in biggest.most_common(6)]
    return Results(
        "cold-imports",
        "Imports by package",
        ("function", *(f"{name}, ms" for name in shown), "others, ms", "all, ms"),
        tuple(
            (
                name,
                *(round(each.get(package, 0), 1) for package in shown),
                round(sum(ms for package, ms in each.items() if package not in shown), 1),
                round(sum(each.values())),
            )
            for name, each in imports.items()
        ),
        note="By `-X importtime`, which itself takes time: what a module takes without those it imports, by package.",
    )


def _imports(subject: Subject) -> dict[str, float]:
    """The milliseconds of each package, the median of some runs."""
    runs = [_import(subject) for _ in range(IMPORT_ROUNDS)]
    return {name: median(run.get(name, 0) for run in runs) for name in {name for run in runs for name in run}}


def _import(subject: Subject) -> Mapping[str, float]:
    command = subject.installed.command("-X", "importtime", program=f"import {subject.module}")
    environment = {**SETTINGS, **_AWS}
    told = _run(command, environment)
    packages = Counter[str]()
    for line in told.stderr.splitlines():
        own, _, rest = line.removeprefix("import time:").partition("|")
        if own.strip().isdigit():
            packages[_package(rest.rpartition("|")[2].strip())] += int(own) / 1e3  # type: ignore[assignment]  # milliseconds
    return packages


def _run(command: list[str], environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment)  # noqa: S603  # our own arguments


def _package(module: str) -> str:
    top = module.partition(".")[0]
    if top in ("activation", "functions", "put", "stack"):
        return "own code"
    return "Python's own" if top in sys.stdlib_module_names or top.startswith("_") else top


def _seconds_of(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True)  # noqa: S603  # our own arguments
    return time.perf_counter() - began


if __name__ == "__main__":
    show(measure())
