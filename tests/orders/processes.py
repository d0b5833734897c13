"""A function's process, several times in ours: each call runs over its own copy of the product, as on Lambda."""

import importlib
import os
import pkgutil
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any
from unittest import mock

import activation
from infra.functions import FUNCTIONS
from tests.orders import scheduler

_OWN = ("activation", "functions", "aws_lambda_powertools")
"""Packages of which each process has its own copy: the product, and the library that keeps a request in its classes."""


class Clock(ModuleType):
    """What the product knows as `time`: a clock that stands still, and no sleep."""

    def __init__(self, now: Callable[[], int]) -> None:
        super().__init__("time")
        self._now = now

    def time(self) -> float:
        return float(self._now())

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        scheduler.sleep(seconds)

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


class Chance(ModuleType):
    """What the product knows as `secrets`: the same values again after `begin`."""

    def __init__(self) -> None:
        super().__init__("secrets")
        self._drawn = random.Random()  # noqa: S311  # no secret here

    def begin(self, seed: str) -> None:
        self._drawn.seed(seed)

    def token_bytes(self, number: int = 32) -> bytes:
        return self._drawn.randbytes(number)

    def token_hex(self, number: int = 32) -> str:
        return self.token_bytes(number).hex()

    def randbelow(self, most: int) -> int:
        return self._drawn.randrange(most)


class Process:
    """One copy of the product's modules. `now` is its clock."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._chance = Chance()
        with _imported_anew(now, self._chance) as modules:
            _import_all()
        self._modules = modules
        kept = ("client", "_session", "limits_in_force", "texts")
        made = {name: each for name, each in vars(modules["activation.bootstrap"]).items() if name not in kept}
        caches = [each for name, each in made.items() if not name.endswith("_settings")]
        self._forget = [each.cache_clear for each in caches if getattr(each, "cache_clear", None)]

    def enter(self) -> None:
        sys.modules.update(self._modules)

    def begin(self, seed: str) -> None:
        self._chance.begin(seed)
        for forget in self._forget:
            forget()


def back_to_ours() -> Callable[[], None]:
    """What has the modules of the product that the tests themselves use be the product again."""
    _import_all()
    modules = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in _OWN}
    return lambda: sys.modules.update(modules)


def _import_all() -> None:
    """Import what the product would import as it goes: later it would find another process's."""
    for spec in FUNCTIONS:
        importlib.import_module(spec.handler.rpartition(".")[0])
    for found in pkgutil.walk_packages(activation.__path__, "activation."):
        importlib.import_module(found.name)


@contextmanager
def _imported_anew(now: Callable[[], int], chance: Chance) -> Iterator[dict[str, ModuleType]]:
    """What is imported meanwhile of our own packages is imported anew, over clock, chance and threads of ours."""
    before = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in _OWN}
    for name in before:
        del sys.modules[name]
    modules: dict[str, ModuleType] = {}
    stand_ins: dict[str, ModuleType] = {"time": Clock(now), "secrets": chance}
    real = {name: sys.modules[name] for name in stand_ins}
    sys.modules.update(stand_ins)
    with (
        mock.patch("concurrent.futures.ThreadPoolExecutor", scheduler.Pool),
        mock.patch.dict(os.environ, {"POWERTOOLS_LOG_LEVEL": "CRITICAL"}),
    ):
        yield modules
    modules |= {name: module for name, module in sys.modules.items() if name.partition(".")[0] in _OWN}
    for name in modules:
        del sys.modules[name]
    sys.modules.update(before | real)
