"""What is mutated, and by which tests a mutant is killed."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TREE = ROOT / ".build" / "mutants"
"""The copy of the project in which mutmut works; its results stay there."""

UNIT_TESTS = "tests/unit"
LEFT_OUT_TESTS = (
    *("test_a_month_of_attack.py", "test_attack_bench.py"),
    *("test_roster_disguises.py", "test_roster_properties.py"),
)
"""Simulations of months, and what holds for any roster: half of the suite's time, and no rule may depend on what they
draw alone."""

_LEFT_OUT = {
    "__init__.py": "holds no code",
    "ports.py": "declares protocols",
    "functions/*/handler.py": "translates HTTP; killed by tests/functions only, with moto behind",
    "functions/*/*schemas.py": "declares; its bounds are proved on the deployed handlers by tests/functions",
    "functions/*/*views.py": "makes answers; proved by tests/functions on the deployed handlers",
    "functions/account/records.py": "makes answers, as views.py",
    "functions/import_roster/figures.py": "makes answers, as views.py",
}

RUN_AT_IMPORT = {
    "activation/domain/menu.py": "_entry",
    "activation/domain/requests/states.py": "_by",
    "activation/domain/roster/columns.py": "__init__",
    "activation/domain/roster/person_names.py": "_words_of",
}
"""Functions that run while their module is imported, before any mutant is chosen: no test could see theirs."""


def mutated_modules() -> list[Path]:
    """The domain and every use case, relative to the root."""
    globs = ("activation/domain/**/*.py", "activation/imports/*.py", "functions/*/*.py")
    modules = (module.relative_to(ROOT) for glob in globs for module in ROOT.glob(glob))
    return sorted(module for module in modules if not any(module.match(glob) for glob in _LEFT_OUT))
