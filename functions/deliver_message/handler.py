"""The worker's two sources: the outbox's stream, and the queue of messages to try again.

In a stream one failure holds back all that follows, so no message fails its batch: it goes to the queue instead.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from activation import bootstrap
from activation.adapters.outbox import is_message, streamed_message
from activation.domain.outbox import LEASE_SECONDS, OutboxMessage
from activation.observability import logger, metrics, name_of, where
from functions.deliver_message.letters import LetterPorts
from functions.deliver_message.service import Outcome, Ports, deliver

RETRY_DELAYS = (5, 15, 45, 120)
"""Seconds between tries of a message that fails; after the fifth try the queue gives it to the dead-letter queue."""

BUDGET_DELAY = 60
_LATER = {Outcome.LEASED: LEASE_SECONDS, Outcome.WAITING: BUDGET_DELAY}
"""The seconds after which a message that is not settled is looked at again."""

SPARE_MILLISECONDS = 10_000
"""The time that a message may take when its provider hangs: with less left, a batch hands the rest to the queue."""


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Deliver the messages of the stream or the queue; returns which of the queue's messages failed.

    Raises ConfigurationError: a worker without its settings does not start.
    """
    records, ports = event["Records"], _ports()

    def has_time() -> bool:
        return context.get_remaining_time_in_millis() > SPARE_MILLISECONDS

    if records and records[0]["eventSource"] == "aws:sqs":
        failed = [record["messageId"] for record in records if not _retry(ports, record, has_time=has_time())]
    else:
        for record in records:
            _deliver_new(ports, record, has_time=has_time())
        failed = []
    metrics().flush_metrics()
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _deliver_new(ports: Ports, record: Mapping[str, Any], *, has_time: bool) -> None:
    """Deliver a new message; if it can't be sent now, or in time, it goes to the queue."""
    change = record["dynamodb"]
    if record["eventName"] != "INSERT" or not is_message(change["NewImage"]):
        return
    message_id, delay = change["Keys"]["message_id"]["S"], RETRY_DELAYS[0]
    if has_time:
        try:
            outcome = _deliver(ports, message_id, streamed_message(change["NewImage"]))
        except Exception as error:  # noqa: BLE001  # see the top of the module
            _log_failure(message_id, error)
        else:
            if outcome not in _LATER:
                return
            delay = _LATER[outcome]
    bootstrap.retry_queue().put(message_id, delay=delay)


def _retry(ports: Ports, record: Mapping[str, Any], *, has_time: bool) -> bool:
    """Deliver a message that failed before; False when it fails again. Without time a copy takes its place, untried.

    The message itself is not handed back: the queue counts how often it is received, not how often it is tried.
    """
    message_id, tries = record["body"], int(record["attributes"]["ApproximateReceiveCount"])
    if not has_time:
        bootstrap.retry_queue().put(message_id, delay=RETRY_DELAYS[0])
        return True
    try:
        outcome = _deliver(ports, message_id, ports.deliveries.unsettled(message_id))
    except Exception as error:  # noqa: BLE001  # one poisoned message must not delay the others
        _log_failure(message_id, error)
        delay = RETRY_DELAYS[min(tries, len(RETRY_DELAYS)) - 1]
        bootstrap.retry_queue().postpone(record["receiptHandle"], delay=delay)
        return False
    if outcome in _LATER:
        bootstrap.retry_queue().put(message_id, delay=_LATER[outcome])
    return True


def _deliver(ports: Ports, message_id: str, message: OutboxMessage | None) -> Outcome:
    """Deliver the message unless it is None (settled); returns the outcome."""
    context, settings = bootstrap.request_context(), bootstrap.delivery_settings()
    host = urlsplit(settings.public_origins[0]).netloc
    outcome = Outcome.SETTLED
    if message:
        outcome = deliver(ports, message, host=host, now=context.now, limits=context.limits)
    logger().info("message_handled", message_id=message_id, outcome=outcome.name.lower())
    metrics().add_metric(f"Message{outcome.name.capitalize()}", MetricUnit.Count, 1)
    if outcome is Outcome.WAITING:
        metrics().add_metric("SmsHourSpent", MetricUnit.Count, 1)
    return outcome


def _log_failure(message_id: str, error: Exception) -> None:
    logger().error("message_failed", message_id=message_id, error=name_of(error), where=where(error))
    metrics().add_metric("MessageFailed", MetricUnit.Count, 1)


def _ports() -> Ports:
    return Ports(
        LetterPorts(
            bootstrap.delivery_contexts(),
            bootstrap.flows(),
            bootstrap.structures(),
            bootstrap.breaker(),
            bootstrap.code_macs(),
        ),
        bootstrap.store(),
        bootstrap.outbox(),
        bootstrap.outbox(),
        bootstrap.accounts(),
        bootstrap.budgets(),
        bootstrap.counters(),
        bootstrap.mail_sender(),
        bootstrap.sms_sender(),
    )
