"""`python -m bench.load`: the whole journey by more and more people at once, on the local stack, until it gives way.

Starts, the code from the inbox, verification, password, preferences, home. One machine runs the people, the engine and
every function: the figures say how the product behaves when it is short of everything, not what AWS would do.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count

from bench import report
from bench.results import Results
from local.engine import forget_the_outside
from tests.builders import PASSWORD, row
from tests.stack import LIMITS, Stack, running
from tests.visitor import CODE, Answer, Visitor

LEVELS = (1, 2, 4, 8, 16, 32, 64)
LEVEL_SECONDS = 14
PEOPLE = 1_200
FALLEN = 0.7
"""A level that gets less done than this part of the best one is the last."""
BROKEN = 0.05
"""As is one with this part of its calls refused or lost."""
_BATCH = 300
_INBOX_SECONDS = 0.2
_CODE_SECONDS = 60


class NoCodeError(Exception):
    """A person's code did not come."""


@dataclass
class Inbox:
    """The codes that came, by contact, read by one thread for everybody."""

    product: Stack
    codes: dict[str, str] = field(default_factory=dict)
    stopped: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Read until stopped."""
        while not self.stopped.wait(_INBOX_SECONDS):
            for message in self.product.messages():
                found = CODE.search(message.text)
                if found:
                    self.codes[message.to] = found[0]

    def wait_for(self, contact: str) -> str:
        """The code that came to that contact. Raises NoCodeError."""
        deadline = time.monotonic() + _CODE_SECONDS
        while contact not in self.codes:
            if time.monotonic() > deadline:
                raise NoCodeError
            time.sleep(_INBOX_SECONDS / 4)
        return self.codes[contact]


@dataclass
class Level:
    """What so many people at once came to: `calls` are milliseconds, `codes` seconds."""

    people: int
    calls: list[float] = field(default_factory=list)
    codes: list[float] = field(default_factory=list)
    journeys: int = 0
    errors: int = 0
    seconds: float = 0

    @property
    def rate(self) -> float:
        """Journeys a second."""
        return self.journeys / self.seconds

    @property
    def error_share(self) -> float:
        """The part of the calls that were refused or lost."""
        return self.errors / max(1, len(self.calls) + self.errors)

    def share(self, part: float) -> float:
        """The milliseconds within which that part of the calls was answered."""
        ordered = sorted(self.calls)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0


def measure() -> list[Results]:
    """Level after level until one falls behind or breaks."""
    forget_the_outside()
    limits: Mapping[str, str] = LIMITS | {"STARTS_PER_IP_PER_5_MINUTES": "1000000"}
    with running(limits) as product:
        _invite(product)
        inbox = Inbox(product)
        watcher = threading.Thread(target=inbox.watch)
        watcher.start()
        try:
            levels = list(_levels(product, inbox))
        finally:
            inbox.stopped.set()
            watcher.join()
    return [_table(levels)]


def _invite(product: Stack) -> None:
    people = [row(_identifier(number), "Roux", "Zoé", email=_mail(number)) for number in range(PEOPLE)]
    for start in range(0, PEOPLE, _BATCH):
        product.deployment.invoke("import_roster", {"action": "apply", "rows": people[start : start + _BATCH]})


def _identifier(number: int) -> str:
    return str(80_000_000 + number)


def _mail(number: int) -> str:
    return f"p{_identifier(number)}@mondomaine.com"


def _levels(product: Stack, inbox: Inbox) -> Iterator[Level]:
    numbers, best = count(), 0.0
    for people in LEVELS:
        level = _run(product, inbox, people, numbers)
        yield level
        best = max(best, level.rate)
        if level.rate < FALLEN * best or level.error_share > BROKEN or next(numbers) >= PEOPLE - people:
            return


def _run(product: Stack, inbox: Inbox, people: int, numbers: Iterator[int]) -> Level:
    level, lock = Level(people), threading.Lock()
    began = time.monotonic()

    def live() -> None:
        while time.monotonic() - began < LEVEL_SECONDS:
            with lock:
                number = next(numbers)
            if number >= PEOPLE:
                return
            try:
                _journey(product, inbox, level, number)
            except (OSError, ValueError, NoCodeError):
                level.errors += 1
            else:
                level.journeys += 1

    with ThreadPoolExecutor(people) as pool:
        for _ in range(people):
            pool.submit(live)
    level.seconds = time.monotonic() - began
    return level


def _journey(product: Stack, inbox: Inbox, level: Level, number: int) -> None:
    visitor = Visitor(product)

    def call(method: str, path: str, body: object = None) -> None:
        began = time.perf_counter()
        answer: Answer = visitor.call(method, path, body)
        level.calls.append((time.perf_counter() - began) * 1_000)
        if answer.status >= 400:  # noqa: PLR2004  # HTTP's first refusal
            raise ValueError(answer.code)

    call("POST", "/api/activation", {"identifier": _identifier(number), "last_name": "Roux"})
    began = time.monotonic()
    code = inbox.wait_for(_mail(number))
    level.codes.append(time.monotonic() - began)
    call("POST", "/api/activation/verification", {"code": code})
    call("POST", "/api/activation/password", {"password": PASSWORD, "confirmation": PASSWORD})
    call("PUT", "/api/account/consent", {"consents": True, "text_version": "1"})
    call("PUT", "/api/account/code-channel", {"channel": "email"})
    call("PUT", "/api/account/terms", {"version": "1"})
    call("GET", "/api/account")


def _table(levels: list[Level]) -> Results:
    return Results(
        "load",
        "The journey by so many people at once, on the local stack",
        ("people", "journeys/s", "calls/s", "p50 ms", "p95 ms", "p99 ms", "s for a code", "errors"),
        tuple(
            (
                level.people,
                level.rate,
                len(level.calls) / level.seconds,
                level.share(0.5),
                level.share(0.95),
                level.share(0.99),
                sorted(level.codes)[len(level.codes) // 2] if level.codes else 0.0,
                level.errors,
            )
            for level in levels
        ),
        note=f"{LEVEL_SECONDS} s a level; the last has under {FALLEN:.0%} of the best throughput or {BROKEN:.0%} "
        "of its calls failing. The edge lets eight calls through at once and has the others wait.",
        bars=("journeys/s", "calls/s"),
    )


if __name__ == "__main__":
    report.show(measure())
