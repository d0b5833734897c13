"""The events of an account, as its history records them."""

from dataclasses import dataclass
from enum import StrEnum

from activation.domain.contacts import Channel


class EventKind(StrEnum):
    """The kinds of events of an account, but for consent and terms: they have ledgers of their own."""

    ACTIVATED = "activated"
    SIGNED_IN = "signed_in"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # an event's name
    PASSWORD_RESET = "password_reset"  # noqa: S105  # an event's name
    EMAIL_PROVEN = "email_proven"
    SMS_PROVEN = "sms_proven"
    CONTACTS_RESTORED = "contacts_restored"
    CHANNEL_EMAIL = "channel_email"
    CHANNEL_SMS = "channel_sms"

    CODE_SENT_EMAIL = "code_sent_email"
    CODE_SENT_SMS = "code_sent_sms"
    CODE_REFUSED = "code_refused"
    """The provider refused to take the message."""
    CODE_WITHHELD = "code_withheld"
    """The day's SMS budget of the number is used up: no code was sent."""
    MAIL_DELIVERED = "mail_delivered"
    MAIL_DELAYED = "mail_delayed"
    MAIL_BOUNCED = "mail_bounced"
    MAIL_BLOCKED = "mail_blocked"
    MAIL_BOUNCED_FOR_NOW = "mail_bounced_for_now"
    MAIL_REJECTED = "mail_rejected"
    MAIL_COMPLAINED = "mail_complained"
    SMS_FAILED = "sms_failed"
    SMS_NUMBER_REFUSED = "sms_number_refused"

    DECLARED_ANEW = "declared_anew"
    """A correspondent changed what the employer declares."""

    CORRESPONDENT_LOOKED = "correspondent_looked"
    """A correspondent saw the person's requests; one line a day."""

    DESK_LISTED = "desk_listed"
    DESK_LOOKED = "desk_looked"
    DESK_CONTACT_CHECKED = "desk_contact_checked"
    DESK_CONTACT_CORRECTED = "desk_contact_corrected"
    DESK_CONTACT_CONFIRMED = "desk_contact_confirmed"
    DESK_NAME_ASKED = "desk_name_asked"
    DESK_NAME_CORRECTED = "desk_name_corrected"
    DESK_CODE_SENT_AGAIN = "desk_code_sent_again"
    DESK_COUNTERS_CLEARED = "desk_counters_cleared"
    DESK_UNLOCKED = "desk_unlocked"
    DESK_MARK_LIFTED = "desk_mark_lifted"
    DESK_CLOSING_ASKED = "desk_closing_asked"
    DESK_CLOSED = "desk_closed"
    DESK_REQUEST_LOOKED = "desk_request_looked"
    DESK_REQUEST_HANDLED = "desk_request_handled"
    DESK_INVITATION_ASKED = "desk_invitation_asked"
    DESK_INVITED = "desk_invited"
    DESK_UNLINKED = "desk_unlinked"
    DESK_ARRIVALS_ADMITTED = "desk_arrivals_admitted"
    FILE_APPLIED = "file_applied"
    """A correspondent applied a file; `changed` says in French how many people it changed."""
    FILE_UNDONE = "file_undone"
    LINK_REPLACED = "link_replaced"
    """A roster gave another correspondent's mail for a structure of theirs: their link ended."""
    LINK_RESTORED = "link_restored"
    """The import that ended the link was undone."""


CHANNEL_EVENTS = {Channel.EMAIL: EventKind.CHANNEL_EMAIL, Channel.SMS: EventKind.CHANNEL_SMS}
"""The event to record when the account's codes are to go to this channel."""


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the account's history: what happened at `at` (epoch seconds).

    An act of the help desk has the `agent` and the `reason` that they gave. A sent code has its `flow_id`. When a
    correspondent declares anew or looks at requests, `agent` is their identifier; `changed` has the French names of the
    columns that were declared anew.
    """

    kind: EventKind
    at: int
    agent: str | None = None
    reason: str | None = None
    flow_id: str | None = None
    changed: str | None = None
