"""The ports `Structures` and `Employments` in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from activation.domain.accounts import Account
from activation.domain.employment import Structure
from activation.domain.names import fold_name
from tests.fakes.accounts import FakeAccounts


class FakeStructures:
    """The employers, in `rows`; `saved` counts the writes."""

    def __init__(self) -> None:
        self.rows: dict[str, Structure] = {}
        self.saved = 0

    def get(self, structure_id: str) -> Structure | None:
        return self.rows.get(structure_id)

    def named(self, words: Sequence[str]) -> list[Structure]:
        return [
            Structure(structure.structure_id, structure.name)
            for structure in self.rows.values()
            if all(word in fold_name(structure.name) for word in words)
        ]

    def save(self, structure: Structure) -> None:
        self.rows[structure.structure_id] = structure
        self.saved += 1


@dataclass(frozen=True)
class FakeEmployments:
    accounts: FakeAccounts
    structures: FakeStructures

    def get(self, identifier: str, structure_id: str | None) -> tuple[Account | None, Structure | None]:
        return self.accounts.get(identifier), self.structures.get(structure_id) if structure_id else None
