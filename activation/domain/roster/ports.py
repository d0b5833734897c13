"""The ports of the roster import; see `activation.domain.ports`."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple, Protocol

from activation.domain.beneficiaries import QuarantinedContact
from activation.domain.correspondents import LinkedStructure
from activation.domain.employment import Structure
from activation.domain.ports import Write
from activation.domain.roster.columns import Vocabulary
from activation.domain.roster.comparison import Guarded, RosterChange, StoredPerson
from activation.domain.roster.scope import Scope
from activation.domain.roster.structures import StructureVariant
from activation.domain.uploads import Upload as CorrespondentUpload

READ_AT_ONCE = 100
"""How many rows of a table one call reads at most."""


@dataclass(frozen=True, slots=True)
class StoredStructure:
    """A stored structure, the import that last wrote it and when (epoch seconds), and the structure before that import.

    `correspondents`: the identifiers of its correspondents.
    """

    structure: Structure
    import_id: str | None = None
    at: int = 0
    before: Structure | None = None
    correspondents: tuple[str, ...] = ()


class StoredRosters(Protocol):
    """The stored people and structures, for comparing them with rosters.

    Both methods read at most `READ_AT_ONCE` rows, in one call, and raise BusyError when the table throttles them for
    long.
    """

    def stored_people(self, identifiers: Sequence[str], *, journals: bool = False) -> dict[str, StoredPerson]:
        """The stored people among these, by identifier, as they are now: an import or an undo may just have ended.

        With `journals`, their journals and contacts in quarantine are read too.
        """

    def stored_structures(self, structure_ids: Sequence[str]) -> dict[str, StoredStructure]:
        """The stored structures among these, by id."""


class Rosters(StoredRosters, Protocol):
    """Reads as `StoredRosters`, and writes what rosters say. Raises BusyError when the table throttles it for long."""

    def take_in(
        self,
        change: RosterChange,
        *,
        import_id: str,
        at: int,
        quarantine: Sequence[QuarantinedContact] | None = None,
    ) -> Write:
        """Writes the change's entry, with the journal by which it can be undone. Refused: StaleError.

        `quarantine` replaces a known person's contacts in quarantine; None leaves them.
        """

    def undo(self, identifier: str, stored: StoredPerson) -> Write:
        """Restores the entry that the journal's import replaced; removes a new person. Refused: StaleError.

        Contacts that this import put into quarantine leave it.
        """

    def take_in_structure(self, structure: Structure, before: Structure | None, *, import_id: str, at: int) -> Write:
        """Writes a structure that replaces `before`. Refused: StaleError."""

    def undo_structure(self, stored: StoredStructure) -> Write:
        """Restores what the last import replaced. Refused: StaleError."""

    def carry_out(self, write: Write) -> None:
        """Carries out one write without a transaction, for half the cost. Raises its refusal."""


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """An uploaded file: one version of an object. `sent_at`: epoch seconds; `size`: bytes; `said`: upload options."""

    key: str
    version: str
    sent_at: int
    size: int
    said: Mapping[str, str] = field(default_factory=dict, repr=False)


class FileText(Protocol):
    """The bytes of a roster's text, to be read as often as needed."""

    def chunks(self, upload: UploadedFile) -> Iterator[bytes]:
        """The bytes of a copy that `keep` made, from the start."""


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """The source to read a file from; and the name of the sheet, for a workbook with several visible ones."""

    text: FileText
    sheet: str = field(default="", repr=False)


class Workbooks(Protocol):
    """Reads workbooks."""

    def opened(
        self, files: FileText, upload: UploadedFile, vocabulary: Vocabulary[Any]
    ) -> AbstractContextManager[OpenedFile]:
        """The source to read a copy from: `files`, or for a workbook its first visible sheet with the headers, as CSV.

        A workbook is read once, in a process of its own with limits. Raises RosterRefusedError.
        """


class RosterFiles(FileText, Protocol):
    """The objects of the roster bucket."""

    def upload(self, key: str, version: str | None = None) -> UploadedFile:
        """That version of the object, or its latest when `version` is None."""

    def keep(self, upload: UploadedFile, key: str) -> UploadedFile:
        """Copies it to an object that is never overwritten, and returns the copy."""

    def read(self, key: str) -> bytes:
        """The bytes of a small object. Raises FileNotFoundError."""

    def write(self, key: str, body: bytes | BinaryIO, *, kind: str) -> None:
        """Writes an object; `kind` is its media type. An object of that key is replaced."""

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that begin with `prefix`, in order."""


class Uploads(Protocol):
    """The files that correspondents send, by their sender."""

    def get(self, sender: str, upload_id: str) -> CorrespondentUpload | None:
        """The sender's upload as it is stored now; None when there is none of theirs."""

    def latest(self, sender: str, *, most: int) -> list[CorrespondentUpload]:
        """The sender's latest uploads as they are stored now, newest first."""

    def every(self, sender: str) -> list[CorrespondentUpload]:
        """All of the sender's uploads that are still stored, newest first."""

    def last_begun(self, sender: str) -> CorrespondentUpload | None:
        """The upload of which a step began last, as it is stored now; None when none did, or it is gone."""

    def send(self, upload: CorrespondentUpload) -> Write:
        """Writes a new upload."""

    def begin(self, upload: CorrespondentUpload, last: CorrespondentUpload | None) -> Sequence[Write]:
        """Writes that a step of the upload begins after the last step of `last`, which `last_begun` returned.

        Refused: StaleError when another upload, or `last` itself, has begun a step meanwhile.
        """

    def save(self, before: CorrespondentUpload, after: CorrespondentUpload) -> Write:
        """Writes the upload. Refused: StaleError when it has gone on from `before`."""

    def go_on(self, upload: CorrespondentUpload, rows: int) -> None:
        """Counts so many rows more as done, as long as the step of `upload` is under way.

        Those of a batch that is tried again count twice.
        """


class Scopes(Protocol):
    """The structures that correspondents answer for."""

    def of(self, sender: str) -> Scope:
        """The structures that this correspondent answers for now; none for an account that is not active."""

    def contacts_of(self, structure: LinkedStructure) -> frozenset[str]:
        """The contact keys of all correspondents of that structure."""


class GivenContacts(Protocol):
    """Contacts that correspondents typed into single rows, not sent in a file: see `activation.domain.roster.given`."""

    def of(self, sender: str) -> Mapping[str, str]:
        """By `given_key`, for each contact that the sender gave within 30 days: a person's identifier, or `SEVERAL`."""

    def give(self, sender: str, key: str, identifier: str, *, is_shared: bool, now: int) -> Write:
        """Remembers that the sender gave that contact for that person, or for several (`is_shared`).

        Refused: StaleError when it was given for somebody else meanwhile, unless it is shared.
        """


class PutOff(NamedTuple):
    """How many changes of a structure's people are put off, for each kind of guarded change.

    `people`: how many of those who are known in the structure, or new in it, the file has.
    """

    structure_id: str
    numbers: Mapping[Guarded, int]
    people: int


class RosterIndex(Protocol):
    """The counts and texts of a whole file that the judging of its rows needs; stored on disk during the check."""

    def count(self, identifiers: Iterable[str], contacts: Iterable[str]) -> None:
        """Adds one to the count of each identifier and each contact."""

    def repeated_identifiers(self, identifiers: Sequence[str]) -> set[str]:
        """The identifiers that the file has more than once. Call it after the whole file is counted."""

    def repeated_but_for_zeros(self, identifiers: Sequence[str]) -> set[str]:
        """Those among the identifiers that the file has with more or fewer zeros before them, too."""

    def repeated_contacts(self, contacts: Sequence[str]) -> set[str]:
        """The contacts that the file has more than once. Call it after the whole file is counted."""

    def keep_structures(self, variants: Iterable[StructureVariant]) -> None:
        """Adds the structures that rows describe to those of earlier rows."""

    def structures(self) -> Iterator[Sequence[StructureVariant]]:
        """For each structure, all variants that the file has of it; structures of one `spelling_key` together."""

    def count_people(self, structures: Mapping[str, int]) -> None:
        """Adds to the number of people that the file has of each structure."""

    def put_off(self, structure_id: str, row: int, change: bytes, guarded: Collection[Guarded]) -> None:
        """Stores a change of that row until all changes of its structure's people are known."""

    def put_off_by_structure(self) -> Iterator[PutOff]:
        """The changes that are put off, counted for each structure."""

    def put_off_of(self, structure_id: str) -> Iterator[tuple[int, bytes]]:
        """The changes of that structure that were put off, each with its row."""
