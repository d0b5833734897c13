"""The ports of the outbox in memory, and its senders: what goes out is kept."""

from dataclasses import dataclass, field, replace
from typing import Any

from activation.domain.errors import DomainError, MessageTakenError
from activation.domain.outbox import LEASE_SECONDS, DeliveryEvent, DeliveryState, OutboxMessage, ReportedMessage
from tests.fakes.store import FakeWrite


@dataclass(frozen=True)
class Delivery:
    """A row of the outbox; `message` goes once it is dropped."""

    message: OutboxMessage | None
    state: DeliveryState = DeliveryState.PENDING
    leased_until: int = 0
    finished_at: int | None = None
    provider_id: str | None = None
    events: frozenset[DeliveryEvent] = frozenset()
    went_on: bool = False

    @property
    def is_settled(self) -> bool:
        return self.state in (DeliveryState.SENT, DeliveryState.DROPPED)


class FakeOutbox:
    """The messages to send, in `rows`: the ports `Outbox`, `Deliveries` and `DeliveryReports`."""

    def __init__(self) -> None:
        self.rows: dict[str, Delivery] = {}
        self.pointers: dict[str, str] = {}

    @property
    def pending(self) -> list[OutboxMessage]:
        waiting = [row.message for row in self.rows.values() if row.state is DeliveryState.PENDING]
        return [message for message in waiting if message]

    def put(self, message: OutboxMessage) -> FakeWrite:
        key = message.message_id
        return FakeWrite(key, lambda: self.rows.update({key: Delivery(message)}), lambda: key not in self.rows)

    def unsettled(self, message_id: str) -> OutboxMessage | None:
        row = self.rows.get(message_id)
        return None if row is None or row.is_settled else row.message

    def claim(self, message_id: str, *, now: int) -> FakeWrite:
        lease = now + LEASE_SECONDS
        return self._unless_taken(message_id, now, {"state": DeliveryState.SENDING, "leased_until": lease})

    def drop(self, message_id: str, *, now: int) -> FakeWrite:
        forgotten = {"message": None, "leased_until": 0}
        return self._unless_taken(message_id, now, {"state": DeliveryState.DROPPED, "finished_at": now, **forgotten})

    def _unless_taken(self, message_id: str, now: int, changes: dict[str, Any]) -> FakeWrite:
        def holds() -> bool:
            row = self.rows.get(message_id)
            return row is not None and not row.is_settled and row.leased_until <= now

        def refusal() -> DomainError:
            row = self.rows.get(message_id)
            return MessageTakenError(is_settled=row is None or row.is_settled)

        def apply() -> None:
            self.rows[message_id] = replace(self.rows[message_id], **changes)

        return FakeWrite(message_id, apply, holds, refusal)

    def release(self, message_id: str) -> None:
        row = self.rows[message_id]
        if row.state is DeliveryState.SENDING:
            self.rows[message_id] = Delivery(row.message)

    def finish(self, message_id: str, state: DeliveryState, *, now: int, provider_id: str | None = None) -> FakeWrite:
        def apply() -> None:
            row = self.rows[message_id]
            sent = row.message if state is DeliveryState.SENT else None
            kept = replace(sent, purpose=None, throttle_key=None, request_number=None) if sent else None
            self.rows[message_id] = Delivery(kept, state, finished_at=now, provider_id=provider_id, events=row.events)

        return FakeWrite(message_id, apply, lambda: message_id in self.rows)

    def point_to(self, message: OutboxMessage, provider_id: str) -> FakeWrite:
        return FakeWrite(f"sent#{provider_id}", lambda: self.pointers.update({provider_id: message.message_id}))

    def message_of(self, provider_id: str) -> str | None:
        return self.pointers.get(provider_id)

    def get(self, message_id: str) -> ReportedMessage | None:
        row = self.rows.get(message_id)
        return ReportedMessage(row.message, row.events, went_on=row.went_on) if row and row.message else None

    def record(
        self,
        reported: ReportedMessage,
        event: DeliveryEvent,
        *,
        now: int,  # noqa: ARG002  # when is not kept
        goes_on: bool = False,
    ) -> FakeWrite:
        message_id = reported.message.message_id
        return FakeWrite(
            message_id,
            lambda: self._report(message_id, event, goes_on=goes_on),
            lambda: message_id in self.rows and self.rows[message_id].events == reported.events,
        )

    def _report(self, message_id: str, event: DeliveryEvent, *, goes_on: bool) -> None:
        row = self.rows[message_id]
        self.rows[message_id] = replace(row, events=row.events | {event}, went_on=row.went_on or goes_on)


@dataclass(frozen=True)
class Sent:
    """A mail or SMS that went out; an SMS has its text alone."""

    to: str
    text: str
    subject: str = ""
    html: str = ""
    message_id: str = ""
    is_code: bool = False


@dataclass
class Provider:
    """Takes what is sent, in `sent`; raises `failures` first, one a call."""

    sent: list[Sent] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def take(self, message: Sent) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
        return f"provider-{len(self.sent)}"


class FakeMailSender(Provider):
    def send(self, to: str, *, subject: str, text: str, html: str, message_id: str, is_code: bool = False) -> str:
        return self.take(Sent(to, text, subject, html, message_id, is_code))


class FakeSmsSender(Provider):
    def send(self, to: str, text: str, *, is_code: bool = False) -> str:
        return self.take(Sent(to, text, is_code=is_code))
