"""`POST /inbox/events`: an event of a message, chosen by whoever tries the product out, as MiniStack reports none."""

import json
import time
from http import HTTPStatus
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from activation.adapters.tables import OUTBOX
from infra.functions import ALIAS
from local.deployment import Deployment
from local.exchange import Answer, Request
from local.inbox import Inbox, Message
from local.ses_events import EVENTS, ses_event
from local.sns_log import SMS_EVENTS, log_event, sms_line

_WAIT_SECONDS = 3
"""The worker writes the provider's id a moment after it sent."""


class UnknownMailError(Exception):
    """The worker sent no such mail."""


class DeliveryEvents:
    """Sends the deployed recorder an event of a message, as SES and SNS do: over the topic, and from the log."""

    def __init__(self, deployment: Deployment) -> None:
        engine = deployment.engine
        self._sns, self._dynamodb = engine.client("sns"), engine.client("dynamodb")
        self._functions = engine.client("lambda")
        self._recorder = deployment.function("record_delivery")
        self._outbox = deployment.table(OUTBOX)
        self._topic = deployment.reports_topic

    def publish(self, sent: Message, event: str) -> None:
        """Report `event` on that message. Raises UnknownMailError when the outbox no longer has the mail."""
        if sent.channel == "sms":
            line = sms_line(*SMS_EVENTS[event], to=sent.to, provider_id=sent.id)
            self._record(log_event(line))
            return
        report = ses_event(event, to=sent.to, provider_id=sent.id, message_id=self._message_id(sent.id))
        self._sns.publish(TopicArn=self._topic, Message=json.dumps(report))

    def _record(self, event: dict[str, Any]) -> None:
        """Hand the recorder a part of SNS's log: MiniStack writes none."""
        self._functions.invoke(FunctionName=self._recorder, Qualifier=ALIAS, Payload=json.dumps(event))

    def _message_id(self, provider_id: str) -> str:
        """The id of our message, found in the outbox by the provider's id: MiniStack keeps no tags with a mail."""
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


class EventRequest(BaseModel):
    """A message, by its id in `/inbox/messages`, and an event of it."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(min_length=1)]
    event: Literal[
        "bounce", "block", "full", "reply", "complaint", "delivery", "delay", "failed", "opted-out", "arrived"
    ]


class InboxEvents:
    """Answers `POST /inbox/events`."""

    def __init__(self, inbox: Inbox, events: DeliveryEvents) -> None:
        self._inbox = inbox
        self._events = events

    def answer(self, request: Request) -> Answer:
        """202 once the event is published; 400, 404, 405 or 422 with what is wrong."""
        if request.method != "POST":
            return _said(HTTPStatus.METHOD_NOT_ALLOWED, "only POST", ("Allow", "POST"))
        try:
            asked = EventRequest.model_validate(json.loads(request.body))
        except ValidationError as error:
            wrong = sorted({".".join(map(str, fault["loc"])) or "body" for fault in error.errors()})
            return _said(HTTPStatus.UNPROCESSABLE_ENTITY, f"missing or wrong: {', '.join(wrong)}")
        except (ValueError, RecursionError):
            return _said(HTTPStatus.BAD_REQUEST, "the body is not JSON")
        return self._publish(asked)

    def _publish(self, asked: EventRequest) -> Answer:
        sent = next((message for message in self._inbox.messages() if message.id == asked.id), None)
        if sent is None:
            return _said(HTTPStatus.NOT_FOUND, "no message with this id in /inbox/messages")
        of_its_kind = EVENTS if sent.channel == "email" else SMS_EVENTS
        if asked.event not in of_its_kind:
            return _said(HTTPStatus.UNPROCESSABLE_ENTITY, f"this message can have: {', '.join(of_its_kind)}")
        try:
            self._events.publish(sent, asked.event)
        except UnknownMailError:
            return _said(HTTPStatus.NOT_FOUND, "the outbox knows this mail no more")
        return _as_json(HTTPStatus.ACCEPTED, asked.model_dump())


def _said(status: HTTPStatus, words: str, *headers: tuple[str, str]) -> Answer:
    return _as_json(status, {"error": words}, *headers)


def _as_json(status: HTTPStatus, value: object, *headers: tuple[str, str]) -> Answer:
    answer = Answer.json(value)
    return Answer(status, (*answer.headers, *headers), answer.body)
