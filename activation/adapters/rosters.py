"""Rosters over the tables `accounts` and `structures` (port `Rosters`)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from activation.adapters.accounts import (
    PROFILE,
    DynamoAccounts,
    found_by,
    has_bounced,
    journal_of,
    journal_values,
    quarantined_of,
    quarantined_values,
    structure_of,
)
from activation.adapters.dynamodb import DynamoWrite, Item, Table, carry_out, from_attributes, read_together
from activation.domain.accounts import Account, Status, keep_across_reopening
from activation.domain.beneficiaries import Beneficiary, QuarantinedContact
from activation.domain.contacts import Channel
from activation.domain.employment import RosterEntry, RosterJournal, Structure
from activation.domain.ports import Write
from activation.domain.records import from_record
from activation.domain.roster.comparison import RosterChange, StoredPerson, replaced_contacts, still_bounced
from activation.domain.roster.ports import StoredStructure
from activation.domain.standing import standing_of

_COMPARED: dict[str, Any] = {
    "ProjectionExpression": "identifier, roster, #status, version, proven, closed_at, standing",
    "ExpressionAttributeNames": {"#status": "status"},
}
"""The attributes that a row of a file is compared with. Only they are read: parsing whole profiles would cost most."""
_WITH_JOURNALS = {**_COMPARED, "ProjectionExpression": f"{_COMPARED['ProjectionExpression']}, journal, quarantine"}
_SAID_OF_STRUCTURES = tuple(name for name in Structure.__dataclass_fields__ if name != "structure_id")
_STRUCTURE_CONDITION = " AND ".join(f"#{name} = :old_{name}" for name in _SAID_OF_STRUCTURES)


class DynamoRosters:
    def __init__(self, accounts: Table, structures: Table) -> None:
        self._accounts = accounts
        self._structures = structures
        self._profiles = DynamoAccounts(accounts)

    def stored_people(self, identifiers: Sequence[str], *, journals: bool = False) -> dict[str, StoredPerson]:
        keys = [{"identifier": {"S": identifier}, "record": {"S": PROFILE}} for identifier in identifiers]
        found = _read(self._accounts, keys, **(_WITH_JOURNALS if journals else _COMPARED))
        return {item["identifier"]["S"]: _stored_person(item, with_journal=journals) for item in found}

    def take_in(
        self,
        change: RosterChange,
        *,
        import_id: str,
        at: int,
        quarantine: Sequence[QuarantinedContact] | None = None,
    ) -> Write:
        stored = change.stored
        if stored is None:
            journal = RosterJournal(import_id, at, version=1)
            return self._profiles.save(Account(change.identifier, Beneficiary(change.entry, journal=journal)))
        journal = RosterJournal(import_id, at, stored.version + 1, stored.roster, stored.closed_at)
        if change.reopens:
            closed = self._profiles.get(change.identifier)
            fresh = Account(change.identifier, Beneficiary(change.entry, journal=journal), version=stored.version)
            return self._profiles.save(keep_across_reopening(fresh, closed) if closed else fresh, instead_of=closed)
        # Bounces and complaints of a former contact say nothing of the new one, nor of the other channel's.
        marks: dict[str, Any] = {
            f"name_gone_{number}": former for number, former in enumerate(replaced_contacts(change))
        }
        waiting = _quarantine_values(quarantine)
        sets, gone, found = _index_update(change.entry, stored)
        removes = ", ".join([*gone, *(f"deliverability.#gone_{number}" for number in range(len(marks)))])
        return self._accounts.update_write(
            _profile(change.identifier),
            f"SET roster = :roster, version = :next, journal = :journal{sets}"
            + (", quarantine = :quarantine" if waiting else "")
            + (f" REMOVE {removes}" if removes else ""),
            condition="version = :version",
            roster=asdict(change.entry),
            journal=journal_values(journal),
            version=stored.version,
            next=stored.version + 1,
            **marks,
            **waiting,
            **found,
        )

    def undo(self, identifier: str, stored: StoredPerson) -> Write:
        journal = stored.journal
        if journal is None or journal.before is None:
            return self._accounts.delete_write(
                _profile(identifier), condition="version = :version", version=stored.version
            )
        closed: dict[str, Any] = {"closed_at": journal.closed_at} if journal.closed_at else {}
        if closed:
            closed |= {"status": Status.CLOSED.value, "name_status": "status"}
        kept = [one for one in stored.quarantine if one.agent != journal.import_id]
        waiting = _quarantine_values(kept if len(kept) < len(stored.quarantine) else None)
        sets, gone, found = _index_update(journal.before, None if journal.closed_at else stored)
        return self._accounts.update_write(
            _profile(identifier),
            f"SET roster = :roster, version = :next{sets}"
            + (", #status = :status, closed_at = :closed_at" if closed else "")
            + (", quarantine = :quarantine" if waiting else "")
            + f" REMOVE {', '.join(['journal', *gone])}",
            condition="version = :version",
            roster=asdict(journal.before),
            version=stored.version,
            next=stored.version + 1,
            **closed,
            **waiting,
            **found,
        )

    def stored_structures(self, structure_ids: Sequence[str]) -> dict[str, StoredStructure]:
        keys = [{"structure_id": {"S": structure_id}} for structure_id in structure_ids]
        found = map(from_attributes, _read(self._structures, keys))
        return {item["structure_id"]: _stored_structure(item) for item in found}

    def take_in_structure(self, structure: Structure, before: Structure | None, *, import_id: str, at: int) -> Write:
        journal = {"import_id": import_id, "at": at, **({"before": asdict(before)} if before else {})}
        return self._update_structure(structure, before, journal)

    def undo_structure(self, stored: StoredStructure) -> Write:
        return self._update_structure(stored.before or stored.structure, stored.structure, None)

    def carry_out(self, write: Write) -> None:
        if not isinstance(write, DynamoWrite):
            raise TypeError("not a write of ours")
        carry_out(self._accounts.client, write)

    def _update_structure(self, structure: Structure, before: Structure | None, journal: Item | None) -> DynamoWrite:
        """Leaves the row's other attributes, which no roster knows, as they are."""
        names: dict[str, Any] = {f"name_{name}": name for name in _SAID_OF_STRUCTURES}
        said: dict[str, Any] = {name: getattr(structure, name) for name in _SAID_OF_STRUCTURES}
        old: dict[str, Any] = {f"old_{name}": getattr(before, name) for name in _SAID_OF_STRUCTURES if before}
        kept: dict[str, Any] = {"journal": journal} if journal else {}
        sets = ", ".join(f"#{name} = :{name}" for name in _SAID_OF_STRUCTURES)
        return self._structures.update_write(
            {"structure_id": structure.structure_id},
            f"SET {sets}, journal = :journal" if journal else f"SET {sets} REMOVE journal",
            condition=_STRUCTURE_CONDITION if before else "attribute_not_exists(structure_id)",
            **names,
            **said,
            **old,
            **kept,
        )


def _profile(identifier: str) -> dict[str, str]:
    return {"identifier": identifier, "record": PROFILE}


def _read(table: Table, keys: Sequence[Mapping[str, Any]], **what: Any) -> Sequence[Any]:
    """The rows with these keys as they are now, in one call; `what` can limit the attributes that are read."""
    if not keys:
        return []
    return read_together(table.client, {table.name: {"Keys": keys, "ConsistentRead": True, **what}})[table.name]


def _stored_person(item: Mapping[str, Any], *, with_journal: bool) -> StoredPerson:
    """Parses only what rosters need, in a tenth of the time that a whole account takes."""
    return StoredPerson(
        roster=from_record(
            RosterEntry, {name: plain for name, said in item["roster"]["M"].items() for plain in said.values()}
        ),
        status=Status(item["status"]["S"]),
        version=int(item["version"]["N"]),
        proven={Channel(channel): value["S"] for channel, value in item["proven"]["M"].items()},
        journal=journal_of(from_attributes(item["journal"]["M"])) if with_journal and "journal" in item else None,
        closed_at=int(item["closed_at"]["N"]) if "closed_at" in item else None,
        has_bounced="standing" in item and has_bounced(item["standing"]["S"]),
        quarantine=tuple(quarantined_of(from_attributes(one["M"])) for one in item["quarantine"]["L"])
        if with_journal and "quarantine" in item
        else (),
    )


def _quarantine_values(quarantine: Sequence[QuarantinedContact] | None) -> dict[str, Any]:
    return {} if quarantine is None else {"quarantine": list(map(quarantined_values, quarantine))}


def _stored_structure(item: Item) -> StoredStructure:
    journal = item.get("journal", {})
    before = journal.get("before")
    return StoredStructure(
        structure_of(item),
        journal.get("import_id"),
        journal.get("at", 0),
        from_record(Structure, before) if before else None,
        tuple(item.get("correspondents", ())),
    )


def _index_update(entry: RosterEntry, replaced: StoredPerson | None) -> tuple[str, list[str], dict[str, Any]]:
    """The part of an update that sets the attributes of `found_by`, those that it removes, and the values.

    `replaced` is the person as the update finds them; None when it leaves them closed.
    """
    standing = None
    if replaced:
        bounced = still_bounced(has_bounced=replaced.has_bounced, before=replaced.roster, after=entry)
        standing = standing_of(entry, has_bounced=bounced)
    said = found_by(entry, standing)
    found = {name: value for name, value in said.items() if value}
    gone = [name for name, value in said.items() if not value]
    return "".join(f", {name} = :{name}" for name in found), gone, found
