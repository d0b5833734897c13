"""Requests, their timelines and documents, in the table `requests` (port `Requests`).

Of a person: `R#<id>` a request, `L#<id>#<time>#<n>` a line, `D#<id>` a document, `OPEN` what is open. Beside people:
`number#<n>` and `document#<SHA-256 of the code>`, each of which points to a person's row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from activation.adapters.dynamodb import DynamoStore, DynamoWrite, Item, Table
from activation.adapters.tables import BY_DUE, BY_QUEUE
from activation.domain.errors import DomainError, StaleError, TooManyRequestsOpenError
from activation.domain.records import from_record
from activation.domain.requests.acts import MOST_OPEN, Done
from activation.domain.requests.documents import Document
from activation.domain.requests.ports import DueKey, Filed
from activation.domain.requests.request import Asked, Before, Line, Queue, Request, StateJournal
from activation.domain.requests.states import AskReason, Origin, Party, RequestAct, RequestState
from activation.domain.times import rfc3339

_MAY_OPEN = "attribute_not_exists(#draft) AND (attribute_not_exists(open_requests) OR open_requests < :most)"
_REQUEST, _LINE, _DOCUMENT, _OPEN, _POINTER = "R#", "L#", "D#", "OPEN", "POINTER"


class DynamoRequests:
    def __init__(self, table: Table) -> None:
        self._table = table

    def of(self, identifier: str) -> list[Request]:
        return [_request_of(item) for item in self._table.query_prefix(_REQUEST, identifier=identifier)]

    def filed(self, identifier: str) -> Filed:
        items = list(self._table.query(identifier=identifier))

        def rows(prefix: str) -> list[Item]:
            return [item for item in items if item["record"].startswith(prefix)]

        return Filed(
            [_request_of(item) for item in rows(_REQUEST)],
            [_line_of(item) for item in rows(_LINE)],
            [_document_of(item) for item in rows(_DOCUMENT)],
        )

    def get(self, identifier: str, request_id: str) -> Request | None:
        item = self._table.get(identifier=identifier, record=_REQUEST + request_id)
        return _request_of(item) if item else None

    def timeline(self, identifier: str, request_id: str) -> list[Line]:
        return [_line_of(item) for item in self._table.query_prefix(f"{_LINE}{request_id}#", identifier=identifier)]

    def find(self, number: str) -> Request | None:
        pointer = self._table.get(identifier=f"number#{number}", record=_POINTER)
        return self.get(pointer["of"], pointer["request_id"]) if pointer else None

    def write(self, done: Done) -> Sequence[DynamoWrite]:
        before, after = done.before, done.after
        lines = [self._line(after.identifier, line) for line in (done.opening, done.line) if line]
        counted = self._count(before, after)
        if before:
            stored = self._table.put(_item(after), condition="version = :version", version=before.version)
            return [stored, *lines, *counted]
        pointer = {
            "identifier": f"number#{after.number}",
            "record": _POINTER,
            "of": after.identifier,
            "request_id": after.request_id,
        }
        return [
            self._table.put(_item(after), condition="attribute_not_exists(identifier)"),
            self._table.put(pointer, condition="attribute_not_exists(identifier)"),
            *lines,
            *counted,
        ]

    def _line(self, identifier: str, line: Line) -> DynamoWrite:
        return self._table.put(
            {"identifier": identifier, "record": _record_of_line(line), **_values(asdict(line))},
            condition="attribute_not_exists(identifier)",
        )

    def issue(self, document: Document, code_hash: str) -> Sequence[DynamoWrite]:
        pointer = {
            "identifier": f"document#{code_hash}",
            "record": _POINTER,
            "of": document.identifier,
            "document_id": document.document_id,
        }
        return [
            self._table.put(
                {
                    "record": _DOCUMENT + document.document_id,
                    **_values(asdict(document)),
                    "code_hash": code_hash,
                    "due_on": document.erased_on,
                },
                condition="attribute_not_exists(identifier)",
            ),
            self._table.put(pointer, condition="attribute_not_exists(identifier)"),
        ]

    def document(self, identifier: str, document_id: str) -> Document | None:
        item = self._table.get(identifier=identifier, record=_DOCUMENT + document_id)
        return _document_of(item) if item else None

    def find_document(self, code_hash: str) -> Document | None:
        pointer = self._table.get(identifier=f"document#{code_hash}", record=_POINTER)
        return self.document(pointer["of"], pointer["document_id"]) if pointer else None

    def waiting(self, kind: str, queue: Queue, *, most: int) -> list[Request]:
        found = self._table.rows_of(BY_QUEUE, _queue_key(kind, queue), most=most)
        requests = (self._table.get(**key) for key in found)
        return [request for item in requests if item and (request := _request_of(item)).queue]

    def count_waiting(self, kind: str, queue: Queue) -> int:
        return self._table.count(BY_QUEUE, _queue_key(kind, queue))

    def due_keys(self, day: str) -> Iterator[DueKey]:
        return (DueKey(**key) for key in self._table.rows_of(BY_DUE, day))

    def due(self, key: DueKey, day: str) -> Request | Document | None:
        item = self._table.get(**key._asdict())
        if not item or item.get("due_on") != day:  # the index may not have its last write yet
            return None
        return _document_of(item) if key.record.startswith(_DOCUMENT) else _request_of(item)

    def update(self, before: Request, after: Request) -> DynamoWrite:
        return self._table.put(_item(after), condition="version = :version", version=before.version)

    def remove(self, request: Request, timeline: Sequence[Line]) -> Sequence[DynamoWrite]:
        own = {"identifier": request.identifier, "record": _REQUEST + request.request_id}
        pointer = {"identifier": f"number#{request.number}", "record": _POINTER}
        lines = [{"identifier": request.identifier, "record": _record_of_line(line)} for line in timeline]
        there = "attribute_exists(identifier)"
        return [
            self._table.delete_write(own, condition="version = :version", version=request.version),
            *(self._table.delete_write(key, condition=there) for key in (pointer, *lines)),
        ]

    def erase(self, request: Request) -> None:
        """The request itself is removed last: if the removal breaks off, the next cleanup finds the request again."""
        for item in self._table.query_prefix(f"{_LINE}{request.request_id}#", identifier=request.identifier):
            self._table.delete(identifier=request.identifier, record=item["record"])
        self._table.delete(identifier=f"number#{request.number}", record=_POINTER)
        own = {"identifier": request.identifier, "record": _REQUEST + request.request_id}
        gone = self._table.delete_write(own, condition="attribute_exists(identifier)", refuse=lambda _: None)
        counted = self._count(request, replace(request, state=RequestState.CLOSED))
        DynamoStore(self._table.client).commit(gone, *counted)

    def erase_document(self, document: Document) -> None:
        key = {"identifier": document.identifier, "record": _DOCUMENT + document.document_id}
        item = self._table.get(**key)
        if item:
            self._table.delete(identifier=f"document#{item['code_hash']}", record=_POINTER)
            self._table.delete(**key)

    def _count(self, before: Request | None, after: Request) -> list[DynamoWrite]:
        """The changes to the row that counts the person's open requests and names their drafts.

        A request that the back office opened is never counted: it takes no place from the person's own.
        """
        if after.origin is Origin.BACK_OFFICE:
            return []
        opens = int(after.is_open) - int(before.is_open if before else False)
        was_draft, is_draft = (
            before is not None and before.state is RequestState.DRAFT,
            after.state is RequestState.DRAFT,
        )
        if not opens and was_draft == is_draft:
            return []
        key = {"identifier": after.identifier, "record": _OPEN}
        draft = f"draft_{after.kind}"
        if before is None and after.is_open:
            return [
                self._table.update_write(
                    key,
                    "SET #draft = :id ADD open_requests :one",
                    condition=_MAY_OPEN,
                    refuse=_refuse_opening,
                    name_draft=draft,
                    id=after.request_id,
                    one=1,
                    most=MOST_OPEN,
                )
            ]
        parts = [*(["ADD open_requests :opens"] if opens else []), *(["REMOVE #draft"] if was_draft else [])]
        values: dict[str, Any] = {**({"opens": opens} if opens else {}), **({"name_draft": draft} if was_draft else {})}
        return [self._table.update_write(key, " ".join(parts), **values)]


def _refuse_opening(row: Item) -> DomainError:
    return TooManyRequestsOpenError() if row.get("open_requests", 0) >= MOST_OPEN else StaleError()


def _record_of_line(line: Line) -> str:
    return f"{_LINE}{line.request_id}#{rfc3339(line.at)}#{line.number:06}"


def _item(request: Request) -> Item:
    waits: Item = (
        {"queue": _queue_key(request.kind, request.queue), "queued_at": rfc3339(request.sent_at or request.changed_at)}
        if request.queue
        else {}
    )
    due: Item = {"due_on": request.due_on} if request.due_on else {}
    return {"record": _REQUEST + request.request_id, **_values(asdict(request)), **waits, **due}


def _queue_key(kind: str, queue: Queue) -> str:
    """The partition of the index. Rows from before there were two queues are in the partition of the first."""
    return kind if queue is Queue.NEXT else f"{kind}#{queue}"


def _values(values: dict[str, Any]) -> Item:
    """The values without the empty ones: rows stay small."""
    return {name: value for name, value in values.items() if value not in (None, "", {})}


def _request_of(item: Item) -> Request:
    request = {
        **item,
        "state": RequestState(item["state"]),
        "origin": Origin(item["origin"]),
        "last_act": RequestAct(item["last_act"]),
        "last_by": Party(item["last_by"]),
        "asked": _asked_of(item.get("asked")),
        "journal": _journal_of(item.get("journal")),
    }
    return from_record(Request, request)


def _asked_of(asked: Item | None) -> Asked | None:
    return from_record(Asked, {**asked, "reason": AskReason(asked["reason"])}) if asked else None


def _journal_of(journal: Item | None) -> StateJournal | None:
    if journal is None:
        return None
    before = journal["before"]
    stood = before and {
        **before,
        "state": RequestState(before["state"]),
        "asked": _asked_of(before["asked"]),
        "last_act": RequestAct(before["last_act"]),
        "last_by": Party(before["last_by"]),
    }
    return from_record(StateJournal, {**journal, "before": from_record(Before, stood) if stood else None})


def _document_of(item: Item) -> Document:
    return from_record(Document, {"first_name": "", "attention": "", **item})


def _line_of(item: Item) -> Line:
    return from_record(
        Line,
        {
            **item,
            "act": RequestAct(item["act"]),
            "by": Party(item["by"]),
            "state": RequestState(item["state"]),
        },
    )
