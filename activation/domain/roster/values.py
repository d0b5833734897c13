"""Digits, dates and formulas that spreadsheets change, read back where that is certain; and cells that say nothing."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from activation.domain.identifiers import MOST_DIGITS
from activation.domain.names import fold_letters, fold_name
from activation.domain.roster.columns import Column
from activation.domain.roster.workbooks import NOT_COMPUTED

Cells = Mapping[Column, str]
"""The cells of one row as plain text, the digits in them read: see `table.cells_of`."""

Note = tuple[Column, str]
"""A column, and a remark or fault on its cell, in French."""

_OF_DIGITS = (Column.IDENTIFIER, Column.STRUCTURE_ID, Column.MOBILE, Column.CORRESPONDENT_PHONE)
_OF_THE_STRUCTURE = (Column.STRUCTURE_ID, Column.STRUCTURE_NAME, Column.CORRESPONDENT_NAME)
"""Columns in which a word for nothing means an empty cell; contacts and dates have more such words, names fewer."""
_QUOTABLE = (*_OF_DIGITS, Column.EMAIL, Column.CORRESPONDENT_EMAIL, Column.END_DATE, Column.START_DATE)
_READ = frozenset((*_QUOTABLE, *_OF_THE_STRUCTURE))
_APOSTROPHES = "'\u2019\u2018"
"""A sign before a number makes Excel read it as text; some programs write it into the cell. A name may begin so."""

_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+|\d[.,]\d+[eE]\d+")
"""A number in scientific notation, as spreadsheets write it: `2,14E+13`. A code such as `12E4` is none."""

_QUOTED = re.compile(r'="([^"]*)"')
"""A formula that keeps a spreadsheet from reading digits as a number: `="00091234"`."""

_WHOLE = re.compile(r"(\d+)[.,]0+")
"""A whole number with empty decimals, as programs write it in a column of decimals: `12345.0`."""

_ERROR = re.compile(r"#[A-ZÀ-Ý0/_]+[!?]|#N/?[ADV]|#{3,}|Err:\d{3}", re.IGNORECASE)
"""The text that Excel and LibreOffice show where a formula has failed, or a column is too narrow."""

_MAY_BE_ERROR = ("#", "E", "e")

_FIRST_YEAR, _END_YEAR = 2000, 2100
_SHORT_YEAR = 2
_NOUGHT = "0000-00-00"
_NOUGHTS = frozenset(
    {"1899-12-30", "1899-12-31", "1900-01-00", "1900-01-01", "1904-01-01", "1970-01-01", _NOUGHT} | {"2000-01-00"}
)
"""The dates that spreadsheets and programs show for an empty cell: their day 0 or 1; `00/01/00` in short."""

_NOUGHT_ALONE = re.compile(r"0(?:[.,]0+)?|0?0:00(?::00)?")

_SERIAL = re.compile(r"(\d{5})(?:[.,]0+)?", re.ASCII)
_EPOCH = date(1899, 12, 30)
"""Day 0 of the serial numbers of Excel and LibreOffice, from March 1900 on."""

_DATE = re.compile(
    r"(?:(?P<day>\d{1,2})([/.\- ])(?P<month>\d{1,2})\2(?P<year>\d{4}|\d{2})"
    r"|(?P<iso_year>\d{4})([/.\-]?)(?P<iso_month>\d{2})\6(?P<iso_day>\d{2}))"
    r"(?:[ T]0?0:00(?::00(?:\.0+)?)?Z?|[ T]23:59(?::59(?:\.9+)?)?)?",
    re.ASCII,
)
"""A day, in the French order or in that of ISO 8601, at its first or last minute where there is a time."""

_MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre"),
    "decembre",
)
_IN_WORDS = re.compile(
    r"(?:(?:lun|mar|mercre|jeu|vendre|same)di |dimanche )?(?:le )?"
    r"(?P<day>\d{1,2})(?:er)?[ /.-]*(?P<month>[a-z]{3,9})\.?[ /.-]*(?P<year>\d{4}|\d{2})",
    re.ASCII,
)
"""A day with its month in letters, folded: `1er janvier 2027`, `31-déc.-26`."""
_ENGLISH_MONTHS = {"feb": 2, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8}
_LAST_SURE_YEAR = 2050
"""A year written in two digits and read as a later one was perhaps of the last century."""

_NOTHING = frozenset(
    {"néant", "neant", "aucun", "aucune", "null", "nan", "none", "na", "nc", "nr", "sansobjet", "vide"}
)
_INITIALS = frozenset(word[0] for word in _NOTHING)
_LONGEST_NOTHING = 12

_NO_CONTACT = re.compile(
    r"0*|nd|rien|nil|x+|ras|inconnue?|(?:aucune?|non|pas|sans)(?:de?)?"
    r"(?:adresse|courriel|e?mail|gsm|mobile|numero|portable|tel|telephone"
    r"|communiquee?|connue?|disponible|fournie?|objet|renseignee?)*"
)
"""More words for a missing contact, folded. Some of them would be wrong for a name or a date."""
_NO_MAIL = re.compile(r"(?:aucune?|no|pas|sans)(?:de?)?(?:adresse|courriel|e?mail)")
_NO_STRUCTURE = re.compile(
    r"sans|idem|inconnue?|(?:aucune?|non|pas|sans)(?:de?)?(?:code|structure|nom|numero|siret|communiquee?|connue?|renseignee?)+"
)
"""More words for a missing structure, folded."""


class Day(NamedTuple):
    """A day as `YYYY-MM-DD`, or empty; and the fault or the remark on its cell."""

    day: str = ""
    fault: str = ""
    remark: str = ""


def with_digits(cells: Cells) -> Cells:
    """The cells as `digits_in` reads them."""
    for column in _READ:
        text = cells.get(column)
        if text and (digits := digits_in(column, text)) is not text:
            cells = {**cells, column: digits}
    return cells


def digits_in(column: Column, text: str) -> str:
    """The plain text of a cell; digits as they were before a spreadsheet or a program made them a number.

    `="00091234"` and `'00091234` are `00091234`, `12345.0` is `12345`. An identifier is read without the spaces between
    its digits. A structure's code or name that says that there is none, `néant` or `N/A`, is empty.
    """
    if not text or text.isdecimal():
        return text
    if column in _OF_THE_STRUCTURE and _says_none(text):
        return ""
    if text[:1] in _APOSTROPHES and column in _QUOTABLE:
        text = text.strip(_APOSTROPHES).strip()
    if column not in _OF_DIGITS:
        return text
    if column is Column.IDENTIFIER:
        text = text.replace(" ", "")
    if text[:1] == "=":
        quoted = _QUOTED.fullmatch(text)
        text = quoted[1].strip() if quoted else text
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


def is_identifier(text: str) -> bool:
    """Whether the text has the form of a beneficiary's identifier."""
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def means_nothing(text: str) -> bool:
    """Whether a cell has a word or sign for no value: `néant`, `-`, `N/A`, `aucun`. False for an empty cell."""
    if not text or len(text) > _LONGEST_NOTHING:
        return False
    if text.isalpha():  # true of nearly every cell that is asked about
        return text.casefold() in _NOTHING
    if text[0].isalpha() and text[0].casefold() not in _INITIALS:
        return False
    folded = fold_name(text)
    return not folded or folded in _NOTHING


@lru_cache(maxsize=1_000)
def _says_none(text: str) -> bool:
    """Whether a structure's code or name says that there is none."""
    if text[-1].isdecimal() or text[0] == "#":  # true of nearly every code
        return False
    return means_nothing(text) or _NO_STRUCTURE.fullmatch(fold_name(text)) is not None


def means_no_contact(text: str) -> bool:
    """Whether the cell of a contact says that there is none: as `means_nothing`, or `pas d'adresse mail`, or zeros."""
    folded = fold_name(text)
    return "@" not in text and (folded in _NOTHING or _NO_CONTACT.fullmatch(folded) is not None)


def is_invented(address: str) -> bool:
    """Whether a mail address only fills its cell: `aucun@aucun.fr`, `pasdemail@orange.fr`. Other words may be names."""
    local_part, _, domain = address.rpartition("@")
    return _NO_MAIL.fullmatch(fold_name(local_part)) is not None or (
        means_no_contact(local_part) and means_no_contact(domain.rpartition(".")[0]) and bool(local_part)
    )


def faults_of_spreadsheets(cells: Cells) -> Iterator[Note]:
    """The cells that a spreadsheet has made unreadable, each with its fault: their values cannot be guessed."""
    for column, text in cells.items():
        if fault := fault_of_spreadsheet(text):
            yield column, fault
        elif column in _OF_DIGITS and is_scientific(text):
            yield column, SCIENTIFIC


SCIENTIFIC = "le tableur l'a changé en notation scientifique : mettez la colonne en texte"


def fault_of_spreadsheet(text: str) -> str:
    """The fault of a cell whose formula has failed, or was never computed; empty for any other cell."""
    if text == NOT_COMPUTED:
        return "cette formule n'est pas calculée : ouvrez le fichier dans le tableur, puis enregistrez-le"
    if text.startswith(_MAY_BE_ERROR) and _ERROR.fullmatch(text):
        return "le tableur montre ici une erreur de formule : corrigez-la, ou videz la cellule"
    return ""


def is_scientific(text: str) -> bool:
    """Whether a spreadsheet has turned a number of digits into scientific notation."""
    return _SCIENTIFIC.fullmatch(text.replace(" ", "")) is not None


@lru_cache(maxsize=1_000)
def read_day(text: str, *, first_year: int = _FIRST_YEAR) -> Day:
    """The day of a date cell; a spreadsheet's day 0 is no day. Years from `first_year` to 2099 are accepted."""
    if not text or means_nothing(text):
        return Day()
    written = _written_day(text)
    if written in _NOUGHTS:
        return Day(remark="c'est le zéro d'un tableur : lu comme une cellule vide")
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return Day(fault="ce n'est pas une date : écrivez 31/12/2026 ou 2026-12-31")
    if not first_year <= day.year < _END_YEAR:
        return Day(fault="cette année n'est pas vraisemblable ; sans date, laissez la cellule vide")
    if day.year >= _LAST_SURE_YEAR and str(day.year) not in text and not _SERIAL.fullmatch(text):
        return Day(written, remark=f"l'année est lue {day.year} : écrivez-la en quatre chiffres")
    return Day(written)


def _written_day(text: str) -> str:
    """The day as `YYYY-MM-DD`, which may not exist; empty when the text is no day."""
    serial, found = _SERIAL.fullmatch(text), _DATE.fullmatch(text)
    if serial:
        return (_EPOCH + timedelta(days=int(serial[1]))).isoformat()
    if found:
        day, month, year = (found[name] or found[f"iso_{name}"] for name in ("day", "month", "year"))
    elif worded := _IN_WORDS.fullmatch(fold_letters(text)):
        day, month, year = worded["day"], _month_of(worded["month"]), worded["year"]
    else:
        return _NOUGHT if _NOUGHT_ALONE.fullmatch(text) else ""
    return f"{'20' if len(year) == _SHORT_YEAR else ''}{year}-{month:0>2}-{day:0>2}"


def _month_of(word: str) -> str:
    """The number of the month whose French name begins so, or that has this English name; empty if none or several."""
    months = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(word)]
    if len(months) != 1:
        return str(_ENGLISH_MONTHS.get(word, ""))
    return str(months[0])
