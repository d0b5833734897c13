"""A file of states: checked, applied to the requests that it names, taken back. It opens what nobody opened here."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from functools import partial
from itertools import islice
from typing import NamedTuple

from activation.domain.accounts import Account, Status
from activation.domain.plain_text import plain_text
from activation.domain.ports import Accounts, Outbox, Store, Write
from activation.domain.records import from_record
from activation.domain.requests.acts import Done, declare, in_that_state, opened_elsewhere, take_back
from activation.domain.requests.declared import (
    StateRow,
    fault_of,
    fault_of_kind,
    fault_of_person,
    is_told,
    judge_state_row,
    matching,
    request_id_of,
    said_at,
)
from activation.domain.requests.documents import new_number
from activation.domain.requests.kinds import Catalogue, Kind
from activation.domain.requests.notices import notices_of, told_of
from activation.domain.requests.ports import Requests
from activation.domain.requests.request import Before, Request
from activation.domain.requests.states import RequestState
from activation.domain.roster.columns import FileHeader, RosterRefusedError
from activation.domain.roster.comparison import ChangeKind
from activation.domain.roster.files import Encoding, find_encoding, read_records
from activation.domain.roster.imports import Action, ImportPaths, Prepared, UploadOption
from activation.domain.roster.mojibake import repair
from activation.domain.roster.ports import (
    READ_AT_ONCE,
    FileText,
    RosterFiles,
    RosterIndex,
    StoredRosters,
    UploadedFile,
    Workbooks,
)
from activation.domain.roster.rows import Fault, Remark
from activation.domain.roster.state_columns import STATES, StateColumn
from activation.domain.roster.table import NumberedRow, counts_others, rows_below
from activation.domain.roster.undo import Undoing
from activation.domain.verification import RequestContext, retry_when_stale
from activation.imports.application import WRITERS
from activation.imports.batches import JSON, MOST_ROWS, write_manifest
from activation.imports.findings import Findings
from activation.imports.preparation import YES, CheckProgress, Source, begin, check_file, refuse_when_most_are_bad

MOST_STATES = 100_000
"""Rows of a file: each is two reads, of which a function makes some hundred a second."""

READERS = 8
"""How many requests are read in parallel."""

_CELL_TOO_MANY = "cette ligne a une cellule de trop : un séparateur est en trop, ou un guillemet manque"
_TWICE = "cette demande est sur plusieurs lignes du fichier : n'en gardez qu'une"
_SEVERAL = "plusieurs demandes de cette personne sont de cette sorte et de ce jour : donnez le numéro"
_UNKNOWN = "aucune demande n'a ce numéro"
_SAME = "la demande est déjà dans cet état : rien n'est repris de cette ligne"


@dataclass(frozen=True, slots=True)
class CheckPorts:
    """The ports that a check needs. `index` is empty at first."""

    files: RosterFiles
    workbooks: Workbooks
    rosters: StoredRosters
    requests: Requests
    catalogue: Catalogue
    index: RosterIndex


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


class StateSurvey(NamedTuple):
    """What is known of a file after the first reading."""

    encoding: Encoding
    header: FileHeader[StateColumn]
    rows: int


def prepare(ports: CheckPorts, upload: UploadedFile, *, now: int, tell: Callable[[CheckProgress], object]) -> Prepared:
    """Check a file of states, and write its report and its batches; nothing is changed here.

    The result says to apply only when the sender asked for it, and the file is not refused as a whole.
    """
    source = Source(ports.files, ports.workbooks, upload, STATES)

    def first(text: FileText, kept: UploadedFile) -> StateSurvey:
        return _survey(ports, text, kept, now)

    def then(
        text: FileText, kept: UploadedFile, surveyed: StateSurvey, begun: Prepared, findings: Findings
    ) -> Prepared:
        return _Check(ports, surveyed, findings, begun, tell).run(text, kept)

    return check_file(source, begin(upload, now=now), first, then, most_lines=MOST_STATES)


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


def _survey(ports: CheckPorts, text: FileText, kept: UploadedFile, now: int) -> StateSurvey:
    """Read the whole file once, and count how often each request is named. Raises RosterRefusedError."""
    encoding = find_encoding(text.chunks(kept))
    header = STATES.find_header(_records(text, kept, encoding))
    records, rows = _below(header, text, kept, encoding), 0
    while some := list(islice(records, READ_AT_ONCE)):
        rows += len(some)
        if rows > MOST_STATES:
            raise RosterRefusedError(f"Le fichier dépasse {MOST_STATES:_} lignes : partagez-le.".replace("_", " "))
        judged = (_judge_row(header, *record, ports.catalogue, now) for record in some)
        ports.index.count([row.naming for row in judged if isinstance(row, StateRow)], ())
    if not rows:
        raise RosterRefusedError("Le fichier n'a aucune ligne après celle des titres.")
    return StateSurvey(encoding, header, rows)


class _Check:
    """One run over a file's rows."""

    def __init__(
        self,
        ports: CheckPorts,
        surveyed: StateSurvey,
        findings: Findings,
        begun: Prepared,
        tell: Callable[[CheckProgress], object],
    ) -> None:
        self._ports, self._surveyed, self._findings, self._begun, self._tell = ports, surveyed, findings, begun, tell
        self._paths = ImportPaths(begun.import_id)
        self._batch = list[StateRow]()
        self._written = list[str]()
        self._counts = Counter({ChangeKind.UNCHANGED: 0})

    def run(self, text: FileText, kept: UploadedFile) -> Prepared:
        """Judge every row. Raises RosterRefusedError when all, or at least 20 and more than half, are refused."""
        surveyed, rows = self._surveyed, 0
        records = _below(surveyed.header, text, kept, surveyed.encoding)
        while some := list(islice(records, READ_AT_ONCE)):
            self._take(some)
            rows += len(some)
            self._tell(CheckProgress(rows, surveyed.rows))
        refuse_when_most_are_bad(self._findings, rows)
        if self._batch:
            self._write()
        write_manifest(self._ports.files, self._paths, self._written)
        wants = kept.said.get(UploadOption.APPLY) == YES
        return replace(
            self._begun,
            action=Action.APPLY if wants and self._written else Action.NOTHING,
            rows=rows,
            batches=len(self._written),
            counts=dict(self._counts),
        )

    def _take(self, records: Sequence[NumberedRow]) -> None:
        header, catalogue, now = self._surveyed.header, self._ports.catalogue, self._begun.at
        judged = [_judge_row(header, *record, catalogue, now) for record in records]
        rows = [row for row in judged if isinstance(row, StateRow)]
        twice = self._ports.index.repeated_identifiers([row.naming for row in rows])
        findings: list[Fault | Remark] = [fault for row in judged if isinstance(row, list) for fault in row]
        findings += [Fault(row.line, None, _TWICE) for row in rows if row.naming in twice]
        for outcome in self._compare([row for row in rows if row.naming not in twice]):
            if isinstance(outcome, Fault):
                findings.append(outcome)
                continue
            row, kind = outcome
            self._counts[kind] += 1
            if kind is not ChangeKind.UNCHANGED:
                self._add(row)
            elif row.words:
                findings.append(Remark(row.line, StateColumn.STATE, _SAME))
        self._findings.add(findings)

    def _compare(self, rows: Sequence[StateRow]) -> list[tuple[StateRow, ChangeKind] | Fault]:
        """What each row would do, or why it is refused."""
        ports = self._ports
        with ThreadPoolExecutor(READERS) as pool:
            found = dict(zip(rows, pool.map(self._named, rows), strict=True))
        whose = {row: requests[0].identifier if requests else row.identifier for row, requests in found.items()}
        people = ports.rosters.stored_people(sorted(set(filter(None, whose.values()))))
        outcomes = list[tuple[StateRow, ChangeKind] | Fault]()
        for row, requests in found.items():
            if not requests and row.number:
                outcomes.append(Fault(row.line, StateColumn.NUMBER, _UNKNOWN))
            elif len(requests) > 1:
                outcomes.append(Fault(row.line, None, _SEVERAL))
            elif fault := fault_of_person(row, people.get(whose[row])):
                outcomes.append(fault)
            else:
                outcomes.append(self._compared(row, requests[0] if requests else None))
        return outcomes

    def _named(self, row: StateRow) -> list[Request]:
        """The requests that the row may mean."""
        if row.number:
            found = self._ports.requests.find(row.number)
            return [found] if found else []
        return matching(row, self._ports.requests.of(row.identifier))

    def _compared(self, row: StateRow, request: Request | None) -> tuple[StateRow, ChangeKind] | Fault:
        catalogue = self._ports.catalogue
        if request is None:
            fault = fault_of_kind(row, catalogue.version_on(row.kind, row.sent_on))
            known = replace(row, request_id=request_id_of(row.identifier, row.kind, row.sent_on))
            return fault or (known, ChangeKind.CREATED)
        fault = fault_of(row, request, catalogue.released(request.kind, request.kind_version))
        if fault:
            return fault
        known = replace(row, identifier=request.identifier, request_id=request.request_id)
        return known, ChangeKind.UNCHANGED if row.state is request.state else ChangeKind.UPDATED

    def _add(self, row: StateRow) -> None:
        self._batch.append(row)
        if len(self._batch) >= MOST_ROWS:
            self._write()

    def _write(self) -> None:
        key = self._paths.batch(len(self._written) + 1)
        self._ports.files.write(key, json.dumps(list(map(asdict, self._batch))).encode(), kind=JSON)
        self._written.append(key)
        self._batch = []


def _records(text: FileText, kept: UploadedFile, encoding: Encoding) -> Iterator[list[str]]:
    return read_records(text.chunks(kept), encoding, STATES.known_columns)


def _below(
    header: FileHeader[StateColumn], text: FileText, kept: UploadedFile, encoding: Encoding
) -> Iterator[NumberedRow]:
    """The rows of the file that are of a request: lines of totals and repeated headers are none."""
    for number, row in rows_below(header, _records(text, kept, encoding)):
        if not counts_others(row) and not STATES.known_columns(row):
            yield number, row


def _judge_row(
    header: FileHeader[StateColumn], line: int, row: Sequence[str], catalogue: Catalogue, now: int
) -> StateRow | list[Fault]:
    if any(row[header.width :]):
        return [Fault(line, None, _CELL_TOO_MANY)]
    cells = {column: plain_text(repair(row[place])) for column, place in header.places.items() if place < len(row)}
    return judge_state_row(line, cells, catalogue, now=now)


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
