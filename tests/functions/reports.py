"""What SES and SNS report, as it reaches the function that records it."""

import json
from typing import Any

from local import sns_log
from local.ses_events import ses_event
from local.sns_log import log_event
from tests.functions.visitor import CONTEXT, handler

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
    """Anything at all over the topic."""
    record = {"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": {"Type": "Notification", "Message": message}}
    handler("record_delivery")({"Records": [record]}, CONTEXT)


def report_sms(*lines: str, kind: str = "DATA_MESSAGE") -> None:
    """Lines of SNS's delivery-status log, as CloudWatch Logs hands them on."""
    handler("record_delivery")(log_event(*lines, kind=kind), CONTEXT)


def sms_line(status: str, *, to: str, said: str = "", provider_id: str = SNS_ID) -> str:
    """What SNS writes of one SMS; `said` are its operator's words."""
    unsaid = f"Unknown error attempting to reach phone {to}"
    return sns_log.sms_line(status, said or unsaid, to=to, provider_id=provider_id)
