"""The ports `Accounts` and `DeclaredPeople` in memory."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import attrgetter

from activation.domain.accounts import Account, Status
from activation.domain.events import Event
from activation.domain.identifiers import Role
from activation.domain.ledger import ConsentEntry
from activation.domain.names import fold_name
from activation.domain.people_search import Numbers, Place, SortOrder
from activation.domain.standing import Standing
from activation.domain.terms import TermsEntry
from activation.domain.times import day_of_rights
from tests.fakes.store import FakeWrite


class FakeAccounts:
    """The people, in `rows`; what is only ever added to, by identifier. `meanwhile`: what others do before a read."""

    def __init__(self) -> None:
        self.meanwhile = list[Callable[[], object]]()
        self.rows: dict[str, Account] = {}
        self.consents: dict[str, list[ConsentEntry]] = {}
        self.terms: dict[str, list[TermsEntry]] = {}
        self.events: dict[str, list[Event]] = {}

    def get(self, identifier: str) -> Account | None:
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return self.rows.get(identifier)

    def add(self, *people: Account) -> None:
        self.rows.update({account.identifier: account for account in people})

    def save(self, account: Account) -> FakeWrite:
        def holds() -> bool:
            old = self.rows.get(account.identifier)
            return old.version == account.version if old else account.version == 0

        saved = replace(account, version=account.version + 1)
        return FakeWrite(f"{account.identifier} PROFILE", lambda: self.add(saved), holds)

    def require_open(self, identifier: str) -> FakeWrite:
        def is_open() -> bool:
            account = self.rows.get(identifier)
            return account is not None and account.status is not Status.CLOSED

        return FakeWrite(f"{identifier} PROFILE", holds=is_open)

    def search(self, structure_id: str, folded_name: str, *, most: int) -> list[Account]:
        assert most > 0  # a search reads whole indexes, whatever it gives
        found = sorted(
            (not folded.startswith(folded_name), folded, account.identifier)
            for account in self.rows.values()
            for folded in map(fold_name, account.owner.last_names)
            if account.owner.structure_id == structure_id and folded_name in folded
        )
        return [self.rows[identifier] for identifier in list(dict.fromkeys(key[-1] for key in found))[:most]]

    def count_people(self, structure_id: str) -> int:
        return sum(account.owner.structure_id == structure_id for account in self.rows.values())

    def history(self, identifier: str) -> list[Event | ConsentEntry | TermsEntry]:
        kept = (self.events, self.consents, self.terms)
        return sorted((line for lines in kept for line in lines.get(identifier, [])), key=attrgetter("at"))

    def record_consent(self, account: Account, entry: ConsentEntry) -> FakeWrite:
        ledger = self.consents.setdefault(account.identifier, [])
        return FakeWrite(f"{account.identifier} CONSENT", lambda: ledger.append(entry))

    def record_terms(self, identifier: str, entry: TermsEntry) -> FakeWrite:
        accepted = self.terms.setdefault(identifier, [])
        return FakeWrite(
            f"{identifier} TERMS",
            lambda: accepted.append(entry),
            lambda: all(old.version != entry.version for old in accepted),
        )

    def record_event(self, identifier: str, event: Event) -> FakeWrite:
        recorded = self.events.setdefault(identifier, [])
        return FakeWrite(f"{identifier} EVENT {event.kind}", lambda: recorded.append(event))

    def record_look(self, identifier: str, event: Event) -> FakeWrite:
        recorded, day = self.events.setdefault(identifier, []), day_of_rights(event.at)
        row = f"{identifier} EVENT {event.kind} {event.agent} {day}"

        def is_first() -> bool:
            looks = [(one.kind, one.agent, day_of_rights(one.at)) for one in recorded]
            return (event.kind, event.agent, day) not in looks

        return FakeWrite(row, lambda: recorded.append(event), is_first, lambda: None)


class FakeDeclaredPeople:
    """Over `accounts`; `looks` counts the reads."""

    def __init__(self, accounts: FakeAccounts) -> None:
        self._accounts = accounts
        self.looks = 0

    def numbers(self, structure_ids: Sequence[str]) -> dict[str, Numbers]:
        def of(structure_id: str) -> Numbers:
            keys = [place.key for place in self._all(structure_id, SortOrder.STANDING)]
            missing, bounced = (
                sum(key.startswith(f"{standing}#") for key in keys) for standing in (Standing.MISSING, Standing.BOUNCED)
            )
            return Numbers(len(keys), missing, bounced)

        return {one: of(one) for one in structure_ids}

    def places(
        self, structure_id: str, order: SortOrder, prefix: str, after: Place | None, *, most: int
    ) -> list[Place]:
        self.looks += 1
        found = [place for place in self._all(structure_id, order) if place.key.startswith(prefix)]
        behind = [place for place in found if after is None or _place(place) > _place(after)]
        return behind[:most]

    def _all(self, structure_id: str, order: SortOrder) -> list[Place]:
        found = []
        for account in self._accounts.rows.values():
            if account.role is not Role.BENEFICIARY:
                continue
            owner = account.beneficiary
            keys = {
                SortOrder.LAST_NAME: fold_name(owner.roster.last_name),
                SortOrder.USAGE_NAME: fold_name(owner.roster.usage_name),
                SortOrder.STANDING: f"{owner.standing}#{fold_name(owner.roster.last_name)}",
            }
            is_there = order is not SortOrder.STANDING or account.status is not Status.CLOSED
            if owner.roster.structure_id == structure_id and keys[order] and is_there:
                found.append(Place(keys[order], account.identifier))
        return sorted(found, key=_place)


def _place(place: Place) -> tuple[str, str]:
    return place.key, place.identifier
