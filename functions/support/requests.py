"""People's requests for agents: looks and acts. Every look is a line in the person's history before it is shown."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from activation.domain.accounts import Account
from activation.domain.errors import OwnCaseError, RequestNotFoundError
from activation.domain.events import EventKind
from activation.domain.outbox import MessageKind
from activation.domain.ports import Macs, Write
from activation.domain.requests import acts
from activation.domain.requests.acts import Actor, Done
from activation.domain.requests.documents import (
    Document,
    document_code,
    document_message,
    hash_code,
    issue,
    new_ulid,
)
from activation.domain.requests.kinds import Catalogue, DecidedBy, EndsWith, Kind
from activation.domain.requests.notices import notices_of
from activation.domain.requests.ports import Requests
from activation.domain.requests.request import Line, Queue, Request
from activation.domain.requests.states import Party, RequestAct
from activation.domain.verification import RequestContext, retry_when_stale
from functions.support.service import Call, Ports, require

MOST_QUEUED = 50
"""The most requests of each kind that are shown of each queue, the oldest first."""

_TOLD = {
    RequestAct.ASK: MessageKind.REQUEST_TO_COMPLETE,
    RequestAct.ACCEPT: MessageKind.REQUEST_DECIDED,
    RequestAct.REFUSE: MessageKind.REQUEST_DECIDED,
    RequestAct.DROP: MessageKind.REQUEST_DECIDED,
    RequestAct.SETTLE: MessageKind.REQUEST_SETTLED,
    RequestAct.MESSAGE: MessageKind.REQUEST_MESSAGE,
}
"""The notice that goes with an act; the other acts have none."""


class RequestPorts(NamedTuple):
    """The ports of requests, beside those of the help desk; `agents` are the identifiers of agents, by their name."""

    desk: Ports
    catalogue: Catalogue
    requests: Requests
    document_macs: Macs
    agents: Mapping[str, str]


class Named(NamedTuple):
    """One request as an agent names it: by its person and its number."""

    identifier: str
    number: str


class Case(NamedTuple):
    """A request with all that an agent sees of it."""

    request: Request
    kind: Kind
    timeline: Sequence[Line]
    account: Account


class Waiting(NamedTuple):
    """The oldest waiting requests, those first that no agent has; and how many there are in each queue."""

    requests: Sequence[tuple[Request, Kind]]
    counts: Mapping[Queue, int]


def waiting(ports: RequestPorts) -> Waiting:
    """The requests that wait for agents, of every kind that agents ever decided. It names people by identifier only."""
    kinds = [
        kind for kind, released in ports.catalogue.versions.items() if any(map(_is_decided_here, released.values()))
    ]
    found = [one for queue in Queue for kind in kinds for one in ports.requests.waiting(kind, queue, most=MOST_QUEUED)]
    once = {one.request_id: one for one in found}.values()  # while the index lags, a request may be in both queues
    ordered = sorted(once, key=lambda one: (one.queue is Queue.EXAMINED, one.sent_at or one.opened_at))
    counts = {queue: sum(ports.requests.count_waiting(kind, queue) for kind in kinds) for queue in Queue}
    return Waiting([(one, _kind(ports, one)) for one in ordered], counts)


def look(ports: RequestPorts, call: Call, named: Named, *, context: RequestContext) -> Case:
    """One request. Raises RequestNotFoundError, OwnCaseError."""
    request = _get(ports, call, named)
    _record(ports, call, named, context)
    return _case(ports, request)


def act(
    ports: RequestPorts,
    call: Call,
    named: Named,
    do: Callable[[Request, Kind, Actor], Done],
    *,
    context: RequestContext,
) -> Case:
    """Do an act, with its notice, in one transaction. Raises RequestNotFoundError, OwnCaseError, as `do`."""

    def attempt() -> Case:
        request = _get(ports, call, named)
        done = do(request, _kind(ports, request), Actor(Party.AGENT, call.agent))
        account = require(ports.desk, named.identifier)
        ports.desk.verification.store.commit(
            *ports.requests.write(done),
            ports.desk.accounts.record_event(named.identifier, call.event(EventKind.DESK_REQUEST_HANDLED, context.now)),
            *_notices(ports, done, account, context),
        )
        return _case(ports, done.after)

    return retry_when_stale(attempt)


def accept(ports: RequestPorts, call: Call, named: Named, words: str, *, context: RequestContext) -> Case:
    """Accept a request; where it ends with a document, that is issued in the same transaction.

    Raises RequestNotFoundError, OwnCaseError, WrongStepError, AnswersRejectedError for a claim without words;
    RightsNotDatedError for somebody without rights today.
    """

    def attempt() -> Case:
        request = _get(ports, call, named)
        kind, account = _kind(ports, request), require(ports.desk, named.identifier)
        is_issued = kind.ends_with is EndsWith.DOCUMENT
        document_id = new_ulid(context.random, now=context.now) if is_issued else None
        actor = Actor(Party.AGENT, call.agent)
        done = acts.accept(request, kind, actor, words=words, document_id=document_id, now=context.now)
        document = (
            _document(ports, request, kind, account, document_id=document_id, now=context.now) if document_id else None
        )
        ports.desk.verification.store.commit(
            *ports.requests.write(done),
            *(_issued(ports, document) if document else ()),
            ports.desk.accounts.record_event(named.identifier, call.event(EventKind.DESK_REQUEST_HANDLED, context.now)),
            *_notices(ports, done, account, context),
        )
        return _case(ports, done.after)

    return retry_when_stale(attempt)


def _document(
    ports: RequestPorts, request: Request, kind: Kind, account: Account, *, document_id: str, now: int
) -> Document:
    """The document of an examined request: only then are the answers that it needs complete."""
    return issue(
        kind,
        account,
        ports.desk.structures.get(account.beneficiary.roster.structure_id),
        document_id=document_id,
        request_id=request.request_id,
        answers=request.answers,
        now=now,
    )


def _issued(ports: RequestPorts, document: Document) -> Sequence[Write]:
    code = document_code(ports.document_macs.mac(document_message(document.document_id)))
    return ports.requests.issue(document, hash_code(code))


def _get(ports: RequestPorts, call: Call, named: Named) -> Request:
    """The request, which must be that person's and sent by them, and not the agent's own."""
    if ports.agents.get(call.agent) == named.identifier:
        raise OwnCaseError
    request = ports.requests.find(named.number)
    if request is None or request.identifier != named.identifier or not request.was_sent:
        raise RequestNotFoundError
    return request


def _record(ports: RequestPorts, call: Call, named: Named, context: RequestContext) -> None:
    event = call.event(EventKind.DESK_REQUEST_LOOKED, context.now)
    ports.desk.verification.store.commit(ports.desk.accounts.record_event(named.identifier, event))


def _case(ports: RequestPorts, request: Request) -> Case:
    timeline = ports.requests.timeline(request.identifier, request.request_id)
    return Case(request, _kind(ports, request), timeline, require(ports.desk, request.identifier))


def _notices(ports: RequestPorts, done: Done, account: Account, context: RequestContext) -> Sequence[Write]:
    kind = _TOLD.get(done.line.act)
    notices = notices_of(kind, account, done.after.number, context.random, now=context.now) if kind else []
    return [ports.desk.verification.outbox.put(notice) for notice in notices]


def _kind(ports: RequestPorts, request: Request) -> Kind:
    return ports.catalogue.released(request.kind, request.kind_version)


def _is_decided_here(kind: Kind) -> bool:
    return kind.is_asked_here and kind.decided_by is DecidedBy.AGENT
