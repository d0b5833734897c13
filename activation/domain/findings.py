"""Findings: what a check says of a row of a file, or of the file as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MOST_FINDINGS = 200
"""Findings that are kept with an upload at most; the report has more."""


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
