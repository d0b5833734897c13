"""How long an answer takes tells nothing of whom it is about: many samples, taken in turn and ranked."""

import math
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count

import pytest

from tests.people import START, Someone, invite_correspondents, invite_many
from tests.stack import Stack
from tests.visitor import Answer, Visitor

RESET = "/api/password-reset"
PAIRS = 40
MOST_SIGMAS = 4.0
"""Equal distributions pass this once in 16,000 runs; a second look makes it once in a hundred million."""
_invented = count(80_000_001)

WORKER_SECONDS = 3


def sigmas_apart(ones: list[float], others: list[float]) -> float:
    """How far apart two samples lie: the z of the Mann-Whitney rank test, by its normal approximation."""
    ranked = sorted([(value, True) for value in ones] + [(value, False) for value in others])
    rank_sum = sum(rank for rank, (_, is_one) in enumerate(ranked, 1) if is_one)
    n, m = len(ones), len(others)
    mean, deviation = n * (n + m + 1) / 2, math.sqrt(n * m * (n + m + 1) / 12)
    return (rank_sum - mean) / deviation


def timed(call: Callable[[], Answer]) -> float:
    began = time.perf_counter()
    assert call().status in (202, 422)
    return time.perf_counter() - began


def samples(product: Stack, path: str, known: Iterator[Someone]) -> list[tuple[bool, float, float]]:
    """Times of step 1 and of a wrong code, for known and unknown people in turn, each pair in a random order.

    On one machine the worker, which has more to do for a known person, shares two cores with the calls: wrong codes
    are typed once it has done.
    """
    started = []
    for _ in range(PAIRS):
        someone = next(known)
        like = f"{someone.identifier[: -len('80000001')]}{next(_invented)}"  # nobody's, of the same kind
        pairs = [(True, someone.start_body), (False, someone.start_body | {"identifier": like})]
        random.shuffle(pairs)
        for is_known, pair in pairs:
            visitor = Visitor(product)
            started.append((is_known, visitor, timed(partial(visitor.post, path, pair))))
    time.sleep(WORKER_SECONDS)
    random.shuffle(started)
    wrong = {"code": "000000"}
    return [
        (is_known, taken, timed(partial(visitor.post, f"{path}/verification", wrong)))
        for is_known, visitor, taken in started
    ]


def distances(taken: list[tuple[bool, float, float]]) -> list[float]:
    return [
        abs(sigmas_apart([s[step] for s in taken if s[0]], [s[step] for s in taken if not s[0]])) for step in (1, 2)
    ]


def assert_same_time(product: Stack, path: str, people: Sequence[Someone]) -> None:
    known = iter(people)
    measured = distances(samples(product, path, known))
    if max(measured) > MOST_SIGMAS:  # a noisy moment does not come twice; a leak does
        measured = distances(samples(product, path, known))
    assert max(measured) < MOST_SIGMAS, measured


@pytest.mark.exhaustive
@pytest.mark.parametrize("path", [START, RESET])
def test_known_and_unknown_people_take_the_same_time(product: Stack, path: str) -> None:
    assert_same_time(product, path, invite_many(product, 2 * PAIRS))


@pytest.mark.exhaustive
@pytest.mark.parametrize("path", [START, RESET])
def test_known_and_unknown_correspondents_take_the_same_time(product: Stack, path: str) -> None:
    assert_same_time(product, path, invite_correspondents(product, 2 * PAIRS))


def test_a_leak_of_a_few_milliseconds_would_be_seen() -> None:
    noise = random.Random(7)  # noqa: S311  # the same noise in every run
    same = [[noise.lognormvariate(-3.5, 0.3) for _ in range(PAIRS)] for _ in range(2)]
    leaking = [value + statistics.median(same[0]) * 0.35 for value in same[1]]
    assert abs(sigmas_apart(*same)) < MOST_SIGMAS
    assert abs(sigmas_apart(same[0], leaking)) > MOST_SIGMAS


def test_the_rank_test_knows_equal_and_separate_samples() -> None:
    assert sigmas_apart([1.0, 4.0], [2.0, 3.0]) == 0
    assert sigmas_apart([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]) == pytest.approx(-1.964, abs=0.001)
