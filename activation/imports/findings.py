"""The lines of the report, written while the rows are judged."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter

from activation.domain.findings import MOST_FINDINGS, Changed, Finding, Nature
from activation.domain.roster.remarks import Withheld
from activation.domain.roster.rows import Fault, Remark
from activation.domain.roster.words import FINDING_COLUMNS, finding_cells, neutralize


class Findings:
    """Collects the findings, in the order of the rows. `refused` counts rows that are not imported.

    Past `most_lines` lines the report says only how many more there are: a file with more findings is wrong as a whole.
    `only_reasons` counts the reasons of the rows that have one fault only.
    """

    def __init__(self, *, most_lines: int) -> None:
        self._text = io.StringIO(newline="")
        self._lines = csv.writer(self._text, delimiter=";")
        self._lines.writerow(FINDING_COLUMNS)
        self._written = 0
        self._most_lines = most_lines
        self._first: dict[str, list[Finding]] = {Nature.OF_FILE: [], Nature.REFUSED: [], "": []}
        self.refused = 0
        self.only_reasons = Counter[str]()
        self.remarks = 0

    def add(self, findings: Iterable[Fault | Remark | Withheld]) -> None:
        """Add the findings of some rows, whole rows at a time, and write them in the order of the rows."""
        faults: dict[int, list[str]] = {}
        for finding in sorted(findings, key=attrgetter("row")):
            if isinstance(finding, Remark):
                self.remarks += 1
            elif isinstance(finding, Fault):
                faults.setdefault(finding.row, []).append(finding.reason)
            self._write(finding_cells(finding))
        self.refused += len(faults)
        self.only_reasons.update(reasons[0] for reasons in faults.values() if len(reasons) == 1)

    def add_of_file(self, texts: Iterable[str]) -> None:
        """Write findings on the whole file, which concern no single row."""
        for text in texts:
            self._write(("", Nature.OF_FILE, "", text))

    def add_changes(self, changes: Iterable[Changed]) -> None:
        """Write the changes that rows would make, below the findings."""
        for change in changes:
            self._write_line((str(change.row), Nature.CHANGE, ", ".join(change.columns), change.words))

    def finish(self) -> bytes:
        """The whole report (CSV, UTF-8 with BOM, so that spreadsheets read its accents)."""
        if self._written > self._most_lines:
            self._lines.writerow(("", "", "", f"… et {self._written - self._most_lines} autres lignes"))
        return self._text.getvalue().encode("utf-8-sig")

    @property
    def first(self) -> tuple[Finding, ...]:
        """The first findings: those on the file, then refusals, then all others, each in the order of the rows."""
        kept = (sorted(found, key=lambda finding: finding.row or 0) for found in self._first.values())
        return tuple(chain.from_iterable(kept))[:MOST_FINDINGS]

    def _write(self, cells: Sequence[str]) -> None:
        row, nature, column, reason = cells
        first = self._first.get(nature, self._first[""])
        if len(first) < MOST_FINDINGS:
            first.append(Finding(int(row) if row else None, column, reason, nature))
        self._write_line(cells)

    def _write_line(self, cells: Sequence[str]) -> None:
        self._written += 1
        if self._written <= self._most_lines:
            self._lines.writerow(map(neutralize, cells))
