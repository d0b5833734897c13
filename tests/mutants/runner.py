"""mutmut, with a mutant tried in a fork of a process that has looked for the tests already.

pytest takes longer to look for thousands of tests than the right one takes to fail. And a mutant meets only the tests
that run the statement which it changes: for all others it is the function as it was.

Run as a file, so that no module of the project is imported before mutmut has mutated it.
"""

import ast
import json
import os
import sys
import textwrap
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Self

import coverage
import mutmut.__main__ as mutmut
import pytest
from _pytest.config import _prepareconfig
from mutmut.mutation.data import MutantLineSpans
from mutmut.mutation.diff_apply import generated_function_names
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.utils.file_utils import change_cwd
from mutmut.workers.isolation import ForkRunner, MutantRunner

_SURVIVED, _KILLED, _INTERNAL_ERROR = 0, 1, 3
_KILLERS = Path("killers").resolve()
"""A file for each module, with the tests that killed mutants of it, a line for each kill."""


class GatheredTests(PytestRunner):
    """Looks for all tests once; each fork runs those of its mutant."""

    _session: pytest.Session
    _tests: Mapping[str, pytest.Item]
    _killers: Path | None = None

    def __init__(self) -> None:
        super().__init__()
        self.lines = RunLines(Path("lines.json").resolve())

    def prepare_main_test_run(self) -> None:
        """Bring pytest to where it would run the first test, as its own distributed workers are."""
        arguments = ["-x", "-q", "-s", "--tb=native", "--rootdir=.", *self._pytest_add_cli_args]
        with change_cwd("mutants"):
            config = _prepareconfig([*arguments, *self._pytest_add_cli_args_test_selection], [self])
            config._do_configure()
            self._session = pytest.Session.from_config(config)
            config.hook.pytest_sessionstart(session=self._session)
            config.hook.pytest_collection(session=self._session)
        self._tests = {test.nodeid: test for test in self._session.items}

    def run_stats(self, *, tests: Iterable[str]) -> int:
        """Run them as mutmut does, to note what each runs."""
        with self.lines:
            return super().run_stats(tests=tests)

    def execute_pytest(self, params: list[str], **options: Any) -> int:
        """Run pytest, which tells of each test that it begins."""
        return super().execute_pytest(params, **options | {"plugins": [*options.get("plugins", ()), self.lines]})

    def run_tests(self, *, mutant_name: str | None, tests: Iterable[str]) -> int:
        """The exit code that mutmut reads: whether one of the tests failed. Without a mutant, pytest as it is.

        In order: what killed most mutants of the module for its time; what stands beside those in a file; what is quick
        and runs few functions, as a test about the function does. A mutant dies by its first failing test.
        """
        if mutant_name is None:
            return super().run_tests(mutant_name=mutant_name, tests=tests)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        self._killers = _KILLERS / mutant_name.rpartition(".")[0]
        kills = Counter(self._killers.read_text().splitlines() if self._killers.exists() else ())
        of_files = Counter(map(_file, kills.elements()))

        def place(test: str) -> tuple[float, ...]:
            return -kills[test] / _seconds(test), -of_files[_file(test)], _weights()[test]

        self._session.items = [self._tests[test] for test in sorted(tests, key=place)]
        try:
            with change_cwd("mutants"):
                self._session.config.hook.pytest_runtestloop(session=self._session)
        except pytest.Session.Failed:
            return _KILLED
        except BaseException:  # noqa: BLE001  # a fork must not go on as its parent would
            return _INTERNAL_ERROR
        return _SURVIVED

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what killed the mutant."""
        if report.failed and self._killers:
            self._killers.parent.mkdir(exist_ok=True)
            with self._killers.open("a") as notes:
                notes.write(f"{report.nodeid}\n")


class RunLines:
    """Notes which lines of the mutated files each test runs, in the file `notes`; and tells it for a mutant."""

    def __init__(self, notes: Path) -> None:
        self._notes = notes
        folder = Path("mutants").resolve()
        self._coverage = coverage.Coverage(
            data_file=None, config_file=False, include=[f"{folder}/activation/*", f"{folder}/functions/*"]
        )
        self._folder = folder

    def __enter__(self) -> Self:
        """From now on each test is looked at, as pytest begins it."""
        self._coverage.start()
        return self

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Of this test is what runs from now on."""
        if coverage.Coverage.current() is self._coverage:
            self._coverage.switch_context(nodeid)

    def __exit__(self, *_: object) -> None:
        """Write the notes."""
        self._coverage.stop()
        data = self._coverage.get_data()
        tests = sorted(data.measured_contexts())
        places = {test: place for place, test in enumerate(tests)}
        lines = {
            str(Path(file).relative_to(self._folder)): {
                line: [places[test] for test in set(found)] for line, found in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }
        self._notes.write_text(json.dumps({"tests": tests, "lines": lines}))

    def tests_of(self, mutant: str) -> set[str] | None:
        """The tests that run the statement which the mutant changes; None where it is no statement of the function."""
        module = f"{mutant.rpartition('.')[0].replace('.', '/')}.py"
        changed = _changed_lines(mutant, module)
        noted = self._noted["lines"].get(module, {})
        if changed is None:
            return None
        return {self._noted["tests"][place] for line in changed for place in noted.get(str(line), ())}

    @cached_property
    def _noted(self) -> dict[str, Any]:
        noted: dict[str, Any] = json.loads(self._notes.read_text())
        return noted


def _changed_lines(mutant: str, module: str) -> Collection[int] | None:
    """The lines, in the mutated file, of the smallest statement of the original function that the mutant changes."""
    spans = MutantLineSpans.load(module)
    assert spans, module
    names = generated_function_names(mutant)
    original, mutated = (
        source.replace(name, "f").splitlines()
        for name, source in zip(names, spans.read_function_sources(list(names)), strict=True)
    )
    pairs = zip(original, mutated, strict=False)
    first = next((place for place, (one, other) in enumerate(pairs, 1) if one != other), len(original))
    function = ast.parse(textwrap.dedent("\n".join(original))).body[0]
    assert isinstance(function, ast.FunctionDef)
    within = [node for node in ast.walk(function) if isinstance(node, ast.stmt) and node.end_lineno]
    around = [node for node in within[1:] if node.lineno <= first <= (node.end_lineno or 0)]
    if not around:
        return None
    smallest = min(around, key=lambda node: (node.end_lineno or 0) - node.lineno)
    before = spans.span_by_function_name[names[0]].start - 1
    return range(before + smallest.lineno, before + (smallest.end_lineno or 0) + 1)


def _file(test: str) -> str:
    return test.partition("::")[0]


def _seconds(test: str) -> float:
    return 0.01 + state().duration_by_test[test]


@cache
def _weights() -> dict[str, float]:
    functions = Counter(test for tests in state().tests_by_mangled_function_name.values() for test in tests)
    return {test: functions[test] * _seconds(test) for test in state().duration_by_test}


_NO_LIMIT_SECONDS = 3_600
"""The clock ends what has no end. mutmut's limit of processor time would bind the processes that tests start, too: one
that reads a workbook sets a limit of its own, which may not be higher."""


class Forks(ForkRunner):
    """Forks for each mutant, for the tests that run what it changes."""

    def __init__(self, max_workers: int, tests: GatheredTests) -> None:
        super().__init__(max_workers, tests)
        self._lines = tests.lines

    def submit(self, mutant_name: str, tests: list[str], cpu_time_limit: int, estimated_time: float) -> None:  # noqa: ARG002  # of all tests
        """Have them tried. What takes far longer than they did is killed: it has no end."""
        known = self._lines.tests_of(mutant_name)
        those = tests if known is None else [test for test in tests if test in known]
        super().submit(mutant_name, those, _NO_LIMIT_SECONDS, sum(map(_seconds, those)))


def _forks(max_workers: int = 1) -> MutantRunner:
    tests = GatheredTests()
    tests.prepare_main_test_run()
    return Forks(max_workers, tests)


if __name__ == "__main__":
    mutmut.get_mutant_runner = _forks  # type: ignore[attr-defined]  # no setting names another runner
    mutmut._run((), int(sys.argv[1]))
