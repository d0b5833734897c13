"""The requests of the person signed in: opened, sent, completed and taken back; and the person's documents."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from activation.domain.access import Found, enter_reading, require_home
from activation.domain.accounts import Account
from activation.domain.errors import NotFoundError, OutdatedVersionError
from activation.domain.outbox import MessageKind
from activation.domain.parallel import run_both
from activation.domain.ports import Accounts, Counters, Macs, Outbox, Sessions, Store, Structures, Write
from activation.domain.requests import acts
from activation.domain.requests.acts import Done
from activation.domain.requests.documents import (
    Document,
    DocumentState,
    clean_document_code,
    document_code,
    document_message,
    hash_code,
    issue,
    judge,
    new_number,
    new_ulid,
    request_id_at_once,
)
from activation.domain.requests.kinds import AnswersRejectedError, Catalogue, DecidedBy, FieldFault, Kind
from activation.domain.requests.notices import notices_of
from activation.domain.requests.ports import Requests
from activation.domain.requests.request import Line, Request
from activation.domain.requests.states import Party, RequestAct, RequestState
from activation.domain.times import day_of_rights
from activation.domain.verification import RequestContext, retry_when_stale


class Ports(NamedTuple):
    """The ports that the requests need, the catalogue, and the kinds that the stage switches off."""

    catalogue: Catalogue
    switched_off: Collection[str]
    store: Store
    requests: Requests
    sessions: Sessions
    accounts: Accounts
    structures: Structures
    counters: Counters
    outbox: Outbox
    document_macs: Macs


class Visitor(NamedTuple):
    """The person signed in, by the hash of the session's token, and the version of the terms in force."""

    session: str | None
    current_terms: str


class Shown(NamedTuple):
    """A request with all that its page shows."""

    request: Request
    kind: Kind
    timeline: Sequence[Line]
    is_new: bool = False


class Listed(NamedTuple):
    """A person's requests, those first for which they must act, and the kinds that they may open."""

    requests: Sequence[tuple[Request, Kind]]
    kinds: Sequence[Kind]


class ShownDocument(NamedTuple):
    """A document, the number of its request, the code by which anybody verifies it, and whether it still holds."""

    document: Document
    number: str
    code: str
    state: DocumentState


def show_all(ports: Ports, visitor: Visitor, *, context: RequestContext) -> Listed:
    """The person's requests. Raises SessionExpiredError, WrongStepError."""
    _, found = _enter(ports, visitor, ports.requests.of, context)
    requests = [(one, _kind(ports, one)) for one in found]
    return Listed(sorted(requests, key=lambda each: _rank(each[0])), _offered(ports, context))


def show(ports: Ports, visitor: Visitor, request_id: str, *, context: RequestContext) -> Shown:
    """One of the person's requests. Raises SessionExpiredError, WrongStepError, NotFoundError."""
    return _enter_at(ports, visitor, request_id, context)[1]


def open_request(ports: Ports, visitor: Visitor, *, kind_id: str, about: str | None, context: RequestContext) -> Shown:
    """A new draft of that kind, or the person's present draft; a kind that is decided at once comes with its document.

    Raises SessionExpiredError, WrongStepError, AnswersRejectedError for an unknown kind and for one that is switched
    off, NotFoundError for `about`, TooManyRequestsOpenError, RightsNotDatedError.
    """
    kinds = {kind.id: kind for kind in _offered(ports, context)}
    if kind_id not in kinds:
        raise AnswersRejectedError([FieldFault("kind", "unknown")])
    kind = kinds[kind_id]

    def attempt() -> Shown:
        account, theirs = _enter(ports, visitor, ports.requests.of, context)
        if about is not None and not any(one.was_sent for one in theirs if one.request_id == about):
            raise NotFoundError
        existing = [one for one in theirs if one.kind == kind.id]
        if kind.decided_by is DecidedBy.AUTOMATIC:
            return _issue_at_once(ports, kind, account, existing, context)
        draft = next((one for one in existing if one.state is RequestState.DRAFT), None)
        if draft:
            return _turned(ports, draft, about, context)
        done = acts.opened(
            kind,
            request_id=new_ulid(context.random, now=context.now),
            number=new_number(context.random),
            identifier=account.identifier,
            about=about,
            now=context.now,
        )
        ports.store.commit(*ports.requests.write(done))
        return Shown(done.after, kind, [done.line], is_new=True)

    return retry_when_stale(attempt)


def save(
    ports: Ports,
    visitor: Visitor,
    request_id: str,
    *,
    version: int,
    answers: Mapping[str, str],
    context: RequestContext,
) -> Shown:
    """Save the answers of a draft that was read at that version.

    Raises SessionExpiredError, NotFoundError, WrongStepError, AnswersRejectedError; OutdatedVersionError when the draft
    was saved in another tab since.
    """

    def attempt(_: Account, stored: Shown) -> Done | None:
        done = acts.save(stored.request, stored.kind, answers, now=context.now)
        if (stored.request.version, stored.request.answers) == (version + 1, done.after.answers):
            return None  # these answers are saved already, and the answer to that call was lost
        if stored.request.version != version:
            raise OutdatedVersionError(str(stored.request.version))
        return done

    return _act(ports, visitor, request_id, attempt, context=context)


def send(ports: Ports, visitor: Visitor, request_id: str, *, context: RequestContext) -> Shown:
    """Send a draft; its answers are then final. Raises as `save`, but for the version."""
    return _act(
        ports,
        visitor,
        request_id,
        lambda account, stored: acts.send(
            stored.request, stored.kind, structure_id=account.beneficiary.roster.structure_id, now=context.now
        ),
        repeated=RequestAct.SEND,
        context=context,
    )


def withdraw(ports: Ports, visitor: Visitor, request_id: str, *, context: RequestContext) -> Shown:
    """Take a request back. Raises SessionExpiredError, NotFoundError, WrongStepError."""
    return _act(
        ports,
        visitor,
        request_id,
        lambda _, stored: acts.withdraw(stored.request, stored.kind, now=context.now),
        repeated=RequestAct.WITHDRAW,
        context=context,
    )


def complete(
    ports: Ports,
    visitor: Visitor,
    request_id: str,
    *,
    answers: Mapping[str, str],
    context: RequestContext,
) -> Shown:
    """Complete a request with the answers that were asked for. Raises as `save`, but for the version."""
    return _act(
        ports,
        visitor,
        request_id,
        lambda _, stored: acts.complete(stored.request, stored.kind, answers, now=context.now),
        repeated=RequestAct.COMPLETE,
        context=context,
    )


def write_message(ports: Ports, visitor: Visitor, request_id: str, *, text: str, context: RequestContext) -> Shown:
    """Write to the CNAS; the same words again are not written twice. Raises as `withdraw`."""

    def attempt(_: Account, stored: Shown) -> Done | None:
        done = acts.message(stored.request, stored.kind, text, acts.PERSON, now=context.now)
        last = [(line.act, line.by, line.words) for line in stored.timeline[-1:]]
        return None if last == [(RequestAct.MESSAGE, Party.PERSON, done.line.words)] else done

    return _act(ports, visitor, request_id, attempt, context=context)


def show_document(ports: Ports, visitor: Visitor, request_id: str, *, context: RequestContext) -> ShownDocument:
    """The document that a request led to. Raises SessionExpiredError, WrongStepError, NotFoundError."""
    account, request = _enter(ports, visitor, lambda identifier: ports.requests.get(identifier, request_id), context)
    if request is None or request.document_id is None:
        raise NotFoundError
    document = ports.requests.document(account.identifier, request.document_id)
    if document is None:
        raise NotFoundError
    code = _code_of(ports, document.document_id)
    return ShownDocument(document, request.number, code, judge(document, account, now=context.now))


def verify_document(
    ports: Ports, code: str, *, address: str, context: RequestContext
) -> tuple[DocumentState, Document | None]:
    """Whether a document holds, by its code; the document itself only while it does. Raises TooManyRequestsError."""
    ports.counters.count_verification(address, now=context.now)
    cleaned = clean_document_code(code)
    document = ports.requests.find_document(hash_code(cleaned)) if cleaned else None
    account = ports.accounts.get(document.identifier) if document else None
    state = judge(document, account, now=context.now)
    return state, document if state is DocumentState.VALID else None


def _offered(ports: Ports, context: RequestContext) -> list[Kind]:
    """The kinds that may be opened here today."""
    in_force = ports.catalogue.in_force(day_of_rights(context.now))
    return [kind for kind in in_force if kind.is_asked_here and kind.id not in ports.switched_off]


def _turned(ports: Ports, draft: Request, about: str | None, context: RequestContext) -> Shown:
    """The present draft, now about the request `about`, if one is given."""
    if about in (None, draft.about):
        return _shown(ports, draft)
    done = acts.turn(draft, _kind(ports, draft), about, now=context.now)
    ports.store.commit(*ports.requests.write(done))
    return _shown(ports, done.after)


def _issue_at_once(
    ports: Ports, kind: Kind, account: Account, existing: Sequence[Request], context: RequestContext
) -> Shown:
    """The request whose document still holds, else a new one."""
    for request in reversed(existing):
        if request.document_id:
            document = ports.requests.document(account.identifier, request.document_id)
            if judge(document, account, now=context.now) is DocumentState.VALID:
                return _shown(ports, request)
    request_id = request_id_at_once(account.identifier, kind.id, len(existing), now=context.now)
    document_id = new_ulid(context.random, now=context.now)
    structure = ports.structures.get(account.beneficiary.roster.structure_id)
    document = issue(kind, account, structure, document_id=document_id, request_id=request_id, now=context.now)
    done = acts.issued(
        kind,
        request_id=request_id,
        number=new_number(context.random),
        identifier=account.identifier,
        structure_id=document.structure_id,
        document_id=document_id,
        now=context.now,
    )
    ports.store.commit(
        *ports.requests.write(done), *ports.requests.issue(document, hash_code(_code_of(ports, document_id)))
    )
    return Shown(done.after, kind, [done.line], is_new=True)


def _act(
    ports: Ports,
    visitor: Visitor,
    request_id: str,
    act: Callable[[Account, Shown], Done | None],
    *,
    repeated: RequestAct | None = None,
    context: RequestContext,
) -> Shown:
    """Do the act in one transaction with its notice. An act that was done already (`repeated`) is only shown."""

    def attempt() -> Shown:
        account, stored = _enter_at(ports, visitor, request_id, context)
        if repeated and acts.is_repeated(stored.request, repeated, Party.PERSON):
            return stored
        done = act(account, stored)
        if done is None:
            return stored
        ports.store.commit(*ports.requests.write(done), *_notices(ports, done, account, context))
        return Shown(done.after, stored.kind, [*stored.timeline, done.line])

    return retry_when_stale(attempt)


def _notices(ports: Ports, done: Done, account: Account, context: RequestContext) -> Sequence[Write]:
    """The notice that a request was sent; the other acts have no notice."""
    if done.line.act is not RequestAct.SEND:
        return []
    notices = notices_of(MessageKind.REQUEST_SENT, account, done.after.number, context.random, now=context.now)
    return [ports.outbox.put(notice) for notice in notices]


def _enter(
    ports: Ports, visitor: Visitor, read: Callable[[str], Found], context: RequestContext
) -> tuple[Account, Found]:
    """The account of a person who may see requests, and the result of `read` for its identifier."""
    access, found = enter_reading(
        ports.sessions, ports.accounts, visitor.session, read, now=context.now, limits=context.limits
    )
    _ = access.account.beneficiary  # a correspondent has no requests
    require_home(access.account, current_terms=visitor.current_terms)
    return access.account, found


def _enter_at(ports: Ports, visitor: Visitor, request_id: str, context: RequestContext) -> tuple[Account, Shown]:
    """As `_enter`, with that request of the person. Also raises NotFoundError."""
    account, stored = _enter(ports, visitor, lambda identifier: _find(ports, identifier, request_id), context)
    if stored is None:
        raise NotFoundError
    return account, stored


def _find(ports: Ports, identifier: str, request_id: str) -> Shown | None:
    request, timeline = run_both(
        lambda: ports.requests.get(identifier, request_id), lambda: ports.requests.timeline(identifier, request_id)
    )
    if request is None:
        return None
    if not timeline or timeline[-1].number < request.version:  # an act came between the two reads
        return _shown(ports, request)
    return Shown(request, _kind(ports, request), timeline)


def _shown(ports: Ports, request: Request) -> Shown:
    timeline = ports.requests.timeline(request.identifier, request.request_id)
    return Shown(request, _kind(ports, request), timeline)


def _kind(ports: Ports, request: Request) -> Kind:
    """The kind in the version in which the request was opened."""
    return ports.catalogue.released(request.kind, request.kind_version)


def _code_of(ports: Ports, document_id: str) -> str:
    return document_code(ports.document_macs.mac(document_message(document_id)))


def _rank(request: Request) -> tuple[bool, int]:
    """The sort key of requests: those first for which the person must act, then the last changed first."""
    is_theirs = request.state in (RequestState.DRAFT, RequestState.TO_COMPLETE)
    return not is_theirs, -request.changed_at
