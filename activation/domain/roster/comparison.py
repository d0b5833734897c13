"""What a row changes of what is held: nothing that the person proved or decided."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from activation.domain.accounts import Status
from activation.domain.contacts import Channel, Contact
from activation.domain.employment import RosterEntry, RosterJournal, Structure
from activation.domain.roster.rows import RosterRow


class ChangeKind(StrEnum):
    """What a row does."""

    CREATED = "created"
    UPDATED = "updated"
    LEFT = "left"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """What is held of a person, as far as a roster is concerned."""

    roster: RosterEntry = field(repr=False)
    status: Status
    version: int
    proven: Mapping[Channel, str] = field(default_factory=dict, repr=False)
    journal: RosterJournal | None = None
    closed_at: int | None = None


@dataclass(frozen=True, slots=True)
class RosterChange:
    """What is to become of a person: `entry` over `held`, or a person who is not known yet.

    Where they were closed, they are invited anew.
    """

    identifier: str
    entry: RosterEntry = field(repr=False)
    stored: StoredPerson | None
    kind: ChangeKind

    @property
    def reopens(self) -> bool:
        """Whether it invites somebody anew whose account was closed."""
        return self.stored is not None and self.stored.status is Status.CLOSED


def compare_row(row: RosterRow, stored: StoredPerson | None, *, today: str, shared: Collection[str]) -> RosterChange:
    """What a row changes. `shared`: the keys of contacts that the rows have for several people."""
    contacts, entry = contact_keys(row.entry), row.entry
    if not entry.shared and not (
        contacts.isdisjoint(shared) and contacts.isdisjoint(correspondent_keys(row.structure))
    ):
        entry = replace(entry, shared=True)
    return compare(row.identifier, entry, stored, today=today)


def compare(identifier: str, entry: RosterEntry, stored: StoredPerson | None, *, today: str) -> RosterChange:
    """What the entry changes. Somebody who has left, and is not known or closed already, needs nothing.

    Once shared, a contact stays so until it changes: a file without the other person says nothing of them.
    """
    before = stored.roster if stored else None
    if before and before.shared and not entry.shared and not contact_keys(entry).isdisjoint(contact_keys(before)):
        entry = replace(entry, shared=True)
    return RosterChange(identifier, entry, stored, _kind(entry, stored, today))


def _kind(entry: RosterEntry, stored: StoredPerson | None, today: str) -> ChangeKind:
    if stored is None or stored.status is Status.CLOSED:
        has_left = bool(entry.end_date) and entry.end_date < today
        return ChangeKind.UNCHANGED if has_left else ChangeKind.CREATED
    return kind_between(stored.roster, entry)


def kind_between(before: RosterEntry | None, after: RosterEntry) -> ChangeKind:
    """What makes one of the other: whoever gets an end, or an earlier one, leaves."""
    if before is None:
        return ChangeKind.CREATED
    if before is after or before == after:
        return ChangeKind.UNCHANGED
    leaves = after.end_date and (not before.end_date or after.end_date < before.end_date)
    return ChangeKind.LEFT if leaves else ChangeKind.UPDATED


@dataclass(frozen=True, slots=True)
class ContactChange:
    """What becomes of the contact of somebody still invited on one channel; there was none, or is none now: empty."""

    channel: Channel
    before: str = field(repr=False)
    after: str = field(repr=False)


def contact_changes(change: RosterChange) -> list[ContactChange]:
    """What the change makes of contacts on which an activation still hangs: one is replaced, gone or added."""
    stored, entry = change.stored, change.entry
    if stored is None or stored.status is not Status.INVITED:
        return []
    channels = (
        ContactChange(Channel.EMAIL, stored.roster.email, entry.email),
        ContactChange(Channel.SMS, stored.roster.mobile, entry.mobile),
    )
    return [channel for channel in channels if channel.before != channel.after]


def replaces_contacts(change: RosterChange) -> bool:
    """Whether codes go no more to a contact that somebody still invited had."""
    return any(changed.before for changed in contact_changes(change))


def contacts_to_tell(change: RosterChange) -> list[Contact]:
    """Every contact that somebody still invited had, when any changes, goes or is added (docs/adr/0022).

    One that is added redirects codes as well: mail takes precedence over a mobile.
    """
    if change.stored is None or not contact_changes(change):
        return []
    before = change.stored.roster
    stored = ((Channel.EMAIL, before.email), (Channel.SMS, before.mobile))
    return [Contact(channel, value) for channel, value in stored if value]


def contact_keys(entry: RosterEntry) -> set[str]:
    """What the entry's contacts are compared by."""
    return {contact_key(contact) for contact in (entry.email, entry.mobile) if contact}


def contact_key(written: str) -> str:
    """What two spellings of a contact have in common: a mail's letters in lower case, a number's last nine digits."""
    if "@" in written:
        return written.casefold().strip()
    return "".join(filter(str.isdigit, written))[-9:]


def correspondent_keys(structure: Structure) -> set[str]:
    """What the contacts of the structure's correspondent are compared by."""
    return {contact_key(structure.correspondent_email), contact_key(structure.correspondent_phone)} - {""}
