"""A run that is too long for every day goes in parts: together they leave nothing out."""

from typing import Any

import pytest

from tests.conftest import share_of

TESTS: list[Any] = list(range(12))


@pytest.mark.parametrize("parts", [1, 5, 10, 20])
def test_in_as_many_days_as_there_are_parts_each_test_runs_once(parts: int) -> None:
    shares: list[Any] = [test for part in range(1, parts + 1) for test in share_of(TESTS, f"{part}/{parts}")]
    assert sorted(shares) == TESTS


@pytest.mark.parametrize("share", ["0/5", "6/5"])
def test_a_part_that_there_is_not_is_refused(share: str) -> None:
    with pytest.raises(pytest.UsageError):
        share_of(TESTS, share)
