"""Batches of changes, stored as JSON: exactly the changes that the check found get applied."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from activation.domain.accounts import Status
from activation.domain.employment import RosterEntry, Structure
from activation.domain.records import from_record
from activation.domain.roster.columns import Column
from activation.domain.roster.comparison import ChangeKind, RosterChange, StoredPerson
from activation.domain.roster.imports import ImportPaths
from activation.domain.roster.ports import RosterFiles

MOST_ROWS = 500
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class StructureChange:
    """A structure as the file has it, and as it is stored (`before`; None when it is new).

    `unsaid` are the fields that the file lacks: `structure` has their stored values. `replaced`: the correspondents
    whose link ends with the change, as another mail takes the place of theirs.
    """

    structure: Structure
    before: Structure | None
    unsaid: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()

    def after(self, stored: Structure | None) -> "StructureChange":
        """The same change, applied to the structure that is stored now."""
        kept = {name: getattr(stored, name, "") for name in self.unsaid}
        return StructureChange(replace(self.structure, **kept), stored, self.unsaid, self.replaced)


@dataclass(frozen=True, slots=True)
class Batch:
    """At most 500 changes, which one execution applies or undoes."""

    people: list[RosterChange] = field(default_factory=list)
    structures: list[StructureChange] = field(default_factory=list)


def change_values(change: RosterChange) -> dict[str, Any]:
    """A change as JSON, without the person's proven contacts."""
    stored = change.stored and {
        "roster": asdict(change.stored.roster),
        "status": change.stored.status and change.stored.status.value,
        "version": change.stored.version,
        "closed_at": change.stored.closed_at,
        "has_bounced": change.stored.has_bounced,
    }
    return {
        "identifier": change.identifier,
        "entry": asdict(change.entry),
        "kind": change.kind.value,
        "stored": stored,
        "unsaid": change.unsaid,
    }


def change_of(values: dict[str, Any]) -> RosterChange:
    """The change in that JSON."""
    stored = values["stored"] and StoredPerson(
        roster=from_record(RosterEntry, values["stored"]["roster"]),
        status=Status(values["stored"]["status"]) if values["stored"]["status"] else None,
        version=values["stored"]["version"],
        closed_at=values["stored"]["closed_at"],
        has_bounced=values["stored"].get("has_bounced", False),  # batches of the release before do not say
    )
    return RosterChange(
        values["identifier"],
        from_record(RosterEntry, values["entry"]),
        stored,
        ChangeKind(values["kind"]),
        tuple(Column(name) for name in values.get("unsaid", ())),  # batches of the release before have none
    )


class BatchWriter:
    """Fills batches and writes each when it is full; `finish` writes the rest, and the manifest."""

    def __init__(self, files: RosterFiles, paths: ImportPaths) -> None:
        self._files, self._paths = files, paths
        self._batch = Batch()
        self._written: list[str] = []

    def add(self, change: RosterChange) -> None:
        """Put a person's change in."""
        self._batch.people.append(change)
        self._write_when_full()

    def add_structure(self, change: StructureChange) -> None:
        """Put a structure's change in."""
        self._batch.structures.append(change)
        self._write_when_full()

    def keep_mails(self, mails: Mapping[str, str]) -> None:
        """Write, for each structure of the file, the key of its correspondent's mail if it stood before; else empty."""
        self._files.write(self._paths.mails, json.dumps(mails).encode(), kind=JSON)

    def finish(self) -> int:
        """Write the last batch and the manifest, which lists all batches; returns how many there are."""
        if self._batch.people or self._batch.structures:
            self._write()
        write_manifest(self._files, self._paths, self._written)
        return len(self._written)

    def _write_when_full(self) -> None:
        if len(self._batch.people) + len(self._batch.structures) >= MOST_ROWS:
            self._write()

    def _write(self) -> None:
        key = self._paths.batch(len(self._written) + 1)
        body = {
            "people": [change_values(change) for change in self._batch.people],
            "structures": [asdict(change) for change in self._batch.structures],
        }
        self._files.write(key, json.dumps(body).encode(), kind=JSON)
        self._written.append(key)
        self._batch = Batch()


def write_manifest(files: RosterFiles, paths: ImportPaths, batches: Sequence[str]) -> None:
    """Write the manifest of an import: the keys of its batches."""
    manifest = json.dumps([{"batch": key} for key in batches])
    files.write(paths.manifest, manifest.encode(), kind=JSON)


def read_batch(files: RosterFiles, key: str) -> Batch:
    """The batch stored under that key."""
    body = json.loads(files.read(key))
    return Batch(
        people=[change_of(values) for values in body["people"]],
        structures=[
            StructureChange(
                from_record(Structure, values["structure"]),
                from_record(Structure, values["before"]) if values["before"] else None,
                tuple(values.get("unsaid", ())),
                tuple(values.get("replaced", ())),
            )
            for values in body["structures"]
        ],
    )
