"""Batches of changes as JSON objects: what the check found is what gets applied, row by row."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from activation.domain.employment import RosterEntry, Structure
from activation.domain.people import Status
from activation.domain.roster.comparison import ChangeKind, Held, RosterChange
from activation.domain.roster.imports import Places
from activation.domain.roster.ports import RosterFiles
from activation.domain.stored import of_stored

MOST_ROWS = 500
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class StructureChange:
    """An employer as the file has it, and what was held of it."""

    structure: Structure
    before: Structure | None


@dataclass(frozen=True, slots=True)
class Batch:
    """What one worker does."""

    people: list[RosterChange] = field(default_factory=list)
    structures: list[StructureChange] = field(default_factory=list)


def change_values(change: RosterChange) -> dict[str, Any]:
    """A change as JSON; what a person proved is no part of it."""
    held = change.held and {
        "roster": asdict(change.held.roster),
        "status": change.held.status.value,
        "version": change.held.version,
        "closed_at": change.held.closed_at,
    }
    return {
        "identifier": change.identifier,
        "entry": asdict(change.entry),
        "kind": change.kind.value,
        "held": held,
    }


def change_of(values: dict[str, Any]) -> RosterChange:
    """The change that JSON says."""
    held = values["held"] and Held(
        roster=of_stored(RosterEntry, values["held"]["roster"]),
        status=Status(values["held"]["status"]),
        version=values["held"]["version"],
        closed_at=values["held"]["closed_at"],
    )
    return RosterChange(values["identifier"], of_stored(RosterEntry, values["entry"]), held, ChangeKind(values["kind"]))


class BatchWriter:
    """Fills batches and writes each when it is full; `finish` writes the rest, and the manifest."""

    def __init__(self, files: RosterFiles, places: Places) -> None:
        self._files, self._places = files, places
        self._batch = Batch()
        self._written: list[str] = []

    def add(self, change: RosterChange) -> None:
        """Put a person's change in."""
        self._batch.people.append(change)
        self._write_when_full()

    def add_structure(self, change: StructureChange) -> None:
        """Put an employer in."""
        self._batch.structures.append(change)
        self._write_when_full()

    def finish(self) -> int:
        """Write what is left and the manifest; returns how many batches there are."""
        if self._batch.people or self._batch.structures:
            self._write()
        manifest = json.dumps([{"batch": key} for key in self._written])
        self._files.write(self._places.manifest, manifest.encode(), kind=JSON)
        return len(self._written)

    def _write_when_full(self) -> None:
        if len(self._batch.people) + len(self._batch.structures) >= MOST_ROWS:
            self._write()

    def _write(self) -> None:
        key = self._places.batch(len(self._written) + 1)
        body = {
            "people": [change_values(change) for change in self._batch.people],
            "structures": [asdict(change) for change in self._batch.structures],
        }
        self._files.write(key, json.dumps(body, ensure_ascii=False).encode(), kind=JSON)
        self._written.append(key)
        self._batch = Batch()


def read_batch(files: RosterFiles, key: str) -> Batch:
    """The batch that lies there."""
    body = json.loads(files.read(key))
    return Batch(
        people=[change_of(values) for values in body["people"]],
        structures=[
            StructureChange(
                of_stored(Structure, values["structure"]),
                of_stored(Structure, values["before"]) if values["before"] else None,
            )
            for values in body["structures"]
        ],
    )
