"""The check of a file of states: which requests its rows change, and which they open that nobody opened here."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import NamedTuple

from activation.domain.plain_text import plain_text
from activation.domain.requests.declared import (
    StateRow,
    fault_of,
    fault_of_kind,
    fault_of_person,
    judge_state_row,
    matching,
    request_id_of,
)
from activation.domain.requests.kinds import Catalogue
from activation.domain.requests.ports import Requests
from activation.domain.requests.request import Request
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
from activation.imports.batches import JSON, MOST_ROWS, write_manifest
from activation.imports.file_check import YES, CheckProgress, Source, begin, check_file, refuse_when_most_are_bad
from activation.imports.findings import Findings

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
