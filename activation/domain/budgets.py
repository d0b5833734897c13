"""Budgets of messages: SMS per number and day, SMS per hour of all people together, notices per contact and day."""

from typing import NamedTuple
from zlib import crc32

from activation.domain.contacts import Channel, Contact
from activation.domain.flows import Purpose
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, Limits, window
from activation.domain.outbox import MessageKind, OutboxMessage

SIGN_IN_SHARE = 5
"""The last fifth of an hour's SMS is kept for signing in."""

SAME_NOTICES_PER_DAY = 5

STATE_NOTICES = frozenset({MessageKind.ALREADY_ACTIVE, MessageKind.ACTIVATE_FIRST})
"""The notices that anybody can cause, by asking for a code that the account's state does not allow."""

STATE_NOTICES_PER_DAY = 1

MOST_PARTS, LEAST_PART = 20, 250
"""An hour's SMS are counted in at most `MOST_PARTS` counters of at least `LEAST_PART` SMS each. Every SMS of a campaign
writes a counter, and a single one would slow the campaign down (docs/performance.md)."""


class Budget(NamedTuple):
    """At most `most` messages may go out in that scope until `ends_at` (epoch seconds)."""

    scope: str
    most: int
    ends_at: int


class MessageBudgets(NamedTuple):
    """The budgets that a message counts against; None where no budget applies.

    `own` is that of its account, contact or number. `hour` is that of all SMS of the hour.
    """

    own: Budget | None = None
    hour: Budget | None = None


def budgets_of(
    message: OutboxMessage, kind: MessageKind, contact: Contact, purpose: Purpose | None, *, now: int, limits: Limits
) -> MessageBudgets:
    """The budgets of a message of that kind to that contact. `purpose` is the flow's; it matters for codes only."""
    coded = purpose if kind is MessageKind.CODE else None
    is_sms = contact.channel is Channel.SMS
    hour = hour_budget(coded, message.message_id, now=now, limits=limits) if is_sms else None
    if kind in STATE_NOTICES:
        return MessageBudgets(state_notice_budget(message.identifier, now=now), hour)
    if kind is not MessageKind.CODE:
        return MessageBudgets(notice_budget(contact, kind, now=now), hour)
    return MessageBudgets(number_budget(contact, coded, now=now, limits=limits) if is_sms else None, hour)


def number_budget(contact: Contact, purpose: Purpose | None, *, now: int, limits: Limits) -> Budget | None:
    """The day's budget of SMS codes to a number; None for a notice, which has no `purpose`.

    Sign-in codes and codes for a new contact have budgets of their own. Otherwise the owner of any account could use
    up somebody else's codes by entering their number (docs/adr/0011).
    """
    if purpose is None:
        return None
    day = window("d", DAY_SECONDS, now)
    kind, most = ("any", limits.sms_per_number_per_day)
    if purpose is Purpose.SIGN_IN:
        kind, most = ("sign_in", limits.sign_in_sms_per_number_per_day)
    elif purpose is Purpose.CONTACT:
        kind = "contact"
    return Budget(f"number#{contact.value}#{kind}#{day.name}", most, day.ends_at)


def notice_budget(contact: Contact, kind: str, *, now: int) -> Budget:
    """The day's budget of notices of one kind to one contact: more of them say nothing new and could be used to annoy.

    Each kind has its own budget, so that many harmless notices never suppress an important one (docs/adr/0011).
    """
    day = window("d", DAY_SECONDS, now)
    return Budget(f"notice#{contact.value}#{kind}#{day.name}", SAME_NOTICES_PER_DAY, day.ends_at)


def state_notice_budget(identifier: str, *, now: int) -> Budget:
    """The day's budget of one account for `STATE_NOTICES`, which explain why a requested code does not come."""
    day = window("d", DAY_SECONDS, now)
    return Budget(f"notice#{identifier}#{day.name}", STATE_NOTICES_PER_DAY, day.ends_at)


def hour_budget(purpose: Purpose | None, message_id: str, *, now: int, limits: Limits) -> Budget:
    """The hour's budget of all SMS together, against SMS pumping: the part of it that this message counts against.

    Within an hour a message id always has the same part. All parts together never exceed the limit `sms_per_hour`;
    they do not fill up at exactly the same time.
    """
    hour = window("h", HOUR_SECONDS, now)
    parts = min(MOST_PARTS, max(1, limits.sms_per_hour // LEAST_PART))
    most = limits.sms_per_hour // parts
    if purpose is not Purpose.SIGN_IN:
        most -= most // SIGN_IN_SHARE
    return Budget(f"hour#{hour.name}#{crc32(message_id.encode()) % parts}", most, hour.ends_at)
