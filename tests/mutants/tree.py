"""The copy of the project in which mutmut works, written so that mutmut sees every function.

mutmut leaves decorated functions alone. In the copy, `@property` and `@contextmanager` become an assignment after the
function, which means the same. Caches are dropped: what one mutant's tests left in them would answer for the next.
What runs while its module is imported is left alone.
"""

import ast
import hashlib
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.mutants.scope import LEFT_OUT_TESTS, ROOT, RUN_AT_IMPORT, TREE, UNIT_TESTS, mutated_modules

_COPIED = ("activation", "functions", "tests", "bench", "docs", "infra", "local", "support_cli", "web")
_REASSIGNED = {"property", "contextmanager"}
_DROPPED = {"cache", "lru_cache"}
_NO_SHRINKING = """
from hypothesis import Phase

settings.register_profile("mutants", deadline=None, database=None, phases=[Phase.explicit, Phase.generate])
settings.load_profile("mutants")
"""
"""A property that fails has killed its mutant: no smaller example is looked for."""


def prepare(modules: Sequence[Path], tests: Sequence[str]) -> None:
    """Write the copy, with mutmut's settings to mutate these modules and run these tests.

    Results of an earlier run stay only if nothing changed since: a test or a function elsewhere may change a verdict.
    """
    state, noted = _state([*map(str, modules), *tests]), TREE / "state"
    if noted.exists() and noted.read_text() == state:
        return
    shutil.rmtree(TREE, ignore_errors=True)
    TREE.mkdir(parents=True)
    for folder in _COPIED:
        shutil.copytree(ROOT / folder, TREE / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", TREE)
    for module in mutated_modules():
        (TREE / module).write_text(rewritten((ROOT / module).read_text(), RUN_AT_IMPORT.get(str(module))))
    with (TREE / UNIT_TESTS / "conftest.py").open("a") as conftest:
        conftest.write(_NO_SHRINKING)
    (TREE / "setup.cfg").write_text("\n".join(_settings(modules, tests)) + "\n")
    noted.write_text(state)


def rewritten(source: str, left_alone: str | None) -> str:
    """The same program with none of the decorators above, and with the function of that name marked for mutmut."""
    lines = source.splitlines()
    after: dict[int, str] = {}
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef) and function.name == left_alone:
            lines[function.body[0].lineno - 2] += "  # pragma: no mutate block"
        if not isinstance(function, ast.FunctionDef) or len(function.decorator_list) != 1:
            continue
        decorator = function.decorator_list[0]
        name = ast.unparse(decorator).partition("(")[0]
        if name in _REASSIGNED | _DROPPED:
            lines[decorator.lineno - 1] = ""
        if name in _REASSIGNED and function.end_lineno:
            after[function.end_lineno] = f"{' ' * function.col_offset}{function.name} = {name}({function.name})"
    for number in sorted(after, reverse=True):
        lines.insert(number, after[number])
    return "\n".join(lines) + "\n"


def _state(asked: Sequence[str]) -> str:
    """A digest of everything that is copied, and of what is asked for."""
    files = (file for folder in _COPIED for file in (ROOT / folder).rglob("*") if file.is_file())
    digest = hashlib.sha256("\n".join(asked).encode())
    for file in sorted(file for file in files if "__pycache__" not in file.parts):
        digest.update(str(file).encode() + file.read_bytes())
    return digest.hexdigest()


def _settings(modules: Iterable[Path], tests: Iterable[str]) -> Iterator[str]:
    """The section of setup.cfg; a number as the seed makes Hypothesis try the same examples on every mutant."""
    yield "[mutmut]"
    for key, values in {
        "source_paths": ["activation", "functions"],
        "only_mutate": [str(module) for module in modules],
        "timeout_multiplier": ["2"],
        "timeout_constant": ["5"],
        "also_copy": [folder for folder in _COPIED if folder not in {"activation", "functions", "tests"}],
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "--hypothesis-seed=0"],
        "pytest_add_cli_args_test_selection": [*tests, *(f"--ignore={UNIT_TESTS}/{name}" for name in LEFT_OUT_TESTS)],
    }.items():
        yield f"{key} ="
        yield from (f"    {value}" for value in values)
