"""`POST /inbox/events`: whoever tries the product out says what became of a mail, since MiniStack reports nothing."""

import json
import time
from http import HTTPStatus
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from activation.adapters.tables import OUTBOX
from local.deployment import Deployment
from local.exchange import Answer, Request
from local.inbox import Inbox, Message
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


class EventRequest(BaseModel):
    """A mail, by its id in `/inbox/messages`, and what became of it."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(min_length=1)]
    event: Literal["bounce", "block", "full", "reply", "complaint", "delivery", "delay"]


class InboxEvents:
    """Answers the calls."""

    def __init__(self, inbox: Inbox, events: MailEvents) -> None:
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
        if sent.channel != "email":
            return _said(HTTPStatus.UNPROCESSABLE_ENTITY, "an SMS has no mail events")
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
