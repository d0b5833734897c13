"""Closes accounts of people who left, and removes data at the end of its retention (docs/privacy.md)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from activation.domain.accounts import close, is_over
from activation.domain.links import LinkPorts, end_links
from activation.domain.outbox import MessageKind
from activation.domain.ports import Accounts, Flows, Links, Outbox, Retention, Store
from activation.domain.removed_contacts import notify_removed_contacts
from activation.domain.requests.ports import Requests
from activation.domain.retention import Act, Cutoffs, Due
from activation.domain.verification import RequestContext, retry_when_stale
from functions.purge_expired.requests import close_requests
from functions.purge_expired.segments import Tell, work_through


class Ports(NamedTuple):
    """The ports that the cleanup of the accounts needs."""

    retention: Retention
    accounts: Accounts
    store: Store
    flows: Flows
    outbox: Outbox
    links: Links
    requests: Requests


@dataclass(frozen=True, slots=True)
class Cleaned:
    """How often each act was done; `finished` is false when time ran out and the next run goes on."""

    done: Counter[Act] = field(default_factory=Counter)
    finished: bool = True


def clean_accounts(
    ports: Ports, *, context: RequestContext, has_time: Callable[[], bool], tell: Tell, is_dry_run: bool
) -> Cleaned:
    """Do the acts that are due while there is time; the next run finds the others again. A dry run only counts.

    `tell` is called with each failure, which stops nothing else.
    """
    cutoffs = Cutoffs(context.now)
    people = work_through(
        lambda segment, segments: ports.retention.due(segment=segment, segments=segments, cutoffs=cutoffs),
        lambda due: is_dry_run or _act(ports, due, cutoffs, context),
        has_time=has_time,
        failed=lambda due, error: tell("accounts", due.identifier if due else None, error),
    )
    employers = work_through(
        lambda segment, segments: ports.retention.employers_due(segment=segment, segments=segments, cutoffs=cutoffs),
        lambda structure_id: is_dry_run or ports.retention.forget_employer(structure_id, cutoffs=cutoffs),
        has_time=has_time,
        failed=lambda structure_id, error: tell("structures", structure_id, error),
    )
    return Cleaned(Counter(due.act for due in people.done), people.finished and employers.finished)


def _act(ports: Ports, due: Due, cutoffs: Cutoffs, context: RequestContext) -> bool:
    """Do one act, unless it is not due any more; returns whether it was done."""
    match due.act:
        case Act.CLOSE:
            return _close(ports, due, cutoffs, context)
        case Act.DATE_PROOFS:
            return _settle_closing(ports, due, context)
        case Act.ERASE:
            return ports.retention.erase(due, cutoffs=cutoffs)
        case Act.FORGET_BEFORE:
            return ports.retention.forget_before(due, cutoffs=cutoffs)
        case _:
            return ports.retention.remove(due, cutoffs=cutoffs)


def _close(ports: Ports, due: Due, cutoffs: Cutoffs, context: RequestContext) -> bool:
    identifier = due.identifier

    def attempt() -> bool:
        account = ports.accounts.get(identifier)
        if account is None or not is_over(account, cutoffs.today):
            return False
        kind, contacts = MessageKind.ACCOUNT_CLOSED, account.proven.values()
        account, ends = end_links(ports.store, LinkPorts(ports.accounts, ports.links), account)
        closed = ports.accounts.save(close(account, now=context.now))
        told = notify_removed_contacts(ports.flows, ports.outbox, kind, identifier, contacts, context=context)
        ports.store.commit(closed, *told, *ends)
        return True

    is_closed = retry_when_stale(attempt)
    if is_closed:
        _settle_closing(ports, due, context)  # the next run does what a break-off here, or an agent, left undone
    return is_closed


def _settle_closing(ports: Ports, due: Due, context: RequestContext) -> bool:
    """After a closing, erase ended requests, drafts and the back office's requests, and date the proofs."""
    close_requests(ports.store, ports.requests, due.identifier, now=context.now)
    return ports.retention.date_proofs(due)
