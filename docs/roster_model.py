"""Writes the models of a roster as workbooks whose columns are text: `python docs/roster_model.py`, after the CSV."""

import csv
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

CSV = Path(__file__).with_name("modele-correspondant.csv")
"""What operators send to structures."""
OWN = Path(__file__).parents[1] / "web" / "documents" / "modele-beneficiaires.csv"
"""What correspondents download: no line to forget in it, and no column that nobody reads in their files."""
TEXT = "@"
"""A spreadsheet leaves what is typed there as it is: no zero is lost, no date is made of a number."""


def main() -> None:
    """Write each beside its CSV."""
    for model in (CSV, OWN):
        _write(model)


def _write(model: Path) -> None:
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise TypeError("a new workbook has a sheet")
    sheet.title, sheet.freeze_panes = "Bénéficiaires", "A2"
    with model.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column, text or None)
            cell.number_format, cell.font = TEXT, Font(bold=number == 1)
    for column, header in enumerate(rows[0], 1):
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.number_format, dimension.width = TEXT, max(16, len(header) + 2)
    book.save(model.with_suffix(".xlsx"))


if __name__ == "__main__":
    main()
