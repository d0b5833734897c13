"""Records a report on a mail once, and writes what follows from it in the same transaction."""

from dataclasses import dataclass, field
from enum import Enum, auto

from activation.domain.accounts import Account
from activation.domain.contacts import Channel, Deliverability
from activation.domain.events import Event, EventKind
from activation.domain.flows import open_code
from activation.domain.outbox import DeliveryEvent, MessageKind, OutboxMessage, ReportedMessage, code_by_sms
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
    DeliveryEvent.BLOCKED: EventKind.MAIL_BLOCKED,
    DeliveryEvent.BOUNCED_FOR_NOW: EventKind.MAIL_BOUNCED_FOR_NOW,
    DeliveryEvent.COMPLAINED: EventKind.MAIL_COMPLAINED,
    DeliveryEvent.REJECTED: EventKind.MAIL_REJECTED,
}
"""The kind of line that a report writes into the person's history. An automatic reply writes none."""


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
    """Record the report. An unknown recipient or a complaint marks the address, if it is still the person's.

    The first report that a code did not arrive sends it by SMS, if it is still valid and the person may get it on a
    mobile. A delay sends it at once: SES says it only after tries of its own, and the person waits.
    """

    def attempt() -> Outcome:
        reported = ports.reports.get(report.message_id)
        if reported is None:
            return Outcome.UNMATCHED
        if report.event in reported.events:
            return Outcome.KNOWN
        # Of two reports at once one is refused, and decides again with the other in view.
        account = _account(ports, reported, report)
        again = _by_sms(ports, reported, report, account, context)
        ports.store.commit(
            ports.reports.record(reported, report.event, now=context.now, goes_on=again is not None),
            *_history(ports, reported.message, report, context),
            *_mark(ports, account, report),
            *([ports.outbox.put(again)] if again else []),
        )
        return Outcome.RECORDED

    return retry_when_stale(attempt)


def _history(ports: Ports, message: OutboxMessage, report: MailReport, context: RequestContext) -> list[Write]:
    """The line in the person's history: for every report on a code, and for every one that marks the address."""
    is_code = message.kind is MessageKind.CODE
    kind = HAPPENED.get(report.event) if is_code or report.event in MARKS else None
    event = Event(kind, context.now, flow_id=message.flow_id if is_code else None) if kind else None
    return [ports.accounts.record_event(message.identifier, event)] if event else []


def _account(ports: Ports, reported: ReportedMessage, report: MailReport) -> Account | None:
    """The account, if the report may change something but the history."""
    changes = report.event in MARKS or reported.is_awaited_in_vain(report.event)
    return ports.accounts.get(reported.message.identifier) if changes else None


def _mark(ports: Ports, account: Account | None, report: MailReport) -> list[Write]:
    mark = MARKS.get(report.event)
    marked = mark_address(account, report.address, mark) if account and mark else account
    return [ports.accounts.save(marked)] if marked and marked != account else []


def _by_sms(
    ports: Ports, reported: ReportedMessage, report: MailReport, account: Account | None, context: RequestContext
) -> OutboxMessage | None:
    """The message with the same code by SMS; None when it is not needed or not valid any more, or no mobile may get it.

    The worker checks again before it sends, and also checks the throttle key and the breaker.
    """
    message = reported.message
    if account is None or message.kind is not MessageKind.CODE or not reported.is_awaited_in_vain(report.event):
        return None
    flow = ports.flows.get(message.flow_id) if message.flow_id else None
    if flow is None:
        return None
    code = open_code(flow, message.code_number or 0, longer_codes=False, now=context.now, limits=context.limits)
    is_wanted = code and code_recipient(account, flow, now=context.now, channel=Channel.SMS)
    return code_by_sms(message, flow, new_id(context.random), now=context.now) if is_wanted else None
