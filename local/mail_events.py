"""MiniStack reports nothing of a mail: whoever tries the product out says what became of it."""

import json
import time

from activation.adapters.tables import OUTBOX
from local.deployment import Deployment
from local.inbox import Message
from local.ses_events import ses_event

_WAIT_SECONDS = 3
"""The worker writes the provider's id a moment after it sent."""


class UnknownMailError(Exception):
    """The worker sent no such mail."""


class MailEvents:
    """Publishes SES's events to the topic of the deployed configuration set."""

    def __init__(self, deployment: Deployment) -> None:
        engine = deployment.engine
        self._sns, self._dynamodb = engine.client("sns"), engine.client("dynamodb")
        self._outbox = deployment.table(OUTBOX)
        self._topic = deployment.reports_topic

    def publish(self, sent: Message, event: str) -> None:
        """Say that `event` became of that mail. Raises UnknownMailError when the outbox knows it no more."""
        report = ses_event(event, to=sent.to, provider_id=sent.id, message_id=self._message_id(sent.id))
        self._sns.publish(TopicArn=self._topic, Message=json.dumps(report))

    def _message_id(self, provider_id: str) -> str:
        """MiniStack keeps no tags with a mail: the outbox knows its message by the provider's id."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while time.monotonic() < deadline:
            pages = self._dynamodb.get_paginator("scan").paginate(
                TableName=self._outbox,
                ConsistentRead=True,
                ProjectionExpression="message_id",
                FilterExpression="provider_id = :id",
                ExpressionAttributeValues={":id": {"S": provider_id}},
            )
            for page in pages:
                for row in page["Items"]:
                    return str(row["message_id"]["S"])
            time.sleep(0.05)
        raise UnknownMailError(provider_id)
