"""The sender in whose name a file is checked: an operator, who sees everybody, or a correspondent.

A correspondent sees only their own people, and of those only what was declared. People who are closed, elsewhere or
unknown are all treated as unknown: the same reads, the same rules, the same words.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from activation.domain.employment import Structure
from activation.domain.roster.columns import Column
from activation.domain.roster.comparison import StoredPerson, as_declared, contact_keys
from activation.domain.roster.given import given_to_others
from activation.domain.roster.ports import GivenContacts, Scopes, StoredRosters, StoredStructure
from activation.domain.roster.rows import STRUCTURE_FIELDS, Fault, RosterRow
from activation.domain.roster.scope import Scope
from activation.domain.roster.values import Cells

NOT_YOURS = "vous ne répondez pas de cette structure"


class Operator:
    """An operator, who may put files into `incoming/`: they see everybody, and their files may fill every column."""

    useless: Collection[Column] = ()
    """The columns that are ignored in this sender's files."""
    is_correspondent = False

    @property
    def structures(self) -> Mapping[str, Structure]:
        """The structures that need not be read."""
        return {}

    def seen(self, rosters: StoredRosters) -> StoredRosters:
        """The stored people and structures that this sender may see."""
        return rosters

    def placed(self, cells: Cells) -> Cells:
        """The cells of an unknown person, completed with the structure if only one is possible."""
        return cells

    def within(self, row: RosterRow) -> RosterRow | list[Fault]:
        """The row, or a fault if its structure is not one that this sender may change."""
        return row

    def read_by_others(self, row: RosterRow) -> set[str]:  # noqa: ARG002  # as a correspondent's
        """The keys of contacts in the row that other people are known to read, beyond what the file itself shows."""
        return set()


@dataclass(frozen=True)
class CorrespondentSender(Operator):
    """A correspondent, with the structures that they answered for (`scope`) when the check began."""

    identifier: str
    scope: Scope
    scopes: Scopes
    given: GivenContacts
    _contacts: dict[str, frozenset[str]] = field(default_factory=dict)

    useless = tuple(STRUCTURE_FIELDS)
    is_correspondent = True

    def seen(self, rosters: StoredRosters) -> StoredRosters:
        """The people and structures of this correspondent only."""
        return _SeenRosters(rosters, self.scope)

    @property
    def structures(self) -> Mapping[str, Structure]:
        """The structures that this correspondent answers for."""
        return {name: linked.structure for name, linked in self.scope.structures.items()}

    def placed(self, cells: Cells) -> Cells:
        """A correspondent of one structure may leave its column out, or empty."""
        if cells.get(Column.STRUCTURE_ID) or not self.scope.only:
            return cells
        return {**cells, Column.STRUCTURE_ID: self.scope.only}

    def within(self, row: RosterRow) -> RosterRow | list[Fault]:
        """The row, or the same fault for another's structure and for one that does not exist."""
        return row if self.scope.has(row.entry) else [Fault(row.number, Column.STRUCTURE_ID, NOT_YOURS)]

    def read_by_others(self, row: RosterRow) -> set[str]:
        """The keys of contacts that the structure's correspondents have, or that were given for other people."""
        keys = contact_keys(row.entry)
        elsewhere = given_to_others(self.identifier, self._given, keys, row.identifier)
        return elsewhere | (keys & self._answering(row.entry.structure_id))

    @cached_property
    def _given(self) -> dict[str, str]:
        return dict(self.given.of(self.identifier))

    def _answering(self, structure_id: str) -> frozenset[str]:
        """The contact keys of all correspondents of that structure, read once."""
        if structure_id not in self._contacts:
            self._contacts[structure_id] = self.scopes.contacts_of(self.scope.structures[structure_id])
        return self._contacts[structure_id]


class _SeenRosters(NamedTuple):
    rosters: StoredRosters
    scope: Scope

    def stored_people(self, identifiers: Sequence[str], *, journals: bool = False) -> dict[str, StoredPerson]:
        found = self.rosters.stored_people(identifiers, journals=journals)
        return {name: as_declared(person) for name, person in found.items() if self.scope.holds(person)}

    def stored_structures(self, structure_ids: Sequence[str]) -> dict[str, StoredStructure]:  # noqa: ARG002  # the scope has them
        return {}
