"""The whole service in one process: every function behind a gateway of ours, moto behind every function."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from activation.adapters.tables import OUTBOX
from activation.domain.code_digits import code_for, code_message
from activation.domain.times import rfc3339
from tests.builders import ROSTER
from tests.functions.deployment import Deployment, forget_settings
from tests.functions.roster_steps import take_in
from tests.functions.visitor import CONTEXT, handler
from tests.functions.wire import Wire

START = int(datetime(2026, 11, 24, 9, 30, tzinfo=UTC).timestamp())
"""When every test begins: half past, so that hours and days do not end by chance."""

CODE = re.compile(r"(?<!\d)(?:\d{6}|\d{8})(?!\d)")
READY = "the demo people are invited"


@dataclass(frozen=True)
class Message:
    """A mail or SMS that was sent."""

    channel: str
    to: str
    subject: str
    text: str
    html: str

    @property
    def code(self) -> str:
        return str(CODE.findall(self.text)[-1])

    @property
    def has_code(self) -> bool:
        return bool(CODE.search(self.text))


class World:
    """One test's world: `now` stands still until `advance`."""

    def __init__(self, deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
        self.deployment, self._monkeypatch, self.now = deployment, monkeypatch, START
        self._streamed: dict[str, dict[str, Any]] = {}
        for name, value in deployment.settings.items():
            monkeypatch.setenv(name, value)
        clock = SimpleNamespace(time=lambda: self.now, monotonic=lambda: 0.0)
        for module in ("activation.bootstrap", "activation.api.resolver", "tests.dynamodb.stand_in"):
            monkeypatch.setattr(f"{module}.time", clock)
        for use_case in ("application", "undoing"):  # moto knows no threads
            monkeypatch.setattr(f"activation.imports.{use_case}.WRITERS", 1)
        forget_settings()
        self.wire = Wire(monkeypatch, tests=(deployment.dynamodb, deployment.s3, deployment.sqs, deployment.kms))
        if deployment.recall(READY) is None:
            self.import_rows(ROSTER)
            deployment.remember(READY, {})

    def begin_anew(self) -> None:
        """Put the tables back as every test finds them: what is remembered must not hold what one test did before."""
        assert self.now == START, "time has gone by already"
        self.deployment.recall(READY)
        self._streamed.clear()  # where chance begins anew, another message may have the same id

    def advance(self, seconds: int) -> None:
        self.now += seconds

    def in_(self, seconds: int) -> str:
        return rfc3339(self.now + seconds)

    def set(self, **settings: object) -> None:
        for name, value in settings.items():
            if value is None:
                self._monkeypatch.delenv(name)
            else:
                self._monkeypatch.setenv(name, str(value))
        forget_settings()

    def import_rows(self, rows: list[dict[str, str]]) -> Any:
        """Import a roster of these rows, however many it changes; returns what its check answered."""
        return take_in(self, rows, confirm_departures="yes", confirm_renamings="yes", confirm_changes="yes")

    def messages(self) -> list[Message]:
        return self.messages_since(0)

    def messages_since(self, heard: int) -> list[Message]:
        return [
            _mail(asked) if operation == "SendEmail" else Message("sms", asked["PhoneNumber"], "", asked["Message"], "")
            for operation, asked in self.wire.done[heard:]
            if operation in ("SendEmail", "Publish")
        ]

    def deliver(self) -> list[Message]:
        """Let the worker see what was written to the outbox since; returns the messages it sent."""
        before = len(self.messages())
        for message_id in self.pending():
            self.stream(message_id)
        return self.messages()[before:]

    def stream(self, *message_ids: str, event_name: str = "INSERT") -> Any:
        """Hand the worker a batch of the outbox's stream; a record that comes again shows what was put, as before."""
        self._streamed = {row["message_id"]["S"]: row for row in self.rows(OUTBOX.name)} | self._streamed
        told = [{"Keys": {"message_id": {"S": each}}, "NewImage": self._streamed[each]} for each in message_ids]
        source = {"eventName": event_name, "eventSource": "aws:dynamodb"}
        return handler("deliver_message")({"Records": [{**source, "dynamodb": image} for image in told]}, CONTEXT)

    def pending(self) -> list[str]:
        waiting = [row for row in self.rows(OUTBOX.name) if row["state"]["S"] == "pending"]
        return [row["message_id"]["S"] for row in sorted(waiting, key=lambda row: int(row["created_at"]["N"]))]

    def rows(self, table: str) -> list[dict[str, Any]]:
        return self.deployment.rows(table)

    def everything(self) -> str:
        tables = [name for setting, name in self.deployment.settings.items() if setting.endswith("_TABLE")]
        return json.dumps({name: self.rows(name) for name in tables}, ensure_ascii=False, sort_keys=True, default=str)

    def row(self, table: str, **key: str) -> dict[str, Any]:
        item: dict[str, Any] = self.deployment.dynamodb.get_item(
            TableName=table, Key={name: {"S": value} for name, value in key.items()}, ConsistentRead=True
        ).get("Item", {})
        return item

    def profile(self, identifier: str = ROSTER[0]["identifier"]) -> dict[str, Any]:
        """What is stored of that person, Louis unless told, for as long as they are known."""
        return self.row("accounts", identifier=identifier, record="PROFILE")

    def right_code(self, purpose: str, flow_id: str, *, code_number: int = 1, digits: int = 6) -> str:
        """The code that the key gives for that flow, whether anybody was sent it or not."""
        return code_for(self.code_mac(purpose, flow_id), number=code_number, digits=digits)

    def code_mac(self, purpose: str, flow_id: str) -> bytes:
        """What the codes of that flow are made of."""
        key, message = self.deployment.settings["CODE_KEY_ID"], code_message(purpose, flow_id)
        made = self.deployment.kms.generate_mac(KeyId=key, MacAlgorithm="HMAC_SHA_256", Message=message)
        return bytes(made["Mac"])


def _mail(asked: dict[str, Any]) -> Message:
    simple = asked["Content"]["Simple"]
    body = simple["Body"]
    [to] = asked["Destination"]["ToAddresses"]
    return Message("email", to, simple["Subject"]["Data"], body["Text"]["Data"], body["Html"]["Data"])
