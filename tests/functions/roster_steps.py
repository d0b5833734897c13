"""The state machine's steps, taken by hand."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from activation.domain.roster.imports import ImportPaths
from tests.functions.visitor import CONTEXT, handler
from tests.in_memory.roster import Row, as_csv
from tests.in_memory.states import as_states

if TYPE_CHECKING:
    from tests.functions.world import World

BUCKET = "rosters"
INCOMING = "incoming/a.csv"
STATES = "states/suivi.csv"
"""Where the tests put their files, and those of states."""


def send(world: "World", rows: list[dict[str, str]], key: str = INCOMING, **said: str) -> str:
    return upload(world, as_csv(rows), key, **said)


def upload(world: "World", body: bytes, key: str, **said: str) -> str:
    metadata = {name.replace("_", "-"): value for name, value in said.items()}
    answer = world.deployment.s3.put_object(Bucket=BUCKET, Key=key, Body=body, Metadata=metadata)
    version: str = answer["VersionId"]
    return version


def step(action: str, **more: Any) -> Any:
    return handler("import_roster")({"action": action, **more}, CONTEXT)


def put(key: str, version: str | None = None) -> Any:
    """The bucket's event, which orders what is done with an object."""
    which = {"version-id": version} if version else {}
    return {"detail-type": "Object Created", "detail": {"object": {"key": key, **which}}}


def prepare(key: str = INCOMING, version: str | None = None) -> Any:
    """The first step, as the bucket's event starts it."""
    return step("prepare", order=put(key, version))


def batches(world: "World", prepared: Any) -> list[str]:
    return [item["batch"] for item in json.loads(read(world, prepared["manifest"]))]


def work(prepared: Any, batch: str) -> Any:
    return step("batch", does=prepared["does"], import_id=prepared["import_id"], batch=batch)


def work_through(world: "World", prepared: Any) -> Any:
    """Every worker's step, where there is any; returns what the first step answered, as it was given."""
    if prepared["does"] not in ("nothing", "refused"):
        for batch in batches(world, prepared):
            work(prepared, batch)
    return prepared


def undo(world: "World", prepared: Any) -> Any:
    return report(world, work_through(world, step("prepare", order={"undo": prepared["import_id"]})))


def report(world: "World", prepared: Any, *, failed: bool = False) -> Any:
    step("report", does=prepared["does"], import_id=prepared["import_id"], failed=failed)
    return json.loads(read(world, ImportPaths(prepared["import_id"]).report("json")))


def take_in(world: "World", rows: list[dict[str, str]], **said: str) -> Any:
    """Every step for a file that is to be applied; returns what the first one answered."""
    return work_through(world, prepare(version=send(world, rows, apply="yes", **said)))


def take_in_states(world: "World", rows: Iterable[Row], **said: str) -> Any:
    """Every step for a file of states that is to be applied; returns what the first one answered."""
    return work_through(world, prepare(STATES, version=upload(world, as_states(rows), STATES, apply="yes", **said)))


def carry_out(world: "World", key: str) -> Any:
    """Every step that the machine takes for an object of a correspondent's file."""
    prepared = work_through(world, prepare(key))
    if prepared["does"] != "refused":
        step("report", does=prepared["does"], import_id=prepared["import_id"])
    return prepared


def read(world: "World", key: str) -> str:
    body: bytes = world.deployment.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    return body.decode("utf-8-sig")
