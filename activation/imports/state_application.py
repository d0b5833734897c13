"""A checked file of states: applied to the requests that it names, and taken back."""

import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from activation.domain.accounts import Account, Status
from activation.domain.ports import Accounts, Outbox, Store, Write
from activation.domain.records import from_record
from activation.domain.requests.acts import Done, declare, in_that_state, opened_elsewhere, take_back
from activation.domain.requests.declared import StateRow, fault_of, is_told, said_at
from activation.domain.requests.documents import new_number
from activation.domain.requests.kinds import Catalogue, Kind
from activation.domain.requests.notices import notices_of, told_of
from activation.domain.requests.ports import Requests
from activation.domain.requests.request import Before, Request
from activation.domain.requests.states import RequestState
from activation.domain.roster.comparison import ChangeKind
from activation.domain.roster.ports import RosterFiles
from activation.domain.roster.undo import Undoing
from activation.domain.verification import RequestContext, retry_when_stale
from activation.imports.application import WRITERS


class ApplyPorts(NamedTuple):
    """The ports that applying needs, and taking back."""

    store: Store
    requests: Requests
    accounts: Accounts
    outbox: Outbox
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class Applied:
    """How many requests a batch opened or changed, what they came to, and how many it had to leave as they are."""

    counts: Counter[ChangeKind] = field(default_factory=Counter)
    states: Counter[RequestState] = field(default_factory=Counter)
    left_out: int = 0


class LeftOut(StrEnum):
    """Why a row of a batch was not applied."""

    CHANGED = "changed"


def apply_batch(ports: ApplyPorts, rows: Sequence[StateRow], *, import_id: str, context: RequestContext) -> Applied:
    """Apply every row, each in a transaction with its line and its notice; a batch that broke off is applied again.

    What this import did before counts as done. Raises StaleError for a request that changed before each of some tries,
    BusyError when the tables are throttled.
    """
    with ThreadPoolExecutor(WRITERS) as pool:
        done = list(pool.map(_Application(ports, import_id, context).apply, rows))
    counts = Counter(kind for kind in done if isinstance(kind, ChangeKind))
    changed = (row.state for row, kind in zip(rows, done, strict=True) if kind in _CHANGED)
    return Applied(counts, Counter(changed), done.count(LeftOut.CHANGED))


_CHANGED = (ChangeKind.CREATED, ChangeKind.UPDATED)


def undo_batch(ports: ApplyPorts, rows: Sequence[StateRow], *, import_id: str, now: int) -> dict[str, Undoing]:
    """Put back what stood before each row, without a notice; returns by line of the file what became of it."""
    with ThreadPoolExecutor(WRITERS) as pool:
        return dict(pool.map(partial(_undo, ports, import_id=import_id, now=now), rows))


def read_batch(files: RosterFiles, key: str) -> list[StateRow]:
    """The rows of the batch stored under that key."""
    rows = json.loads(files.read(key))
    return [from_record(StateRow, {**row, "state": RequestState(row["state"])}) for row in rows]


class _Application(NamedTuple):
    """One import's rows, applied."""

    ports: ApplyPorts
    import_id: str
    context: RequestContext

    def apply(self, row: StateRow) -> ChangeKind | LeftOut:
        """Apply one row, once. Raises StaleError."""
        return retry_when_stale(partial(self._try, row))

    def _try(self, row: StateRow) -> ChangeKind | LeftOut:
        ports = self.ports
        account = ports.accounts.get(row.identifier)
        if account is None or account.status is Status.CLOSED:
            return LeftOut.CHANGED
        stored = ports.requests.get(row.identifier, row.request_id)
        done = self._opened(row, account) if stored is None else self._declared(row, stored)
        if not isinstance(done, Done):
            return done
        checks = [] if stored else [ports.accounts.require_open(row.identifier)]
        ports.store.commit(*ports.requests.write(done), *checks, *self._notices(row, account, done.after))
        return ChangeKind.UPDATED if stored else ChangeKind.CREATED

    def _opened(self, row: StateRow, account: Account) -> Done | LeftOut:
        if row.number:  # erased since the check
            return LeftOut.CHANGED
        opened = opened_elsewhere(
            self.ports.catalogue.version_on(row.kind, row.sent_on),
            request_id=row.request_id,
            number=new_number(self.context.random),
            identifier=row.identifier,
            structure_id=account.beneficiary.roster.structure_id,
            sent_at=said_at(row.sent_on, now=self.context.now),
            import_id=self.import_id,
        )
        return in_that_state(opened, row.state, row.words, at=self._at(row), import_id=self.import_id)

    def _declared(self, row: StateRow, stored: Request) -> Done | ChangeKind | LeftOut:
        """What the row does now, or did before."""
        if row.state is stored.state:
            journal = stored.journal
            if journal is None or journal.import_id != self.import_id:
                return ChangeKind.UNCHANGED
            return ChangeKind.UPDATED if journal.before else ChangeKind.CREATED
        if fault_of(row, stored, self._kind(stored)):
            return LeftOut.CHANGED
        return declare(stored, row.state, row.words, at=self._at(row), import_id=self.import_id)

    def _at(self, row: StateRow) -> int:
        return said_at(row.state_on, now=self.context.now)

    def _notices(self, row: StateRow, account: Account, request: Request) -> list[Write]:
        now, told = self.context.now, told_of(row.state, self._kind(request).ends_with)
        if told is None or not is_told(row, now=now):
            return []
        notices = notices_of(told, account, request.number, self.context.random, now=now)
        return [self.ports.outbox.put(notice) for notice in notices]

    def _kind(self, request: Request) -> Kind:
        return self.ports.catalogue.released(request.kind, request.kind_version)


def _undo(ports: ApplyPorts, row: StateRow, *, import_id: str, now: int) -> tuple[str, Undoing]:
    def attempt() -> Undoing:
        stored = ports.requests.get(row.identifier, row.request_id)
        if stored is None or stored.journal is None:
            return Undoing.DONE
        if (stored.journal.import_id, stored.journal.version) != (import_id, stored.version):
            return Undoing.CHANGED_SINCE
        ports.store.commit(*_taking_back(ports, stored, stored.journal.before, now))
        return Undoing.RESTORE

    return str(row.line), retry_when_stale(attempt)


def _taking_back(ports: ApplyPorts, stored: Request, before: Before | None, now: int) -> Sequence[Write]:
    if before:
        return ports.requests.write(take_back(stored, before, now=now))
    return ports.requests.remove(stored, ports.requests.timeline(stored.identifier, stored.request_id))
