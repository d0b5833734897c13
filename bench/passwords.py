"""How long the rules take to judge a password, from the usual one to those made to take long."""

import time
from contextlib import suppress
from itertools import cycle, islice
from statistics import median

from activation.domain.passwords import PasswordRejectedError, check_password
from bench.report import Results

ROUNDS = 7
LOOKALIKES = "4@8({[<3691!|705$+%2"
TYPED = {
    "usual": "Girafe-Brumeuse-1987-quai",
    "all look-alikes": "".join(islice(cycle(LOOKALIKES), 254)) + "aB",
    "six look-alikes": "".join(islice(cycle("4@1|+7"), 254)) + "aB",
}


def _milliseconds(password: str) -> float:
    began = time.process_time()
    with suppress(PasswordRejectedError):
        check_password(password, password, identifier="10000001", names=("Garcia", "Louis"))
    return 1_000 * (time.process_time() - began)


def measure() -> list[Results]:
    """Time each, in turn."""
    _milliseconds(TYPED["usual"])  # imports zxcvbn
    rounds = [{name: _milliseconds(password) for name, password in TYPED.items()} for _ in range(ROUNDS)]
    rows = [(name, round(median(took[name] for took in rounds))) for name in TYPED]
    return [Results("passwords", "Passwords", ("typed", "ms of work"), rows)]
