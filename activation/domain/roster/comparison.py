"""What a row changes of what is held: nothing that the person proved or decided."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from activation.domain.contacts import Channel, Contact
from activation.domain.employment import RosterEntry, RosterJournal, Structure
from activation.domain.people import Status
from activation.domain.roster.columns import Column
from activation.domain.roster.rows import RosterRow


class ChangeKind(StrEnum):
    """What a row does."""

    CREATED = "created"
    UPDATED = "updated"
    LEFT = "left"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Held:
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
    held: Held | None
    kind: ChangeKind

    @property
    def reopens(self) -> bool:
        """Whether it invites somebody anew whose account was closed."""
        return self.held is not None and self.held.status is Status.CLOSED


def compare_row(row: RosterRow, held: Held | None, *, today: str, shared: Collection[str]) -> RosterChange:
    """What a row changes. `shared`: the keys of contacts that the rows have for several people."""
    contacts, entry = contact_keys(row.entry), row.entry
    if not entry.shared and not (
        contacts.isdisjoint(shared) and contacts.isdisjoint(correspondent_keys(row.structure))
    ):
        entry = replace(entry, shared=True)
    return compare(row.identifier, entry, held, today=today)


def compare(identifier: str, entry: RosterEntry, held: Held | None, *, today: str) -> RosterChange:
    """What the entry changes. Somebody who has left, and is not known or closed already, needs nothing.

    Once shared, a contact stays so until it changes: a file without the other person says nothing of them.
    """
    before = held.roster if held else None
    if before and before.shared and not entry.shared and not contact_keys(entry).isdisjoint(contact_keys(before)):
        entry = replace(entry, shared=True)
    return RosterChange(identifier, entry, held, _kind(entry, held, today))


def _kind(entry: RosterEntry, held: Held | None, today: str) -> ChangeKind:
    if held is None or held.status is Status.CLOSED:
        has_left = bool(entry.end_date) and entry.end_date < today
        return ChangeKind.UNCHANGED if has_left else ChangeKind.CREATED
    return kind_between(held.roster, entry)


def kind_between(before: RosterEntry | None, after: RosterEntry) -> ChangeKind:
    """What makes one of the other: whoever gets an end, or an earlier one, leaves."""
    if before is None:
        return ChangeKind.CREATED
    if before is after or before == after:
        return ChangeKind.UNCHANGED
    leaves = after.end_date and (not before.end_date or after.end_date < before.end_date)
    return ChangeKind.LEFT if leaves else ChangeKind.UPDATED


def replaced_contacts(change: RosterChange) -> list[Contact]:
    """The contacts of somebody still invited that codes go to no more: they are told."""
    held, entry = change.held, change.entry
    if held is None or held.status is not Status.INVITED:
        return []
    pairs = (
        (Channel.EMAIL, held.roster.email, entry.email),
        (Channel.SMS, held.roster.mobile, entry.mobile),
    )
    return [Contact(channel, before) for channel, before, after in pairs if before and before != after]


@dataclass(frozen=True, slots=True)
class Remark:
    """What whoever sent a row should know; it is taken in all the same."""

    row: int
    column: Column
    text: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """A row that nothing is wrong with, and that waits until whoever sent it confirms it."""

    row: int
    reason: str


PUBLIC_MAIL = frozenset(
    {"gmail.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "laposte.net", "hotmail.fr", "hotmail.com"}
    | {"outlook.fr", "outlook.com", "live.fr", "yahoo.fr", "yahoo.com", "icloud.com", "bbox.fr", "neuf.fr"}
    | {"numericable.fr", "protonmail.com", "proton.me"}
)
"""Domains where anybody has a mailbox: that a correspondent has one there too says nothing of an employer."""


def remarks_on(row: int, change: RosterChange, structure: Structure, shared: Collection[str]) -> list[Remark]:
    """What is worth telling of a row of the structure that changes something, or of nobody known.

    `shared`: as for `compare_row`.
    """
    entry, held = change.entry, change.held
    if held is None and change.kind is ChangeKind.UNCHANGED:
        return [Remark(row, Column.END_DATE, "date de fin passée : la personne n'est pas créée")]
    before = held.roster if held else None
    found = []
    for column, channel, value, former in (
        (Column.EMAIL, Channel.EMAIL, entry.email, before.email if before else ""),
        (Column.MOBILE, Channel.SMS, entry.mobile, before.mobile if before else ""),
    ):
        proven = held.proven.get(channel) if held else None
        if value != former and proven and proven != value:
            found.append(Remark(row, column, "conflit : la personne a vérifié un autre contact, qui reste le sien"))
        if value and contact_key(value) in shared:
            found.append(Remark(row, column, "plusieurs personnes du fichier ont ce contact"))
        if value and contact_key(value) in correspondent_keys(structure):
            found.append(Remark(row, column, "c'est aussi le contact du correspondant"))
        elif channel is Channel.EMAIL and value and _domain(value) == _employer(structure):
            found.append(Remark(row, column, "boîte du domaine de l'employeur : d'autres peuvent la lire"))
    found += [
        Remark(row, _COLUMN_OF[contact.channel], "contact remplacé avant l'activation : l'ancien est prévenu")
        for contact in replaced_contacts(change)
    ]
    return found


_COLUMN_OF = {Channel.EMAIL: Column.EMAIL, Channel.SMS: Column.MOBILE}


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


def _employer(structure: Structure) -> str:
    domain = _domain(structure.correspondent_email)
    return "" if domain in PUBLIC_MAIL else domain


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()
