"""What a correspondent answers for, at one moment: whose rows they may see and change."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from activation.domain.accounts import Status
from activation.domain.employment import RosterEntry
from activation.domain.roster.comparison import StoredPerson


@dataclass(frozen=True, slots=True)
class Scope:
    """The structures that a correspondent answers for as read at one moment, each with the keys of its contacts.

    These are the contacts of everybody who answers for the structure.
    """

    structures: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)

    def holds(self, person: StoredPerson | None) -> bool:
        """Whether the person is one of theirs: somebody closed, elsewhere or unknown is alike nobody of theirs."""
        return person is not None and person.status is not Status.CLOSED and self.has(person.roster)

    def has(self, entry: RosterEntry) -> bool:
        """Whether the entry is of one of their structures."""
        return entry.structure_id in self.structures

    def contacts_of(self, structure_id: str) -> frozenset[str]:
        """The contact keys of everybody who answers for that structure."""
        return self.structures.get(structure_id, frozenset())
