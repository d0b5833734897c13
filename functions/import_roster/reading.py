"""Reads a file twice as a stream: first for what must be known of the whole, then to judge it row by row."""

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

from activation.domain.roster.columns import Column, Header, RosterRefusedError, read_header
from activation.domain.roster.comparison import (
    RosterChange,
    StoredPerson,
    compare_row,
    contact_key,
    contact_keys,
)
from activation.domain.roster.files import find_encoding, read_records
from activation.domain.roster.ports import READ_AT_ONCE, FileText, RosterIndex, Rosters, Upload
from activation.domain.roster.rows import (
    MOST_DIGITS,
    Cells,
    Fault,
    RosterRow,
    cells_of,
    clean_identifier,
    judge_row,
)

READERS = 2
"""How many calls read stored people ahead, in parallel, while rows are judged."""

_ROWS_COUNTED_AT_ONCE = 1_000
_NEARLY_ALL_PERCENT = 80

Numbered = tuple[int, list[str]]
"""The number that a spreadsheet gives a row, and its cells."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of a file after the first reading; `usual_digits` is 0 when identifiers differ in length."""

    encoding: str
    header: Header
    rows: int
    usual_digits: int


@dataclass(frozen=True, slots=True)
class Judged:
    """The result for some rows: the faults of the refused ones, and the changes of the good ones.

    `shared`: the keys of contacts that the file has more than once.
    """

    rows: int
    shared: Collection[str]
    faults: list[Fault] = field(default_factory=list)
    changes: list[tuple[RosterRow, RosterChange]] = field(default_factory=list)


def survey(files: FileText, upload: Upload, index: RosterIndex) -> Survey:
    """Read the whole file once, and fill the index. Raises RosterRefusedError when it is no roster."""
    encoding = find_encoding(files.chunks(upload))
    records = read_records(files.chunks(upload), encoding)
    header = read_header(next(records))
    lengths: Counter[int] = Counter()
    rows = 0
    while some := list(islice(filter(any, records), _ROWS_COUNTED_AT_ONCE)):
        rows += len(some)
        identifiers = [clean_identifier(_cell(row, header, Column.IDENTIFIER)) for row in some]
        contacts = [_cell(row, header, column) for row in some for column in (Column.EMAIL, Column.MOBILE)]
        index.count(identifiers, (contact_key(contact) for contact in contacts if contact))
        lengths.update(len(identifier) for identifier in identifiers if identifier.isdigit())
    if not rows:
        raise RosterRefusedError("Le fichier n'a aucune ligne après celle des titres.")
    return Survey(encoding, header, rows, _usual(lengths))


def judge(
    files: FileText, rosters: Rosters, upload: Upload, known: Survey, index: RosterIndex, *, today: str
) -> Iterator[Judged]:
    """Judge the file's rows and compare them with what is stored, a hundred at a time, with one read each."""

    def find(rows: Sequence[Numbered]) -> dict[str, StoredPerson]:
        written = {clean_identifier(_cell(row, known.header, Column.IDENTIFIER)) for _, row in rows}
        return rosters.stored_people(sorted(filter(_may_be_held, written)))

    numbered = enumerate(read_records(files.chunks(upload), known.encoding), 1)
    records = ((number, row) for number, row in numbered if number > 1 and any(row))
    for rows, stored in _read_ahead(_hundreds(records), find):
        yield _judge(rows, stored, known, index, today)


def _judge(
    rows: Sequence[Numbered], stored: dict[str, StoredPerson], known: Survey, index: RosterIndex, today: str
) -> Judged:
    cells = [(number, cells_of(known.header, row)) for number, row in rows]
    written = [clean_identifier(of_row[Column.IDENTIFIER]) for _, of_row in cells if of_row]
    repeated = index.repeated_identifiers(written)
    found = [_judge_row(number, of_row, stored, repeated, known.usual_digits) for number, of_row in cells]
    good = [row for row in found if isinstance(row, RosterRow)]
    shared = index.repeated_contacts([key for row in good for key in contact_keys(row.entry)])
    changes = [(row, compare_row(row, stored.get(row.identifier), today=today, shared=shared)) for row in good]
    faults = [fault for row in found if not isinstance(row, RosterRow) for fault in row]
    return Judged(len(rows), shared, faults, changes)


def _judge_row(
    number: int, cells: Cells | None, stored: dict[str, StoredPerson], repeated: set[str], usual_digits: int
) -> RosterRow | list[Fault]:
    if cells is None:
        return [Fault(number, None, "cette ligne n'a pas autant de cellules que la ligne des titres")]
    identifier = clean_identifier(cells[Column.IDENTIFIER])
    if identifier and identifier in repeated:
        return [Fault(number, Column.IDENTIFIER, "cet identifiant est sur plusieurs lignes du fichier")]
    of_person = stored.get(identifier)
    if of_person:
        return judge_row(number, cells, known=of_person.roster)
    return judge_row(number, cells, usual_digits=usual_digits)


def _read_ahead(
    chunks: Iterator[list[Numbered]], find: Callable[[Sequence[Numbered]], dict[str, StoredPerson]]
) -> Iterator[tuple[list[Numbered], dict[str, StoredPerson]]]:
    """Each chunk with its stored people, which are read while earlier chunks are judged."""
    waiting: deque[tuple[list[Numbered], Future[dict[str, StoredPerson]]]] = deque()
    with ThreadPoolExecutor(READERS) as pool:
        for chunk in chunks:
            waiting.append((chunk, pool.submit(find, chunk)))
            if len(waiting) > READERS:
                rows, stored = waiting.popleft()
                yield rows, stored.result()
        for rows, stored in waiting:
            yield rows, stored.result()


def _hundreds(records: Iterator[Numbered]) -> Iterator[list[Numbered]]:
    while some := list(islice(records, READ_AT_ONCE)):
        yield some


def _usual(lengths: Counter[int]) -> int:
    """The number of digits that at least 80 % of the identifiers have; 0 when there is none."""
    ((length, times),) = lengths.most_common(1) or [(0, 0)]
    return length if times * 100 >= lengths.total() * _NEARLY_ALL_PERCENT else 0


def _may_be_held(identifier: str) -> bool:
    return identifier.isascii() and identifier.isdigit() and len(identifier) <= MOST_DIGITS


def _cell(row: Sequence[str], header: Header, column: Column) -> str:
    place = header.places[column]
    return row[place].strip() if place < len(row) else ""
