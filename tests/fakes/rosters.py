"""The roster import's ports in memory, over the people and employers of `tests.fakes`."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from activation.domain.accounts import Account, Status, keep_across_reopening
from activation.domain.beneficiaries import Beneficiary, QuarantinedContact
from activation.domain.employment import RosterEntry, RosterJournal, Structure
from activation.domain.errors import StaleError
from activation.domain.ports import Write
from activation.domain.roster.comparison import RosterChange, StoredPerson, replaced_contacts, still_bounced
from activation.domain.roster.ports import READ_AT_ONCE, StoredStructure, UploadedFile
from activation.domain.roster.values import is_identifier
from tests.builders import changed
from tests.fakes.accounts import FakeAccounts
from tests.fakes.store import FakeStore, FakeWrite
from tests.fakes.structures import FakeLinks, FakeStructures


class FakeRosters:
    """Over `accounts` and `structures`; `reads` and `writes` count the calls. `journals` are the structures'.

    `store` carries single writes out.
    """

    def __init__(self, accounts: FakeAccounts, structures: FakeStructures, links: FakeLinks) -> None:
        self._accounts, self._structures, self.store = accounts, structures, FakeStore()
        self._links = links
        self.journals: dict[str, StoredStructure] = {}
        self.reads = 0
        self.writes = 0

    def stored_people(self, identifiers: Sequence[str], *, journals: bool = False) -> dict[str, StoredPerson]:
        if len(identifiers) > READ_AT_ONCE or len(set(identifiers)) < len(identifiers):
            raise ValueError("DynamoDB takes at most 100 keys, each once")
        if not all(map(is_identifier, identifiers)):
            raise ValueError("nobody has such an identifier, and DynamoDB takes no key of any length")
        self.reads += 1
        found = {name: self._accounts.rows[name] for name in identifiers if name in self._accounts.rows}
        return {name: _stored(account, with_journal=journals) for name, account in found.items()}

    def take_in(
        self, change: RosterChange, *, import_id: str, at: int, quarantine: Sequence[QuarantinedContact] | None = None
    ) -> Write:
        identifier, stored = change.identifier, change.stored
        if stored is None:
            return self._save(
                Account(identifier, Beneficiary(change.entry, journal=RosterJournal(import_id, at, 1))), None
            )
        journal = RosterJournal(import_id, at, stored.version + 1, stored.roster, stored.closed_at)
        if change.reopens:
            fresh = Account(identifier, Beneficiary(change.entry, journal=journal), version=stored.version)
            return self._save(keep_across_reopening(fresh, self._accounts.rows[identifier]), stored)
        waiting: dict[str, Any] = {} if quarantine is None else {"quarantine": tuple(quarantine)}
        gone = replaced_contacts(change)
        return self._change(identifier, stored, change.entry, gone=gone, journal=journal, **waiting)

    def undo(self, identifier: str, stored: StoredPerson) -> Write:
        journal = stored.journal
        if journal is None or journal.before is None:
            return self._write(identifier, stored, lambda: self._accounts.rows.pop(identifier))
        closed: dict[str, Any] = {"status": Status.CLOSED, "closed_at": journal.closed_at} if journal.closed_at else {}
        waiting = tuple(one for one in stored.quarantine if one.agent != journal.import_id)
        return self._change(identifier, stored, journal.before, journal=None, quarantine=waiting, **closed)

    def stored_structures(self, structure_ids: Sequence[str]) -> dict[str, StoredStructure]:
        assert all(structure_ids), "a key is not empty"
        if len(structure_ids) > READ_AT_ONCE:
            raise ValueError("DynamoDB takes at most 100 keys")
        self.reads += 1
        rows = self._structures.rows
        return {
            name: replace(
                self.journals.get(name, StoredStructure(rows[name])),
                structure=rows[name],
                correspondents=self._links.structures([name])[name].correspondents,
            )
            for name in structure_ids
            if name in rows
        }

    def take_in_structure(self, structure: Structure, before: Structure | None, *, import_id: str, at: int) -> Write:
        journal = StoredStructure(structure, import_id, at, before)
        return self._put_structure(structure, before, journal)

    def undo_structure(self, stored: StoredStructure) -> Write:
        structure = stored.before or stored.structure
        return self._put_structure(structure, stored.structure, StoredStructure(structure))

    def carry_out(self, write: Write) -> None:
        self.writes += 1
        self.store.commit(write)

    def _save(self, account: Account, stored: StoredPerson | None) -> FakeWrite:
        return self._write(
            account.identifier, stored, lambda: self._accounts.add(replace(account, version=account.version + 1))
        )

    def _change(
        self, identifier: str, stored: StoredPerson, entry: RosterEntry, *, gone: Sequence[str] = (), **more: object
    ) -> FakeWrite:
        bounced = still_bounced(has_bounced=stored.has_bounced, before=stored.roster, after=entry)

        def apply() -> None:
            account = self._accounts.rows[identifier]
            marks = {value: mark for value, mark in account.deliverability.items() if value not in gone}
            said = {"roster": entry, "has_bounced": bounced, "deliverability": marks, **more}
            self._accounts.add(changed(account, version=account.version + 1, **said))

        return self._write(identifier, stored, apply)

    def _write(self, identifier: str, stored: StoredPerson | None, apply: object) -> FakeWrite:
        def holds() -> bool:
            old = self._accounts.rows.get(identifier)
            return (old.version if old else None) == (stored.version if stored else None)

        return FakeWrite(f"{identifier} PROFILE", apply, holds, StaleError)  # type: ignore[arg-type]  # called, not read

    def _put_structure(self, structure: Structure, before: Structure | None, journal: StoredStructure) -> FakeWrite:
        name = structure.structure_id

        def apply() -> None:
            self._structures.save(structure)
            self.journals[name] = journal

        return FakeWrite(name, apply, lambda: self._structures.rows.get(name) == before)


def _stored(account: Account, *, with_journal: bool) -> StoredPerson:
    return StoredPerson(
        account.beneficiary.roster,
        account.status,
        account.version,
        {channel: contact.value for channel, contact in account.proven.items()},
        account.beneficiary.journal if with_journal else None,
        account.closed_at,
        account.owner.quarantine if with_journal else (),
        account.beneficiary.has_bounced,
    )


class FakeRosterFiles:
    """The bucket, in `objects`, of these `kinds`; what is said with an upload, in `said`. Chunks hold `chunk_bytes`.

    `kept`: the version of each upload that was kept.
    """

    def __init__(self, *, chunk_bytes: int = 7) -> None:
        self.objects: dict[str, bytes] = {}
        self.kinds: dict[str, str] = {}
        self.said: dict[str, dict[str, str]] = {}
        self.kept: dict[str, str] = {}
        self._chunk_bytes = chunk_bytes

    def send(self, key: str, body: bytes, **said: str) -> str:
        self.objects[key] = body
        self.said[key] = {name.replace("_", "-"): value for name, value in said.items()}
        return key

    def upload(self, key: str, version: str | None = None) -> UploadedFile:
        return UploadedFile(key, version or "1", 1_795_512_000, len(self.objects[key]), self.said.get(key, {}))

    def keep(self, upload: UploadedFile, key: str) -> UploadedFile:
        self.objects[key] = self.objects[upload.key]
        self.kept[upload.key] = upload.version
        return replace(upload, key=key)

    def chunks(self, upload: UploadedFile) -> Iterator[bytes]:
        body = io.BytesIO(self.objects[upload.key])
        return iter(lambda: body.read(self._chunk_bytes), b"")

    def read(self, key: str) -> bytes:
        if key not in self.objects:
            raise FileNotFoundError(key)
        return self.objects[key]

    def write(self, key: str, body: bytes | BinaryIO, *, kind: str) -> None:
        assert "/" in kind, "a media type"
        self.kinds[key] = kind
        self.objects[key] = body if isinstance(body, bytes) else body.read()

    def keys(self, prefix: str) -> Iterator[str]:
        return iter(sorted(key for key in self.objects if key.startswith(prefix)))
