"""One import: its id, the keys of its objects in the bucket, and its result."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from activation.domain.findings import Changed, Finding
from activation.domain.limits import DAY_SECONDS
from activation.domain.roster.comparison import ChangeKind
from activation.domain.roster.confirmations import Departures, MassChanges, Renamings
from activation.domain.roster.ending_links import EndingLinks
from activation.domain.times import rfc3339

UNDO_SECONDS = DAY_SECONDS
"""How long an import can be undone."""

INCOMING = "incoming/"
STATES = "states/"
"""The folder of files of states, by which the back office says what becomes of requests."""

_OF_STATES = "states-"
"""The beginning of the id of an import of a file of states."""


class UploadOption(StrEnum):
    """Options of the sender, in the metadata of the uploaded object. Without options the file is only checked."""

    SENDER = "sender"
    """The mail address that gets the summary."""
    APPLY = "apply"
    """`yes`: apply the file after the check."""
    CONFIRM_DEPARTURES = "confirm-departures"
    """`yes`: apply departures, however many there are."""
    CONFIRM_RENAMINGS = "confirm-renamings"
    """`yes`: apply other names, however many there are and whosever they are."""
    CONFIRM_CHANGES = "confirm-changes"
    """`yes`: apply moves to other structures, and contacts replaced or removed, however many there are."""
    CONFIRM_CORRESPONDENTS = "confirm-correspondents"
    """`yes`: end the links of correspondents in whose place another mail comes, however many there are."""


class Action(StrEnum):
    """The actions on a batch."""

    NOTHING = "nothing"
    APPLY = "apply"
    UNDO = "undo"
    TAKE_BACK = "take-back"
    """A correspondent undoes their own import, within their rights; `UNDO` is an operator's."""


class State(StrEnum):
    """The ways in which an import ends."""

    CHECKED = "checked"
    REFUSED = "refused"
    APPLIED = "applied"
    UNDONE = "undone"
    FAILED = "failed"


def import_id_of(key: str, version: str, sent_at: int) -> str:
    """The import id for that version of an object: always the same, as S3 may announce an object several times."""
    digest = hashlib.sha256(f"{key}\0{version}".encode()).hexdigest()[:12]
    kind = _OF_STATES if key.startswith(STATES) else ""
    return f"{kind}{rfc3339(sent_at).replace('-', '').replace(':', '')}-{digest}"


def is_of_states(import_id: str) -> bool:
    """Whether that import is of a file of states."""
    return import_id.startswith(_OF_STATES)


class ImportPaths(NamedTuple):
    """The keys of an import's objects in the bucket."""

    import_id: str

    @property
    def source(self) -> str:
        """The file as it was sent."""
        return f"work/{self.import_id}/file"

    @property
    def prepared(self) -> str:
        """The result of the check."""
        return f"work/{self.import_id}/prepared.json"

    @property
    def manifest(self) -> str:
        """The list of the batches."""
        return f"work/{self.import_id}/manifest.json"

    @property
    def mails(self) -> str:
        """For each structure of the file, the key of its correspondent's mail if it stood before; else empty."""
        return f"work/{self.import_id}/mails.json"

    @property
    def batches(self) -> str:
        """The prefix of all batches."""
        return f"work/{self.import_id}/batches/"

    def batch(self, number: int) -> str:
        """One batch of changes."""
        return f"{self.batches}{number:05}.json"

    def results(self, action: Action) -> str:
        """The prefix of the results of all batches."""
        return f"work/{self.import_id}/{action.value}/"

    def result(self, action: Action, batch: str) -> str:
        """The key of the result of one batch; `batch` is the batch's key, of this import or of its arrivals' import."""
        *_, import_id, _, name = batch.split("/")
        return self.results(action) + (name if import_id == self.import_id else f"arrivals-{name}")

    def report(self, kind: str) -> str:
        """The report: `json`, `html`, or `csv` with every finding."""
        return f"reports/{self.import_id}/report.{kind}"

    @property
    def left_alone(self) -> str:
        """The list of people whom an undo left unchanged (CSV)."""
        return f"reports/{self.import_id}/left-alone.csv"


@dataclass(frozen=True, slots=True)
class Prepared:
    """The result of a check; `refusal` says why the whole file is refused, and `at` is in epoch seconds.

    `encoding` is how the file was read if that was guessed from its letters, and else empty. `unreachable` counts the
    people to be invited or changed who have no contact. `sheet` names the one that was read of several in a workbook. A
    correspondent's file has `arrivals`, the `structures` whose people it changes, in `found` the first findings of its
    report, and in `changes` the most important ones.
    """

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
    unconfirmed_renamings: tuple[Renamings, ...] = ()
    unconfirmed_changes: tuple[MassChanges, ...] = ()
    unconfirmed_links: EndingLinks | None = None
    ended_links: int = 0
    ignored: tuple[str, ...] = ()
    sender: str = field(default="", repr=False)
    encoding: str = ""
    unreachable: int = 0
    sheet: str = field(default="", repr=False)
    arrivals: int = 0
    structures: tuple[str, ...] = ()
    found: tuple[Finding, ...] = ()
    changes: tuple[Changed, ...] = ()
