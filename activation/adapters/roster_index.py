"""What must be known of a roster as a whole, in a private SQLite file (port `RosterIndex`).

The file vanishes with the connection. Sets in memory would grow with the roster: 300 MB for 800,000 rows.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import attrgetter

from activation.domain.employment import Structure

_CACHE_KIB = 16_000
_TABLES = """
CREATE TABLE identifiers (value TEXT PRIMARY KEY, times INTEGER) WITHOUT ROWID;
CREATE TABLE contacts (value TEXT PRIMARY KEY, times INTEGER) WITHOUT ROWID;
CREATE TABLE structures (
    id TEXT PRIMARY KEY, name TEXT, correspondent_name TEXT, correspondent_email TEXT, correspondent_phone TEXT,
    people INTEGER DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE put_off (structure_id TEXT, row INTEGER, change BLOB, PRIMARY KEY (structure_id, row)) WITHOUT ROWID;
"""
_SAID = attrgetter(*Structure.__dataclass_fields__)
_KEEP = """
INSERT INTO structures (id, name, correspondent_name, correspondent_email, correspondent_phone) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, correspondent_name = excluded.correspondent_name,
    correspondent_email = excluded.correspondent_email, correspondent_phone = excluded.correspondent_phone
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

    def repeated_contacts(self, contacts: Sequence[str]) -> set[str]:
        return self._repeated("contacts", contacts) if self._has_repeated_contacts else set()

    def keep_structures(self, structures: Iterable[Structure], people: Mapping[str, int]) -> None:
        self._database.executemany(_KEEP, map(_SAID, structures))
        self._database.executemany(
            "UPDATE structures SET people = people + ? WHERE id = ?",
            [(number, structure_id) for structure_id, number in people.items()],
        )

    def structures(self) -> Iterator[tuple[Structure, int]]:
        for *said, people in self._database.execute("SELECT * FROM structures ORDER BY id"):
            yield Structure(*said), people

    def put_off(self, structure_id: str, row: int, change: bytes) -> None:
        self._database.execute("INSERT INTO put_off VALUES (?, ?, ?)", (structure_id, row, change))

    def put_off_by_structure(self) -> Iterator[tuple[str, int, int]]:
        yield from self._database.execute(
            "SELECT structure_id, COUNT(*), MAX(people) FROM put_off JOIN structures ON structure_id = id "
            "GROUP BY structure_id ORDER BY structure_id"
        )

    def put_off_of(self, structure_id: str) -> Iterator[tuple[int, bytes]]:
        yield from self._database.execute(
            "SELECT row, change FROM put_off WHERE structure_id = ? ORDER BY row", (structure_id,)
        )

    @cached_property
    def _has_repeated_identifiers(self) -> bool:
        return self._has_repeated("identifiers")

    @cached_property
    def _has_repeated_contacts(self) -> bool:
        return self._has_repeated("contacts")

    def _has_repeated(self, table: str) -> bool:
        """Whether any value is there more than once. Most files have none, and then no query for each row is needed."""
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
