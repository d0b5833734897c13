"""The counts and texts of a whole roster that its check needs, in a private SQLite file (port `RosterIndex`).

The file vanishes with the connection. Sets in memory would grow with the roster: 300 MB for 800,000 rows.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from activation.domain.employment import Structure
from activation.domain.roster.comparison import Guarded
from activation.domain.roster.ports import PutOff
from activation.domain.roster.structures import StructureVariant, spelling_key
from activation.domain.roster.values import is_identifier

_CACHE_KIB = 16_000
_TABLES = """
CREATE TABLE identifiers (value TEXT PRIMARY KEY, times INTEGER) WITHOUT ROWID;
CREATE TABLE contacts (value TEXT PRIMARY KEY, times INTEGER) WITHOUT ROWID;
CREATE TABLE structures (
    spelling TEXT, id TEXT, name TEXT, correspondent_name TEXT, correspondent_email TEXT, correspondent_phone TEXT,
    rows INTEGER, first INTEGER,
    PRIMARY KEY (spelling, id, name, correspondent_name, correspondent_email, correspondent_phone)
) WITHOUT ROWID;
CREATE TABLE people (structure_id TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;
CREATE TABLE put_off (
    structure_id TEXT, row INTEGER, change BLOB,
    leaves INTEGER, renames INTEGER, holds INTEGER, moves INTEGER, contacts INTEGER,
    PRIMARY KEY (structure_id, row)
) WITHOUT ROWID;
"""
_BUT_FOR_ZEROS = """
CREATE TABLE zeros AS
SELECT LTRIM(value, '0') AS value, COUNT(*) AS times FROM identifiers GROUP BY 1 HAVING COUNT(*) > 1
"""
_SAID = attrgetter(*Structure.__dataclass_fields__)
_KEEP = """
INSERT INTO structures VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET rows = rows + excluded.rows, first = MIN(first, excluded.first)
"""
_PUT_OFF = """
SELECT SUM(leaves), SUM(renames), SUM(holds), SUM(moves), SUM(contacts), number
FROM put_off JOIN people USING (structure_id) WHERE structure_id = ?
"""


class SqliteRosterIndex:
    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)  # a private file, written when the cache is full
        self._database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.executescript(_TABLES)
        self._database.execute("BEGIN")

    def count(self, identifiers: Iterable[str], contacts: Iterable[str]) -> None:
        self._count("identifiers", identifiers)
        self._count("contacts", contacts)

    def repeated_identifiers(self, identifiers: Sequence[str]) -> set[str]:
        return self._repeated("identifiers", identifiers) if self._has_repeated_identifiers else set()

    def repeated_but_for_zeros(self, identifiers: Sequence[str]) -> set[str]:
        if not self._has_repeated_but_for_zeros:
            return set()
        shortened = {identifier: identifier.lstrip("0") for identifier in identifiers if is_identifier(identifier)}
        found = self._repeated("zeros", list(shortened.values()))
        return {identifier for identifier, short in shortened.items() if short in found}

    def repeated_contacts(self, contacts: Sequence[str]) -> set[str]:
        return self._repeated("contacts", contacts) if self._has_repeated_contacts else set()

    def keep_structures(self, variants: Iterable[StructureVariant]) -> None:
        self._database.executemany(
            _KEEP,
            (
                (spelling_key(each.structure.structure_id), *_SAID(each.structure), each.rows, each.first)
                for each in variants
            ),
        )

    def structures(self) -> Iterator[Sequence[StructureVariant]]:
        rows = self._database.execute("SELECT * FROM structures ORDER BY spelling, id, first")
        variants = (StructureVariant(Structure(*said), times, first) for _, *said, times, first in rows)
        for _, of_one in groupby(variants, key=lambda variant: variant.structure.structure_id):
            yield list(of_one)

    def count_people(self, structures: Mapping[str, int]) -> None:
        self._database.executemany(
            "INSERT INTO people VALUES (?, ?) ON CONFLICT DO UPDATE SET number = number + excluded.number",
            structures.items(),
        )

    def put_off(self, structure_id: str, row: int, change: bytes, guarded: Collection[Guarded]) -> None:
        values = (structure_id, row, change, *(what in guarded for what in Guarded))
        self._database.execute("INSERT INTO put_off VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)

    def put_off_by_structure(self) -> Iterator[PutOff]:
        found = self._database.execute("SELECT DISTINCT structure_id FROM put_off ORDER BY structure_id").fetchall()
        for (structure_id,) in found:
            *numbers, people = self._database.execute(_PUT_OFF, (structure_id,)).fetchone()
            yield PutOff(structure_id, dict(zip(Guarded, numbers, strict=True)), people)

    def put_off_of(self, structure_id: str) -> Iterator[tuple[int, bytes]]:
        yield from self._database.execute(
            "SELECT row, change FROM put_off WHERE structure_id = ? ORDER BY row", (structure_id,)
        )

    @cached_property
    def _has_repeated_identifiers(self) -> bool:
        return self._has_repeated("identifiers")

    @cached_property
    def _has_repeated_but_for_zeros(self) -> bool:
        self._database.execute(_BUT_FOR_ZEROS)
        return self._has_repeated("zeros")

    @cached_property
    def _has_repeated_contacts(self) -> bool:
        return self._has_repeated("contacts")

    def _has_repeated(self, table: str) -> bool:
        """Whether any value is there more than once. Most files repeat none, and then no row needs a query."""
        found = self._database.execute(f"SELECT 1 FROM {table} WHERE times > 1 LIMIT 1")  # noqa: S608  # our own table's name
        return found.fetchone() is not None

    def _count(self, table: str, values: Iterable[str]) -> None:
        self._database.executemany(
            f"INSERT INTO {table} VALUES (?, 1) ON CONFLICT (value) DO UPDATE SET times = times + 1",  # noqa: S608  # our own table's name
            ((value,) for value in values),
        )

    def _repeated(self, table: str, values: Sequence[str]) -> set[str]:
        marks = ",".join("?" * len(values))
        found = self._database.execute(
            f"SELECT value FROM {table} WHERE times > 1 AND value IN ({marks})",  # noqa: S608  # our own table's name
            values,
        )
        return {value for (value,) in found}
