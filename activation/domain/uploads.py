"""The files that correspondents send: what became of each, from its check until it is taken back."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from activation.domain.errors import NextStep, NotConfirmedError, WrongStepError
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS
from activation.domain.times import rfc3339
from activation.domain.tokens import RandomBytes
from activation.domain.upload_states import UploadState

LAPSE_SECONDS = 3 * HOUR_SECONDS
"""After so long a step that has not ended has failed: no execution of the import lives longer."""

APPLICATION_SECONDS = DAY_SECONDS
"""How long after its check a file may be applied."""

UNDOING_SECONDS = DAY_SECONDS
"""How long after its application a file may be taken back."""

KEPT_SECONDS = 30 * DAY_SECONDS
"""How long an upload's row is kept: as long as its files."""

MOST_FINDINGS = 200
"""Findings that are kept with an upload at most; the report has more."""


MOST_CHANGES = 99
"""Changes that are kept with a checked upload at most, as one read finds so many people; the report has more."""


_RUNNING = frozenset({UploadState.CHECKING, UploadState.APPLYING, UploadState.UNDOING})


class Confirmation(StrEnum):
    """What a sender may have to confirm; the value is the word by which they do."""

    DEPARTURES = "departures"
    RENAMINGS = "renamings"
    CHANGES = "changes"
    """Moves between the sender's structures, and contacts replaced or removed."""


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """How many rows of the step under way are done, and `of` how many; 0 of 0 before they are counted."""

    done: int = 0
    of: int = 0


class Nature(StrEnum):
    """What a finding means for its row; the value is the word of reports."""

    REFUSED = "refus"
    WAITS = "à confirmer"
    REMARK = "remarque"
    OF_FILE = "fichier"
    CHANGE = "changement"
    """What the row would change; in no other report than of a correspondent's file."""


_OPENINGS: Mapping[str, str] = {
    Nature.REFUSED: "Refusé : ",
    Nature.WAITS: "En attente : ",
    Nature.REMARK: "Remarque : ",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What there is to say of a row, by the number that the spreadsheet shows, or of the file (`row` is None).

    `column` is empty when it concerns no column alone. `nature` is a `Nature`, or empty for what refuses the whole
    file. Nothing of it is a value of the file.
    """

    row: int | None
    column: str
    reason: str
    nature: str = ""

    @property
    def words(self) -> str:
        """In French, where no column of its own says the nature: what it means for the row, and why."""
        return f"{_OPENINGS.get(self.nature, '')}{self.reason}"


@dataclass(frozen=True, slots=True)
class Changed:
    """What a row of a checked file would change of somebody whom its sender answers for.

    `columns`: those of which the roster would say something else, by their French names, and none of their values.
    `leaves`: whether they would leave.
    """

    row: int
    identifier: str
    columns: tuple[str, ...]
    leaves: bool = False

    @property
    def words(self) -> str:
        """In French: what becomes of the person."""
        return "sortie" if self.leaves else "modification"


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """What waits for the sender's word `what`, in French `words`: nothing of the file is applied without."""

    what: str
    words: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a correspondent's (`sender`, their identifier), sent at `sent_at` (epoch seconds).

    `structures` are the ids of those that the sender answered for then, and once checked of those whose people the file
    changes. `since`: when its `state` began. `counts`: how
    many people by kind of change, of the check, or once applied of what was done. `stayed`: how many undoing left as
    they are. `admitted_at`: when an agent took its arrivals in. `changes`: the first ones, as long as it is checked.
    """

    upload_id: str
    sender: str
    sent_at: int
    structures: tuple[str, ...] = ()
    state: UploadState = UploadState.CHECKING
    since: int = 0
    progress: UploadProgress = field(default_factory=UploadProgress)
    counts: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    confirm: tuple[ToConfirm, ...] = ()
    changes: tuple[Changed, ...] = ()
    applied_at: int | None = None
    admitted_at: int | None = None
    stayed: int = 0

    def state_at(self, now: int) -> UploadState:
        """The state at that time: what has run for too long has failed, what was not applied in time has expired."""
        if self.state in _RUNNING and now >= self.since + LAPSE_SECONDS:
            return UploadState.FAILED
        if self.state is UploadState.CHECKED and now >= self.expires_at:
            return UploadState.EXPIRED
        return self.state

    def is_running(self, now: int) -> bool:
        """Whether a step of it is under way."""
        return self.state_at(now) in _RUNNING

    @property
    def expires_at(self) -> int:
        """Until when a checked upload may be applied, and before that until when its step may run (epoch seconds)."""
        return self.since + (LAPSE_SECONDS if self.state in _RUNNING else APPLICATION_SECONDS)

    @property
    def undo_until(self) -> int | None:
        """Until when it may be taken back (epoch seconds); None when it is not applied."""
        return self.since + UNDOING_SECONDS if self.state is UploadState.APPLIED else None


@dataclass(frozen=True, slots=True)
class UploadPaths:
    """The keys of an upload's objects in the bucket. The sender is read from them, and from nothing else."""

    sender: str
    upload_id: str

    @property
    def file(self) -> str:
        """The file as it was sent."""
        return f"{UPLOADED}{self.sender}/{self.upload_id}/file"

    @property
    def application(self) -> str:
        """The sender's order to apply it."""
        return f"{UPLOADED}{self.sender}/{self.upload_id}/application"

    @property
    def undoing(self) -> str:
        """The sender's order to take it back."""
        return f"{UPLOADED}{self.sender}/{self.upload_id}/undoing"

    @property
    def import_id(self) -> str:
        """The name of the import that applies the upload."""
        return f"{self.sender}-{self.upload_id}"

    @property
    def arrivals_import_id(self) -> str:
        """The name of the import that takes its arrivals in, once an agent orders it."""
        return f"{self.import_id}{OF_ARRIVALS}"

    @property
    def arrivals(self) -> str:
        """The key of an agent's order to take its arrivals in; only the help desk has the right to write there."""
        return f"{ADMITTED}{self.sender}/{self.upload_id}/arrivals"


class Order(StrEnum):
    """What an object of an upload orders; the value ends its key."""

    FILE = "file"
    APPLICATION = "application"
    UNDOING = "undoing"
    ARRIVALS = "arrivals"


@dataclass(frozen=True, slots=True)
class Rights:
    """In whose name an import changes people: a correspondent's, within the structures that they answer for.

    With `admits` an agent has confirmed people from elsewhere. With `creates` whoever is unknown needs no agent.
    """

    sender: str
    admits: bool = False
    creates: bool = False


UPLOADED = "correspondents/"
ADMITTED = "arrivals/"
OF_ARRIVALS = "-arrivals"
"""Ends the id of the import of an upload's arrivals."""

_KEY = re.compile(
    f"(?:{UPLOADED}(?P<sender>C[0-9]{{8}})/(?P<upload>[0-9TZ]{{16}}-[0-9a-f]{{12}})/(?P<order>file|application|undoing)"
    f"|{ADMITTED}(?P<of>C[0-9]{{8}})/(?P<admitted>[0-9TZ]{{16}}-[0-9a-f]{{12}})/arrivals)"
)
_IMPORT = re.compile(r"(?P<sender>C[0-9]{8})-(?P<upload>[0-9TZ]{16}-[0-9a-f]{12})(?P<arrivals>-arrivals)?")


def order_of(key: str) -> tuple[UploadPaths, Order] | None:
    """The upload that an object's key names, and what is ordered of it; None for a key that is no upload's."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    if found["of"]:
        return UploadPaths(found["of"], found["admitted"]), Order.ARRIVALS
    return UploadPaths(found["sender"], found["upload"]), Order(found["order"])


def upload_of(import_id: str) -> UploadPaths | None:
    """The upload that the import is; None for an operator's, and for the import of an upload's arrivals."""
    found = _IMPORT.fullmatch(import_id)
    return UploadPaths(found["sender"], found["upload"]) if found and not found["arrivals"] else None


def rights_of(import_id: str) -> Rights | None:
    """In whose name that import changes people; None for an operator's."""
    found = _IMPORT.fullmatch(import_id)
    return Rights(found["sender"], admits=bool(found["arrivals"])) if found else None


def new_upload_id(random: RandomBytes, *, now: int) -> str:
    """An id that begins with its time, so that ids stand in order."""
    time = rfc3339(now).replace("-", "").replace(":", "")
    return f"{time}-{random(6).hex()}"


def new_upload(sender: str, structures: Sequence[str], random: RandomBytes, *, now: int) -> Upload:
    """An upload that is being checked."""
    return Upload(new_upload_id(random, now=now), sender, now, tuple(structures), since=now)


def counted(upload: Upload, rows: int) -> Upload:
    """The upload once its rows are counted, of which none is done."""
    return replace(upload, progress=UploadProgress(0, rows))


def refused(upload: Upload, findings: Sequence[Finding], *, now: int) -> Upload:
    """The upload as the check refused it, and why."""
    return _in(UploadState.REFUSED, upload, now, findings=tuple(findings[:MOST_FINDINGS]))


def checked(
    upload: Upload,
    *,
    structures: Sequence[str],
    counts: Mapping[str, int],
    findings: Sequence[Finding],
    confirm: Sequence[ToConfirm],
    changes: Sequence[Changed] = (),
    now: int,
) -> Upload:
    """The upload once checked: whose people it would change, how, what was found, what its sender must confirm."""
    return _in(
        UploadState.CHECKED,
        upload,
        now,
        structures=tuple(structures),
        counts=dict(counts),
        findings=tuple(findings[:MOST_FINDINGS]),
        confirm=tuple(confirm),
        changes=tuple(changes[:MOST_CHANGES]),
    )


def to_apply(upload: Upload, confirmed: Collection[str], *, now: int) -> Upload:
    """The upload as it is being applied.

    Raises WrongStepError unless it is checked and not expired, NotConfirmedError when something was not confirmed.
    """
    if upload.state_at(now) is not UploadState.CHECKED:
        raise WrongStepError(NextStep.HOME)
    if {waiting.what for waiting in upload.confirm} - set(confirmed):
        raise NotConfirmedError
    return _in(UploadState.APPLYING, upload, now)


def applied(upload: Upload, counts: Mapping[str, int], *, findings: Sequence[Finding] = (), now: int) -> Upload:
    """The upload once applied; `counts` are of what was done, `findings` of what was not. Arrivals still wait."""
    found = (*findings, *upload.findings)[:MOST_FINDINGS]
    return _in(UploadState.APPLIED, upload, now, counts=dict(counts), findings=found, applied_at=now)


def to_undo(upload: Upload, *, now: int) -> Upload:
    """The upload as it is being taken back. Raises WrongStepError unless it was applied within a day."""
    if upload.undo_until is None or now >= upload.undo_until:
        raise WrongStepError(NextStep.HOME)
    return _in(UploadState.UNDOING, upload, now)


def undone(upload: Upload, *, stayed: int, now: int) -> Upload:
    """The upload once taken back, but for so many people who stayed as they are."""
    return _in(UploadState.UNDONE, upload, now, stayed=stayed)


def failed(upload: Upload, *, now: int) -> Upload:
    """The upload whose step broke off."""
    return replace(_in(UploadState.FAILED, upload, now), progress=upload.progress)


def admitted(upload: Upload, *, now: int) -> Upload:
    """The upload once an agent took its arrivals in.

    Raises WrongStepError unless its sender applied it, it has arrivals, and nobody took them in before.
    """
    if upload.state is not UploadState.APPLIED or upload.admitted_at or not upload.counts.get(ARRIVALS):
        raise WrongStepError(NextStep.HOME)
    return replace(upload, admitted_at=now)


ARRIVALS = "arrivals"
"""Beside the kinds of change, in `counts`: rows of people outside the sender's structures, whom an agent takes in."""


def _in(state: UploadState, upload: Upload, now: int, **more: object) -> Upload:
    of = upload.progress.of
    progress = UploadProgress() if state in _RUNNING else UploadProgress(of, of)
    told = {"changes": (), **more}
    return replace(upload, state=state, since=now, progress=progress, **told)  # type: ignore[arg-type]  # our own fields
