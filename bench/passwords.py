"""How long the rules take to judge a password: a usual one, and two that are made to take long."""

from contextlib import suppress
from functools import partial
from statistics import median
from time import process_time
from timeit import repeat

from activation.domain.passwords import PasswordRejectedError, check_password
from bench.report import Results

TYPED = {
    "usual": "Girafe-Brumeuse-1987-quai",
    "all look-alikes": "4@8({[<3691!|705$+%2" * 12 + "aB",
    "six look-alikes": "4@1|+7" * 42 + "aB",
}


def measure() -> list[Results]:
    """Time each; the first, which imports zxcvbn, does not count for a median."""
    took = {name: median(repeat(partial(_judge, it), number=1, timer=process_time)) for name, it in TYPED.items()}
    rows = [(name, round(1_000 * seconds)) for name, seconds in took.items()]
    return [Results("passwords", "Passwords", ("typed", "ms of work"), rows)]


def _judge(password: str) -> None:
    with suppress(PasswordRejectedError):
        check_password(password, password, identifier="10000001", names=("Garcia", "Louis"))
