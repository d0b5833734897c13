"""mutmut, with a mutant tried in a fork of a process that has looked for the tests already.

pytest takes longer to look for thousands of tests than the right one takes to fail. Run as a file, so that no module of
the project is imported before mutmut has mutated it.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import mutmut.__main__ as mutmut
import pytest
from _pytest.config import _prepareconfig
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.utils.file_utils import change_cwd
from mutmut.workers import isolation

_SURVIVED, _KILLED, _INTERNAL_ERROR = 0, 1, 3
_KILLERS = Path("killers").resolve()
"""A file for each module, with the tests that killed mutants of it, a line for each kill."""


class GatheredTests(PytestRunner):
    """Looks for all tests once; each fork runs those of its mutant."""

    _session: pytest.Session
    _tests: Mapping[str, pytest.Item]
    _killers: Path | None = None

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


def _file(test: str) -> str:
    return test.partition("::")[0]


def _seconds(test: str) -> float:
    return 0.01 + state().duration_by_test[test]


@cache
def _weights() -> dict[str, float]:
    functions = Counter(test for tests in state().tests_by_mangled_function_name.values() for test in tests)
    return {test: functions[test] * _seconds(test) for test in state().duration_by_test}


if __name__ == "__main__":
    isolation.PytestRunner = GatheredTests  # type: ignore[attr-defined]  # no setting names another runner
    mutmut._run((), int(sys.argv[1]))
