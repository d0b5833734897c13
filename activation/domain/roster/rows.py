"""Judges a row of a roster: gives its content, or the faults of its cells."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from activation.domain.contacts import ContactFault, ContactRejectedError, parse_email, parse_mobile
from activation.domain.employment import RosterEntry, Structure
from activation.domain.names import fold_name
from activation.domain.plain_text import plain_digits, plain_text
from activation.domain.roster.columns import Column, Header
from activation.domain.roster.person_names import Said, names_are_plain, read_names
from activation.domain.roster.values import Cells, digits_of, faults_of_spreadsheets, read_day, with_digits

MOST_CHARACTERS = 200
MOST_DIGITS = 20
_MOST_MAIL_CHARACTERS = 320
_MOST_STRUCTURE_CHARACTERS = 80
_ADDRESS = re.compile(r"://|www\.|@", re.IGNORECASE)
"""What mail programs turn into a link."""

_PLAIN_NUMBER = re.compile(r"[0-9][0-9 .-]*")
_SEPARATORS = re.compile(r"[ .-]")
_NATIONAL_DIGITS = 9
"""Digits of a French number, or of a territory with the same numbering plan, without the leading zero."""

_MOBILE_FAULTS = {
    ContactFault.INVALID: "ce n'est pas un numéro de mobile français ou d'outre-mer",
    ContactFault.NOT_A_MOBILE: "ce numéro n'est pas celui d'un mobile",
    ContactFault.NOT_SERVED: "nous ne pouvons pas envoyer de SMS dans ce territoire",
}

_OF_STRUCTURE = (
    Column.STRUCTURE_ID,
    Column.STRUCTURE_NAME,
    Column.CORRESPONDENT_NAME,
    Column.CORRESPONDENT_EMAIL,
    Column.CORRESPONDENT_PHONE,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, in French. `column` is None when it concerns the whole row."""

    row: int
    column: Column | None
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What the sender should know of a row; the row is applied nevertheless."""

    row: int
    column: Column
    text: str


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A row without faults; `number` is the row number that the spreadsheet shows.

    `remarks`: what was read otherwise than it is written.
    """

    number: int
    identifier: str
    entry: RosterEntry = field(repr=False)
    structure: Structure = field(repr=False)
    remarks: tuple[Remark, ...] = ()


def cells_of(header: Header, row: Sequence[str]) -> Cells | None:
    """The row's cells by column, each in plain text; None when there are too few cells, or more than columns."""
    if len(row) < header.width or any(row[header.width :]):
        return None
    return {column: plain_text(row[place]) for column, place in header.places.items()}


def judge_row(
    number: int, cells: Cells, *, known: RosterEntry | None = None, usual_digits: int = 0
) -> RosterRow | list[Fault]:
    """The row, or its faults.

    `known` is the stored entry of the person; contacts equal to its contacts are not checked again.
    An identifier with fewer digits than `usual_digits`, the usual number in the file, has lost its leading zeros.
    """
    structure, structure_faults = _structure_of(*(cells[column] for column in _OF_STRUCTURE))
    if known and not structure_faults and says_the_same(cells, known) and names_are_plain(cells):
        return RosterRow(number, clean_identifier(cells[Column.IDENTIFIER]), known, structure)
    written = with_digits(cells)
    names = read_names(written)
    judge = _Judge(number, names.cells, [*faults_of_spreadsheets(written), *names.faults], names.remarks)
    identifier = judge.identifier(usual_digits)
    entry = RosterEntry(
        last_name=judge.last_name(),
        usage_name=judge.text(Column.USAGE_NAME),
        first_name=judge.text(Column.FIRST_NAME),
        email=judge.email(known.email if known else ""),
        mobile=judge.mobile(known.mobile if known else ""),
        structure_id=structure.structure_id,
        end_date=judge.end_date(),
    )
    told = {fault.column for fault in judge.faults}
    faults = [*judge.faults, *(Fault(number, *said) for said in structure_faults if said[0] not in told)]
    return faults or RosterRow(number, identifier, entry, structure, tuple(judge.remarks))


def says_the_same(cells: Cells, known: RosterEntry) -> bool:
    """Whether the row says the same as the stored entry, and so need not be judged again. False when in doubt."""
    return (
        cells[Column.LAST_NAME] == known.last_name
        and cells[Column.USAGE_NAME] == known.usage_name
        and cells[Column.FIRST_NAME] == known.first_name
        and cells[Column.EMAIL] == known.email
        and cells[Column.STRUCTURE_ID] == known.structure_id
        and (cells[Column.MOBILE] == known.mobile or is_same_mobile(cells[Column.MOBILE], known.mobile))
        and (cells[Column.END_DATE] == known.end_date or is_same_day(cells[Column.END_DATE], known.end_date))
    )


def is_same_day(written: str, known: str) -> bool:
    """Whether a date as written is `known`; what is no date is never the same."""
    day = read_day(written)
    return not day.fault and day.day == known


def is_same_mobile(written: str, known: str) -> bool:
    """Whether a number as written is `known` (E.164). It saves parsing it (0.2 ms); False when in doubt."""
    if not known or not _PLAIN_NUMBER.fullmatch(written):
        return False
    return _SEPARATORS.sub("", written) == "0" + known[-_NATIONAL_DIGITS:]


def clean_identifier(written: str) -> str:
    """The identifier without the spaces that people write into it, and what spreadsheets add."""
    return digits_of(plain_digits(written))


class _Judge:
    """Reads one row's cells and gathers its faults and remarks."""

    def __init__(self, number: int, cells: Cells, faults: Iterable[Said] = (), remarks: Iterable[Said] = ()) -> None:
        self._number, self._cells = number, cells
        self.faults: list[Fault] = []
        self.remarks = [Remark(number, *said) for said in remarks]
        for said in faults:
            self._wrong(*said)

    def identifier(self, usual_digits: int) -> str:
        written = self.required(Column.IDENTIFIER)
        digits = clean_identifier(written)
        if not written:
            return ""
        if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
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

    def required(self, column: Column) -> str:
        text = self.text(column)
        return text or self._wrong(column, "cette cellule est vide")

    def text(self, column: Column, most: int = MOST_CHARACTERS) -> str:
        text = self._cells[column]
        return text if len(text) <= most else self._wrong(column, f"plus de {most} caractères")

    def email(self, known: str) -> str:
        text = self.text(Column.EMAIL, _MOST_MAIL_CHARACTERS)
        if not text or text == known:
            return text
        try:
            return parse_email(text).value
        except ContactRejectedError:
            return self._wrong(Column.EMAIL, "ce n'est pas une adresse email")

    def mobile(self, known: str) -> str:
        text = self.text(Column.MOBILE)
        if not text or text == known:
            return text
        if is_same_mobile(text, known):
            return known
        try:
            return parse_mobile(text).value
        except ContactRejectedError as error:
            return self._wrong(Column.MOBILE, _MOBILE_FAULTS[error.reason])

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
        try:
            return parse_email(text).value if text else ""
        except ContactRejectedError:
            return self._wrong(Column.CORRESPONDENT_EMAIL, "ce n'est pas une adresse email")

    def end_date(self) -> str:
        day = read_day(self._cells[Column.END_DATE])
        if day.fault:
            return self._wrong(Column.END_DATE, day.fault)
        if day.remark:
            self._remark(Column.END_DATE, day.remark)
        return day.day

    def _remark(self, column: Column, text: str) -> None:
        self.remarks.append(Remark(self._number, column, text))

    def _wrong(self, column: Column, reason: str) -> str:
        if not any(fault.column is column for fault in self.faults):
            self.faults.append(Fault(self._number, column, reason))
        return ""


@lru_cache(maxsize=1_000)
def _structure_of(*said: str) -> tuple[Structure, tuple[tuple[Column, str], ...]]:
    """The structure, and the faults of its cells. Cached, as many rows have the same."""
    cells = with_digits(dict(zip(_OF_STRUCTURE, said, strict=True)))
    judge = _Judge(0, cells, faults_of_spreadsheets(cells))
    structure = Structure(
        judge.required(Column.STRUCTURE_ID),
        judge.structure_name(),
        judge.text(Column.CORRESPONDENT_NAME),
        judge.correspondent_email(),
        judge.text(Column.CORRESPONDENT_PHONE),
    )
    return structure, tuple((fault.column, fault.reason) for fault in judge.faults if fault.column)
