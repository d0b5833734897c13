"""The structures that a correspondent answers for at one moment: whose rows they may see and change."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from activation.domain.accounts import Status
from activation.domain.correspondents import LinkedStructure
from activation.domain.employment import RosterEntry
from activation.domain.roster.comparison import StoredPerson


@dataclass(frozen=True, slots=True)
class Scope:
    """The structures that a correspondent answers for, by id, as they were read at one moment."""

    structures: Mapping[str, LinkedStructure] = field(default_factory=dict)

    def holds(self, person: StoredPerson | None) -> bool:
        """Whether the person is of one of these structures; False for a person who is closed, elsewhere or unknown."""
        return person is not None and person.status is not Status.CLOSED and self.has(person.roster)

    def has(self, entry: RosterEntry) -> bool:
        """Whether the entry is of one of these structures."""
        return entry.structure_id in self.structures

    @property
    def only(self) -> str:
        """The id of the structure, if there is only one; else empty."""
        [single] = self.structures if len(self.structures) == 1 else [""]
        return single
