"""What an import that is undone may put back."""

from enum import StrEnum

from activation.domain.people import Status
from activation.domain.roster.comparison import Held, RosterChange
from activation.domain.roster.imports import UNDO_SECONDS


class Undoing(StrEnum):
    """What undoing means for one person; all but the first two leave them alone, for the reason that they say."""

    RESTORE = "restauré"
    DONE = "déjà restauré"
    ACTIVE_SINCE = "actif depuis l'import"
    CLOSED_SINCE = "compte fermé depuis l'import"
    CHANGED_SINCE = "modifié depuis par un autre fichier"
    TOO_LATE = "importé il y a plus de 24 heures"

    @property
    def leaves_alone(self) -> bool:
        """Whether the person stays as they are."""
        return self not in (Undoing.RESTORE, Undoing.DONE)


def undoing_of(change: RosterChange, held: Held | None, *, import_id: str, now: int) -> Undoing:
    """What undoing that import's change means for the person as they stand now."""
    before = change.held.roster if change.held else None
    journal = held.journal if held else None
    if held is None or journal is None or journal.import_id != import_id:
        return Undoing.DONE if (held.roster if held else None) == before else Undoing.CHANGED_SINCE
    if held.status is Status.CLOSED:
        return Undoing.CLOSED_SINCE
    if held.status is Status.ACTIVE and held.version != journal.version:
        return Undoing.ACTIVE_SINCE
    return Undoing.RESTORE if now < journal.at + UNDO_SECONDS else Undoing.TOO_LATE
