"""The ports `Retention` and `Expirable` in memory, the first over the people of `tests.fakes`."""

from collections.abc import Iterator
from dataclasses import replace
from zlib import crc32

from activation.domain.accounts import Account, Status, is_over
from activation.domain.retention import SECONDS, Act, Cutoffs, DataCategory, Due
from tests.builders import changed
from tests.fakes.accounts import FakeAccounts


class FakeRetention:
    """`erase_at` holds the dates of proofs, by identifier and record; `imports` when each employer's last import was.

    Pages hold what was due when they were read.
    """

    def __init__(self, accounts: FakeAccounts) -> None:
        self._accounts = accounts
        self.erase_at: dict[tuple[str, str], int] = {}
        self.imports: dict[str, int] = {}

    def due(self, *, segment: int, segments: int, cutoffs: Cutoffs) -> Iterator[list[Due]]:
        found = [*self._profiles(cutoffs), *self._events(cutoffs), *self._proofs(cutoffs)]
        for due in found:
            if crc32(due.identifier.encode()) % segments == segment:
                yield [due]

    def remove(self, due: Due, *, cutoffs: Cutoffs) -> bool:
        if due.act is Act.REMOVE_EVENT:
            kept = [event for event in self._accounts.events[due.identifier] if str(event.at) != due.record]
            removed = len(kept) < len(self._accounts.events[due.identifier])
            self._accounts.events[due.identifier] = kept
            return removed
        if self.erase_at.get((due.identifier, due.record), cutoffs.now + 1) > cutoffs.now:
            return False
        del self.erase_at[due.identifier, due.record]
        consents = self._accounts.consents[due.identifier]
        self._accounts.consents[due.identifier] = [entry for entry in consents if str(entry.at) != due.record]
        return True

    def forget_before(self, due: Due, *, cutoffs: Cutoffs) -> bool:
        account = self._accounts.rows.get(due.identifier)
        if account is None or account.beneficiary.journal is None or not _is_forgettable(account, cutoffs):
            return False
        self._accounts.add(changed(account, journal=replace(account.beneficiary.journal, before=None)))
        return True

    def erase(self, due: Due, *, cutoffs: Cutoffs) -> bool:
        account = self._accounts.rows.get(due.identifier)
        if account is None or not _is_erasable(account, cutoffs):
            return False
        self._date_proofs(due.identifier, closed_at=account.closed_at or 0)
        del self._accounts.rows[due.identifier]
        return True

    def employers_due(self, *, segment: int, segments: int, cutoffs: Cutoffs) -> Iterator[list[str]]:
        found = [name for name, at in self.imports.items() if at <= cutoffs.of(DataCategory.BEFORE_IMPORT)]
        yield [name for name in found if crc32(name.encode()) % segments == segment]

    def forget_employer(self, structure_id: str, *, cutoffs: Cutoffs) -> bool:
        if self.imports.get(structure_id, cutoffs.now) > cutoffs.of(DataCategory.BEFORE_IMPORT):
            return False
        del self.imports[structure_id]
        return True

    def date_proofs(self, due: Due) -> bool:
        person = self._accounts.rows.get(due.identifier)
        if person is None or person.undated_closing is None:
            return False
        self._date_proofs(due.identifier, closed_at=person.undated_closing)
        self._accounts.add(replace(person, undated_closing=None))
        return True

    def _date_proofs(self, identifier: str, *, closed_at: int) -> None:
        for entry in self._accounts.consents.get(identifier, []):
            if entry.at <= closed_at:
                self.erase_at.setdefault((identifier, str(entry.at)), closed_at + SECONDS[DataCategory.PROOFS])

    def _profiles(self, cutoffs: Cutoffs) -> Iterator[Due]:
        for identifier, account in self._accounts.rows.items():
            if is_over(account, cutoffs.today):
                yield Due(identifier, "PROFILE", Act.CLOSE)
            elif _is_erasable(account, cutoffs):
                yield Due(identifier, "PROFILE", Act.ERASE)
            elif account.undated_closing is not None:
                yield Due(identifier, "PROFILE", Act.DATE_PROOFS)
            elif _is_forgettable(account, cutoffs):
                yield Due(identifier, "PROFILE", Act.FORGET_BEFORE)

    def _events(self, cutoffs: Cutoffs) -> Iterator[Due]:
        for identifier, events in self._accounts.events.items():
            for event in events:
                if event.at <= cutoffs.of(DataCategory.EVENTS):
                    yield Due(identifier, str(event.at), Act.REMOVE_EVENT)

    def _proofs(self, cutoffs: Cutoffs) -> Iterator[Due]:
        for (identifier, record), erase_at in self.erase_at.items():
            if erase_at <= cutoffs.now:
                yield Due(identifier, record, Act.REMOVE_PROOF)


def _is_erasable(account: Account, cutoffs: Cutoffs) -> bool:
    closed_at = account.closed_at
    return account.status is Status.CLOSED and closed_at is not None and closed_at <= cutoffs.of(DataCategory.CLOSED)


def _is_forgettable(account: Account, cutoffs: Cutoffs) -> bool:
    journal = account.beneficiary.journal
    return journal is not None and journal.before is not None and journal.at <= cutoffs.of(DataCategory.BEFORE_IMPORT)


class FakeExpirable:
    """A table of keys and their expiry, in `rows`; pages hold `page_rows` keys, found when the page is read."""

    def __init__(self, name: str, rows: dict[str, int], *, page_rows: int = 2) -> None:
        self.name = name
        self.rows = rows
        self._page_rows = page_rows

    def expired(self, *, segment: int, segments: int, now: int) -> Iterator[list[str]]:
        keys = [key for key in sorted(self.rows) if crc32(key.encode("utf-8", "surrogatepass")) % segments == segment]
        for start in range(0, len(keys), self._page_rows):
            page = keys[start : start + self._page_rows]
            yield [key for key in page if key in self.rows and self.rows[key] <= now]

    def remove(self, key: str, *, now: int) -> bool:
        if self.rows.get(key, now + 1) > now:
            return False
        del self.rows[key]
        return True
