"""What correspondents declare, around in-memory ports: Claire Fontaine answers for S1 and S2, nobody for S9."""

from collections.abc import Mapping
from dataclasses import replace

from activation.domain.accounts import Account
from activation.domain.correspondents import LinkedStructure
from activation.domain.employment import Structure
from activation.domain.roster.columns import Column
from activation.domain.roster.declared import version_of
from activation.domain.roster.rows import Fault
from activation.imports import declaration, single_row
from activation.imports.scopes import LinkedScopes
from activation.imports.single_row import TakenRow, TypedRow, take_in_row
from tests.builders import CLAIRE, active_correspondent
from tests.fakes.uploads import FakeGivenContacts, FakeUploads
from tests.unit.in_memory_roster import InMemoryRosterService

MAIRIE = Structure("S1", "Mairie de Mondomaine", "Claire Fontaine", "accueil@mairie.example")
CCAS = Structure("S2", "CCAS de Mondomaine")
ELSEWHERE = Structure("S9", "Mairie d'Ailleurs")


class InMemoryDeclarations(InMemoryRosterService):
    """Everything that a correspondent's file, or row, needs."""

    def __init__(self, *people: Account, **limits: int) -> None:
        super().__init__(*people)
        self.limits = replace(self.limits, **limits)
        self.uploads, self.given = FakeUploads(), FakeGivenContacts()
        self.scopes = LinkedScopes(self.accounts, self.links)
        for structure in (MAIRIE, CCAS, ELSEWHERE):
            self.structures.save(structure)
        self.accounts.add(active_correspondent())
        self.link(CLAIRE, "S1", "S2")

    @property
    def declaration_ports(self) -> declaration.Ports:
        """What writing a declaration needs."""
        return declaration.Ports(
            self.store, self.rosters, self.flows, self.outbox, self.accounts, self.counters, self.scopes
        )

    def link(self, identifier: str, *structures: str) -> None:
        """Let that correspondent answer for these structures, and no others."""
        self.change_account(identifier, structures=structures)
        for name, structure in self.structures.rows.items():
            others = [one for one in self._answering(name) if one != identifier]
            answering = (*others, identifier) if name in structures else tuple(others)
            self.links.rows[name] = LinkedStructure(structure, answering)

    def version(self, identifier: str = "10000001") -> str:
        """The version of what is declared of somebody."""
        return version_of(self.account(identifier).beneficiary.roster)

    def type(
        self,
        identifier: str = "10000001",
        *,
        version: str | None = None,
        confirmed: tuple[str, ...] = (),
        sender: str = CLAIRE,
        **cells: str,
    ) -> TakenRow | list[Fault]:
        """Have a row taken in that somebody typed."""
        row = TypedRow(identifier, version or self.version(identifier), _columns(cells), confirmed)
        return take_in_row(single_row.Ports(self.declaration_ports, self.given), sender, row, context=self.context)

    def _answering(self, structure_id: str) -> tuple[str, ...]:
        row = self.links.rows.get(structure_id)
        return row.correspondents if row else ()


def _columns(cells: Mapping[str, str]) -> dict[Column, str]:
    return {Column(name): text for name, text in cells.items()}
