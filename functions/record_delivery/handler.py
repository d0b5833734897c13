"""Reads the two sources of reports: SES's events, from a topic, and SNS's delivery-status log, by a subscription."""

import base64
import gzip
import json
from collections.abc import Iterator
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit, single_metric
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from activation import bootstrap
from activation.adapters.mail_providers import provider_of
from activation.domain.outbox import DeliveryEvent
from activation.observability import logger, metrics
from functions.record_delivery import service
from functions.record_delivery.schemas import SesEvent, SmsStatus


def lambda_handler(event: dict[str, Any], _: LambdaContext) -> None:
    """Record the reports in the event. An unreadable one is logged and skipped: it would be unreadable again.

    Raises the errors of the tables; Lambda then calls twice more, and an alarm goes off.
    """
    if "awslogs" in event:
        for line in _log_lines(event["awslogs"]["data"]):
            _record_sms(line)
    else:
        for record in event["Records"]:
            _record_mail(record["Sns"]["Message"])


def _record_mail(message: str) -> None:
    try:
        report = SesEvent.model_validate_json(message).report()
    except ValidationError:
        _skip("mail")
        return
    if isinstance(report, service.SummaryReport):
        _tell_of_summary(report)
        return
    outcome = service.record(_ports(), report, bootstrap.request_context())
    told = {"message_id": report.message_id, "report": report.event.value, "outcome": outcome.name.lower()}
    logger().info("mail_reported", extra=told)
    if outcome is service.Outcome.KNOWN:
        return
    _count(f"Mail{report.event.value.title().replace('_', '')}")
    if report.event is DeliveryEvent.BLOCKED:
        _count_block(provider_of(report.to))


def _tell_of_summary(report: service.SummaryReport) -> None:
    told = {"import_id": report.import_id, "report": report.event.value}
    logger().info("roster_summary_reported", extra=told)
    if report.is_lost:
        _count("SummariesLost")


def _record_sms(line: str) -> None:
    try:
        report = SmsStatus.model_validate_json(line)
    except ValidationError:
        _skip("sms")
        return
    provider_id, event = report.notification.message_id, report.event()
    told = {"provider_id": provider_id, "report": event.value}
    if event is DeliveryEvent.DELIVERED:  # most are, and nothing follows from it: it costs no call
        logger().info("sms_reported", extra=told)
        _count("SmsDelivered")
        return
    outcome = service.record_sms(_ports(), provider_id, event, report.delivery.destination, bootstrap.request_context())
    logger().info("sms_reported", extra={**told, "outcome": outcome.name.lower()})
    if outcome is not service.Outcome.KNOWN:
        _count("SmsFailed" if event is DeliveryEvent.FAILED else "SmsNumberRefused")


def _skip(kind: str) -> None:
    logger().error("report_unreadable", extra={"kind": kind})
    _count("ReportUnreadable")


def _count(name: str) -> None:
    metrics().add_metric(name, MetricUnit.Count, 1)
    metrics().flush_metrics()


def _count_block(provider: str) -> None:
    with single_metric("MailsBlockedByProvider", MetricUnit.Count, 1) as metric:
        metric.add_dimension("service", metrics().service)
        metric.add_dimension("provider", provider)


def _log_lines(data: str) -> Iterator[str]:
    """The lines of a batch that CloudWatch Logs hands on."""
    batch = json.loads(gzip.decompress(base64.b64decode(data)))
    if batch["messageType"] == "DATA_MESSAGE":  # any other type is only a test of the subscription
        for event in batch["logEvents"]:
            yield event["message"]


def _ports() -> service.Ports:
    outbox = bootstrap.outbox()
    return service.Ports(bootstrap.store(), outbox, bootstrap.flows(), bootstrap.accounts(), outbox)
