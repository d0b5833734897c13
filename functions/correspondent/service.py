"""The calls of a correspondent: only on structures for which they answer at that moment, by both rows."""

import re
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from activation.domain.access import Access, enter, enter_with, find_access, require_home
from activation.domain.accounts import Account, Status
from activation.domain.correspondents import LinkedStructure, answers_for
from activation.domain.errors import (
    NotFoundError,
    NotYourAccountError,
    PersonNotFoundError,
    RowRejectedError,
    SessionExpiredError,
)
from activation.domain.identifiers import Role, role_of
from activation.domain.limits import Daily
from activation.domain.parallel import run_both
from activation.domain.people_search import (
    LACKS,
    MOST_PAGES_OF_NOBODY,
    Cursor,
    DeclaredPeople,
    Numbers,
    Page,
    Search,
    find,
)
from activation.domain.ports import Accounts, Counters, Links, Sessions
from activation.domain.sessions import Session
from activation.domain.steps import Texts
from activation.domain.upload_keys import UploadPaths
from activation.domain.upload_states import UploadState
from activation.domain.uploads import Upload
from activation.domain.verification import RequestContext, retry_when_stale

if TYPE_CHECKING:
    from activation.domain.findings import Changed
    from activation.domain.roster.ports import Uploads
    from activation.imports import single_row as rows
    from activation.imports import uploads as orders

# The modules of imports are imported where they are used: most calls only show something, and would pay for them
# at each cold start.

PAGE_STRUCTURES = 20
LAST_UPLOADS = 5

_UPLOAD_ID = re.compile(r"[0-9A-Za-z-]{1,64}")


class StructureReads(Protocol):
    """Reads of several rows in one call, consistently."""

    def session_and_structure(
        self, token_hash: str, structure_id: str
    ) -> tuple[Session | None, LinkedStructure | None]:
        """The session, open or not, and the structure."""

    def account_and_people(self, identifier: str, people: Sequence[str]) -> tuple[Account | None, list[Account]]:
        """The account, and those of these people who exist, in their order; 99 people at most."""


class Ports(NamedTuple):
    """The ports that these calls need; those of a change are made only when there is one."""

    sessions: Sessions
    accounts: Accounts
    links: Links
    reads: StructureReads
    people: DeclaredPeople
    counters: Counters
    uploads: "Uploads"
    orders: "Callable[[], orders.Ports]"
    rows: "Callable[[], rows.Ports]"


class Home(NamedTuple):
    """A page of the correspondent's structures, in order of name, and the last uploads.

    `after`: the number of the next page; None on the last.
    """

    structures: list[tuple[LinkedStructure, Numbers]]
    uploads: list[Upload]
    after: int | None


class ShownUpload(NamedTuple):
    """An upload, and as long as it can be applied the people whom it would change."""

    upload: Upload
    changes: "Sequence[tuple[Changed, Account]]" = ()


class FoundPeople(NamedTuple):
    """A page of people, and the cursor of the next page; None on the last."""

    people: list[Account]
    after: Cursor | None


def show_home(ports: Ports, token_hash: str | None, *, page: int, texts: Texts, context: RequestContext) -> Home:
    """That page of structures, from 1 on. Raises SessionExpiredError, NotYourAccountError, WrongStepError."""
    account = _enter(ports, token_hash, texts, context).account
    structures = sorted(_structures(ports, account), key=lambda linked: (linked.structure.name, linked.structure_id))
    shown = structures[(page - 1) * PAGE_STRUCTURES : page * PAGE_STRUCTURES]
    numbers, uploads = run_both(
        lambda: ports.people.numbers([linked.structure_id for linked in shown]),
        lambda: ports.uploads.latest(account.identifier, most=LAST_UPLOADS),
    )
    theirs = {linked.structure_id for linked in structures}
    return Home(
        [(linked, numbers[linked.structure_id]) for linked in shown],
        [upload for upload in uploads if _is_theirs(upload, theirs)],
        page + 1 if len(structures) > page * PAGE_STRUCTURES else None,
    )


def search(
    ports: Ports,
    token_hash: str | None,
    wanted: Search,
    *,
    identifier: str | None,
    after: Cursor | None,
    texts: Texts,
    context: RequestContext,
) -> FoundPeople:
    """The people of a structure: those of a search, or the one with that identifier.

    An identifier of another structure, and one that nobody has, find nobody. Pages with only people who left are passed
    over, `MOST_PAGES_OF_NOBODY` at most: then the page is empty. Raises NotFoundError for a structure that is not
    theirs, whether there is one or not, SessionExpiredError, NotYourAccountError, WrongStepError.
    """
    if token_hash is None:
        raise SessionExpiredError
    session, structure = ports.reads.session_and_structure(token_hash, wanted.structure_id)
    if session is None or not session.is_open(context.now):
        raise SessionExpiredError
    begun = after
    for _ in range(MOST_PAGES_OF_NOBODY):
        found = look_for(ports, session, wanted, identifier, begun)
        account, people = ports.reads.account_and_people(session.identifier, found.identifiers)
        access = enter_with(ports.sessions, session, account, now=context.now, limits=context.limits)
        require_theirs(access.account, structure, texts)
        session = access.session
        shown = [person for person in people if _is_shown(person, wanted)]
        begun = found.after
        if shown or begun is None:
            return FoundPeople(shown, begun)
    return FoundPeople([], begun)


def change_row(
    ports: Ports, token_hash: str | None, typed: "rows.TypedRow", *, texts: Texts, context: RequestContext
) -> "rows.TakenRow":
    """Change what is declared of one person, in the same way as a roster.

    Raises SessionExpiredError, NotYourAccountError, WrongStepError, NotFoundError for anybody who is not theirs, known
    or not, RowRejectedError, OutdatedVersionError, NotConfirmedError, TooManyTodayError.
    """
    from activation.imports import single_row as rows  # noqa: PLC0415  # see the top of the module

    account = _enter(ports, token_hash, texts, context).account
    counted = ports.counters.count_today(
        Daily.SINGLE_ROWS, account.identifier, most=context.limits.single_rows_per_day, now=context.now
    )
    try:
        taken = rows.take_in_row(
            ports.rows(), account.identifier, typed, context=context, extra_writes=lambda: [counted]
        )
    except PersonNotFoundError:
        raise NotFoundError from None
    if isinstance(taken, rows.TakenRow):
        return taken
    raise RowRejectedError({f"row/{fault.column}": f"{fault.reason[:1].upper()}{fault.reason[1:]}." for fault in taken})


def send_file(ports: Ports, token_hash: str | None, body: bytes, *, texts: Texts, context: RequestContext) -> Upload:
    """Have a file checked.

    Raises SessionExpiredError, NotYourAccountError, WrongStepError, NotFoundError when they answer for nothing any
    more, ImportRunningError, TooManyTodayError.
    """
    from activation.imports import uploads as orders  # noqa: PLC0415  # see the top of the module

    account = _enter(ports, token_hash, texts, context).account
    structures = [linked.structure_id for linked in _structures(ports, account)]
    if not structures:
        raise NotFoundError
    counted = ports.counters.count_today(
        Daily.UPLOADS, account.identifier, most=context.limits.uploads_per_day, now=context.now
    )
    return orders.send(
        ports.orders(), account.identifier, structures, body, context=context, extra_writes=lambda: [counted]
    )


def show_upload(
    ports: Ports, token_hash: str | None, upload_id: str, *, texts: Texts, context: RequestContext
) -> ShownUpload:
    """An upload and its state. Pages ask for it again and again: that does not prolong the session.

    People who are in none of their structures any more are not shown. Raises SessionExpiredError, NotYourAccountError,
    WrongStepError; NotFoundError unless the upload is theirs.
    """
    access = find_access(ports.sessions, ports.accounts, token_hash, now=context.now)
    if access is None:
        raise SessionExpiredError
    account = access.account
    _require_correspondent(account, texts)
    upload, theirs = _upload_and_structures(ports, account, upload_id)
    if not upload.changes or upload.state_at(context.now) is not UploadState.CHECKED:
        return ShownUpload(upload)
    wanted = [change.identifier for change in upload.changes]
    _, people = ports.reads.account_and_people(account.identifier, wanted)
    found = {person.identifier: person for person in people if _is_of(person, theirs)}
    return ShownUpload(upload, [(each, found[each.identifier]) for each in upload.changes if each.identifier in found])


def read_report(
    ports: Ports, token_hash: str | None, upload_id: str, *, texts: Texts, context: RequestContext
) -> bytes:
    """The report on a file, as CSV with a byte order mark. Raises as `show_upload`; NotFoundError without a report."""
    upload = _upload(ports, _enter(ports, token_hash, texts, context).account, upload_id)
    try:
        return ports.orders().files.read(_report_of(upload))
    except FileNotFoundError:
        raise NotFoundError from None


def apply_upload(
    ports: Ports,
    token_hash: str | None,
    upload_id: str,
    confirmed: Collection[str],
    *,
    texts: Texts,
    context: RequestContext,
) -> Upload:
    """Have a checked file applied.

    Raises as `show_upload`, and ImportRunningError, WrongStepError unless it is checked, NotConfirmedError.
    """
    from activation.imports import uploads as orders  # noqa: PLC0415  # see the top of the module

    account = _enter(ports, token_hash, texts, context).account

    def attempt() -> Upload:
        return orders.apply(ports.orders(), _upload(ports, account, upload_id), confirmed, context=context)

    return retry_when_stale(attempt)


def undo_upload(
    ports: Ports, token_hash: str | None, upload_id: str, *, texts: Texts, context: RequestContext
) -> Upload:
    """Have an applied file taken back. Raises as `show_upload`, and ImportRunningError, WrongStepError after a day."""
    from activation.imports import uploads as orders  # noqa: PLC0415  # see the top of the module

    account = _enter(ports, token_hash, texts, context).account

    def attempt() -> Upload:
        return orders.take_back(ports.orders(), _upload(ports, account, upload_id), context=context)

    return retry_when_stale(attempt)


def _enter(ports: Ports, token_hash: str | None, texts: Texts, context: RequestContext) -> Access:
    access = enter(ports.sessions, ports.accounts, token_hash, now=context.now, limits=context.limits)
    _require_correspondent(access.account, texts)
    return access


def _require_correspondent(account: Account, texts: Texts) -> None:
    """Raise NotYourAccountError for a beneficiary, WrongStepError before the terms are accepted."""
    if account.role is not Role.CORRESPONDENT:
        raise NotYourAccountError
    require_home(account, current_terms=texts.terms.version)


def require_theirs(account: Account, structure: LinkedStructure | None, texts: Texts) -> LinkedStructure:
    """The structure. Raises NotFoundError unless they answer for it; first NotYourAccountError or WrongStepError."""
    _require_correspondent(account, texts)
    if structure is None or not answers_for(account, structure):
        raise NotFoundError
    return structure


def _structures(ports: Ports, account: Account) -> list[LinkedStructure]:
    """The structures that the account's owner answers for, by both rows."""
    linked = ports.links.structures(account.correspondent.structures)
    return [structure for structure in linked.values() if answers_for(account, structure)]


def look_for(ports: Ports, session: Session, wanted: Search, identifier: str | None, after: Cursor | None) -> Page:
    """The page of people to show. A beneficiary's session finds nobody: the call will be refused."""
    if role_of(session.identifier) is not Role.CORRESPONDENT:
        return Page((), None)
    if identifier:
        return Page((identifier,) if role_of(identifier) is Role.BENEFICIARY else (), None)
    return find(ports.people, wanted, after)


def _is_shown(person: Account, wanted: Search) -> bool:
    """Whether the person is one that was searched for: indexes may lag behind."""
    return _is_of(person, {wanted.structure_id}) and wanted.lack in (None, LACKS.get(person.beneficiary.standing))


def _is_of(person: Account, structures: Collection[str]) -> bool:
    """Whether the person is in one of the structures, by their ids."""
    return person.status is not Status.CLOSED and person.beneficiary.roster.structure_id in structures


def _report_of(upload: Upload) -> str:
    from activation.domain.roster.imports import ImportPaths  # noqa: PLC0415  # see the top of the module

    return ImportPaths(UploadPaths(upload.sender, upload.upload_id).import_id).report("csv")


def _upload(ports: Ports, account: Account, upload_id: str) -> Upload:
    """The correspondent's upload. Raises NotFoundError when it is not, or no longer, theirs."""
    return _upload_and_structures(ports, account, upload_id)[0]


def _upload_and_structures(ports: Ports, account: Account, upload_id: str) -> tuple[Upload, set[str]]:
    """As `_upload`, with the ids of the structures that the correspondent answers for."""
    upload = ports.uploads.get(account.identifier, upload_id) if _UPLOAD_ID.fullmatch(upload_id) else None
    if upload is None:
        raise NotFoundError
    theirs = {linked.structure_id for linked in _structures(ports, account)}
    if not _is_theirs(upload, theirs):
        raise NotFoundError
    return upload, theirs


def _is_theirs(upload: Upload, theirs: set[str]) -> bool:
    """Whether they answer for one of the upload's structures; an upload without structures changes and shows nobody."""
    return bool(theirs) and (not upload.structures or not theirs.isdisjoint(upload.structures))
