"""What each step asks of AWS, and how many of these calls wait for one another.

Counted on moto by a hook in botocore. Calls that could overlap are made to, by waiting for each other.
"""

import io
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from botocore.client import BaseClient

from bench.report import Results
from tests.builders import PASSWORD
from tests.functions.correspondents import claire_at_home
from tests.functions.deployment import Deployment, in_moto
from tests.functions.paths import ACCOUNT, ACTIVATION, CHANNEL, CONSENT, REQUESTS, SESSION, TERMS
from tests.functions.people import LOUIS, both, credentials
from tests.functions.reports import report_mail
from tests.functions.requests import sent
from tests.functions.visitor import Visitor
from tests.functions.walks import latest_code
from tests.functions.world import World

_THREADS = 8
_HAND_OVER = 0.02
"""How long (seconds) a task waits, so that all that are handed over with it are known before the first call."""
_MOMENT = 0.5
"""How long (seconds) a call lasts at most for one beside it to begin, when a function has two things under way."""

SWITCH = "breaker#wrong-codes"
"""The breaker's switch, read every ten seconds at most: not counted."""


@dataclass(frozen=True, slots=True)
class Trip:
    """One call, and which event it was that it began, and that it ended: only their order counts."""

    operation: str
    began: int
    ended: int
    asked: Mapping[str, Any] = field(default_factory=dict)


class Recorder:
    """The calls made while it listens."""

    def __init__(self, environment: pytest.MonkeyPatch) -> None:
        self.trips: list[Trip] = []
        self._changed = threading.Condition()
        self._events = itertools.count()
        self._under_way = self._tasks = 0
        self._is_main_calling = False
        self._beside = ThreadPoolExecutor(_THREADS)  # as on AWS, where tests have all calls one after the other
        self._met = -1  # the latest call that began beside another
        alone = threading.Lock()
        original = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001  # botocore's own, no stub has it
        submit = ThreadPoolExecutor.submit

        def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
            began = self._begin()
            with alone:  # moto knows no threads
                answer = original(client, operation, parameters)
            with self._changed:
                self._under_way -= 1
                self._is_main_calling &= not _is_main()
                if parameters.get("Key", {}).get("scope", {}).get("S") != SWITCH:
                    self.trips.append(Trip(operation, began, next(self._events), parameters))
            return answer

        def begin_beside(pool: ThreadPoolExecutor, task: Callable[..., Any], *arguments: Any) -> Future[Any]:
            def begin() -> Any:
                time.sleep(_HAND_OVER)
                return task(*arguments)

            self._count_task(1)
            future = submit(pool, begin)
            future.add_done_callback(lambda _: self._count_task(-1))
            return future

        environment.setattr("activation.domain.parallel._pool", lambda: self._beside)
        environment.setattr(BaseClient, "_make_api_call", call)
        environment.setattr(ThreadPoolExecutor, "submit", begin_beside)

    def _begin(self) -> int:
        """The event that a call's beginning is, once all that are to be expected beside it are under way too."""
        with self._changed:
            began = next(self._events)
            self._under_way += 1
            self._is_main_calling |= _is_main()
            if self._under_way > 1:
                self._met = began
                self._changed.notify_all()
            self._changed.wait_for(lambda: not self._tasks or self._all_met(began), _MOMENT)
        return began

    def _all_met(self, began: int) -> bool:
        expected = min(self._tasks, _THREADS) + self._is_main_calling
        return self._met >= began and self._under_way >= expected

    def _count_task(self, change: int) -> None:
        with self._changed:
            self._tasks += change
            self._changed.notify_all()


def _is_main() -> bool:
    """Whether a function itself calls, and no thread beside it."""
    return threading.current_thread() is threading.main_thread()


def chain(trips: Sequence[Trip]) -> int:
    """How many calls are in the longest chain in which each began after the one before had ended."""
    longest, ended = 0, 0
    for trip in sorted(trips, key=lambda trip: trip.ended):
        if trip.began >= ended:
            longest, ended = longest + 1, trip.ended
    return longest


def transactions(trips: Iterable[Trip]) -> int:
    """How many of the calls are DynamoDB's transactions."""
    return sum(trip.operation == "TransactWriteItems" for trip in trips)


def trips_of(world: World, environment: pytest.MonkeyPatch) -> Mapping[str, list[Trip]]:
    """What each step asks of AWS, when nothing fails: an activation from its start to home, then a sign-in."""
    recorder, made = Recorder(environment), dict[str, list[Trip]]()
    visitor, other = Visitor(), Visitor()

    def take(name: str, step: Callable[[], object]) -> None:
        recorder.trips.clear()
        step()
        made[name] = list(recorder.trips)

    def type_code(browser: Visitor, path: str) -> Callable[[], object]:
        body = {"code": latest_code(world)}
        return lambda: browser.post(f"{path}/verification", body)

    def report() -> None:
        mail = world.wire.asked("SendEmail")[-1]
        report_mail(mail["EmailTags"][0]["Value"], "delivery", to=mail["Destination"]["ToAddresses"][0])

    def look() -> object:
        return visitor.get(SESSION)

    take("look, as a stranger", look)
    take("start", lambda: visitor.post(ACTIVATION, LOUIS.start_body))
    take("deliver a code", world.deliver)
    take("record a delivery", report)
    take("look, on the way", look)
    take("verify", type_code(visitor, ACTIVATION))
    take("set password", lambda: visitor.post(f"{ACTIVATION}/password", both(PASSWORD)))
    take("deliver a notice", world.deliver)
    take("record a notice's delivery", report)
    take("look, signed in", look)
    take("consent", lambda: visitor.put(CONSENT, {"consents": True, "text_version": "1"}))
    take("channel", lambda: visitor.put(CHANNEL, {"channel": "email"}))
    take("terms", lambda: visitor.put(TERMS, {"version": "1"}))
    take("home", lambda: visitor.get(ACCOUNT))
    take("list requests", lambda: visitor.get(REQUESTS))
    opened = visitor.post(REQUESTS, {"kind": "reclamation"}).body
    request = f"{REQUESTS}/{opened['id']}"
    take("one request", lambda: visitor.get(request))
    take("an act on a request", lambda: visitor.put(request, {"version": opened["version"], "fields": {}}))
    take("sign in", lambda: other.post(SESSION, credentials(LOUIS)))
    world.deliver()
    take("verify a sign-in", type_code(other, SESSION))
    claire = claire_at_home(world)
    take("a page of people", lambda: claire.post("/api/correspondent/people/search", {"structure": "S1"}))
    sent(visitor)
    take("a page of the follow-up", lambda: claire.post("/api/correspondent/requests/search", {"structure": "S1"}))
    return made


@cache
def counted() -> Mapping[str, list[Trip]]:
    """The same, on a moto of its own."""
    with redirect_stdout(io.StringIO()), in_moto() as environment:  # what the functions log
        return trips_of(World(Deployment(), environment), environment)


def units(trips: Iterable[Trip]) -> tuple[Counter[str], int]:
    """Write units by table, and read units in all: one a row (an account's, the largest, has some 900 bytes).

    In a transaction a row is two, and a check costs as much as a write; all our reads are consistent ones.
    """
    written, read = Counter[str](), 0
    for trip in trips:
        match trip.operation:
            case "TransactWriteItems":
                for part in trip.asked["TransactItems"]:
                    written.update({write["TableName"]: 2 for write in part.values()})
            case "PutItem" | "UpdateItem" | "DeleteItem":
                written[trip.asked["TableName"]] += 1
            case "BatchGetItem":
                read += sum(len(rows["Keys"]) for rows in trip.asked["RequestItems"].values())
            case "GetItem":
                read += 1
    return written, read


def measure() -> list[Results]:
    """Count."""
    return [
        Results(
            "trips",
            "Calls to AWS",
            ("step", "calls", "in sequence"),
            [(name, len(trips), chain(trips)) for name, trips in counted().items()],
            note="In sequence: the longest chain of calls that waited for one another. Without the breaker's switch.",
        )
    ]
