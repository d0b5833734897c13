"""What the roster import needs of the world; see `activation.domain.ports`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from activation.domain.employment import Structure
from activation.domain.ports import Write
from activation.domain.roster.comparison import RosterChange, StoredPerson

READ_AT_ONCE = 100
"""Rows of a table that one call reads."""


@dataclass(frozen=True, slots=True)
class StoredStructure:
    """What is held of an employer, the import that last wrote it and when, and what stood there before."""

    structure: Structure
    import_id: str | None = None
    at: int = 0
    before: Structure | None = None


class Rosters(Protocol):
    """The people and their employers, as rosters are compared with them and written over them.

    `stored_people` and `stored_structures` read at most `READ_AT_ONCE` rows, in one call.
    Raise BusyError when throttled for long.
    """

    def stored_people(self, identifiers: Sequence[str], *, now: bool = False) -> dict[str, StoredPerson]:
        """Those of the people who are known, perhaps as they stood a second ago, without their journals.

        With `now`: surely as they stand now, and with them.
        """

    def take_in(self, change: RosterChange, *, import_id: str, at: int) -> Write:
        """Writes what the roster says over what was held, with the journal that undoes it. Refused: StaleError."""

    def undo(self, identifier: str, stored: StoredPerson) -> Write:
        """Puts back what stood before the journal's import: nothing, for somebody new. Refused: StaleError."""

    def stored_structures(self, structure_ids: Sequence[str]) -> dict[str, StoredStructure]:
        """Those of the employers that are known."""

    def take_in_structure(self, structure: Structure, before: Structure | None, *, import_id: str, at: int) -> Write:
        """Writes an employer over what was held. Refused: StaleError."""

    def undo_structure(self, stored: StoredStructure) -> Write:
        """Puts back what stood before. Refused: StaleError."""

    def carry_out(self, write: Write) -> None:
        """Carries out one write by itself, which costs half of what a transaction does. Raises its refusal."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent in: one version of one object, its size in bytes, and what its sender said with it."""

    key: str
    version: str
    sent_at: int
    size: int
    said: Mapping[str, str] = field(default_factory=dict, repr=False)


class RosterFiles(Protocol):
    """The objects of the roster bucket."""

    def upload(self, key: str, version: str | None = None) -> Upload:
        """That version of an object, or its latest."""

    def keep(self, upload: Upload, key: str) -> Upload:
        """Copies it to an object that nobody writes again, and returns that."""

    def chunks(self, upload: Upload) -> Iterator[bytes]:
        """The bytes of what was kept, from the start."""

    def read(self, key: str) -> bytes:
        """A small object. Raises FileNotFoundError."""

    def write(self, key: str, body: bytes | BinaryIO, *, kind: str) -> None:
        """Writes an object of that media type over whatever stood there."""

    def keys(self, prefix: str) -> Iterator[str]:
        """The objects whose name begins so, in order."""


class RosterIndex(Protocol):
    """What must be known of a whole file before its rows can be judged, kept on disk while the file is read."""

    def count(self, identifiers: Iterable[str], contacts: Iterable[str]) -> None:
        """Counts each of them once more."""

    def repeated_identifiers(self, identifiers: Sequence[str]) -> set[str]:
        """Those that the file has more than once, all of which is counted by now."""

    def repeated_contacts(self, contacts: Sequence[str]) -> set[str]:
        """Those that the file has more than once, all of which is counted by now."""

    def keep_structures(self, structures: Iterable[Structure], people: Mapping[str, int]) -> None:
        """Keeps the employers as their last row has them, and adds to how many people each has."""

    def structures(self) -> Iterator[tuple[Structure, int]]:
        """Every employer, and how many people of it the file has."""

    def put_off(self, structure_id: str, row: int, change: bytes) -> None:
        """Keeps a change until all of its structure's are known."""

    def put_off_by_structure(self) -> Iterator[tuple[str, int, int]]:
        """For each structure with changes put off: how many, and how many people it has."""

    def put_off_of(self, structure_id: str) -> Iterator[tuple[int, bytes]]:
        """The rows and changes put off of that structure."""
