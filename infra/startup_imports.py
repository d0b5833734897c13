"""The modules that a function may import before its first call: every cold start pays for them, and a person waits."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from infra.assets import HOST, OWN_PACKAGES, ROOT, third_party
from infra.functions import FUNCTIONS

_AWS = frozenset({"botocore", "dateutil", "jmespath", "six", "urllib3"})
_POWERTOOLS = frozenset({"aws_lambda_powertools", "typing_extensions"})
_PYDANTIC = frozenset({"annotated_types", "pydantic", "pydantic_core", "typing_inspection"})

EVERY_FUNCTION = _AWS | _POWERTOOLS | _PYDANTIC
"""One table for all. argon2, pyotp, zxcvbn, jinja2, phonenumbers and email_validator come when a call needs them."""

_PROGRAM = """
import importlib, sys
sys.path[:0] = sys.argv[2:]
importlib.import_module(sys.argv[1])
print(*sorted({name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names)))
"""


def imported_too_much() -> Iterator[str]:
    """A line for each function that imports more than it may, found in a process of its own."""
    with ThreadPoolExecutor(2) as pool:
        imported = pool.map(imports_of, (spec.handler.rpartition(".")[0] for spec in FUNCTIONS))
        for spec, packages in zip(FUNCTIONS, imported, strict=True):
            for package in sorted(packages - EVERY_FUNCTION):
                yield f"{spec.name} imports {package} before its first call: infra/startup_imports.py says what it may"


@cache
def imports_of(module: str) -> frozenset[str]:
    """The packages, neither ours nor Python's, that importing the module brings in."""
    # Only the shared wheels: Lambda has no other packages of this environment, and workbooks have their own process.
    path = list(map(str, [ROOT, *third_party(HOST)]))
    command = [sys.executable, "-I", "-S", "-c", _PROGRAM, module, *path]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603  # our own arguments
    packages = {name for name in told.split() if not name.startswith("_sysconfigdata")}
    return frozenset(packages - {*OWN_PACKAGES, "__main__"})
