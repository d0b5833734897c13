"""One world in which orders are tried: put back as it was before each, and looked at after it."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import pytest
import zxcvbn
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from boto3.dynamodb.types import TypeDeserializer
from botocore.client import BaseClient
from moto.core.models import botocore_stubber

from activation.adapters.tables import TABLES
from tests.dynamodb.stand_in import DynamoDb, items_of, keys_of, let_writes_be_seen
from tests.fakes import quick
from tests.functions.deployment import ACCOUNT, Deployment, in_moto
from tests.functions.roster_steps import BUCKET
from tests.functions.visitor import Answer
from tests.functions.world import START, Message, World
from tests.orders import processes, scheduler
from tests.orders.actors import Actor
from tests.orders.answers import Answers
from tests.orders.scenes import SCENES, Scene
from tests.orders.steps import Step, step_of, step_with
from tests.orders.turns import Order, Turn

Row = Mapping[str, Any]
Tables = Mapping[str, list[Row]]

_DRAWN = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|\bC\d{8}\b|(?<=Z-)[0-9a-f]{12}\b|[0-9a-f]{32,}|(?<=#)[0-9a-f]{8}\b"
    r"|\b[0-9A-HJKMNP-TV-Z]{26}\b|\b\d{9}\b|\$argon2id\$\S+?(?=\")|(?<=\"provider_id\": \")[^\"]+"
)
"""What chance made: ids, ours and a provider's, of correspondents, of their files and of requests, hashes of tokens and
of passwords, the end of a line's key."""

MOST_READ = 50_000
"""So many rows are kept as they were read."""

UNAVAILABLE = 503
UNDER_WAY = "a transaction under way"


@dataclass(frozen=True)
class Outcome:
    """What came of an order: each call's answer or error and its steps, the tables before and after, what was sent."""

    cast: Mapping[str, Actor]
    order: Order
    answers: Mapping[str, Answer | BaseException]
    steps: Mapping[str, Sequence[Step]]
    has_threads: Mapping[str, bool]
    beginning: "Beginning"
    after: Tables
    written: Sequence[tuple[str, ...]]
    """The rows that were written, one for each write."""
    sent: Sequence[Message]
    now: int

    @property
    def before(self) -> Tables:
        return self.beginning.tables

    @property
    def has_fault(self) -> bool:
        return any(turn.fault for turn in self.order)

    def does(self, name: str) -> str:
        return self.cast[name].name

    def says_busy(self, name: str) -> bool:
        """Whether that one of the cast says that it met others at each of its tries."""
        answer = self.answers[name]
        if isinstance(answer, Answer):
            return answer.status == UNAVAILABLE
        return type(answer).__name__ == "BusyError"  # of its own process's modules

    def moves(self, name: str) -> bool:
        """Whether that one of the cast wrote anything but the activity of a session that goes on."""
        going_on = {("sessions", row["token_hash"]) for row in self.before["sessions"]}
        going_on &= {("sessions", row["token_hash"]) for row in self.after["sessions"]}
        return any(step.writes - going_on for step in self.steps[name])

    @cached_property
    def state(self) -> str:
        """All that the tables say, but for counters and for what chance made.

        The same after two orders that come to the same. Nor who is told of an applied file: whoever answers for its
        structures as it ends, twice where two try to end it.
        """
        is_cleaned = any(actor.name == "purge_expired" for actor in self.cast.values())
        rows = (
            f"{table} {self.beginning.told(table, row, is_cleaned=is_cleaned)}"
            for table, rows in self.after.items()
            for row in rows
            if table != "limits" and row.get("kind") != "file_applied"
        )
        return "\n".join(sorted(rows))


class Beginning:
    """The tables as orders find them, and what is compared of their rows."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._known = set(_DRAWN.findall(json.dumps(tables, default=str)))
        self._undoable = [
            row["journal"]["before"] for rows in tables.values() for row in rows if "before" in row.get("journal", ())
        ]
        self._told: dict[tuple[int, bool], tuple[Row, str]] = {}

    def told(self, table: str, row: Row, *, is_cleaned: bool) -> str:
        """All that the row says, but for counters and for what chance made.

        Nor what a check found, of rows each as it was when it was read, or how far. Nor, beside the cleanup, what it
        does an hour later: what it forgets of a journal, which a write at the same time may put back as it was; and the
        dates of a closing that came after its scan.
        """
        key = id(row), is_cleaned
        if key in self._told:
            return self._told[key][1]
        compared = without_counts(table, row)
        if row.get("state") in ("checked", "failed") and row not in self.tables[table]:
            of_check = ("counts", "findings", "progress")
            compared = {name: value for name, value in compared.items() if name not in of_check}
        if is_cleaned and row.get("journal", {}).get("before") in self._undoable:
            compared = {
                **compared,
                "journal": {name: row["journal"][name] for name in row["journal"] if name != "before"},
            }
        if is_cleaned and row.get("undated_closing", 0) == row.get("closed_at") and row not in self.tables[table]:
            compared = {name: value for name, value in compared.items() if name != "undated_closing"}
        if row.get("state") == "done" and not row.get("notified_contacts"):  # nothing comes of when it goes
            compared = {name: value for name, value in compared.items() if name != "ends_at"}
        written = json.dumps(compared, default=str, sort_keys=True, ensure_ascii=False)
        told = _DRAWN.sub(lambda found: found[0] if found[0] in self._known else "*", written)
        if len(self._told) > MOST_READ:
            self._told.clear()
        self._told[key] = row, told
        return told


def without_counts(table: str, row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in COUNTED.get(table, ())}


COUNTED = {"pending_codes": ("attempts", "passwords"), "sessions": ("seen_at", "expires_at")}
"""What calls write that are refused, too: tries of a flow, and the activity of a session."""


def without_counters(tables: Tables) -> Tables:
    return {table: [without_counts(table, row) for row in rows] for table, rows in tables.items() if table != "limits"}


class Simulation:
    """A world and the processes of the calls in it."""

    def __init__(
        self, deployment: Deployment, dynamodb: DynamoDb, chance: processes.Chance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.world = World(deployment, monkeypatch)
        self.orders = 0
        self._deployment, self._dynamodb = deployment, dynamodb
        self._go_back_to_ours, self._chance = processes.back_to_ours(), chance
        self._processes: dict[str, processes.Process] = {}
        self._scenes: dict[str, tuple[Scene, Beginning]] = {}
        self._objects: dict[str, dict[str, list[Any]]] = {}
        self._read: dict[int, tuple[Any, Row]] = {}
        self._alones: dict[tuple[str, str, str], Outcome] = {}

    def run(self, scene_name: str, cast: Mapping[str, Actor], order: Order) -> Outcome:
        """Everybody of the cast in that scene, as the order says."""
        scene, beginning = self._scene(scene_name)
        self._deployment.recall(scene_name)
        self._put_objects_back(scene_name)
        self._dynamodb.forget()
        self.world.now = scene.now
        heard = len(self.world.wire.done)
        acts = {name: self._act(name, actor, scene) for name, actor in cast.items()}
        try:
            calls = scheduler.run(acts, order)
        finally:
            self._go_back_to_ours()
        outcome = Outcome(
            cast,
            order,
            {name: call.error or call.result for name, call in calls.items()},
            {name: call.asked for name, call in calls.items()},
            {name: len(call.strands) > 1 for name, call in calls.items()},
            beginning,
            self._tables(),
            list(self._dynamodb.written),
            self.world.messages_since(heard),
            scene.now,
        )
        del self.world.wire.done[heard:]
        self.orders += 1
        return outcome

    def anew(self, settle: Callable[[World], None]) -> World:
        """The world as it was first: the demo people, invited, and what `settle` adds, which is done once."""
        self.world.now = START
        self.world.begin_anew()
        if self._deployment.recall(settle.__qualname__) is None:
            self._chance.begin(settle.__qualname__)
            settle(self.world)
            self._deployment.remember(settle.__qualname__, {})
        self._chance.begin("anew")
        self._dynamodb.forget()
        self.world.wire.done.clear()
        return self.world

    def alone(self, scene_name: str, actor: Actor, name: str = "A") -> Outcome:
        key = scene_name, str(actor), name
        if key not in self._alones:
            self._alones[key] = self.run(scene_name, {name: actor}, (Turn(name),))
        return self._alones[key]

    def _act(self, name: str, actor: Actor, scene: Scene) -> Any:
        process = self._processes.get(name)
        if process is None:
            process = self._processes[name] = processes.Process(lambda: self.world.now)
        process.begin(name)
        return (lambda: actor.act(self.world, scene)), process.enter

    def _scene(self, name: str) -> tuple[Scene, Beginning]:
        if name not in self._scenes:
            self.world.now = START
            self._chance.begin(name)
            scene = SCENES[name](self.world)
            self._deployment.remember(name, {})
            self._objects[name] = {key: list(versions) for key, versions in _objects().lists()}
            self._scenes[name] = scene, Beginning(self._tables())
        return self._scenes[name]

    def _put_objects_back(self, name: str) -> None:
        """Have the bucket hold what it held: results of batches are read by what is left of them.

        As a plain dictionary: moto empties whatever object it takes out.
        """
        objects = _objects()
        dict.clear(objects)
        for key, versions in self._objects[name].items():
            dict.__setitem__(objects, key, list(versions))

    def _tables(self) -> Tables:
        """Every row, read once where it is the same in several orders."""
        if len(self._read) > MOST_READ:
            self._read.clear()
        return {spec.name: [self._plain(item) for item in items_of({"TableName": spec.name})] for spec in TABLES}

    def _plain(self, item: Any) -> Row:
        if id(item) not in self._read:
            self._read[id(item)] = item, _plain(item)
        return self._read[id(item)][1]


def _plain(item: Any) -> Row:
    read = TypeDeserializer().deserialize
    return {name: read(value) for name, value in item.to_json()["Attributes"].items()}


def _objects() -> Any:
    from moto.s3.models import s3_backends  # noqa: PLC0415  # moto's own state, once it is up

    return s3_backends[ACCOUNT]["aws"].buckets[BUCKET].keys


def _once(work: Callable[..., Any]) -> Callable[..., Any]:
    """The same work, done once for the same words, whichever hasher does it."""
    done: dict[str, Any] = {}

    def look_up(*given: Any, **named: Any) -> Any:
        words = repr([each for each in (*given, named) if not isinstance(each, PasswordHasher)])
        if words not in done:
            try:
                done[words] = work(*given, **named)
            except VerificationError as error:
                done[words] = error
        if isinstance(done[words], VerificationError):
            raise done[words]
        return done[words]

    return look_up


@contextmanager
def simulation() -> Iterator[Simulation]:
    with in_moto() as environment:
        environment.setenv("POWERTOOLS_LOG_LEVEL", "CRITICAL")
        environment.setattr("botocore.endpoint.time", SimpleNamespace(sleep=scheduler.sleep))
        quick.take_time(environment)
        environment.setattr("activation.domain.parallel._pool", quick.OneAfterTheOther)
        for name in ("hash", "verify"):  # the same password takes the same time again, and tells nothing new
            environment.setattr(PasswordHasher, name, _once(getattr(PasswordHasher, name)))
        environment.setattr("zxcvbn.zxcvbn", _once(zxcvbn.zxcvbn))
        dynamodb: DynamoDb = botocore_stubber.process_request.__self__  # type: ignore[attr-defined]  # the stand-in's
        dynamodb.under_way = lambda actions: scheduler.pause(step_with(UNDER_WAY, actions))
        # Whoever begins while another goes on may miss what that one wrote; after it, they see all.
        environment.setattr(
            "tests.functions.visitor.let_writes_be_seen", lambda: None if scheduler.overlaps() else let_writes_be_seen()
        )
        carry_out = dynamodb.process_request
        environment.setattr(
            botocore_stubber,
            "process_request",
            lambda request: scheduler.carried_out(request, step_of(request, keys_of), carry_out),
        )
        answers = Answers(dynamodb, BaseClient._make_api_call)  # type: ignore[attr-defined]  # botocore's own name

        def call(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
            return answers.call(client, operation, parameters)

        environment.setattr(BaseClient, "_make_api_call", call)
        chance = processes.Chance()
        chance.begin("the demo people")
        for name in ("token_bytes", "token_hex", "randbelow"):
            environment.setattr(f"secrets.{name}", getattr(chance, name))
        yield Simulation(Deployment(), dynamodb, chance, environment)
