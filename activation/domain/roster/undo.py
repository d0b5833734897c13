"""What undoing an import may restore."""

from enum import StrEnum

from activation.domain.accounts import Status
from activation.domain.roster.comparison import RosterChange, StoredPerson
from activation.domain.roster.imports import UNDO_SECONDS


class Undoing(StrEnum):
    """What undoing does for one person. All values but the first two leave the person unchanged; the value says why."""

    RESTORE = "restauré"
    DONE = "déjà restauré"
    ACTIVE_SINCE = "actif depuis l'import"
    CLOSED_SINCE = "compte fermé depuis l'import"
    CHANGED_SINCE = "modifié depuis par un autre fichier"
    TOO_LATE = "importé il y a plus de 24 heures"

    @property
    def leaves_alone(self) -> bool:
        """Whether undoing leaves the person unchanged for a reason to report."""
        return self not in (Undoing.RESTORE, Undoing.DONE)


def undoing_of(change: RosterChange, stored: StoredPerson | None, *, import_id: str, now: int) -> Undoing:
    """What undoing that import's change does for the person as stored now; `now` is in epoch seconds."""
    before = change.stored.roster if change.stored else None
    journal = stored.journal if stored else None
    if stored is None or journal is None or journal.import_id != import_id:
        return Undoing.DONE if (stored.roster if stored else None) == before else Undoing.CHANGED_SINCE
    if stored.status is Status.CLOSED:
        return Undoing.CLOSED_SINCE
    if stored.status is Status.ACTIVE and stored.version != journal.version:
        return Undoing.ACTIVE_SINCE
    return Undoing.RESTORE if now < journal.at + UNDO_SECONDS else Undoing.TOO_LATE
