"""The whole journey by more and more people at once, on the local stack.

One machine runs the people, the engine and every function: the figures say how the product behaves when it is short of
everything, not what AWS would do.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from bench.report import Results
from local.engine import forget_the_outside
from tests.builders import PASSWORD, row
from tests.people import import_rows
from tests.stack import LIMITS, Stack, running
from tests.visitor import CODE, Visitor

LEVELS = (1, 4, 16, 64)
LEVEL_SECONDS = 14
PEOPLE = 1_200
_INBOX_SECONDS = 0.2
_CODE_SECONDS = 60

Codes = dict[str, str]
"""The latest code that came, by contact."""


@dataclass
class Level:
    """What so many people at once came to: `calls` are milliseconds, `codes` seconds."""

    people: int
    calls: list[float] = field(default_factory=list)
    codes: list[float] = field(default_factory=list)
    journeys: int = 0
    errors: int = 0
    seconds: float = 0

    def within(self, part: float) -> float:
        """The milliseconds within which that part of the calls was answered."""
        ordered = sorted(self.calls)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0


def measure() -> list[Results]:
    """Level after level."""
    forget_the_outside()
    levels, numbers = [Level(people) for people in LEVELS], iter(range(PEOPLE))
    with running(LIMITS | {"STARTS_PER_IP_PER_5_MINUTES": "1000000"}) as product:
        import_rows(product, (row(_identifier(number), "Roux", "Zoé", email=_mail(number)) for number in range(PEOPLE)))
        with codes_of(product) as codes:
            for level in levels:
                _run(product, codes, level, numbers)
    return [_table(levels)]


def _identifier(number: int) -> str:
    return str(80_000_000 + number)


def _mail(number: int) -> str:
    return f"p{_identifier(number)}@mondomaine.com"


@contextmanager
def codes_of(product: Stack) -> Iterator[Codes]:
    """The codes, read by one thread for everybody."""
    codes, over = Codes(), threading.Event()

    def watch() -> None:
        while not over.wait(_INBOX_SECONDS):
            codes.update((each.to, found[0]) for each in product.messages() if (found := CODE.search(each.text)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield codes
    finally:
        over.set()
        watcher.join()


def _run(product: Stack, codes: Codes, level: Level, numbers: Iterator[int]) -> None:
    began = time.monotonic()

    def live() -> None:
        for number in numbers:
            if time.monotonic() > began + LEVEL_SECONDS:
                return
            try:
                _journey(Visitor(product), codes, level, number)
            except (OSError, ValueError):
                level.errors += 1
            else:
                level.journeys += 1

    with ThreadPoolExecutor(level.people) as pool:
        for _ in range(level.people):
            pool.submit(live)
    level.seconds = time.monotonic() - began


def _journey(visitor: Visitor, codes: Codes, level: Level, number: int) -> None:
    """Raises ValueError when a call is refused, TimeoutError when the code does not come."""

    def call(method: str, path: str, body: object = None) -> None:
        began = time.perf_counter()
        answer = visitor.call(method, path, body)
        level.calls.append((time.perf_counter() - began) * 1e3)
        if answer.status >= 400:  # noqa: PLR2004  # HTTP's first refusal
            raise ValueError(answer.code)

    call("POST", "/api/activation", {"identifier": _identifier(number), "last_name": "Roux"})
    began = time.monotonic()
    while _mail(number) not in codes:
        if time.monotonic() > began + _CODE_SECONDS:
            raise TimeoutError
        time.sleep(_INBOX_SECONDS / 4)
    level.codes.append(time.monotonic() - began)
    call("POST", "/api/activation/verification", {"code": codes[_mail(number)]})
    call("POST", "/api/activation/password", {"password": PASSWORD, "confirmation": PASSWORD})
    call("PUT", "/api/account/consent", {"consents": True, "text_version": "1"})
    call("PUT", "/api/account/code-channel", {"channel": "email"})
    call("PUT", "/api/account/terms", {"version": "1"})
    call("GET", "/api/account")


def _table(levels: list[Level]) -> Results:
    return Results(
        "load",
        "The journey by so many people at once, on the local stack",
        ("people", "journeys/s", "p50 ms", "p95 ms", "s for a code", "errors"),
        [
            (
                level.people,
                level.journeys / level.seconds,
                *(level.within(part) for part in (0.5, 0.95)),
                median(level.codes) if level.codes else 0.0,
                level.errors,
            )
            for level in levels
        ],
        note=f"{LEVEL_SECONDS} s a level. The edge lets eight calls through at once and has the others wait.",
    )
