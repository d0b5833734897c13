"""Messages to people: written in the transaction of the change that they report, sent later. They store no contact."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from activation.domain.contacts import Channel
from activation.domain.flows import Flow, Purpose
from activation.domain.limits import DAY_SECONDS
from activation.domain.tokens import RandomBytes, new_id

LEASE_SECONDS = 60
"""How many seconds a worker has to send a message that it claimed, before another worker may claim it."""


class MessageKind(StrEnum):
    """The kinds of messages; each has a text of its own."""

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
    REQUEST_SENT = "request_sent"
    REQUEST_TO_COMPLETE = "request_to_complete"
    REQUEST_REMINDER = "request_reminder"
    REQUEST_DECIDED = "request_decided"
    REQUEST_SETTLED = "request_settled"
    REQUEST_MESSAGE = "request_message"
    DRAFT_ENDING = "draft_ending"
    CORRESPONDENT_INVITED = "correspondent_invited"
    CORRESPONDENT_LINKED = "correspondent_linked"
    CORRESPONDENT_UNLINKED = "correspondent_unlinked"
    FILE_APPLIED = "file_applied"


OF_STRUCTURES = frozenset(
    {MessageKind.CORRESPONDENT_INVITED, MessageKind.CORRESPONDENT_LINKED, MessageKind.CORRESPONDENT_UNLINKED}
    | {MessageKind.FILE_APPLIED}
)
"""The notices about a structure that somebody answers for: they go where the account gets messages, active or not."""

CONTACT_CHANGED = {Channel.EMAIL: MessageKind.EMAIL_CHANGED, Channel.SMS: MessageKind.MOBILE_CHANGED}
"""The notice that the account's contact on that channel was changed."""


class DeliveryState(StrEnum):
    """How far a message has come."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"


class DeliveryEvent(StrEnum):
    """The kinds of reports of a provider on a message that it accepted."""

    DELIVERED = "delivered"
    DELAYED = "delayed"
    BOUNCED = "bounced"
    """The provider of the address says for good that there is no such recipient."""
    BLOCKED = "blocked"
    """The mail was refused for good, and not because of the address: often the provider blocks the sender."""
    BOUNCED_FOR_NOW = "bounced_for_now"
    ANSWERED = "answered"
    """A general bounce for now, which is how SES reports an automatic reply: it says nothing of the delivery."""
    COMPLAINED = "complained"
    REJECTED = "rejected"
    FAILED = "failed"
    """The SMS did not arrive; the next one may."""
    NUMBER_REFUSED = "number_refused"
    """No SMS arrives at that number: the number does not exist, or it opted out."""


OF_SMS = frozenset({DeliveryEvent.FAILED, DeliveryEvent.NUMBER_REFUSED})
"""The reports on an SMS; all others are on a mail."""

UNDELIVERED = OF_SMS | {DeliveryEvent.BOUNCED, DeliveryEvent.BLOCKED, DeliveryEvent.REJECTED}
"""The reports that say for good that the message did not arrive."""

UNDELIVERED_YET = frozenset({DeliveryEvent.BOUNCED_FOR_NOW, DeliveryEvent.DELAYED})
"""The reports that a mail has not arrived yet; they mean nothing once it is delivered."""


class RefusedByProviderError(Exception):
    """The provider will never accept this message: do not retry."""


class NumberRefusedError(RefusedByProviderError):
    """The provider sends nothing to that number: the number does not exist, or it opted out."""


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A message to send before `dies_at` (epoch seconds). It contains no contact and no code.

    A code's message has `flow_id` and `code_number`. It has a `channel` only when the code went the other way before,
    and did not arrive: it goes out on that channel alone, and nowhere else after that. With `purpose` and
    `throttle_key` the worker reads all that it needs in one call.

    A notice with `channel` goes to the proven contact on it; with `channel` and `flow_id`, to the flow's notified
    contact on that channel (docs/adr/0015); with `flow_id` alone, to the owner of the account that the flow is for. A
    notice on a request has its number (`request_number`), one on an applied file its `counts` in French. A notice of
    `OF_STRUCTURES` has the `structure_id`; without channel and flow it goes to the account's present contact.
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
    request_number: str | None = None
    structure_id: str | None = None
    counts: str | None = None

    @property
    def expires_at(self) -> int:
        """When the row may be removed (epoch seconds)."""
        return self.created_at + DAY_SECONDS


@dataclass(frozen=True, slots=True)
class ReportedMessage:
    """A message that its provider accepted, and the provider's reports on it so far.

    `went_on`: the code was sent another way because of such a report. That happens once, however many reports follow: a
    mail may be delayed, and bounce later.
    """

    message: OutboxMessage
    events: frozenset[DeliveryEvent] = field(default_factory=frozenset)
    went_on: bool = False

    def is_awaited_in_vain(self, event: DeliveryEvent) -> bool:
        """Whether such a report, coming now, says that the message has not arrived, and no code went another way."""
        is_late = event in UNDELIVERED_YET and DeliveryEvent.DELIVERED not in self.events
        return not self.went_on and (is_late or event in UNDELIVERED)


def code_message_for(flow: Flow, message_id: str, *, now: int) -> OutboxMessage:
    """The message with the flow's latest code; it dies with the code."""
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


def structure_notice_for(
    kind: MessageKind,
    identifier: str,
    structure_id: str,
    random: RandomBytes,
    *,
    now: int,
    counts: str | None = None,
) -> OutboxMessage:
    """A notice about a structure that the account's owner answers for, or answered for; it is dropped after a day."""
    return OutboxMessage(
        new_id(random), kind, identifier, now, now + DAY_SECONDS, structure_id=structure_id, counts=counts
    )


def notices_for(
    kind: MessageKind, identifier: str, channels: Iterable[Channel], random: RandomBytes, *, now: int
) -> list[OutboxMessage]:
    """A notice of that kind to the account's proven contact on each channel; it is dropped after a day."""
    return [
        OutboxMessage(new_id(random), kind, identifier, now, now + DAY_SECONDS, channel=channel) for channel in channels
    ]


def notices_to_notified(
    kind: MessageKind, flow: Flow, random: RandomBytes, *, now: int, structure_id: str | None = None
) -> list[OutboxMessage]:
    """A notice of that kind to each of the flow's notified contacts; it is dropped after a day."""
    return [
        OutboxMessage(
            new_id(random),
            kind,
            flow.identifier,
            now,
            now + DAY_SECONDS,
            flow_id=flow.flow_id,
            channel=channel,
            structure_id=structure_id,
        )
        for channel in flow.notified_contacts
    ]


def lock_notice_for(flow: Flow, message_id: str, *, now: int) -> OutboxMessage:
    """A notice to the owner of the account that the flow is for: too many wrong codes locked its throttle key."""
    return OutboxMessage(
        message_id, MessageKind.TOO_MANY_WRONG_CODES, flow.identifier, now, now + DAY_SECONDS, flow.flow_id
    )
