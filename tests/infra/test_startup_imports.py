"""What a function imports before its first call is in a table; `make check` compares every function with it."""

import pytest

from infra import startup_imports
from infra.functions import FUNCTIONS
from infra.startup_imports import EVERY_FUNCTION, imported_too_much, imports_of

pytestmark = pytest.mark.xdist_group("imports")  # the function's are found out once


def test_what_the_table_does_not_have_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    starts = [spec for spec in FUNCTIONS if spec.name == "start_activation"]
    monkeypatch.setattr(startup_imports, "FUNCTIONS", starts)
    assert list(imported_too_much()) == []
    monkeypatch.setattr(startup_imports, "EVERY_FUNCTION", EVERY_FUNCTION - {"pydantic"})
    assert list(imported_too_much()) == [
        "start_activation imports pydantic before its first call: infra/startup_imports.py says what it may"
    ]


def test_the_table_has_nothing_that_nobody_imports() -> None:
    assert imports_of("functions.start_activation.handler") == EVERY_FUNCTION
