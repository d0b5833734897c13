"""The port `Requests` in memory."""

from collections.abc import Callable, Iterator, Sequence

from activation.domain.errors import DomainError, StaleError, TooManyRequestsOpenError
from activation.domain.requests.acts import MOST_OPEN, Done
from activation.domain.requests.documents import Document
from activation.domain.requests.ports import DueKey, Filed
from activation.domain.requests.request import Line, Queue, Request
from activation.domain.requests.states import Origin, RequestState
from tests.fakes.store import FakeWrite


class FakeRequests:
    """Requests in `rows`, by id; their lines and documents beside them. `meanwhile`: what others do before a read."""

    def __init__(self) -> None:
        self.meanwhile = list[Callable[[], object]]()
        self.rows: dict[str, Request] = {}
        self.lines: dict[str, list[Line]] = {}
        self.documents: dict[str, tuple[Document, str]] = {}

    def of(self, identifier: str) -> list[Request]:
        return [one for one in self.rows.values() if one.identifier == identifier]

    def filed(self, identifier: str) -> Filed:
        requests = self.of(identifier)
        lines = [line for one in requests for line in self.lines[one.request_id]]
        documents = [document for document, _ in self.documents.values() if document.identifier == identifier]
        return Filed(requests, lines, documents)

    def get(self, identifier: str, request_id: str) -> Request | None:
        if self.meanwhile:
            self.meanwhile.pop(0)()
        found = self.rows.get(request_id)
        return found if found and found.identifier == identifier else None

    def timeline(self, identifier: str, request_id: str) -> list[Line]:
        return list(self.lines.get(request_id, [])) if self.get(identifier, request_id) else []

    def find(self, number: str) -> Request | None:
        return next((one for one in self.rows.values() if one.number == number), None)

    def write(self, done: Done) -> Sequence[FakeWrite]:
        after, before = done.after, done.before

        def apply() -> None:
            self.rows[after.request_id] = after
            self.lines.setdefault(after.request_id, []).extend(line for line in (done.opening, done.line) if line)

        def refusal() -> DomainError | None:
            is_too_many = before is None and after.origin is Origin.PERSON and self._open(after) >= MOST_OPEN
            return TooManyRequestsOpenError() if is_too_many else StaleError()

        return [FakeWrite(f"R#{after.request_id}", apply, lambda: self._holds(before, after), refusal)]

    def issue(self, document: Document, code_hash: str) -> Sequence[FakeWrite]:
        name = document.document_id
        return [FakeWrite(f"D#{name}", lambda: self.documents.update({name: (document, code_hash)}))]

    def document(self, identifier: str, document_id: str) -> Document | None:
        document, _ = self.documents.get(document_id, (None, ""))
        return document if document and document.identifier == identifier else None

    def find_document(self, code_hash: str) -> Document | None:
        return next((document for document, known in self.documents.values() if known == code_hash), None)

    def waiting(self, kind: str, queue: Queue, *, most: int) -> list[Request]:
        return [one for one in self.rows.values() if one.kind == kind and one.queue is queue][:most]

    def count_waiting(self, kind: str, queue: Queue) -> int:
        return len(self.waiting(kind, queue, most=len(self.rows)))

    def due_keys(self, day: str) -> Iterator[DueKey]:
        yield from [DueKey(one.identifier, one.request_id) for one in self.rows.values() if one.due_on == day]
        documents = [document for document, _ in self.documents.values() if document.erased_on == day]
        yield from [DueKey(document.identifier, document.document_id) for document in documents]

    def due(self, key: DueKey, day: str) -> Request | Document | None:
        request, document = self.get(*key), self.document(*key)
        if request and request.due_on == day:
            return request
        return document if document and document.erased_on == day else None

    def update(self, before: Request, after: Request) -> FakeWrite:
        name = after.request_id
        return FakeWrite(f"R#{name}", lambda: self.rows.update({name: after}), lambda: self._holds(before, after))

    def remove(self, request: Request, timeline: Sequence[Line]) -> Sequence[FakeWrite]:
        name = request.request_id
        assert list(timeline) == self.lines[name]
        return [FakeWrite(f"R#{name}", lambda: self.erase(request), lambda: self._holds(request, request))]

    def erase(self, request: Request) -> None:
        self.rows.pop(request.request_id, None)
        self.lines.pop(request.request_id, None)

    def erase_document(self, document: Document) -> None:
        self.documents.pop(document.document_id, None)

    def _open(self, like: Request) -> int:
        return sum(one.is_open and one.origin is Origin.PERSON for one in self.of(like.identifier))

    def _holds(self, before: Request | None, after: Request) -> bool:
        if before:
            return after.request_id in self.rows and self.rows[after.request_id].version == before.version
        if after.request_id in self.rows or self.find(after.number):
            return False
        if after.origin is Origin.BACK_OFFICE:
            return True
        drafts = [one for one in self.of(after.identifier) if one.state is RequestState.DRAFT]
        has_room = not after.is_open or self._open(after) < MOST_OPEN
        return has_room and (not after.is_open or all(one.kind != after.kind for one in drafts))
