"""Records a report on a message once, and writes what follows from it in the same transaction."""

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from activation.domain.accounts import Account
from activation.domain.code_recipients import code_another_way, mark_contact
from activation.domain.contacts import Channel, Deliverability
from activation.domain.events import Event, EventKind
from activation.domain.flows import open_code
from activation.domain.outbox import OF_SMS, DeliveryEvent, MessageKind, OutboxMessage, ReportedMessage
from activation.domain.ports import Accounts, DeliveryReports, Flows, Outbox, Store, Write
from activation.domain.verification import RequestContext, retry_when_stale

MARKS = {
    DeliveryEvent.BOUNCED: Deliverability.UNDELIVERABLE,
    DeliveryEvent.NUMBER_REFUSED: Deliverability.UNDELIVERABLE,
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
    DeliveryEvent.FAILED: EventKind.SMS_FAILED,
    DeliveryEvent.NUMBER_REFUSED: EventKind.SMS_NUMBER_REFUSED,
}
"""The kind of line that a report writes into the person's history. An automatic reply writes none."""


class Outcome(Enum):
    """The outcome of a report."""

    RECORDED = auto()
    KNOWN = auto()
    """The same report came before: nothing is done."""
    UNMATCHED = auto()
    """The message's row is gone."""


class Ports(NamedTuple):
    """The ports that a report needs."""

    store: Store
    reports: DeliveryReports
    flows: Flows
    accounts: Accounts
    outbox: Outbox


@dataclass(frozen=True, slots=True)
class Report:
    """A provider's report on a message: which `event`, and the address or number that the message went to."""

    message_id: str
    event: DeliveryEvent
    to: str = field(repr=False)


class SummaryReport(NamedTuple):
    """A report of SES on the summary of an import, which went to the roster's sender: nothing of it is stored."""

    import_id: str
    event: DeliveryEvent

    @property
    def is_lost(self) -> bool:
        """Whether the summary did not arrive, so that an operator must tell its sender."""
        return self.event in _LOST


_LOST = {DeliveryEvent.BOUNCED, DeliveryEvent.BLOCKED, DeliveryEvent.BOUNCED_FOR_NOW, DeliveryEvent.REJECTED}


def record_sms(ports: Ports, provider_id: str, event: DeliveryEvent, to: str, context: RequestContext) -> Outcome:
    """Record a report of SNS on an SMS, found by SNS's own id, as `record` does."""
    message_id = ports.reports.message_of(provider_id)
    return record(ports, Report(message_id, event, to), context) if message_id else Outcome.UNMATCHED


def record(ports: Ports, report: Report, context: RequestContext) -> Outcome:
    """Record the report. One that nothing arrives there, or a complaint, marks the contact if it is the person's.

    The first report that a code did not arrive sends it the other way, by SMS or by mail, if it is still valid and the
    person may get it there. A delay does so at once: SES reports it only after tries of its own, and the person waits.
    """

    def attempt() -> Outcome:
        reported = ports.reports.get(report.message_id)
        if reported is None:
            return Outcome.UNMATCHED
        if report.event in reported.events:
            return Outcome.KNOWN
        # Of two reports at once one is refused, and decides again with the other one's changes in view.
        account = _account(ports, reported, report)
        again = _another_way(ports, reported, report, account, context)
        ports.store.commit(
            ports.reports.record(reported, report.event, now=context.now, goes_on=again is not None),
            *_history(ports, reported.message, report, context),
            *_mark(ports, account, report),
            *([ports.outbox.put(again)] if again else []),
        )
        return Outcome.RECORDED

    return retry_when_stale(attempt)


def _history(ports: Ports, message: OutboxMessage, report: Report, context: RequestContext) -> list[Write]:
    """The line in the person's history: for every report on a code, and for every one that marks the address."""
    is_code = message.kind is MessageKind.CODE
    kind = HAPPENED.get(report.event) if is_code or report.event in MARKS else None
    event = Event(kind, context.now, flow_id=message.flow_id if is_code else None) if kind else None
    return [ports.accounts.record_event(message.identifier, event)] if event else []


def _account(ports: Ports, reported: ReportedMessage, report: Report) -> Account | None:
    """The account, if the report may change more than the history; else None."""
    changes = report.event in MARKS or reported.is_awaited_in_vain(report.event)
    return ports.accounts.get(reported.message.identifier) if changes else None


def _mark(ports: Ports, account: Account | None, report: Report) -> list[Write]:
    mark = MARKS.get(report.event)
    marked = mark_contact(account, report.to, mark) if account and mark else account
    return [ports.accounts.save(marked)] if marked and marked != account else []


def _another_way(
    ports: Ports, reported: ReportedMessage, report: Report, account: Account | None, context: RequestContext
) -> OutboxMessage | None:
    message = reported.message
    if account is None or message.flow_id is None or not reported.is_awaited_in_vain(report.event):
        return None
    failed = Channel.SMS if report.event in OF_SMS else Channel.EMAIL
    flow = ports.flows.get(message.flow_id)
    number, now = message.code_number or 0, context.now
    if flow is None or not open_code(flow, number, longer_codes=False, now=now, limits=context.limits):
        return None
    return code_another_way(message, flow, account, failed, now=now)
