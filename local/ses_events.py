"""SES's events in SES's own JSON (Amazon SES Developer Guide, "Contents of event data")."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from local.engine import ACCOUNT

Details = dict[str, Any]


def ses_event(event: str, *, to: str, provider_id: str, message_id: str) -> Details:
    """SES's JSON for `event` (one of EVENTS) on the mail of that id, which carried our message's id."""
    name, member, describe = EVENTS[event]
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    mail = {
        "timestamp": now,
        "messageId": provider_id,
        "sendingAccountId": ACCOUNT,
        "destination": [to],
        "headersTruncated": False,
        "tags": {"message_id": [message_id], "ses:caller-identity": ["deliver_message"]},
    }
    return {"eventType": name, "mail": mail, member: {"timestamp": now, **describe(to)}}


def _bounce(to: str) -> Details:
    return _bounced(to, "Permanent", "General", status="5.1.1", diagnosticCode="smtp; 550 5.1.1 user unknown")


def _block(to: str) -> Details:
    words = "smtp; 550 5.5.0 Service refuse. Veuillez essayer plus tard. OFR006_102"
    return _bounced(to, "Permanent", "General", status="5.5.0", diagnosticCode=words)


def _full(to: str) -> Details:
    return _bounced(to, "Transient", "MailboxFull", status="4.2.2", diagnosticCode="smtp; 452 4.2.2 mailbox full")


def _reply(to: str) -> Details:
    """The details of an automatic reply, which have no delivery status."""
    return _bounced(to, "Transient", "General")


def _bounced(to: str, kind: str, sub_type: str, **status: str) -> Details:
    diagnosis = {"action": "failed", **status} if status else {}
    return {
        "feedbackId": str(uuid.uuid4()),
        "bounceType": kind,
        "bounceSubType": sub_type,
        "bouncedRecipients": [{"emailAddress": to, **diagnosis}],
        "reportingMTA": "dsn; mail.example",
    }


def _complaint(to: str) -> Details:
    return {
        "feedbackId": str(uuid.uuid4()),
        "complainedRecipients": [{"emailAddress": to}],
        "complaintFeedbackType": "abuse",
    }


def _delivery(to: str) -> Details:
    return {
        "processingTimeMillis": 700,
        "recipients": [to],
        "smtpResponse": "250 2.6.0 Message received",
        "reportingMTA": "mail.example",
    }


def _delay(to: str) -> Details:
    diagnosis = {"status": "4.4.1", "diagnosticCode": "smtp; 421 4.4.1 Unable to connect"}
    return {
        "delayType": "TransientCommunicationFailure",
        "delayedRecipients": [{"emailAddress": to, **diagnosis}],
    }


EVENTS: dict[str, tuple[str, str, Callable[[str], Details]]] = {
    "bounce": ("Bounce", "bounce", _bounce),
    "block": ("Bounce", "bounce", _block),
    "full": ("Bounce", "bounce", _full),
    "reply": ("Bounce", "bounce", _reply),
    "complaint": ("Complaint", "complaint", _complaint),
    "delivery": ("Delivery", "delivery", _delivery),
    "delay": ("DeliveryDelay", "deliveryDelay", _delay),
}
"""The events of a mail: SES's name for each, the member with its details, and the details."""
