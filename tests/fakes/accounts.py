"""The port `Accounts` in memory."""

from collections.abc import Callable
from dataclasses import replace
from operator import attrgetter

from activation.domain.events import Event
from activation.domain.ledger import ConsentEntry, TermsEntry
from activation.domain.names import fold_name
from activation.domain.people import Person
from tests.fakes.store import FakeWrite


class FakeAccounts:
    """The people, in `rows`; what is only ever added to, by identifier. `meanwhile`: what others do before a read."""

    def __init__(self) -> None:
        self.meanwhile = list[Callable[[], object]]()
        self.rows: dict[str, Person] = {}
        self.consents: dict[str, list[ConsentEntry]] = {}
        self.terms: dict[str, list[TermsEntry]] = {}
        self.events: dict[str, list[Event]] = {}

    def get(self, identifier: str) -> Person | None:
        """See the port."""
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return self.rows.get(identifier)

    def add(self, *people: Person) -> None:
        """Put people as they are."""
        self.rows.update({person.identifier: person for person in people})

    def save(self, person: Person) -> FakeWrite:
        """See the port."""

        def holds() -> bool:
            old = self.rows.get(person.identifier)
            return old.version == person.version if old else person.version == 0

        return FakeWrite(
            f"{person.identifier} PROFILE", lambda: self.add(replace(person, version=person.version + 1)), holds
        )

    def search(self, structure_id: str, folded_name: str, *, most: int) -> list[Person]:
        """See the port."""
        found = [
            person
            for person in self.rows.values()
            if person.roster.structure_id == structure_id
            and any(
                fold_name(name).startswith(folded_name)
                for name in (person.roster.last_name, person.roster.usage_name)
                if name
            )
        ]
        return found[:most]

    def history(self, identifier: str) -> list[Event | ConsentEntry | TermsEntry]:
        """See the port."""
        kept = (self.events, self.consents, self.terms)
        return sorted((line for lines in kept for line in lines.get(identifier, [])), key=attrgetter("at"))

    def record_consent(self, person: Person, entry: ConsentEntry) -> FakeWrite:
        """See the port."""
        ledger = self.consents.setdefault(person.identifier, [])
        return FakeWrite(f"{person.identifier} CONSENT", lambda: ledger.append(entry))

    def record_terms(self, identifier: str, entry: TermsEntry) -> FakeWrite:
        """See the port."""
        accepted = self.terms.setdefault(identifier, [])
        return FakeWrite(
            f"{identifier} TERMS",
            lambda: accepted.append(entry),
            lambda: all(old.version != entry.version for old in accepted),
        )

    def record_event(self, identifier: str, event: Event) -> FakeWrite:
        """See the port."""
        recorded = self.events.setdefault(identifier, [])
        return FakeWrite(f"{identifier} EVENT {event.kind}", lambda: recorded.append(event))
