"""Reminds people of requests whose end is near, closes unfinished ones, erases those whose retention is over."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from activation.domain.errors import StaleError
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS
from activation.domain.outbox import MessageKind
from activation.domain.ports import Accounts, Outbox, Store
from activation.domain.requests.acts import lapse, orphan, remind
from activation.domain.requests.documents import Document
from activation.domain.requests.kinds import Catalogue
from activation.domain.requests.notices import notices_of
from activation.domain.requests.ports import Requests
from activation.domain.requests.request import Queue, Request, days_after
from activation.domain.requests.states import Origin, RequestState
from activation.domain.times import day_of_rights
from activation.domain.verification import RequestContext
from functions.purge_expired.segments import Tell

LOOKED_BACK_DAYS = 60
"""If the cleanup stood still for so many days, it still finds all that was due."""


TAKEN_WITHIN_SECONDS = 5 * DAY_SECONDS
"""A request counts as not taken when no agent has begun to examine it for so long."""

_MOST_LOOKED_AT = 200
"""The most requests of each kind and queue that are looked at, the oldest first: enough to find the oldest."""


class Tending(StrEnum):
    """The acts of the cleanup on requests; the value names one in reports and metrics."""

    REMINDED = "reminded"
    LAPSED = "lapsed"
    ERASED = "erased"


class Ports(NamedTuple):
    """The ports that the cleanup of requests needs."""

    catalogue: Catalogue
    store: Store
    requests: Requests
    accounts: Accounts
    outbox: Outbox


@dataclass(slots=True)
class Tended:
    """How often each act was done; `finished` is false when time ran out or a day wasn't read: the next run goes on."""

    done: Counter[Tending] = field(default_factory=Counter)
    finished: bool = True


def tend(
    ports: Ports, *, context: RequestContext, has_time: Callable[[], bool], tell: Tell, is_dry_run: bool
) -> Tended:
    """Do the acts that are due today, or were in the last `LOOKED_BACK_DAYS`, while there is time.

    `tell` is called with each failure, which is left for the next run.
    """
    today = day_of_rights(context.now)
    tended = Tended()
    for back in range(LOOKED_BACK_DAYS, -1, -1):
        day = days_after(today, -back)
        try:
            keys = list(ports.requests.due_keys(day))
        except Exception as error:  # noqa: BLE001  # the other days go on
            tell("requests", None, error)
            tended.finished = False
            continue
        for key in keys:
            if not has_time():
                tended.finished = False
                return tended
            try:
                due = ports.requests.due(key, day)
                if due:
                    tended.done[_tend(ports, due, context, today, is_dry_run=is_dry_run)] += 1
            except StaleError:
                continue  # somebody acted on it meanwhile: it is due on another day now
            except Exception as error:  # noqa: BLE001  # one bad row must not stop those after it
                tell("requests", key.identifier, error)
    return tended


class Measured(NamedTuple):
    """The waiting requests: how many, hours since the oldest was sent, how many no agent took within five days."""

    waiting: int
    oldest_hours: int
    not_taken: int


def measure_queue(ports: Ports, *, now: int) -> Measured:
    """The measures of both queues; at most 200 requests of each kind and queue are looked at, the oldest first."""
    kinds = ports.catalogue.versions
    every = [(kind, queue) for kind in kinds for queue in Queue]
    oldest = [one for kind, queue in every for one in ports.requests.waiting(kind, queue, most=_MOST_LOOKED_AT)]
    sent = [one.sent_at or now for one in oldest]
    not_taken = [one for one in oldest if one.state is RequestState.SENT]
    return Measured(
        sum(ports.requests.count_waiting(kind, queue) for kind, queue in every),
        (now - min(sent, default=now)) // HOUR_SECONDS,
        sum((one.sent_at or now) + TAKEN_WITHIN_SECONDS <= now for one in not_taken),
    )


def close_requests(store: Store, requests: Requests, identifier: str, *, now: int) -> None:
    """When an account closes, erase ended requests, drafts and the back office's; the others go on by post."""
    for request in requests.of(identifier):
        if not request.is_open or request.state is RequestState.DRAFT or request.origin is Origin.BACK_OFFICE:
            document = requests.document(identifier, request.document_id) if request.document_id else None
            if document:
                requests.erase_document(document)
            requests.erase(request)
        elif (after := orphan(request, now=now)) != request:
            store.commit(requests.update(request, after))


def _tend(ports: Ports, due: Request | Document, context: RequestContext, today: str, *, is_dry_run: bool) -> Tending:
    tending = _due_for(due, today)
    if is_dry_run:
        return tending
    if isinstance(due, Document):
        ports.requests.erase_document(due)
    elif tending is Tending.ERASED:
        ports.requests.erase(due)
    elif tending is Tending.LAPSED:
        _lapse(ports, due, context)
    else:
        _remind(ports, due, context)
    return tending


def _due_for(due: Request | Document, today: str) -> Tending:
    if isinstance(due, Document) or due.erased_on is not None:
        return Tending.ERASED
    return Tending.LAPSED if due.lapses_on is not None and due.lapses_on <= today else Tending.REMINDED


def _lapse(ports: Ports, request: Request, context: RequestContext) -> None:
    kind = ports.catalogue.released(request.kind, request.kind_version)
    ports.store.commit(*ports.requests.write(lapse(request, kind, now=context.now)))


def _remind(ports: Ports, request: Request, context: RequestContext) -> None:
    is_draft = request.state is RequestState.DRAFT
    kind = MessageKind.DRAFT_ENDING if is_draft else MessageKind.REQUEST_REMINDER
    account = ports.accounts.get(request.identifier)
    notices = notices_of(kind, account, request.number, context.random, now=context.now) if account else []
    ports.store.commit(ports.requests.update(request, remind(request)), *map(ports.outbox.put, notices))
