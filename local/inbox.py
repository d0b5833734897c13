"""Every mail and SMS that was sent, for the person who tries the product out."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import jinja2

from activation.adapters.tables import OUTBOX
from activation.domain.times import paris_time
from local.deployment import Deployment
from local.engine import ACCOUNT

_PAGE = jinja2.Environment(loader=jinja2.PackageLoader("local", "pages"), autoescape=True).get_template("inbox.html")


@dataclass(frozen=True, slots=True)
class Message:
    """A mail or an SMS as it was sent; an SMS has neither subject nor html."""

    id: str
    channel: Literal["email", "sms"]
    to: str
    subject: str
    text: str
    html: str
    sent_at: str


def page_of(messages: Sequence[Message]) -> str:
    """Those messages, oldest first, as a page: latest first, with times in mainland France."""
    told = [(message, paris_time(_epoch(message.sent_at))) for message in reversed(messages)]
    return _PAGE.render(messages=told)


class Inbox:
    """The messages that SES and SNS were given to send."""

    def __init__(self, deployment: Deployment) -> None:
        self._pool = deployment.engine.pool(2)
        self._dynamodb = deployment.engine.client("dynamodb")
        self._outbox = deployment.table(OUTBOX)
        self._texted_at: dict[str, float] = {}

    def messages(self) -> list[Message]:
        """All messages, oldest first."""
        return sorted((*self._mails(), *self._texts()), key=lambda message: message.sent_at)

    def as_data(self) -> list[dict[str, str]]:
        """All messages as JSON objects, oldest first."""
        return [asdict(message) for message in self.messages()]

    def page(self) -> str:
        """All messages as a page, latest first."""
        return page_of(self.messages())

    def _mails(self) -> list[Message]:
        sent = self._read(f"/_ministack/ses/messages?account={ACCOUNT}")["messages"].get(ACCOUNT, [])
        return [
            Message(
                id=mail["MessageId"],
                channel="email",
                to=mail["To"][0],
                subject=mail["Subject"],
                text=mail["BodyText"],
                html=mail["BodyHtml"] or "",
                sent_at=_rfc3339(mail["Timestamp"]),
            )
            for mail in sent
        ]

    def _texts(self) -> list[Message]:
        by_number = self._read(f"/_ministack/sns/sms-messages?account={ACCOUNT}")["sms_messages"]
        sent = [text for texts in by_number.values() for text in texts]
        if any(text["MessageId"] not in self._texted_at for text in sent):
            self._look_up_times()
        now = dt.datetime.now(dt.UTC).timestamp()
        return [
            Message(
                id=text["MessageId"],
                channel="sms",
                to=text["PhoneNumber"],
                subject="",
                text=text["Message"],
                html="",
                # The worker writes the time a moment after it sent.
                sent_at=_rfc3339(self._texted_at.get(text["MessageId"], now)),
            )
            for text in sent
        ]

    def _look_up_times(self) -> None:
        """Find the times of SMS: MiniStack stores none, but the outbox does, under the provider's id."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._outbox, ProjectionExpression="provider_id, finished_at"
        )
        for page in pages:
            for row in page["Items"]:
                if "provider_id" in row:
                    self._texted_at[row["provider_id"]["S"]] = float(row["finished_at"]["N"])

    def _read(self, path: str) -> Any:
        return json.loads(self._pool.request("GET", path).data)


def _epoch(moment: str) -> int:
    return int(dt.datetime.fromisoformat(moment).timestamp())


def _rfc3339(seconds: float) -> str:
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
