"""The text of a workbook's cells: a workbook gives the same rows as its sheet saved as CSV."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import IntEnum

from activation.domain.roster.columns import RosterRefusedError, known_columns
from activation.domain.roster.files import CELL_SEPARATOR, KnownColumns

MOST_BYTES = 20_000_000
MOST_UNPACKED = 100_000_000
"""The most bytes of all parts of a workbook together."""

MOST_ROWS, MOST_COLUMNS = 20_000, 60
"""The most rows below the headers, and the most columns of a sheet."""

Cell = str | int | float | bool | date | datetime | time | timedelta
"""The value of a cell; '' for an empty one."""

NOT_COMPUTED = "#CALCUL?"
"""The text in place of a formula without a value: spreadsheets compute it once they open the file."""

_SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NOUGHT_AS_DATE = "00/01/1900"
_EXACT_BELOW = 1e15
"""Spreadsheets keep 15 digits: longer numbers are shown in scientific notation, which `is_scientific` finds."""
_TIDIED = {0: None, ord(CELL_SEPARATOR): None, ord("\r"): " ", ord("\n"): " "}
"""Characters that go or become a space, so that each row is one line: line breaks become spaces later anyway."""
_SAVE_AGAIN = "Dans le tableur, choisissez « Enregistrer sous », puis « Classeur Excel (.xlsx) » ou « CSV UTF-8 »."


class WorkbookFault(IntEnum):
    """Why a workbook is refused; the value is the status of the process that read it."""

    UNREADABLE = 10
    NO_WORKBOOK = 11
    PASSWORD = 12
    MACROS = 13
    TOO_LARGE = 14
    TOO_MANY_ROWS = 15
    TOO_MANY_COLUMNS = 16
    SEVERAL_ROSTERS = 17


_FAR = "Une cellule est peut-être remplie très loin : effacez ce qui est sous et à droite du tableau."
_WORDS = {
    WorkbookFault.UNREADABLE: f"Le classeur ne peut pas être lu : il est abîmé, ou trop grand. {_FAR} {_SAVE_AGAIN}",
    WorkbookFault.NO_WORKBOOK: f"Le fichier est une archive ou un document, pas un classeur. {_SAVE_AGAIN}",
    WorkbookFault.PASSWORD: (
        "Le classeur est protégé par un mot de passe. Dans le tableur, enlevez-le, puis enregistrez le classeur."
    ),
    WorkbookFault.MACROS: f"Le classeur contient des macros. {_SAVE_AGAIN}",
    WorkbookFault.TOO_LARGE: f"Le classeur est trop grand : gardez une seule feuille, sans image. {_SAVE_AGAIN}",
    WorkbookFault.TOO_MANY_ROWS: (
        f"La feuille dépasse {MOST_ROWS:_} lignes : partagez-la, ou enregistrez-la en « CSV UTF-8 ». {_FAR}"
    ).replace("_", " "),
    WorkbookFault.TOO_MANY_COLUMNS: f"La feuille dépasse {MOST_COLUMNS} colonnes : gardez celles du modèle. {_FAR}",
    WorkbookFault.SEVERAL_ROSTERS: (
        "Plusieurs feuilles du classeur ont les titres de ce fichier, et une seule serait lue : "
        "gardez-en une, et envoyez chacune des autres dans un classeur à part."
    ),
}


class WorkbookRefusedError(RosterRefusedError):
    """A workbook is refused for a fault that is known; the message says it in French."""

    def __init__(self, fault: WorkbookFault) -> None:
        super().__init__(_WORDS[fault])
        self.fault = fault


def is_workbook(start: bytes) -> bool:
    """Whether a file that begins so is a workbook, or another archive: a file's name proves nothing."""
    return start.startswith(_SIGNATURES)


def cell_text(cell: Cell) -> str:
    """The cell's text as in the sheet saved as CSV in French; but dates are ISO dates, without a time."""
    match cell:
        case str():
            text = cell.translate(_TIDIED)
        case bool():
            text = "VRAI" if cell else "FAUX"
        case int() | float():
            is_exact = float(cell).is_integer() and abs(cell) < _EXACT_BELOW
            text = str(int(cell)) if is_exact else f"{cell:.15g}"
        case datetime():
            text = cell.date().isoformat()
        case time():
            text = cell.isoformat() if cell != time() else _NOUGHT_AS_DATE
        case _:
            text = str(cell)
    return text


def headers_row(top: Sequence[Sequence[str]], known: KnownColumns = known_columns) -> int | None:
    """The place of the headers among a sheet's first rows, as `known` tells them; None when they hold none."""
    return next((place for place, cells in enumerate(top) if known(cells)), None)
