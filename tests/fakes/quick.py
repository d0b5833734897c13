"""What costs time on purpose, or waits for another thread, made quick: the results are the same."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import pytest
from argon2 import PasswordHasher

from activation.domain import credentials, parallel

HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_REAL = {(credentials, "hasher"): credentials.hasher, (parallel, "_pool"): parallel._pool}


class OneAfterTheOther(Executor):
    """Carries out at once what it is given: moto knows no threads, and tests know which call was which."""

    def submit(self, act: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(act(*arguments, **named))
        except Exception as error:  # noqa: BLE001  # whoever asks for the result is told
            done.set_exception(error)
        return done


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "hasher", lambda: HASHER)
    monkeypatch.setattr(parallel, "_pool", OneAfterTheOther)


def take_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for (module, name), real in _REAL.items():
        monkeypatch.setattr(module, name, real)
