"""`make mutants`: mutate the rules, let the unit tests kill the mutants, compare the survivors with the list.

From the environment: `ONLY` is one module (its path), `TESTS` the tests to do with, all unit tests unless told (fewer
are quicker, and may kill less), `JOBS` how many mutants are tried at once, as many as there are processors unless told.
A run that was stopped goes on where it was, as long as nothing of the project changed.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.scope import TREE, UNIT_TESTS, mutated_modules
from tests.mutants.survivors import Mutant, Verdict, listed, verdicts
from tests.mutants.tree import prepare

LEAST_PERCENT = 95

_PLUGINS = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_ADDOPTS": "-p xdist.plugin -p _hypothesis_pytestplugin -p no:unraisableexception",
}
"""A plugin that looks for garbage after each test takes longer than most mutants."""
_RUNNER = Path(__file__).with_name("runner.py")


def judge(found: Sequence[Verdict], known: set[Mutant]) -> tuple[float, set[Mutant], set[Mutant]]:
    """The percentage killed; the survivors that are not listed; the listed ones that were killed."""
    survivors = {mutant for verdict in found for mutant in verdict.survivors}
    tried = {verdict.module for verdict in found}
    total = sum(verdict.total for verdict in found)
    score = 100 * sum(verdict.killed for verdict in found) / total if total else 100.0
    return score, survivors - known, {mutant for mutant in known if mutant.module in tried} - survivors


def run(modules: Sequence[Path]) -> int:
    """Carry it out and say what came of it; 0 when all is well."""
    prepare(modules, os.environ.get("TESTS", UNIT_TESTS).split())
    jobs = os.environ.get("JOBS") or str(os.cpu_count() or 1)
    command = [sys.executable, "-P", str(_RUNNER), jobs]
    subprocess.run(command, cwd=TREE, env=os.environ | _PLUGINS, check=True)
    found = list(verdicts(modules))
    score, new, killed = judge(found, set(listed()))
    for verdict in found:
        print(f"{verdict.killed:5} of {verdict.total:5} killed  {verdict.module}")
    for title, mutants in (("survives, and is not listed", new), ("is listed, and was killed", killed)):
        for mutant in sorted(mutants):
            print(f"\n# {title}\n{mutant}")
    print(f"{score:.1f} % killed, of at least {LEAST_PERCENT}; to list: {len(new)}, to strike out: {len(killed)}")
    return int(score < LEAST_PERCENT or bool(new) or bool(killed))


def main() -> int:
    """Read what is asked for."""
    modules, only = mutated_modules(), os.environ.get("ONLY")
    chosen = [module for module in modules if only in (None, "", str(module))]
    if not chosen:
        sys.exit(f"ONLY is none of the mutated modules: {only}")
    return run(chosen)


if __name__ == "__main__":
    sys.exit(main())
