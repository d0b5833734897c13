"""Reads a file twice as a stream: first for its survey, then to judge it row by row."""

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from activation.domain.contacts import contact_key
from activation.domain.employment import Structure
from activation.domain.names import fold_name
from activation.domain.roster.columns import Column, Header, RosterRefusedError, find_header
from activation.domain.roster.comparison import (
    RosterChange,
    StoredPerson,
    compare_row,
    contact_keys,
)
from activation.domain.roster.files import Encoding, find_encoding, read_records
from activation.domain.roster.leading_zeros import fault_of_zeros, with_other_zeros
from activation.domain.roster.ports import READ_AT_ONCE, FileText, RosterIndex, StoredRosters, UploadedFile
from activation.domain.roster.remarks import remarks_on_missing_cells
from activation.domain.roster.rows import (
    MOST_CHARACTERS,
    STRUCTURE_FIELDS,
    Fault,
    Remark,
    RosterRow,
    judge_row,
)
from activation.domain.roster.table import NumberedRow, cell_of, cells_of, left_aside, rows_below
from activation.domain.roster.values import Cells, is_identifier
from activation.imports.senders import Operator

READERS = 2
"""How many calls read stored people ahead, in parallel, while rows are judged."""

_ROWS_COUNTED_AT_ONCE = 1_000
_NEARLY_ALL_PERCENT = 80
_OF_STRUCTURE = (Column.STRUCTURE_ID, *STRUCTURE_FIELDS)
_CELL_TOO_MANY = "cette ligne a une cellule de trop : un séparateur est en trop, ou un guillemet manque"


class Survey(NamedTuple):
    """The facts that the first reading of a file found.

    `usual_digits` is 0 when identifiers differ in length, `whole_digits` when none begins with a zero: else that is the
    length of the longest one that does.
    """

    encoding: Encoding
    header: Header
    rows: int
    usual_digits: int
    whole_digits: int


class Stored(NamedTuple):
    """The stored people of some rows, and the stored structures of the rows that don't say all about theirs."""

    people: Mapping[str, StoredPerson]
    structures: Mapping[str, Structure]

    def structure_of(self, cells: Cells) -> Structure | None:
        """The stored structure that the row names, or else that of its person; None if neither is among those read."""
        person = self.people.get(cells[Column.IDENTIFIER])
        of_person = person.roster.structure_id if person else ""
        return self.structures.get(cells.get(Column.STRUCTURE_ID, of_person))


@dataclass(frozen=True, slots=True)
class Judged:
    """The result for some rows: the faults of the refused ones, and the changes of the good ones.

    `rows` counts them without lines of totals. `shared`: the keys of contacts that the file has more than once.
    `read_by_others`: by row number, the keys of contacts that other people read too. `remarks` are those on how the
    rows were read.
    """

    rows: int
    shared: Collection[str]
    read_by_others: Mapping[int, Collection[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    changes: list[tuple[RosterRow, RosterChange]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def survey(files: FileText, upload: UploadedFile, index: RosterIndex, sender: Operator) -> Survey:
    """Read the whole file once, and fill the index. Raises RosterRefusedError when it is no roster."""
    encoding = find_encoding(files.chunks(upload))
    header = find_header(read_records(files.chunks(upload), encoding)).without(sender.useless)
    records = rows_below(header, read_records(files.chunks(upload), encoding))
    people = (row for _, row in records if not left_aside(header, row))
    lengths: Counter[int] = Counter()
    rows = whole_digits = 0
    while some := list(islice(people, _ROWS_COUNTED_AT_ONCE)):
        rows += len(some)
        identifiers = [cell_of(header, row, Column.IDENTIFIER) for row in some]
        contacts = [cell_of(header, row, column) for row in some for column in (Column.EMAIL, Column.MOBILE)]
        index.count(filter(None, identifiers), filter(None, map(contact_key, contacts)))
        good = list(filter(is_identifier, identifiers))
        lengths.update(map(len, good))
        whole_digits = max(whole_digits, *(len(identifier) for identifier in good if identifier.startswith("0")), 0)
    if not rows:
        raise RosterRefusedError("Le fichier n'a aucune ligne après celle des titres.")
    return Survey(encoding, header, rows, _usual(lengths), whole_digits)


def judge(
    files: FileText,
    rosters: StoredRosters,
    upload: UploadedFile,
    surveyed: Survey,
    index: RosterIndex,
    *,
    sender: Operator,
    today: str,
) -> Iterator[Judged]:
    """Judge the file's rows and compare them with what is stored, a hundred at a time, with one read each.

    Only newcomers take more reads, for people whose identifiers differ only in the zeros before them. Stored structures
    are read only for files or rows that don't tell all about theirs.
    """
    header, seen = surveyed.header, sender.seen(rosters)

    def find(rows: Sequence[NumberedRow]) -> Stored:
        written = {
            cell_of(header, row, Column.IDENTIFIER): cell_of(header, row, Column.STRUCTURE_ID) for _, row in rows
        }
        good = {identifier: written[identifier] for identifier in sorted(filter(is_identifier, written))}
        people = _people(seen, good, surveyed.whole_digits)
        blank = [identifier for identifier, structure_id in good.items() if not structure_id]
        structures = _stored_structures(seen, [row for _, row in rows], header, people, blank)
        return Stored(people, {**sender.structures, **structures})

    records = rows_below(header, read_records(files.chunks(upload), surveyed.encoding))
    for rows, stored in _read_ahead(_hundreds(records), find):
        yield _judge(rows, stored, surveyed, index, sender=sender, today=today)


def _people(rosters: StoredRosters, written: Mapping[str, str], whole_digits: int) -> dict[str, StoredPerson]:
    """The stored people of these identifiers, each with its row's structure; and those with other zeros before theirs.

    The latter are read for identifiers that are nobody's, or somebody's of another structure.
    """
    people = rosters.stored_people(list(written))
    doubtful = (
        identifier
        for identifier, structure_id in written.items()
        if identifier not in people or (structure_id and people[identifier].roster.structure_id != structure_id)
    )
    asked = {other for each in doubtful for other in with_other_zeros(each, whole_digits)}
    others = iter(sorted(asked.difference(written)))
    while some := list(islice(others, READ_AT_ONCE)):
        people |= rosters.stored_people(some)
    return people


def _stored_structures(
    rosters: StoredRosters,
    rows: Iterable[Sequence[str]],
    header: Header,
    people: Mapping[str, StoredPerson],
    blank: Iterable[str],
) -> Mapping[str, Structure]:
    """The stored structures of rows that lack a cell of theirs, and of the people whose rows name none (`blank`)."""
    told = {*header.places, Column.STRUCTURE_ID}
    part = [row for row in rows if not told.difference(header.beyond(len(row))).issuperset(STRUCTURE_FIELDS)]
    written = {cell_of(header, row, Column.STRUCTURE_ID) for row in part}
    if part or Column.STRUCTURE_ID in header.places:
        written |= {people[identifier].roster.structure_id for identifier in blank if identifier in people}
    asked = sorted(structure_id for structure_id in written if 0 < len(structure_id) <= MOST_CHARACTERS)
    if not asked:
        return {}
    return {found: stored.structure for found, stored in rosters.stored_structures(asked).items()}


def _judge(
    rows: Sequence[NumberedRow],
    stored: Stored,
    surveyed: Survey,
    index: RosterIndex,
    *,
    sender: Operator,
    today: str,
) -> Judged:
    header = surveyed.header
    aside = {number: what for number, row in rows if (what := left_aside(header, row))}
    people = {number: row for number, row in rows if number not in aside}
    cells = {number: cells_of(header, row) for number, row in people.items()}
    identifiers = [of_row[Column.IDENTIFIER] for of_row in cells.values() if of_row]
    repeated, twice = index.repeated_identifiers(identifiers), index.repeated_but_for_zeros(identifiers)
    judged = [
        _judge_row(number, of_row, stored, surveyed, sender=sender, repeated=repeated, repeated_but_for_zeros=twice)
        for number, of_row in cells.items()
    ]
    good = [row for row in judged if isinstance(row, RosterRow)]
    shared = index.repeated_contacts([key for row in good for key in contact_keys(row.entry)])
    unsaid = tuple(column for column in header.absent if column not in STRUCTURE_FIELDS)
    unsaid_of_new = tuple(column for column in unsaid if column is not Column.STRUCTURE_ID)
    read_by_others = {row.number: sender.read_by_others(row) for row in good}
    changes = [
        (
            row,
            compare_row(
                row,
                stored.people.get(row.identifier),
                today=today,
                shared=shared | read_by_others[row.number],
                unsaid=unsaid if row.identifier in stored.people else unsaid_of_new,
            ),
        )
        for row in good
    ]
    faults = [fault for row in judged if not isinstance(row, RosterRow) for fault in row]
    remarks = [Remark(number, Column.IDENTIFIER, f"{what} : laissée de côté") for number, what in aside.items()]
    for row, change in changes:
        cells_there = len(people[row.number])
        if cells_there < header.width:
            structure = stored.structures.get(row.structure.structure_id)
            remarks += remarks_on_missing_cells(row, header.beyond(cells_there), change, structure)
    return Judged(len(people), shared, read_by_others, faults, changes, remarks)


def _judge_row(
    number: int,
    cells: Cells | None,
    stored: Stored,
    surveyed: Survey,
    *,
    sender: Operator,
    repeated: Collection[str],
    repeated_but_for_zeros: Collection[str],
) -> RosterRow | list[Fault]:
    if cells is None:
        return [Fault(number, None, _CELL_TOO_MANY)]
    identifier = cells[Column.IDENTIFIER]
    if identifier and identifier in repeated:
        return [Fault(number, Column.IDENTIFIER, "cet identifiant est sur plusieurs lignes du fichier")]
    person = stored.people.get(identifier)
    if person is None:
        cells = sender.placed(cells)
    if person and not cells.get(Column.STRUCTURE_ID):
        cells = {column: text for column, text in cells.items() if text or column not in _OF_STRUCTURE}
    structure = stored.structure_of(cells)
    if person:
        is_elsewhere = cells.get(Column.STRUCTURE_ID) != person.roster.structure_id
        if is_elsewhere and (why := fault_of_zeros(cells, stored.people, surveyed.whole_digits, is_stored=True)):
            return [Fault(number, Column.IDENTIFIER, why)]
        judged = judge_row(number, cells, stored=person.roster, stored_structure=structure)
    elif why := fault_of_zeros(
        cells, stored.people, surveyed.whole_digits, is_twice=identifier in repeated_but_for_zeros
    ):
        return [Fault(number, Column.IDENTIFIER, why)]
    else:
        judged = _judge_new(number, cells, structure, surveyed.usual_digits)
    return sender.within(judged) if isinstance(judged, RosterRow) else judged


def _judge_new(
    number: int, cells: Cells, stored_structure: Structure | None, usual_digits: int
) -> RosterRow | list[Fault]:
    judged = judge_row(number, cells, stored_structure=stored_structure, usual_digits=usual_digits)
    if isinstance(judged, RosterRow) and _is_a_structure(judged):
        return [Fault(number, Column.LAST_NAME, "c'est le nom de la structure : mettez celui de la personne")]
    return judged


def _is_a_structure(row: RosterRow) -> bool:
    """Whether the row of an unknown person rather describes a structure: its only name is the structure's."""
    return not row.entry.first_name and fold_name(row.entry.last_name) == fold_name(row.structure.name)


def _read_ahead(
    chunks: Iterator[list[NumberedRow]], find: Callable[[Sequence[NumberedRow]], Stored]
) -> Iterator[tuple[list[NumberedRow], Stored]]:
    """Each chunk with its stored people, which are read while earlier chunks are judged."""
    waiting: deque[tuple[list[NumberedRow], Future[Stored]]] = deque()
    with ThreadPoolExecutor(READERS) as pool:
        for chunk in chunks:
            waiting.append((chunk, pool.submit(find, chunk)))
            if len(waiting) > READERS:
                rows, stored = waiting.popleft()
                yield rows, stored.result()
        for rows, stored in waiting:
            yield rows, stored.result()


def _hundreds(records: Iterator[NumberedRow]) -> Iterator[list[NumberedRow]]:
    while some := list(islice(records, READ_AT_ONCE)):
        yield some


def _usual(lengths: Counter[int]) -> int:
    """The number of digits that at least 80 % of the identifiers have; 0 when there is none."""
    ((length, times),) = lengths.most_common(1) or [(0, 0)]
    return length if times * 100 >= lengths.total() * _NEARLY_ALL_PERCENT else 0
