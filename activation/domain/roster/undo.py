"""The effects of undoing an import on a person, and of a correspondent's taking it back."""

from dataclasses import replace
from enum import StrEnum

from activation.domain.accounts import Status
from activation.domain.employment import RosterEntry
from activation.domain.roster.comparison import RosterChange, StoredPerson, keep_unsaid
from activation.domain.roster.imports import UNDO_SECONDS
from activation.domain.roster.scope import Scope


class Undoing(StrEnum):
    """The effect of undoing on one person. All values but the first two leave the person unchanged and say why."""

    RESTORE = "restauré"
    DONE = "déjà restauré"
    ACTIVE_SINCE = "actif depuis l'import"
    CLOSED_SINCE = "compte fermé depuis l'import"
    CHANGED_SINCE = "modifié depuis l'import"
    TOO_LATE = "importé il y a plus de 24 heures"
    NOT_YOURS = "hors de vos structures"

    @property
    def leaves_alone(self) -> bool:
        """Whether undoing leaves the person unchanged for a reason to report."""
        return self not in (Undoing.RESTORE, Undoing.DONE)


def undoing_of(change: RosterChange, stored: StoredPerson | None, *, import_id: str, now: int) -> Undoing:
    """The effect of undoing that import's change on the person as stored now; `now` is in epoch seconds.

    A person whom an agent corrected meanwhile keeps the correction.
    """
    before = change.stored.roster if change.stored else None
    journal = stored.journal if stored else None
    if stored is None or journal is None or journal.import_id != import_id:
        return Undoing.DONE if (stored.roster if stored else None) == before else Undoing.CHANGED_SINCE
    if stored.status is Status.CLOSED:
        return Undoing.CLOSED_SINCE
    if stored.status is Status.ACTIVE and stored.version != journal.version:
        return Undoing.ACTIVE_SINCE
    if now >= journal.at + UNDO_SECONDS:
        return Undoing.TOO_LATE
    return Undoing.RESTORE if _is_as_written(change, stored.roster, journal.before) else Undoing.CHANGED_SINCE


def taking_back(
    change: RosterChange, stored: StoredPerson | None, scope: Scope, *, import_id: str, now: int
) -> Undoing:
    """The effect of a correspondent's taking back their own import on a person, as stored now; `scope` is theirs now.

    It depends only on what was declared before and since, whatever became of the account: an active person's entry is
    put back too, as no entry touches what they proved. Nobody is removed.
    """
    if stored is None or not scope.holds(stored):
        return Undoing.NOT_YOURS
    before, journal = change.stored.roster if change.stored else None, stored.journal
    if journal is None or journal.import_id != import_id:
        return Undoing.DONE if stored.roster == before else Undoing.CHANGED_SINCE
    if journal.before is None or now >= journal.at + UNDO_SECONDS:
        return Undoing.TOO_LATE
    if not scope.has(journal.before):
        return Undoing.NOT_YOURS
    return Undoing.RESTORE if _is_as_written(change, stored.roster, journal.before) else Undoing.CHANGED_SINCE


def _is_as_written(change: RosterChange, now: RosterEntry, before: RosterEntry | None) -> bool:
    """Whether the entry is as the import wrote it: no agent has corrected it since. Marks of sharing may differ."""
    written = keep_unsaid(change.entry, before, change.unsaid)
    return replace(now, shared=written.shared) == written
