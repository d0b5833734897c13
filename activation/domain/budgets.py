"""What messages may cost: SMS per number and day and per hour for all together, notices per contact and day."""

from dataclasses import dataclass
from zlib import crc32

from activation.domain.contacts import Channel, Contact
from activation.domain.flows import Purpose
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, Limits, window
from activation.domain.outbox import MessageKind, OutboxMessage

SIGN_IN_SHARE = 5
"""The last fifth of an hour's SMS is kept for signing in."""

SAME_NOTICES_PER_DAY = 5

STATE_NOTICES = frozenset({MessageKind.ALREADY_ACTIVE, MessageKind.ACTIVATE_FIRST})
"""The notices that a stranger can cause, by asking for a code that the account's state forbids."""

STATE_NOTICES_PER_DAY = 1

MOST_PARTS, LEAST_PART = 20, 250
"""An hour's SMS are counted in parts, as many as leave each at least that many: one count of all would hold up a
campaign, whose every SMS would write it (docs/performance.md)."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A count that a message needs a place in: `most` in that scope until `ends_at` (epoch seconds)."""

    scope: str
    most: int
    ends_at: int


@dataclass(frozen=True, slots=True)
class MessageBudgets:
    """The budgets that a message needs a place in: `own`, of its account, contact or number, and everybody's `hour`."""

    own: Budget | None = None
    hour: Budget | None = None


def budgets_of(
    message: OutboxMessage, kind: MessageKind, contact: Contact, purpose: Purpose | None, *, now: int, limits: Limits
) -> MessageBudgets:
    """The budgets of a message that says `kind` to that contact; only a code counts under the flow's `purpose`."""
    coded = purpose if kind is MessageKind.CODE else None
    is_sms = contact.channel is Channel.SMS
    hour = hour_budget(coded, message.message_id, now=now, limits=limits) if is_sms else None
    if kind in STATE_NOTICES:
        return MessageBudgets(state_notice_budget(message.identifier, now=now), hour)
    if kind is not MessageKind.CODE:
        return MessageBudgets(notice_budget(contact, kind, now=now), hour)
    return MessageBudgets(number_budget(contact, coded, now=now, limits=limits) if is_sms else None, hour)


def number_budget(contact: Contact, purpose: Purpose | None, *, now: int, limits: Limits) -> Budget | None:
    """The day's budget of the number; none for a notice.

    What a right password asked for counts apart, and so do changes of contact: else whoever has an account could use
    up somebody else's codes by naming their number (docs/adr/0011).
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
    """The day's budget of one contact for notices that say the same: more tell nothing, and could be made a nuisance.

    Each kind has its own, so that many harmless ones never silence the one that matters (docs/adr/0011).
    """
    day = window("d", DAY_SECONDS, now)
    return Budget(f"notice#{contact.value}#{kind}#{day.name}", SAME_NOTICES_PER_DAY, day.ends_at)


def state_notice_budget(identifier: str, *, now: int) -> Budget:
    """The day's budget of one account for notices that say why a code that was asked for does not come."""
    day = window("d", DAY_SECONDS, now)
    return Budget(f"notice#{identifier}#{day.name}", STATE_NOTICES_PER_DAY, day.ends_at)


def hour_budget(purpose: Purpose | None, message_id: str, *, now: int, limits: Limits) -> Budget:
    """The hour's budget of everybody, a breaker against SMS pumping: the part of it that this message counts in.

    A message keeps its part for the hour. All parts together never let more through than the limit; the last of them
    fills a little after the first.
    """
    hour = window("h", HOUR_SECONDS, now)
    parts = min(MOST_PARTS, max(1, limits.sms_per_hour // LEAST_PART))
    most = limits.sms_per_hour // parts
    if purpose is not Purpose.SIGN_IN:
        most -= most // SIGN_IN_SHARE
    return Budget(f"hour#{hour.name}#{crc32(message_id.encode()) % parts}", most, hour.ends_at)
