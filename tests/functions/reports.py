"""What SES and SNS report, and what the retry queue hands over, as they reach their functions."""

import json
from typing import TYPE_CHECKING, Any

from local import sns_log
from local.ses_events import ses_event
from local.sns_log import log_event
from tests.functions.visitor import CONTEXT, handler

if TYPE_CHECKING:
    from tests.functions.world import World

SNS_ID = "34d9b400-c6dd-5444-820d-fbeb0f1f54cf"


def report_mail(message_id: str, event: str, *, to: str, **changes: Any) -> None:
    """SES's event on the mail that carried our message; `changes` stand in its top level."""
    body = ses_event(event, to=to, provider_id="ses-1", message_id=message_id) | changes
    report_raw(json.dumps(body))


def report_summary(import_id: str, event: str, *, to: str, **changes: Any) -> None:
    """SES's event on the mail that a roster's sender got; `changes` as above."""
    body = ses_event(event, to=to, provider_id="ses-1", message_id="") | changes
    body["mail"]["tags"] = {"import_id": [import_id]}
    report_raw(json.dumps(body))


def report_raw(message: str) -> None:
    record = {"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": {"Type": "Notification", "Message": message}}
    handler("record_delivery")({"Records": [record]}, CONTEXT)


def report_sms(*lines: str, kind: str = "DATA_MESSAGE") -> None:
    """Lines of SNS's delivery-status log, as CloudWatch Logs hands them on."""
    handler("record_delivery")(log_event(*lines, kind=kind), CONTEXT)


def sms_line(status: str, *, to: str, said: str = "", provider_id: str = SNS_ID) -> str:
    """What SNS writes of one SMS; `said` are its operator's words."""
    unsaid = f"Unknown error attempting to reach phone {to}"
    return sns_log.sms_line(status, said or unsaid, to=to, provider_id=provider_id)


def retry(world: "World", message_id: str, tries: int) -> Any:
    """Hand the worker one message of the retry queue, received for the so many-th time."""
    return handler("deliver_message")({"Records": [queued(world, message_id, tries)]}, CONTEXT)


def queued(world: "World", message_id: str, tries: int) -> dict[str, Any]:
    """A record of the retry queue, with a receipt that the queue knows."""
    world.deployment.sqs.send_message(QueueUrl=world.deployment.queue_url, MessageBody=message_id)
    [received] = world.deployment.sqs.receive_message(QueueUrl=world.deployment.queue_url)["Messages"]
    return {
        "eventSource": "aws:sqs",
        "messageId": f"sqs-{message_id}",
        "receiptHandle": received["ReceiptHandle"],
        "body": message_id,
        "attributes": {"ApproximateReceiveCount": str(tries)},
    }
