"""The list of surviving mutants speaks of the code as it is."""

import ast
from pathlib import Path

import pytest

from tests.mutants.scope import ROOT, RUN_AT_IMPORT, mutated_modules
from tests.mutants.survivors import Mutant, listed
from tests.mutants.tree import rewritten

SURVIVORS = listed()


def functions_of(module: Path) -> dict[str, list[str]]:
    """The lines of every function and method, without their indentation."""
    source = (ROOT / module).read_text()
    found = {}
    for owner in [None, *(node for node in ast.parse(source).body if isinstance(node, ast.ClassDef))]:
        for node in owner.body if owner else ast.parse(source).body:
            if isinstance(node, ast.FunctionDef):
                lines = source.splitlines()[node.lineno - 1 : node.end_lineno]
                found[f"{owner.name}.{node.name}" if owner else node.name] = [line.strip() for line in lines]
    return found


@pytest.mark.parametrize("mutant", SURVIVORS, ids=lambda mutant: f"{mutant.function}: {mutant.after}")
def test_a_listed_survivor_changes_lines_that_its_function_has_for_a_reason(mutant: Mutant) -> None:
    assert Path(mutant.module) in mutated_modules()
    lines = functions_of(Path(mutant.module)).get(mutant.function, [])
    assert set(mutant.before.splitlines()) <= set(lines)
    assert mutant.before.split() != mutant.after.split()
    assert SURVIVORS[mutant].strip()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "class Figures:\n    @property\n    def share(self) -> int:\n        return 1\n",
            "class Figures:\n\n    def share(self) -> int:\n        return 1\n    share = property(share)\n",
        ),
        (
            "@lru_cache(maxsize=10)\ndef day(text: str) -> str:\n    return text\n",
            "\ndef day(text: str) -> str:\n    return text\n",
        ),
    ],
)
def test_a_property_is_mutated_like_any_method_and_nothing_is_cached_between_mutants(before: str, after: str) -> None:
    assert rewritten(before, None) == after


def test_what_runs_at_import_is_left_alone() -> None:
    before = "class Words:\n    def __init__(\n        self,\n    ) -> None:\n        self.all = 1\n"
    assert rewritten(before, "__init__") == before.replace(" None:", " None:  # pragma: no mutate block")
    for module, name in RUN_AT_IMPORT.items():
        assert f"def {name}(" in (ROOT / module).read_text()
