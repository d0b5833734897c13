"""Applying a batch of roster rows: what a correspondent sends never touches what the person proved."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from activation.domain.people import Person, RosterEntry, Structure
from activation.domain.ports import Accounts, Store, Structures
from activation.domain.proofs import retry_when_stale


class Change(StrEnum):
    """What a row did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Ports:
    """What an import needs."""

    store: Store
    accounts: Accounts
    structures: Structures


def apply_structures(ports: Ports, structures: Iterable[Structure]) -> None:
    """Write each structure once, as its last row has it, where that differs from what is held."""
    for structure in {structure.structure_id: structure for structure in structures}.values():
        if ports.structures.get(structure.structure_id) != structure:
            ports.structures.save(structure)


def apply_entry(ports: Ports, identifier: str, entry: RosterEntry) -> Change:
    """Create the person, or write what the roster says of them now; the same row again changes nothing."""

    def attempt() -> Change:
        person = ports.accounts.get(identifier)
        if person and person.roster == entry:
            return Change.UNCHANGED
        ports.store.commit(ports.accounts.save(replace(person, roster=entry) if person else Person(identifier, entry)))
        return Change.UPDATED if person else Change.CREATED

    return retry_when_stale(attempt)
