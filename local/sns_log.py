"""Lines of SNS's delivery-status log (Amazon SNS Developer Guide, "Viewing CloudWatch metrics and logs for SMS")."""

import base64
import gzip
import json
from typing import Any

from local.engine import ACCOUNT

SMS_EVENTS = {
    "failed": ("FAILURE", "Phone carrier is currently unreachable/unavailable"),
    "opted-out": ("FAILURE", "Phone number is opted out"),
    "arrived": ("SUCCESS", "Message has been accepted by phone"),
}
"""The events of an SMS: SNS's status and its words ("SMS delivery failure reasons")."""


def sms_line(status: str, said: str, *, to: str, provider_id: str) -> str:
    """The line of SNS's log on one SMS, by its id; `said` are the operator's words."""
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
                "providerResponse": said,
                "dwellTimeMs": 599,
                "dwellTimeMsUntilDeviceAck": 1344,
            },
            "status": status,
        }
    )


def log_event(*lines: str, kind: str = "DATA_MESSAGE") -> dict[str, Any]:
    """Those lines as CloudWatch Logs hands them to a function that subscribes to the log."""
    batch = {
        "messageType": kind,
        "logGroup": f"sns/eu-west-3/{ACCOUNT}/DirectPublishToPhoneNumber",
        "logEvents": [{"id": str(number), "timestamp": 1, "message": line} for number, line in enumerate(lines)],
    }
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(batch).encode())).decode()}}
