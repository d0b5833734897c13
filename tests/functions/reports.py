"""What SES and SNS report, as it reaches the function that records it."""

import base64
import gzip
import json
from typing import Any

from local.ses_events import ses_event
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
    events = [{"id": str(number), "timestamp": 1, "message": line} for number, line in enumerate(lines)]
    batch = {
        "messageType": kind,
        "logGroup": "sns/eu-west-3/123456789012/DirectPublishToPhoneNumber",
        "logEvents": events,
    }
    data = base64.b64encode(gzip.compress(json.dumps(batch).encode())).decode()
    handler("record_delivery")({"awslogs": {"data": data}}, CONTEXT)


def sms_line(status: str, *, to: str, said: str = "", provider_id: str = SNS_ID) -> str:
    """What SNS writes of one SMS; `said` are its operator's words."""
    return json.dumps(
        {
            "notification": {"messageId": provider_id, "timestamp": "2026-11-24 09:30:01.2"},
            "delivery": {
                "phoneCarrier": "My Phone Carrier",
                "mnc": 270,
                "destination": to,
                "priceInUSD": 0.00645,
                "smsType": "Transactional",
                "mcc": 310,
                "providerResponse": said or f"Unknown error attempting to reach phone {to}",
                "dwellTimeMs": 599,
                "dwellTimeMsUntilDeviceAck": 1344,
            },
            "status": status,
        }
    )
