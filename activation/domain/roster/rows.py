"""Judges a row of a roster: gives its content, or the faults of its cells."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from activation.domain.contacts import (
    ContactFault,
    ContactRejectedError,
    contact_key,
    lacks_nought,
    parse_email,
    read_mobile,
    shown_number,
)
from activation.domain.employment import RosterEntry, Structure
from activation.domain.identifiers import MOST_DIGITS
from activation.domain.names import fold_name
from activation.domain.roster.columns import Column, FileColumn
from activation.domain.roster.mojibake import has_lost_letters
from activation.domain.roster.person_names import names_are_plain, read_names
from activation.domain.roster.values import (
    Cells,
    Note,
    faults_of_spreadsheets,
    is_identifier,
    is_invented,
    means_no_contact,
    read_day,
)

MOST_CHARACTERS = 200
"""The most characters of a cell."""

_MOST_MAIL_CHARACTERS = 320
_MOST_STRUCTURE_CHARACTERS = 80
_ADDRESS = re.compile(r"://|www\.|@", re.IGNORECASE)
"""Signs of an address, which mail programs turn into a link."""

_PLAIN_NUMBER = re.compile(r"\+?[0-9() ./-]+")
_FRANCE = "+33"
_MAIL_FAULTS = {
    ContactFault.INVALID: "ce n'est pas une adresse email",
    ContactFault.SEVERAL: "il y a deux adresses : gardez-en une seule",
}
_MOBILE_FAULTS = {
    ContactFault.SEVERAL: "il y a deux numéros : gardez-en un seul, celui d'un mobile",
    ContactFault.INVALID: "ce n'est pas un numéro de mobile français ou d'outre-mer",
    ContactFault.NOT_A_MOBILE: "ce numéro n'est pas celui d'un mobile",
    ContactFault.NOT_SERVED: "nous ne pouvons pas envoyer de SMS dans ce territoire",
}

_EMPTY = "cette cellule est vide"
_NO_STRUCTURE = f"{_EMPTY} : une personne qui n'est pas encore connue a besoin d'une structure"
_FIRST_YEARS = {Column.END_DATE: 2000, Column.START_DATE: 1950}
"""The first year that a date may have: rights may begin in 1950, and an end before 2000 is refused as unlikely."""
INVENTED_MAIL = "adresse sans doute inventée : sans adresse, laissez la cellule vide"

STRUCTURE_FIELDS = {
    Column.STRUCTURE_NAME: "name",
    Column.CORRESPONDENT_NAME: "correspondent_name",
    Column.CORRESPONDENT_EMAIL: "correspondent_email",
    Column.CORRESPONDENT_PHONE: "correspondent_phone",
}
"""The columns on the structure, and not on the person, with the fields of `Structure`."""
_OF_STRUCTURE = (Column.STRUCTURE_ID, *STRUCTURE_FIELDS)


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason, in French, why a row is refused. `column` is None when it concerns the whole row."""

    row: int
    column: FileColumn | None
    reason: str


class Remark(NamedTuple):
    """A note for the sender on a row, in French; the row is applied nevertheless."""

    row: int
    column: FileColumn
    text: str


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A row without faults; `number` is the row number that the spreadsheet shows.

    `remarks`: on cells that were read otherwise than they are written. `said` are columns that the file lacks, but
    whose value another cell of the row gives: the first name in « DUPONT Marie ».
    """

    number: int
    identifier: str
    entry: RosterEntry = field(repr=False)
    structure: Structure = field(repr=False)
    remarks: tuple[Remark, ...] = ()
    said: tuple[Column, ...] = ()


def judge_row(
    number: int,
    cells: Cells,
    *,
    stored: RosterEntry | None = None,
    stored_structure: Structure | None = None,
    usual_digits: int = 0,
) -> RosterRow | list[Fault]:
    """The row, or its faults.

    `stored` is the entry of the person on file; contacts equal to its contacts are not checked again. Columns that the
    file lacks take their stored values: from `stored`, and from `stored_structure`. An identifier with fewer digits
    than `usual_digits`, the usual number in the file, has lost its leading zeros.
    """
    absent = () if len(cells) == len(Column) else tuple(column for column in Column if column not in cells)
    if absent:
        cells = {**_stored_cells(absent, stored, stored_structure), **cells}
    structure, structure_faults = _structure_of(absent, *(cells[column] for column in _OF_STRUCTURE))
    is_same = stored and not structure_faults and says_the_same(cells, stored)
    if stored and is_same and names_are_plain(stored.last_name, stored.usage_name, stored.first_name):
        return RosterRow(number, cells[Column.IDENTIFIER], stored, structure)
    names = read_names(cells)
    unsaid = {column: cells[column] for column in absent if cells[column]}
    judge = _Judge(
        number,
        {**names.cells, **unsaid},
        absent,
        faults=[
            *faults_of_spreadsheets(cells),
            *((column, reason) for column, reason in names.faults if not has_lost_letters(cells[column])),
        ],
        remarks=[(column, text) for column, text in names.remarks if column not in unsaid],
    )
    identifier = judge.identifier(usual_digits)
    entry = RosterEntry(
        last_name=judge.last_name(),
        usage_name=judge.text(Column.USAGE_NAME),
        first_name=judge.text(Column.FIRST_NAME),
        email=judge.email(stored.email if stored else ""),
        mobile=judge.mobile(stored.mobile if stored else ""),
        structure_id=structure.structure_id,
        end_date=judge.day(Column.END_DATE),
        start_date=judge.day(Column.START_DATE),
    )
    judge.add_faults(structure_faults)
    said = tuple(column for column in absent if column not in unsaid and names.cells[column])
    return judge.faults or RosterRow(number, identifier, entry, structure, tuple(judge.remarks), said)


def _stored_cells(columns: Iterable[Column], entry: RosterEntry | None, structure: Structure | None) -> Cells:
    """The stored values of these columns as cells; empty for an unknown person or structure."""
    return {
        column: getattr(structure, STRUCTURE_FIELDS[column], "")
        if column in STRUCTURE_FIELDS
        else getattr(entry, column.value, "")
        for column in columns
    }


def says_the_same(cells: Cells, stored: RosterEntry) -> bool:
    """Whether the row says the same as the stored entry, and so need not be judged again. False when in doubt."""
    return (
        cells[Column.LAST_NAME] == stored.last_name
        and cells[Column.USAGE_NAME] == stored.usage_name
        and cells[Column.FIRST_NAME] == stored.first_name
        and cells[Column.EMAIL] == stored.email
        and cells[Column.STRUCTURE_ID] == stored.structure_id
        and (cells[Column.MOBILE] == stored.mobile or is_same_mobile(cells[Column.MOBILE], stored.mobile))
        and _is_day(cells, Column.END_DATE, stored.end_date)
        and _is_day(cells, Column.START_DATE, stored.start_date)
    )


def _is_day(cells: Cells, column: Column, stored: str) -> bool:
    return cells[column] == stored or is_same_day(cells[column], stored, first_year=_FIRST_YEARS[column])


def is_same_day(written: str, stored: str, *, first_year: int) -> bool:
    """Whether a date as written is `stored`; what is no date is never the same."""
    day = read_day(written, first_year=first_year)
    return not day.fault and day.day == stored


def is_same_mobile(written: str, stored: str) -> bool:
    """Whether a number as written is `stored` (E.164). It saves parsing it (0.2 ms); False when in doubt."""
    if stored.startswith(_FRANCE) and written.replace(" ", "") == f"0{stored[len(_FRANCE) :]}":
        return True
    return bool(stored and _PLAIN_NUMBER.fullmatch(written)) and contact_key(written) == contact_key(stored)


class _Judge:
    """Reads one row's cells and gathers its faults and remarks, beside those that it is given.

    The stored values of `absent` columns are taken without a check.
    """

    def __init__(
        self,
        number: int,
        cells: Cells,
        absent: Collection[Column],
        *,
        faults: Iterable[Note] = (),
        remarks: Iterable[Note] = (),
    ) -> None:
        self._number, self._cells, self._absent = number, cells, absent
        self.faults: list[Fault] = []
        self.remarks = [Remark(number, *note) for note in remarks]
        self.add_faults(faults)

    def add_faults(self, faults: Iterable[Note]) -> None:
        for column, reason in faults:
            self._wrong(column, reason)

    def identifier(self, usual_digits: int) -> str:
        digits = self.required(Column.IDENTIFIER)
        if not is_identifier(digits):
            return self._wrong(Column.IDENTIFIER, f"un identifiant n'a que des chiffres, {MOST_DIGITS} au plus")
        if len(digits) < usual_digits:
            return self._wrong(
                Column.IDENTIFIER,
                f"{len(digits)} chiffres au lieu de {usual_digits} : le tableur a sans doute effacé des zéros au début",
            )
        return digits

    def last_name(self) -> str:
        name = self.required(Column.LAST_NAME)
        if name and not fold_name(name):
            return self._wrong(Column.LAST_NAME, "un nom a au moins une lettre")
        return name

    def required(self, column: Column, reason: str = _EMPTY) -> str:
        return self.text(column) or self._wrong(column, reason)

    def text(self, column: Column, most: int = MOST_CHARACTERS) -> str:
        text = self._cells[column]
        if has_lost_letters(text):
            return self._wrong(column, "des lettres y sont perdues : retapez-les, puis enregistrez en « CSV UTF-8 »")
        return text if len(text) <= most else self._wrong(column, f"plus de {most} caractères")

    def email(self, stored: str) -> str:
        text = self.text(Column.EMAIL, _MOST_MAIL_CHARACTERS)
        if not text or text == stored:
            return text
        if stored and contact_key(text) == contact_key(stored):
            return stored
        email = self._parsed_email(Column.EMAIL, text)
        if is_invented(email):
            self._remark(Column.EMAIL, INVENTED_MAIL)
        return email

    def mobile(self, stored: str) -> str:
        text = self.text(Column.MOBILE)
        if not text or text == stored:
            return text
        if is_same_mobile(text, stored):
            return stored
        try:
            mobile, is_listed = read_mobile(text)
        except ContactRejectedError as error:
            return self._unread_contact(Column.MOBILE, text, _MOBILE_FAULTS[error.reason])
        if lacks_nought(text):
            self._remark(Column.MOBILE, "il manquait le zéro du début : il est remis")
        if not is_listed:
            self._remark(Column.MOBILE, "ce numéro n'est pas encore dans nos listes : vérifiez-le")
        return mobile.value

    def structure_name(self) -> str:
        """The structure's name. Our messages quote it, so it must contain no web or mail address (docs/adr/0026)."""
        name = self.text(Column.STRUCTURE_NAME, _MOST_STRUCTURE_CHARACTERS)
        if _ADDRESS.search(name):
            return self._wrong(
                Column.STRUCTURE_NAME,
                "un nom de structure n'a ni adresse internet ni adresse email : il est cité aux gens",
            )
        return name

    def correspondent_email(self) -> str:
        text = self.text(Column.CORRESPONDENT_EMAIL, _MOST_MAIL_CHARACTERS)
        return text and self._parsed_email(Column.CORRESPONDENT_EMAIL, text)

    def correspondent_phone(self) -> str:
        text = self.text(Column.CORRESPONDENT_PHONE)
        if Column.CORRESPONDENT_PHONE in self._absent:
            return text
        if "@" in text and " " not in text:
            return self._wrong(Column.CORRESPONDENT_PHONE, "c'est une adresse email : mettez-la dans sa colonne")
        return "" if means_no_contact(text) else shown_number(text)

    def day(self, column: Column) -> str:
        day = read_day(self._cells[column], first_year=_FIRST_YEARS[column])
        if day.fault:
            return self._wrong(column, day.fault)
        if day.remark:
            self._remark(column, day.remark)
        return day.day

    def _parsed_email(self, column: Column, text: str) -> str:
        try:
            return parse_email(text).value
        except ContactRejectedError as error:
            return self._unread_contact(column, text, _MAIL_FAULTS[error.reason])

    def _unread_contact(self, column: Column, text: str, reason: str) -> str:
        return "" if self._says_none(column, text) else self._wrong(column, reason)

    def _says_none(self, column: Column, text: str) -> bool:
        return column not in self._absent and means_no_contact(text)

    def _remark(self, column: Column, text: str) -> None:
        self.remarks.append(Remark(self._number, column, text))

    def _wrong(self, column: Column, reason: str) -> str:
        if column in self._absent and self._cells[column]:
            return self._cells[column]
        if not any(fault.column is column for fault in self.faults):
            self.faults.append(Fault(self._number, column, reason))
        return ""


@lru_cache(maxsize=1_000)
def _structure_of(absent: tuple[Column, ...], *written: str) -> tuple[Structure, tuple[Note, ...]]:
    """The structure in the cells `_OF_STRUCTURE`, and their faults. Cached, as many rows have the same."""
    cells = dict(zip(_OF_STRUCTURE, written, strict=True))
    judge = _Judge(0, cells, absent, faults=faults_of_spreadsheets(cells))
    structure = Structure(
        judge.required(Column.STRUCTURE_ID, _NO_STRUCTURE),
        judge.structure_name(),
        judge.text(Column.CORRESPONDENT_NAME),
        judge.correspondent_email(),
        judge.correspondent_phone(),
    )
    return structure, tuple((fault.column, fault.reason) for fault in judge.faults if isinstance(fault.column, Column))
