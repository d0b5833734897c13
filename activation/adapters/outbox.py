"""The messages to send, in the table `outbox` (ports `Outbox`, `Deliveries` and `DeliveryReports`)."""

from collections.abc import Mapping
from typing import Any

from activation.adapters.dynamodb import DynamoWrite, Item, Table, from_attributes
from activation.domain.contacts import Channel
from activation.domain.errors import MessageTakenError
from activation.domain.flows import Purpose
from activation.domain.outbox import (
    LEASE_SECONDS,
    DeliveryEvent,
    DeliveryState,
    MessageKind,
    OutboxMessage,
    ReportedMessage,
)

_CONTENT = (
    "kind",
    "identifier",
    "dies_at",
    "flow_id",
    "code_number",
    "purpose",
    "throttle_key",
    "channel",
    "structure_id",
    "counts",
    "request_number",
)
"""The attributes that are removed once a message is dropped."""

_FOR_REPORTS = ("kind", "identifier", "dies_at", "flow_id", "code_number", "channel")
"""The attributes of a sent message that stay until its row expires: reports name only its id (docs/adr/0009)."""

_SETTLED = frozenset({DeliveryState.SENT, DeliveryState.DROPPED})
_FREE = "(#state = :pending OR (#state = :sending AND leased_until <= :now))"
"""The message is neither sent nor dropped, and no worker's lease on it is running."""


class DynamoOutbox:
    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, message: OutboxMessage) -> DynamoWrite:
        item = {
            "message_id": message.message_id,
            "kind": message.kind.value,
            "identifier": message.identifier,
            "created_at": message.created_at,
            "dies_at": message.dies_at,
            "flow_id": message.flow_id,
            "code_number": message.code_number,
            "purpose": message.purpose and message.purpose.value,
            "throttle_key": message.throttle_key,
            "channel": message.channel and message.channel.value,
            "request_number": message.request_number,
            "structure_id": message.structure_id,
            "counts": message.counts,
            "state": DeliveryState.PENDING.value,
            "expires_at": message.expires_at,
        }
        return self._table.put(item, condition="attribute_not_exists(message_id)")

    def unsettled(self, message_id: str) -> OutboxMessage | None:
        item = self._table.get(message_id=message_id)
        return None if item is None or item["state"] in _SETTLED else _message(item)

    def claim(self, message_id: str, *, now: int) -> DynamoWrite:
        return self._unless_taken(
            message_id, "SET #state = :sending, leased_until = :lease", now, lease=now + LEASE_SECONDS
        )

    def release(self, message_id: str) -> None:
        self._table.update(
            {"message_id": message_id},
            "SET #state = :pending REMOVE leased_until",
            condition="#state = :sending",
            name_state="state",
            pending=DeliveryState.PENDING.value,
            sending=DeliveryState.SENDING.value,
        )

    def drop(self, message_id: str, *, now: int) -> DynamoWrite:
        return self._unless_taken(
            message_id,
            f"SET #state = :dropped, finished_at = :now REMOVE leased_until, {', '.join(_CONTENT)}",
            now,
            dropped=DeliveryState.DROPPED.value,
        )

    def finish(self, message_id: str, state: DeliveryState, *, now: int, provider_id: str | None = None) -> DynamoWrite:
        kept = _FOR_REPORTS if state is DeliveryState.SENT else ()
        gone = ("leased_until", *(name for name in _CONTENT if name not in kept))
        taken_by: dict[str, Any] = {"provider": provider_id} if provider_id else {}
        return self._table.update_write(
            {"message_id": message_id},
            "SET #state = :state, finished_at = :now"
            + (", provider_id = :provider" if provider_id else "")
            + f" REMOVE {', '.join(gone)}",
            condition="attribute_exists(message_id)",
            name_state="state",
            state=state.value,
            now=now,
            **taken_by,
        )

    def point_to(self, message: OutboxMessage, provider_id: str) -> DynamoWrite:
        item = {
            "message_id": _pointer(provider_id),
            "points_to": message.message_id,
            "state": DeliveryState.SENT.value,
            "expires_at": message.expires_at,
        }
        return self._table.put(item, condition="attribute_not_exists(message_id)")

    def message_of(self, provider_id: str) -> str | None:
        item = self._table.get(message_id=_pointer(provider_id))
        return item["points_to"] if item else None

    def _unless_taken(self, message_id: str, update: str, now: int, **values: Any) -> DynamoWrite:
        return self._table.update_write(
            {"message_id": message_id},
            update,
            condition=_FREE,
            refuse=lambda old: MessageTakenError(is_settled=not old or old["state"] in _SETTLED),
            name_state="state",
            pending=DeliveryState.PENDING.value,
            sending=DeliveryState.SENDING.value,
            now=now,
            **values,
        )

    def get(self, message_id: str) -> ReportedMessage | None:
        item = self._table.get(message_id=message_id)
        if item is None or item["state"] == DeliveryState.DROPPED:
            return None
        events = frozenset(event for event in DeliveryEvent if _report(event) in item)
        return ReportedMessage(_message(item), events, went_on="went_on_at" in item)

    def record(
        self, reported: ReportedMessage, event: DeliveryEvent, *, now: int, goes_on: bool = False
    ) -> DynamoWrite:
        unknown = sorted(_report(other) for other in DeliveryEvent if other not in reported.events)
        absent = " AND ".join(f"attribute_not_exists({name})" for name in unknown)
        return self._table.update_write(
            {"message_id": reported.message.message_id},
            f"SET {_report(event)} = :now" + (", went_on_at = :now" if goes_on else ""),
            condition=f"attribute_exists(message_id) AND {absent}",
            now=now,
        )


def _report(event: DeliveryEvent) -> str:
    """The name of the attribute that stores the time of such a report."""
    return f"{event.value}_at"


def _pointer(provider_id: str) -> str:
    """The key of the row that says which message went out under that id."""
    return f"sent#{provider_id}"


def is_message(image: Mapping[str, Any]) -> bool:
    """Whether a new row is a message to send, and not a pointer to a message that was sent."""
    return "points_to" not in image


def streamed_message(image: Mapping[str, Any]) -> OutboxMessage:
    """The message of a new row, from the image in the table's stream."""
    return _message(from_attributes(image))


def _message(item: Item) -> OutboxMessage:
    return OutboxMessage(
        message_id=item["message_id"],
        kind=MessageKind(item["kind"]),
        identifier=item["identifier"],
        created_at=item["created_at"],
        dies_at=item["dies_at"],
        flow_id=item.get("flow_id"),
        code_number=item.get("code_number"),
        purpose=Purpose(item["purpose"]) if "purpose" in item else None,
        throttle_key=item.get("throttle_key"),
        channel=Channel(item["channel"]) if "channel" in item else None,
        request_number=item.get("request_number"),
        structure_id=item.get("structure_id"),
        counts=item.get("counts"),
    )
