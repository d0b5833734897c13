"""Remarks on rows for the sender of the file, and rows that wait for the sender's confirmation."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from activation.domain.contacts import Channel, contact_key
from activation.domain.employment import RosterEntry, Structure
from activation.domain.mail_domains import meant_domain
from activation.domain.roster.columns import Column
from activation.domain.roster.comparison import (
    ChangeKind,
    ContactChange,
    RosterChange,
    contact_changes,
    contacts_to_tell,
    correspondent_keys,
    renames_wholly,
)
from activation.domain.roster.rows import INVENTED_MAIL, STRUCTURE_FIELDS, Remark, RosterRow
from activation.domain.roster.values import is_invented


class Withheld(NamedTuple):
    """A faultless row that is not applied until the sender confirms it."""

    row: int
    reason: str


PUBLIC_MAIL = frozenset(
    {"gmail.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "laposte.net", "hotmail.fr", "hotmail.com"}
    | {"outlook.fr", "outlook.com", "live.fr", "yahoo.fr", "yahoo.com", "icloud.com", "bbox.fr", "neuf.fr"}
    | {"numericable.fr", "protonmail.com", "proton.me"}
)
"""Mail domains open to anybody: a correspondent's address there does not make it the employer's domain."""


def remarks_on(
    of_row: RosterRow, change: RosterChange, shared: Collection[str], *, read_by_others: Collection[str] = ()
) -> list[Remark]:
    """The remarks on a row that changes something, or whose person is unknown and not created.

    `shared`: the keys of contacts that the file has for several people. `read_by_others`: keys of contacts that other
    people read for another reason: the structure's correspondents have them, or the sender gave them for somebody else.
    """
    row, structure = of_row.number, of_row.structure
    entry, stored = change.entry, change.stored
    if stored is None and change.kind is ChangeKind.UNCHANGED:
        return [Remark(row, Column.END_DATE, "date de fin passée : la personne n'est pas créée")]
    before = stored.roster if stored else None
    found = []
    for column, channel, value, former in (
        (Column.EMAIL, Channel.EMAIL, entry.email, before.email if before else ""),
        (Column.MOBILE, Channel.SMS, entry.mobile, before.mobile if before else ""),
    ):
        proven = stored.proven.get(channel) if stored else None
        if value != former and proven and contact_key(proven) != contact_key(value):
            found.append(Remark(row, column, "conflit : la personne a vérifié un autre contact, qui reste le sien"))
        if value and contact_key(value) in shared:
            found.append(Remark(row, column, "plusieurs personnes du fichier ont ce contact"))
        elif value and contact_key(value) in read_by_others:
            found.append(Remark(row, column, "d'autres lisent ce contact : demandez un contact personnel"))
        if value and contact_key(value) in correspondent_keys(structure):
            found.append(Remark(row, column, "c'est aussi le contact du correspondant"))
        elif channel is Channel.EMAIL and value and _domain(value) == _employer(structure):
            found.append(Remark(row, column, "boîte du domaine de l'employeur : d'autres peuvent la lire"))
    found += _of_domain(row, Column.EMAIL, entry.email)
    return [*of_row.remarks, *_of_names(row, change), *found, *_of_contacts(row, change), *_of_comings(row, change)]


def remarks_on_correspondent(structure: Structure, row: int) -> list[Remark]:
    """The remarks on the correspondent's address of a structure that is new or changes; `row`: its first row.

    They are those on a person's address.
    """
    address, column = structure.correspondent_email, Column.CORRESPONDENT_EMAIL
    return [*([Remark(row, column, INVENTED_MAIL)] if is_invented(address) else ()), *_of_domain(row, column, address)]


def remarks_on_missing_cells(
    row: RosterRow, missing: Iterable[Column], change: RosterChange, stored_structure: Structure | None
) -> list[Remark]:
    """A remark for each cell missing at the end of the row that erases what is stored of the person or structure."""
    erased = "cellule absente à la fin de la ligne : ce qui était connu est effacé"
    before = change.stored.roster if change.stored else None
    return [
        Remark(row.number, column, erased)
        for column in missing
        if (
            _erases(STRUCTURE_FIELDS[column], stored_structure, row.structure)
            if column in STRUCTURE_FIELDS
            else _erases(column.value, before, change.entry)
        )
    ]


def _erases(name: str, before: RosterEntry | Structure | None, after: RosterEntry | Structure) -> bool:
    return before is not None and bool(getattr(before, name)) and not getattr(after, name)


def _of_domain(row: int, column: Column, address: str) -> list[Remark]:
    meant = meant_domain(address)
    return [Remark(row, column, f"adresse sans doute mal écrite : {meant} ?")] if meant else []


def _of_names(row: int, change: RosterChange) -> list[Remark]:
    """A remark if the change gives every name anew: it may be another person."""
    text = "le nom et le prénom changent ensemble : vérifiez que c'est la même personne"
    return [Remark(row, Column.LAST_NAME, text)] if renames_wholly(change) else []


def _of_contacts(row: int, change: RosterChange) -> list[Remark]:
    """A remark for each contact that changes before activation, if there are former contacts, which get a notice.

    For a sender who must not learn who has activated: at any time.
    """
    if not contacts_to_tell(change):
        return []
    return [Remark(row, _COLUMN_OF[changed.channel], _then(changed, change)) for changed in contact_changes(change)]


def _then(changed: ContactChange, change: RosterChange) -> str:
    if change.stored is None or change.stored.status is not None:
        return f"contact {_became(changed)} avant l'activation : les contacts d'avant sont prévenus"
    waits = " ; celui-ci servira dans 24 heures" if changed.after else ""
    return f"contact {_became(changed)} : les contacts d'avant sont prévenus{waits}"


def _became(changed: ContactChange) -> str:
    if not changed.before:
        return "ajouté"
    return "remplacé" if changed.after else "retiré"


def _of_comings(row: int, change: RosterChange) -> list[Remark]:
    """A remark on a person who comes back or changes structure: the sender should check that it is no mistake."""
    stored = change.stored
    if stored and change.reopens:
        return [Remark(row, Column.IDENTIFIER, "personne sortie, invitée de nouveau : vérifiez que c'est bien elle")]
    if stored is None or stored.roster.structure_id == change.entry.structure_id:
        return []
    return [Remark(row, Column.STRUCTURE_ID, "structure différente de celle connue")]


_COLUMN_OF = {Channel.EMAIL: Column.EMAIL, Channel.SMS: Column.MOBILE}


def _employer(structure: Structure) -> str:
    domain = _domain(structure.correspondent_email)
    return "" if domain in PUBLIC_MAIL else domain


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()
