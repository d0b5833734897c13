"""One import: its name, where its objects lie in the bucket, and what it came to."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from activation.domain.limits import DAY_SECONDS
from activation.domain.roster.comparison import ChangeKind
from activation.domain.roster.departures import Departures
from activation.domain.times import rfc3339

UNDO_SECONDS = DAY_SECONDS
"""For this long an import can be undone."""

INCOMING = "incoming/"


class UploadOption(StrEnum):
    """What whoever sent a file said, as the object's metadata: nothing said is a check."""

    SENDER = "sender"
    """The mail address that the summary goes to."""
    APPLY = "apply"
    """`yes`: take the file in, after the check."""
    CONFIRM_DEPARTURES = "confirm-departures"
    """`yes`: however many leave."""


class Action(StrEnum):
    """What is done with each batch."""

    NOTHING = "nothing"
    APPLY = "apply"
    UNDO = "undo"


class State(StrEnum):
    """How an import ended."""

    CHECKED = "checked"
    REFUSED = "refused"
    APPLIED = "applied"
    UNDONE = "undone"
    FAILED = "failed"


def import_id_of(key: str, version: str, sent_at: int) -> str:
    """The import of that version of an object: the same, however often the object is announced."""
    digest = hashlib.sha256(f"{key}\0{version}".encode()).hexdigest()[:12]
    return f"{rfc3339(sent_at).replace('-', '').replace(':', '')}-{digest}"


@dataclass(frozen=True, slots=True)
class ImportPaths:
    """Where the objects of an import lie."""

    import_id: str

    @property
    def source(self) -> str:
        """The file as it was sent."""
        return f"work/{self.import_id}/file"

    @property
    def prepared(self) -> str:
        """What the check came to."""
        return f"work/{self.import_id}/prepared.json"

    @property
    def manifest(self) -> str:
        """The list of the batches."""
        return f"work/{self.import_id}/manifest.json"

    def batch(self, number: int) -> str:
        """One batch of changes."""
        return f"work/{self.import_id}/batches/{number:05}.json"

    def results(self, action: Action) -> str:
        """Where what became of the batches begins."""
        return f"work/{self.import_id}/{action.value}/"

    def result(self, action: Action, batch: str) -> str:
        """What became of one batch."""
        return self.results(action) + batch.rpartition("/")[2]

    def report(self, kind: str) -> str:
        """The report: `json`, `html`, or `csv` with every finding."""
        return f"reports/{self.import_id}/report.{kind}"

    @property
    def left_alone(self) -> str:
        """Who an undone import left as they were (CSV)."""
        return f"reports/{self.import_id}/left-alone.csv"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the check of a file came to; `refusal` says why the file as a whole can't be taken in."""

    import_id: str
    file: str
    at: int
    action: Action
    refusal: str | None = None
    rows: int = 0
    batches: int = 0
    counts: Mapping[ChangeKind, int] = field(default_factory=dict)
    refused: int = 0
    remarks: int = 0
    unconfirmed: tuple[Departures, ...] = ()
    ignored: tuple[str, ...] = ()
    sender: str = field(default="", repr=False)
