"""The words of a report, and its cells, made safe against being read as formulas."""

from collections.abc import Mapping

from activation.domain.findings import Nature
from activation.domain.roster.columns import label
from activation.domain.roster.comparison import ChangeKind
from activation.domain.roster.remarks import Withheld
from activation.domain.roster.rows import Fault, Remark

COUNTED = {
    ChangeKind.CREATED: ("création", "créations"),
    ChangeKind.UPDATED: ("modification", "modifications"),
    ChangeKind.LEFT: ("sortie", "sorties"),
    ChangeKind.UNCHANGED: ("inchangée", "inchangées"),
}
"""The nouns of each kind of change, in singular and plural."""

STATES_COUNTED = {
    ChangeKind.CREATED: ("demande ouverte", "demandes ouvertes"),
    ChangeKind.UPDATED: ("demande change d'état", "demandes changent d'état"),
    ChangeKind.UNCHANGED: ("inchangée", "inchangées"),
}
"""The words of a report on one and on several requests, by the change that a file of states made to them."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

FINDING_COLUMNS = ("ligne", "nature", "colonne", "motif")
_MANY = 2
"""The first number with a plural: French uses the singular for 0 and 1."""


def count_line(counts: Mapping[ChangeKind, int], counted: Mapping[ChangeKind, tuple[str, str]] = COUNTED) -> str:
    """The counts in French, such as `12 créations, 3 modifications, 1 sortie, 984 inchangées`."""
    return ", ".join(count_of(counts.get(kind, 0), *words) for kind, words in counted.items())


def count_of(number: int, one: str, many: str) -> str:
    """The number with its noun in singular or plural; narrow spaces separate thousands."""
    return f"{number:_} {many if number >= _MANY else one}".replace("_", "\N{NARROW NO-BREAK SPACE}")


def neutralize(cell: str) -> str:
    """The cell as text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def finding_cells(finding: Fault | Remark | Withheld) -> tuple[str, ...]:
    """The line of a report for one finding. It shows no value of the file, only the row's number."""
    if isinstance(finding, Withheld):
        return str(finding.row), Nature.WAITS, "", finding.reason
    if isinstance(finding, Remark):
        return str(finding.row), Nature.REMARK, label(finding.column), finding.text
    return str(finding.row), Nature.REFUSED, label(finding.column) if finding.column else "", finding.reason
