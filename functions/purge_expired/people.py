"""Closing who has left and removing what has come of age: every retention of the accounts (docs/privacy.md)."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from activation.domain.closing import close, is_over, told_of_closing
from activation.domain.farewells import farewell
from activation.domain.outbox import MessageKind
from activation.domain.ports import Accounts, Ageing, Flows, Outbox, Store
from activation.domain.proofs import Clock, retry_when_stale
from activation.domain.retention import Act, Cutoffs, Due, Kept

SEGMENTS = 4
"""Segments of the accounts that are read side by side."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What the cleanup of the accounts needs."""

    ageing: Ageing
    accounts: Accounts
    store: Store
    flows: Flows
    outbox: Outbox


@dataclass(frozen=True, slots=True)
class Cleaned:
    """How often each act was done; `finished` is false when time ran out and the next run goes on."""

    done: Counter[Act] = field(default_factory=Counter)
    finished: bool = True


def clean_accounts(ports: Ports, *, clock: Clock, has_time: Callable[[], bool], is_dry_run: bool = False) -> Cleaned:
    """Do what is due while there is time; what is left, the next run finds again. A dry run only counts."""
    cutoffs = Cutoffs(clock.now)

    def clean_segment(segment: int) -> Cleaned:
        done: Counter[Act] = Counter()
        for page in ports.ageing.due(segment=segment, segments=SEGMENTS, cutoffs=cutoffs):
            for due in page:
                if not has_time():
                    return Cleaned(done, finished=False)
                done[due.act] += is_dry_run or _act(ports, due, cutoffs, clock)
        return Cleaned(done)

    with ThreadPoolExecutor(SEGMENTS) as pool:
        parts = list(pool.map(clean_segment, range(SEGMENTS)))
    if not is_dry_run and has_time():
        ports.ageing.forget_employers(cutoffs=cutoffs)
    return Cleaned(sum((part.done for part in parts), Counter()), all(part.finished for part in parts))


def _act(ports: Ports, due: Due, cutoffs: Cutoffs, clock: Clock) -> bool:
    """Do it, unless it is not due any more; returns whether it was done."""
    match due.act:
        case Act.CLOSE:
            return _close(ports, due.identifier, cutoffs, clock)
        case Act.ERASE:
            # Whoever closed the account may not have come to date its proofs.
            ports.ageing.date_proofs(due.identifier, closed_at=cutoffs.of(Kept.CLOSED))
            return ports.ageing.erase(due, cutoffs=cutoffs)
        case Act.FORGET_BEFORE:
            return ports.ageing.forget_before(due, cutoffs=cutoffs)
        case _:
            return ports.ageing.remove(due, cutoffs=cutoffs)


def _close(ports: Ports, identifier: str, cutoffs: Cutoffs, clock: Clock) -> bool:
    def attempt() -> bool:
        person = ports.accounts.get(identifier)
        if person is None or not is_over(person, cutoffs.today):
            return False
        kind, contacts = MessageKind.ACCOUNT_CLOSED, told_of_closing(person)
        closed = ports.accounts.save(close(person, now=clock.now))
        ports.store.commit(closed, *farewell(ports.flows, ports.outbox, kind, identifier, contacts, clock=clock))
        return True

    is_closed = retry_when_stale(attempt)
    if is_closed:
        ports.ageing.date_proofs(identifier, closed_at=clock.now)
    return is_closed
