"""The files that correspondents send: what became of each, from its check until it is taken back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from activation.domain.errors import NextStep, NotConfirmedError, WrongStepError
from activation.domain.findings import MOST_FINDINGS, Changed, Finding
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
