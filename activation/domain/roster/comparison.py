"""The changes that a row makes to the stored person: never to data that the owner proved or decided."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from activation.domain.accounts import Status
from activation.domain.beneficiaries import QuarantinedContact
from activation.domain.contacts import Channel, Contact, contact_key
from activation.domain.employment import RosterEntry, RosterJournal, Structure
from activation.domain.names import fold_words
from activation.domain.roster.columns import Column
from activation.domain.roster.rows import RosterRow

_BETWEEN_NUMBERS = re.compile(r"[/;,|]| (?:-|et|ou) ")
"""The signs between numbers in the cell of a correspondent's telephone: `01 23 45 67 89 / 06 12 34 56 78`."""

_SHORTEST_WORD = 3
"""The fewest letters of a word that tells names apart: shorter ones are particles, which other names have too."""


class ChangeKind(StrEnum):
    """The kinds of change that a row makes to a person."""

    CREATED = "created"
    UPDATED = "updated"
    LEFT = "left"
    UNCHANGED = "unchanged"


class Guarded(StrEnum):
    """Changes that wait for a confirmation if many of a structure's people have them; `HOLDS` waits even alone."""

    LEAVES = "leaves"
    RENAMES = "renames"
    HOLDS = "holds"
    MOVES = "moves"
    CONTACTS = "contacts"


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """The stored data of a person that rosters need; `closed_at` is in epoch seconds.

    For a sender who must not learn who has activated, `status` is None and `proven` empty: see `as_declared`.
    """

    roster: RosterEntry = field(repr=False)
    status: Status | None
    version: int
    proven: Mapping[Channel, str] = field(default_factory=dict, repr=False)
    journal: RosterJournal | None = None
    closed_at: int | None = None
    quarantine: tuple[QuarantinedContact, ...] = field(default=(), repr=False)
    has_bounced: bool = False


def as_declared(stored: StoredPerson) -> StoredPerson:
    """The person as a correspondent sees them: only what was declared, alike for people with an account and without."""
    return replace(stored, status=None, proven={})


@dataclass(frozen=True, slots=True)
class RosterChange:
    """The change that a row makes to a person: `entry` replaces that of `stored`, which is None for a new person.

    A person whose account is closed is invited again. `unsaid` are the columns of a person that the file lacks: `entry`
    has their stored values.
    """

    identifier: str
    entry: RosterEntry = field(repr=False)
    stored: StoredPerson | None
    kind: ChangeKind
    unsaid: tuple[Column, ...] = ()

    @property
    def reopens(self) -> bool:
        """Whether the person's account is closed, so that the change invites them again."""
        return self.stored is not None and self.stored.status is Status.CLOSED

    @property
    def counted_structure(self) -> str:
        """The structure among whose people the change counts: the one that the person is known in, else the file's."""
        before = _before(self)
        return (before.structure_id if before else "") or self.entry.structure_id


def compare_row(
    row: RosterRow,
    stored: StoredPerson | None,
    *,
    today: str,
    shared: Collection[str],
    unsaid: tuple[Column, ...] = (),
) -> RosterChange:
    """The change that a row makes. `shared`: the contact keys that the file has for several people.

    `unsaid` are the columns of a person that the file lacks.
    """
    contacts, entry = contact_keys(row.entry), row.entry
    if not entry.shared and not (
        contacts.isdisjoint(shared) and contacts.isdisjoint(correspondent_keys(row.structure))
    ):
        entry = replace(entry, shared=True)
    if row.said:
        unsaid = tuple(column for column in unsaid if column not in row.said)
    return compare(row.identifier, entry, stored, today=today, unsaid=unsaid)


def compare(
    identifier: str,
    entry: RosterEntry,
    stored: StoredPerson | None,
    *,
    today: str,
    unsaid: tuple[Column, ...] = (),
) -> RosterChange:
    """The change that the entry makes; `unsaid` columns keep their stored values.

    An entry that has ended, or that names no structure, changes nothing if the person is unknown or closed. The marks
    of contacts stay until these change: the other person of a `shared` contact may just be missing from this file.
    """
    before = stored.roster if stored else None
    entry = keep_unsaid(entry, before, unsaid)
    if before and before.shared and not entry.shared and not contact_keys(entry).isdisjoint(contact_keys(before)):
        entry = replace(entry, shared=True)
    if before and (before.desk_email or before.desk_mobile):
        entry = replace(
            entry,
            desk_email=before.desk_email and contact_key(before.email) == contact_key(entry.email),
            desk_mobile=before.desk_mobile and contact_key(before.mobile) == contact_key(entry.mobile),
        )
    return RosterChange(identifier, entry, stored, _kind(entry, stored, today), unsaid)


def keep_unsaid(entry: RosterEntry, before: RosterEntry | None, unsaid: Sequence[Column]) -> RosterEntry:
    """The entry with the values of `before` in these columns; empty ones without `before`."""
    if not unsaid:
        return entry
    stored: dict[str, Any] = {column.value: getattr(before, column.value, "") for column in unsaid}
    return replace(entry, **stored)


def _kind(entry: RosterEntry, stored: StoredPerson | None, today: str) -> ChangeKind:
    if stored is None or stored.status is Status.CLOSED:
        has_left = bool(entry.end_date) and entry.end_date < today
        return ChangeKind.UNCHANGED if has_left or not entry.structure_id else ChangeKind.CREATED
    return kind_between(stored.roster, entry)


def kind_between(before: RosterEntry, after: RosterEntry) -> ChangeKind:
    """The kind of change from `before` to `after`. With a new or an earlier end date, the person leaves."""
    if before is after or before == after:
        return ChangeKind.UNCHANGED
    leaves = after.end_date and (not before.end_date or after.end_date < before.end_date)
    return ChangeKind.LEFT if leaves else ChangeKind.UPDATED


def kind_written(change: RosterChange, journal: RosterJournal) -> ChangeKind:
    """The kind of a change that was written before, by the journal of its import, when its batch is carried out again.

    If a closing has erased the entry before, the kind that the check planned.
    """
    if journal.closed_at:
        return ChangeKind.CREATED
    if journal.before is None:
        return change.kind
    return kind_between(journal.before, keep_unsaid(change.entry, journal.before, change.unsaid))


@dataclass(frozen=True, slots=True)
class ContactChange:
    """The contact of an invited person on one channel, before and after a change; empty where there is none."""

    channel: Channel
    before: str = field(repr=False)
    after: str = field(repr=False)


def contact_changes(change: RosterChange) -> list[ContactChange]:
    """The contacts that the change replaces, removes or adds while the person is invited; none later.

    For a sender who must not learn who has activated: at any time.
    """
    stored, entry = change.stored, change.entry
    if stored is None or stored.status not in (Status.INVITED, None):
        return []
    channels = (
        ContactChange(Channel.EMAIL, stored.roster.email, entry.email),
        ContactChange(Channel.SMS, stored.roster.mobile, entry.mobile),
    )
    return [channel for channel in channels if contact_key(channel.before) != contact_key(channel.after)]


def replaced_contacts(change: RosterChange) -> list[str]:
    """The contacts of an invited person that the change replaces or removes."""
    return [changed.before for changed in contact_changes(change) if changed.before]


def contacts_to_tell(change: RosterChange) -> list[Contact]:
    """The contacts to notify: all former ones of an invited person, if the change touches any (docs/adr/0022).

    An added contact counts as a change too: codes go to a mail rather than to a mobile, so it may redirect them.
    """
    if change.stored is None or not contact_changes(change):
        return []
    before = change.stored.roster
    stored = ((Channel.EMAIL, before.email), (Channel.SMS, before.mobile))
    return [Contact(channel, value) for channel, value in stored if value]


def contact_keys(entry: RosterEntry) -> set[str]:
    """The contact keys of the entry."""
    return {contact_key(contact) for contact in (entry.email, entry.mobile) if contact}


def correspondent_keys(structure: Structure) -> frozenset[str]:
    """The contact keys of the structure's correspondent; the cell of the telephone may have several numbers."""
    return _keys_of(structure.correspondent_email, structure.correspondent_phone)


@lru_cache(maxsize=1_000)
def _keys_of(address: str, numbers: str) -> frozenset[str]:
    each = (address, numbers, *_BETWEEN_NUMBERS.split(numbers))
    return frozenset(map(contact_key, each)) - {""}


def still_bounced(*, has_bounced: bool, before: RosterEntry, after: RosterEntry) -> bool:
    """Whether `has_bounced` still holds for the entry `after`: not once it has a contact that `before` has not."""
    return has_bounced and contact_keys(after) <= contact_keys(before)


def renames(change: RosterChange) -> bool:
    """Whether the change gives the person another last, usage or first name, with no word of the former one.

    A name that is added, spelt otherwise or put into another column is the same name. False for a closed account.
    """
    return _has_other_last_name(change) or _has_other_usage_name(change) or _has_other_first_name(change)


def renames_wholly(change: RosterChange) -> bool:
    """Whether every name in the file is another: more likely another person.

    The same first name means the same person. Without a first name in the file, a usage name that comes with another
    birth name is as bad: none of the names that open the account is left.
    """
    if not _has_other_last_name(change):
        return False
    says_first_name = change.entry.first_name and Column.FIRST_NAME not in change.unsaid
    before = _before(change)
    has_new_usage_name = before is not None and not before.usage_name and bool(change.entry.usage_name)
    return _has_other_first_name(change) if says_first_name else has_new_usage_name


def holds_back(change: RosterChange) -> bool:
    """Whether the change waits for a confirmation by itself: another person's names for an active account.

    For a sender who must not learn which accounts are active: for any account.
    """
    return change.stored is not None and change.stored.status in (Status.ACTIVE, None) and renames_wholly(change)


def _has_other_last_name(change: RosterChange) -> bool:
    before = _before(change)
    return before is not None and _differ(
        _words(before.last_name, before.usage_name), _words(change.entry.last_name, change.entry.usage_name)
    )


def moves(change: RosterChange) -> bool:
    """Whether the change moves the person from the structure that they are known in to another."""
    return change.counted_structure != change.entry.structure_id


def takes_contacts(change: RosterChange) -> bool:
    """Whether the change replaces or removes a contact that the rosters had, whatever the account's status."""
    before = _before(change)
    return before is not None and any(
        former and contact_key(former) != contact_key(now)
        for former, now in ((before.email, change.entry.email), (before.mobile, change.entry.mobile))
    )


def is_unreachable(change: RosterChange) -> bool:
    """Whether the change leaves somebody who isn't active without any contact: they can't activate."""
    is_active = change.stored is not None and change.stored.status is Status.ACTIVE
    return not (is_active or change.kind is ChangeKind.LEFT or change.entry.email or change.entry.mobile)


def guarded(change: RosterChange) -> list[Guarded]:
    """The reasons why the change may have to wait; none for nearly all changes."""
    found = {
        Guarded.LEAVES: change.kind is ChangeKind.LEFT,
        Guarded.RENAMES: renames(change),
        Guarded.HOLDS: holds_back(change),
        Guarded.MOVES: moves(change),
        Guarded.CONTACTS: takes_contacts(change),
    }
    return [what for what, is_so in found.items() if is_so]


def _has_other_usage_name(change: RosterChange) -> bool:
    before = _before(change)
    return (
        before is not None
        and bool(before.usage_name)
        and _differ(_words(before.last_name, before.usage_name), _words(change.entry.usage_name))
    )


def _has_other_first_name(change: RosterChange) -> bool:
    before = _before(change)
    return before is not None and _differ(_words(before.first_name), _words(change.entry.first_name))


def _before(change: RosterChange) -> RosterEntry | None:
    return change.stored.roster if change.stored and not change.reopens else None


def _words(*names: str) -> set[str]:
    words = {word for name in names for word in fold_words(name)}
    return {word for word in words if len(word) >= _SHORTEST_WORD} or words


def _differ(before: set[str], after: set[str]) -> bool:
    return bool(before and after) and before.isdisjoint(after)
