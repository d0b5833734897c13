"""Messages to people, written with the state change that they tell of and sent afterwards. They hold no contact."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from activation.domain.contacts import Channel
from activation.domain.flows import Flow, Purpose
from activation.domain.limits import DAY_SECONDS
from activation.domain.tokens import RandomBytes, new_id

LEASE_SECONDS = 60
"""How long a worker has to send what it claimed before another may."""


class MessageKind(StrEnum):
    """What a message says."""

    CODE = "code"
    ACTIVATED = "activated"
    ALREADY_ACTIVE = "already_active"
    ACTIVATE_FIRST = "activate_first"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # a message's name
    EMAIL_CHANGED = "email_changed"
    MOBILE_CHANGED = "mobile_changed"
    CHANNEL_CHANGED = "channel_changed"
    TOO_MANY_WRONG_CODES = "too_many_wrong_codes"
    ROSTER_CONTACT_CHANGED = "roster_contact_changed"
    ACCOUNT_CLOSED = "account_closed"


CONTACT_CHANGED = {Channel.EMAIL: MessageKind.EMAIL_CHANGED, Channel.SMS: MessageKind.MOBILE_CHANGED}
"""What tells that the contact of that channel is another one."""


class DeliveryState(StrEnum):
    """How far a message has come."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"


class DeliveryEvent(StrEnum):
    """What a provider reports of a mail that it took."""

    DELIVERED = "delivered"
    DELAYED = "delayed"
    BOUNCED = "bounced"
    """It came back for good."""
    BOUNCED_FOR_NOW = "bounced_for_now"
    COMPLAINED = "complained"
    REJECTED = "rejected"


class RefusedByProviderError(Exception):
    """The provider will never take this message: trying again is in vain."""


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A message to send before `dies_at` (epoch seconds). It names no contact and no code.

    A code's message has the flow and the code's number, and with `channel` goes there only; `purpose` and
    `throttle_key` let the worker read all that it needs at once. A notice goes to the proven contact on `channel`; with
    a flow as well, to the flow's notified contact on that channel (docs/adr/0015); with a flow alone, to the owner of
    the account that the flow is for.
    """

    message_id: str
    kind: MessageKind
    identifier: str
    created_at: int
    dies_at: int
    flow_id: str | None = None
    code_number: int | None = None
    purpose: Purpose | None = None
    throttle_key: str | None = None
    channel: Channel | None = None

    @property
    def expires_at(self) -> int:
        """When the row may go."""
        return self.created_at + DAY_SECONDS


@dataclass(frozen=True, slots=True)
class ReportedMessage:
    """A message that was handed over, and what its provider has reported so far."""

    message: OutboxMessage
    events: frozenset[DeliveryEvent] = field(default_factory=frozenset)


def code_message_for(flow: Flow, message_id: str, *, now: int) -> OutboxMessage:
    """The message that carries the flow's latest code; it dies with the code."""
    return OutboxMessage(
        message_id,
        MessageKind.CODE,
        flow.identifier,
        now,
        flow.latest_code.expires_at,
        flow.flow_id,
        flow.code_number,
        flow.purpose,
        flow.throttle_key,
    )


def code_by_sms(message: OutboxMessage, flow: Flow, message_id: str, *, now: int) -> OutboxMessage:
    """A message that carries the same code as one whose mail came back, to a mobile; it dies with that code too."""
    return replace(
        message,
        message_id=message_id,
        created_at=now,
        purpose=flow.purpose,
        throttle_key=flow.throttle_key,
        channel=Channel.SMS,
    )


def notices_for(
    kind: MessageKind, identifier: str, channels: Iterable[Channel], random: RandomBytes, *, now: int
) -> list[OutboxMessage]:
    """A message for each of the person's channels that says what happened; worth sending for a day."""
    return [
        OutboxMessage(new_id(random), kind, identifier, now, now + DAY_SECONDS, channel=channel) for channel in channels
    ]


def notices_to_notified(kind: MessageKind, flow: Flow, random: RandomBytes, *, now: int) -> list[OutboxMessage]:
    """A message to each of the flow's notified contacts; worth sending for a day."""
    return [
        OutboxMessage(
            new_id(random), kind, flow.identifier, now, now + DAY_SECONDS, flow_id=flow.flow_id, channel=channel
        )
        for channel in flow.notified_contacts
    ]


def lock_notice_for(flow: Flow, message_id: str, *, now: int) -> OutboxMessage:
    """A message to whoever answers to the flow's pair: too many wrong codes were typed for it."""
    return OutboxMessage(
        message_id, MessageKind.TOO_MANY_WRONG_CODES, flow.identifier, now, now + DAY_SECONDS, flow.flow_id
    )
