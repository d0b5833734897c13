"""What a function imports before its first call is in a table, and looked at."""

import pytest

from infra import imports
from infra.imports import EVERY_FUNCTION, imported_too_much, imports_of

pytestmark = pytest.mark.xdist_group("imports")  # each function's are found out once


def test_a_function_imports_what_the_table_lets_it() -> None:
    assert list(imported_too_much()) == []


def test_what_the_table_does_not_have_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "EVERY_FUNCTION", EVERY_FUNCTION - {"pydantic"})
    assert "start_activation imports pydantic before its first call: infra/imports.py says what it may" in set(
        imported_too_much()
    )


def test_the_table_has_nothing_that_nobody_imports() -> None:
    assert imports_of("functions.start_activation.handler") == EVERY_FUNCTION
