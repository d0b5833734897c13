"""The ports of requests; adapters implement them with DynamoDB, fakes in memory (`activation.domain.ports`)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from activation.domain.ports import Write
from activation.domain.requests.acts import Done
from activation.domain.requests.documents import Document
from activation.domain.requests.request import Line, Queue, Request


class Filed(NamedTuple):
    """All stored data of a person's requests, each list oldest first."""

    requests: Sequence[Request]
    lines: Sequence[Line]
    documents: Sequence[Document]


class DueKey(NamedTuple):
    """The key of a request or a document that is due: the person's identifier and the record."""

    identifier: str
    record: str


class Requests(Protocol):
    """The requests of people, their timelines and their documents."""

    def of(self, identifier: str) -> list[Request]:
        """All requests of that person, oldest first."""

    def filed(self, identifier: str) -> Filed:
        """All requests of that person, with their lines and documents."""

    def get(self, identifier: str, request_id: str) -> Request | None:
        """That person's request as it is stored now; None when they have none with that id."""

    def timeline(self, identifier: str, request_id: str) -> list[Line]:
        """The lines of a request, oldest first."""

    def find(self, number: str) -> Request | None:
        """The request with that number, whosever it is; None when there is none."""

    def write(self, done: Done) -> Sequence[Write]:
        """Writes an act: the request, its line, and what is counted of the person's open ones.

        Refused: StaleError when the request is no longer at the version that was read, or its number is taken;
        StaleError too for a draft of a kind that has one; TooManyRequestsOpenError for one too many.
        """

    def issue(self, document: Document, code_hash: str) -> Sequence[Write]:
        """Writes a document, and a row that finds it by the hash of its code."""

    def document(self, identifier: str, document_id: str) -> Document | None:
        """That person's document; None when they have none with that id."""

    def find_document(self, code_hash: str) -> Document | None:
        """The document whose code has that SHA-256; None when there is none."""

    def waiting(self, kind: str, queue: Queue, *, most: int) -> list[Request]:
        """The requests of that kind that wait for agents in that queue, the oldest first.

        Rows written before there were two queues are in the first, whichever queue they belong to now.
        """

    def count_waiting(self, kind: str, queue: Queue) -> int:
        """How many requests of that kind wait in that queue; it may lag behind by a moment."""

    def due_keys(self, day: str) -> Iterator[DueKey]:
        """The keys of requests and documents that the cleanup has to handle on that day (`YYYY-MM-DD`)."""

    def due(self, key: DueKey, day: str) -> Request | Document | None:
        """The request or document with that key as stored now; None when it is gone, or due on another day."""

    def update(self, before: Request, after: Request) -> Write:
        """Writes a request without an act. Refused: StaleError."""

    def remove(self, request: Request, timeline: Sequence[Line]) -> Sequence[Write]:
        """Removes a request of the back office with its timeline, and frees its number. Refused: StaleError."""

    def erase(self, request: Request) -> None:
        """Removes a request and its timeline, and frees its number, and its place if it is open."""

    def erase_document(self, document: Document) -> None:
        """Removes a document, and the row that finds it by its code."""
