"""Calls that need not wait for each other don't, and none is left behind."""

import threading
from functools import partial

import pytest

from activation.domain.parallel import run_all, run_both

pytestmark = pytest.mark.usefixtures("as_in_production")


def test_both_are_carried_out_at_once() -> None:
    met = threading.Barrier(2, timeout=5)
    assert run_both(lambda: (met.wait(), "first")[1], lambda: (met.wait(), "second")[1]) == ("first", "second")


def test_the_first_refusal_counts_and_the_other_call_is_over_by_then() -> None:
    over = []

    def refused() -> None:
        raise ValueError("first")

    def slow() -> None:
        threading.Event().wait(0.05)
        over.append(True)
        raise ValueError("second")

    with pytest.raises(ValueError, match="first"):
        run_both(refused, slow)
    assert over
    with pytest.raises(ValueError, match="second"):
        run_both(lambda: None, slow)


def test_all_are_carried_out_at_once_and_answer_in_their_order() -> None:
    met = threading.Barrier(3, timeout=5)

    def meet(number: int) -> int:
        met.wait()
        return number

    assert (run_all([partial(meet, number) for number in range(3)]), run_all([])) == ([0, 1, 2], [])


def test_all_have_ended_when_the_first_refusal_is_told() -> None:
    over = []

    def refused(name: str) -> None:
        threading.Event().wait(0.02 if name == "first" else 0.2)
        over.append(name)
        raise ValueError(name)

    with pytest.raises(ValueError, match="first"):
        run_all([lambda: refused("first"), lambda: None, lambda: refused("second")])
    assert sorted(over) == ["first", "second"]
