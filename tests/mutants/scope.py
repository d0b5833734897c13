"""What is mutated, and by which tests a mutant is killed."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TREE = ROOT / ".build" / "mutants"
"""The copy of the project in which mutmut works; its results stay there."""

UNIT_TESTS = "tests/unit"
LEFT_OUT_TESTS = ("test_a_month_of_attack.py", "test_attack_bench.py")
"""Simulations of months: half of the suite's time, and no rule may depend on them alone."""

_LEFT_OUT_MODULES = {
    "__init__.py": "holds no code",
    "handler.py": "translates HTTP; killed by tests/functions only, with moto behind",
    "schemas.py": "declares; its bounds are proved on the deployed handlers by tests/functions",
    "ports.py": "declares protocols",
    "views.py": "make answers; proved by tests/functions on the deployed handlers",
    "records.py": "make answers, as views.py",
    "figures.py": "make answers, as views.py",
    "menu.py": "is built when it is imported, which no mutant sees; a unit test spells it out",
}


def mutated_modules() -> list[Path]:
    """The domain and every use case, relative to the root."""
    globs = ("activation/domain/**/*.py", "activation/imports/*.py", "functions/*/*.py")
    modules = [module for glob in globs for module in ROOT.glob(glob)]
    return sorted(module.relative_to(ROOT) for module in modules if module.name not in _LEFT_OUT_MODULES)
