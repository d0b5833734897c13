"""The ports `Structures` and `Employments` in memory."""

from dataclasses import dataclass

from activation.domain.accounts import Account
from activation.domain.employment import Structure
from tests.fakes.accounts import FakeAccounts


class FakeStructures:
    """The employers, in `rows`; `saved` counts the writes."""

    def __init__(self) -> None:
        self.rows: dict[str, Structure] = {}
        self.saved = 0

    def get(self, structure_id: str) -> Structure | None:
        """See the port."""
        return self.rows.get(structure_id)

    def save(self, structure: Structure) -> None:
        """See the port."""
        self.rows[structure.structure_id] = structure
        self.saved += 1


@dataclass(frozen=True)
class FakeEmployments:
    """People with their employers, in the other fakes."""

    accounts: FakeAccounts
    structures: FakeStructures

    def get(self, identifier: str, structure_id: str | None) -> tuple[Account | None, Structure | None]:
        """See the port."""
        return self.accounts.get(identifier), self.structures.get(structure_id) if structure_id else None
