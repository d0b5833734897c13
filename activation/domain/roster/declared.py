"""The data on a person that their correspondent sees: the roster's data, and nothing that shows who has activated."""

import hashlib
import json
from collections.abc import Mapping

from activation.domain.employment import RosterEntry
from activation.domain.findings import Changed
from activation.domain.roster.columns import Column, label

_NAMES = {label(column) for column in (Column.LAST_NAME, Column.USAGE_NAME, Column.FIRST_NAME)}
_CONTACTS = {label(column) for column in (Column.EMAIL, Column.MOBILE)}
_SHOWN = (
    Column.LAST_NAME,
    Column.USAGE_NAME,
    Column.FIRST_NAME,
    Column.EMAIL,
    Column.MOBILE,
    Column.STRUCTURE_ID,
    Column.START_DATE,
    Column.END_DATE,
)


def given_to_desk(entry: RosterEntry) -> tuple[Column, ...]:
    """The columns whose contact the person gave to the help desk: their correspondent does not see it."""
    marked = ((Column.EMAIL, entry.desk_email), (Column.MOBILE, entry.desk_mobile))
    return tuple(column for column, is_given in marked if is_given)


def declared_row(entry: RosterEntry) -> Mapping[Column, str | None]:
    """The roster's data by column; None for a contact that was given to the help desk."""
    withheld = given_to_desk(entry)
    return {column: None if column in withheld else getattr(entry, column.value) for column in _SHOWN}


def changed_columns(before: RosterEntry, after: RosterEntry) -> tuple[str, ...]:
    """The French names of the columns that differ in what the correspondent sees."""
    shown, then = declared_row(before), declared_row(after)
    return tuple(label(column) for column in _SHOWN if shown[column] != then[column])


def weight_of(change: Changed) -> tuple[int, int]:
    """The place of a change in the list: departures first, then other names, then other contacts, each by its row."""
    of_columns = not _NAMES.isdisjoint(change.columns), not _CONTACTS.isdisjoint(change.columns)
    weights = (change.leaves, *of_columns, True)
    return weights.index(True), change.row


def version_of(entry: RosterEntry) -> str:
    """A version of what the correspondent sees: it changes with the shown data, and comes back with the same data."""
    shown = json.dumps(declared_row(entry), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()[:32]
