"""Records a report on a mail once, and writes what follows from it in the same transaction."""

from dataclasses import dataclass, field
from enum import Enum, auto

from activation.domain.accounts import Account
from activation.domain.contacts import Channel, Deliverability
from activation.domain.events import Event, EventKind
from activation.domain.flows import open_code
from activation.domain.outbox import DeliveryEvent, MessageKind, OutboxMessage, code_by_sms
from activation.domain.ports import Accounts, DeliveryReports, Flows, Outbox, Store, Write
from activation.domain.recipients import code_recipient, mark_address
from activation.domain.tokens import new_id
from activation.domain.verification import RequestContext, retry_when_stale

MARKS = {
    DeliveryEvent.BOUNCED: Deliverability.UNDELIVERABLE,
    DeliveryEvent.COMPLAINED: Deliverability.COMPLAINED,
}

HAPPENED = {
    DeliveryEvent.DELIVERED: EventKind.MAIL_DELIVERED,
    DeliveryEvent.DELAYED: EventKind.MAIL_DELAYED,
    DeliveryEvent.BOUNCED: EventKind.MAIL_BOUNCED,
    DeliveryEvent.BOUNCED_FOR_NOW: EventKind.MAIL_BOUNCED_FOR_NOW,
    DeliveryEvent.COMPLAINED: EventKind.MAIL_COMPLAINED,
    DeliveryEvent.REJECTED: EventKind.MAIL_REJECTED,
}
"""The kind of line that each report writes into the person's history."""


class Outcome(Enum):
    """What became of a report."""

    RECORDED = auto()
    KNOWN = auto()
    """The same report came before: nothing is done."""
    UNMATCHED = auto()
    """No row is left of the message that it is about."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports that a report needs."""

    store: Store
    reports: DeliveryReports
    flows: Flows
    accounts: Accounts
    outbox: Outbox


@dataclass(frozen=True, slots=True)
class MailReport:
    """What SES says of the mail that carried our message: which `event`, and the `address` that the mail went to."""

    message_id: str
    event: DeliveryEvent
    address: str = field(repr=False)


def record(ports: Ports, report: MailReport, context: RequestContext) -> Outcome:
    """Record the report. A permanent bounce or a complaint marks the address, if it is still the person's.

    After a permanent bounce, a code that is still valid is sent by SMS, if the person may get it on a mobile.
    """

    def attempt() -> Outcome:
        reported = ports.reports.get(report.message_id)
        if reported is None:
            return Outcome.UNMATCHED
        if report.event in reported.events:
            return Outcome.KNOWN
        # The report is the first write: when the same one comes twice at once, the second finds it and writes nothing.
        ports.store.commit(
            ports.reports.record(report.message_id, report.event, now=context.now),
            *_history(ports, reported.message, report, context),
            *_consequences(ports, reported.message, report, context),
        )
        return Outcome.RECORDED

    return retry_when_stale(attempt)


def _history(ports: Ports, message: OutboxMessage, report: MailReport, context: RequestContext) -> list[Write]:
    """The line in the person's history: for every report on a code, and for every one that marks the address."""
    is_code = message.kind is MessageKind.CODE
    if not is_code and report.event not in MARKS:
        return []
    event = Event(HAPPENED[report.event], context.now, flow_id=message.flow_id if is_code else None)
    return [ports.accounts.record_event(message.identifier, event)]


def _consequences(ports: Ports, message: OutboxMessage, report: MailReport, context: RequestContext) -> list[Write]:
    mark = MARKS.get(report.event)
    account = ports.accounts.get(message.identifier) if mark else None
    if account is None or mark is None:
        return []
    marked = mark_address(account, report.address, mark)
    saved = [ports.accounts.save(marked)] if marked != account else []
    again = _by_sms(ports, message, account, context) if report.event is DeliveryEvent.BOUNCED else None
    return [*saved, ports.outbox.put(again)] if again else saved


def _by_sms(ports: Ports, message: OutboxMessage, account: Account, context: RequestContext) -> OutboxMessage | None:
    """The message with the same code by SMS; None when the code is not valid any more, or no mobile may get it."""
    flow = ports.flows.get(message.flow_id) if message.flow_id else None
    if flow is None or message.kind is not MessageKind.CODE:
        return None
    # The worker checks again before it sends, and also checks the throttle key and the breaker.
    code_number = open_code(flow, message.code_number or 0, longer_codes=False, now=context.now, limits=context.limits)
    is_wanted = code_number and code_recipient(account, flow, now=context.now, channel=Channel.SMS)
    return code_by_sms(message, flow, new_id(context.random), now=context.now) if is_wanted else None
