"""The whole service in one process: every function behind a gateway of ours, moto behind every function."""

import importlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import boto3

from activation import bootstrap
from activation.adapters.tables import OUTBOX, TABLES
from infra.routes import ROUTES
from tests.builders import ROSTER

ORIGIN = "https://compte.exemple.fr"
CONTEXT = SimpleNamespace(
    function_name="test",
    memory_limit_in_mb=256,
    invoked_function_arn="arn",
    aws_request_id="r",
    get_remaining_time_in_millis=lambda: 60_000,
)
SETTINGS = {
    "STAGE": "dev",
    "PUBLIC_ORIGINS": ORIGIN,
    "CLIENT_ADDRESS": "gateway",
    "MAIL_FROM": "ne-pas-repondre@exemple.fr",
    "MAIL_CONFIGURATION_SET": "mails",
    "SMS_SENDER_ID": "CNAS",
}


@dataclass(frozen=True)
class Answer:
    """What a visitor gets."""

    status: int
    headers: Mapping[str, list[str]]
    body: Any

    @property
    def code(self) -> str | None:
        """The problem's slug."""
        return self.body.get("code") if self.status >= 400 else None

    @property
    def next_step(self) -> str | None:
        """Where to go next."""
        return self.body.get("next_step") if isinstance(self.body, dict) else None


@dataclass
class Message:
    """A mail or SMS that was sent."""

    channel: str
    to: str
    text: str

    @property
    def code(self) -> str:
        """The code in it."""
        return re.findall(r"(?<!\d)(?:\d{6}|\d{8})(?!\d)", self.text)[-1]


@dataclass
class Visitor:
    """A browser: keeps cookies as a browser does."""

    cookies: dict[str, str] = field(default_factory=dict)
    address: str = "203.0.113.7"

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: str | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Answer:
        """Send a request as the front does; a header given as None is left out."""
        sent: dict[str, str | None] = {"Origin": ORIGIN, "Content-Type": "application/json"}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent |= headers or {}
        event = gateway_event(
            method,
            path,
            raw if raw is not None else (None if body is None else json.dumps(body)),
            {name: value for name, value in sent.items() if value is not None},
            self.address,
        )
        answer = handler_of(method, path)(event, CONTEXT)
        self._keep(answer["multiValueHeaders"].get("Set-Cookie", []))
        text = answer.get("body") or ""
        return Answer(answer["statusCode"], answer["multiValueHeaders"], json.loads(text) if text else None)

    def get(self, path: str) -> Answer:
        """GET."""
        return self.call("GET", path)

    def post(self, path: str, body: object = None) -> Answer:
        """POST."""
        return self.call("POST", path, {} if body is None else body)

    def put(self, path: str, body: object) -> Answer:
        """PUT."""
        return self.call("PUT", path, body)

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            name, _, value = line.partition(";")[0].partition("=")
            if "Max-Age=0" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value


def gateway_event(method: str, path: str, body: str | None, headers: Mapping[str, str], address: str) -> dict[str, Any]:
    """An API Gateway REST event."""
    return {
        "httpMethod": method,
        "path": path,
        "resource": path,
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {"identity": {"sourceIp": address}, "requestId": "r", "stage": "api"},
        "body": body,
        "isBase64Encoded": False,
    }


def handler_of(method: str, path: str) -> Any:
    """The handler that the API gives this call to: its own route's, else the one that owns the path."""
    owners = [route for route in ROUTES if route.path == path]
    exact = [route for route in owners if route.method == method]
    any_method = [route for route in owners if route.method != "GET"] or owners
    return handler((exact or any_method)[0].function)


def handler(function: str) -> Any:
    """A function's handler."""
    return importlib.import_module(f"functions.{function}.handler").lambda_handler


class World:
    """Everything deployed in moto; `messages` are those sent so far."""

    def __init__(self, monkeypatch: Any) -> None:
        for name, value in {**SETTINGS, **_create_everything()}.items():
            monkeypatch.setenv(name, value)
        self._monkeypatch = monkeypatch
        self._dynamodb = boto3.client("dynamodb")
        forget_clients()

    def set_limits(self, **limits: int) -> None:
        """Override limits, by their names in the environment."""
        for name, value in limits.items():
            self._monkeypatch.setenv(name, str(value))
        forget_clients()

    def import_roster(self) -> Any:
        """Import the demo people."""
        return handler("import_roster")({"action": "apply", "rows": ROSTER}, CONTEXT)

    def deliver(self) -> list[Message]:
        """Let the worker see what was written to the outbox since; returns the messages it sent."""
        before = len(sent_messages())
        for item in self.rows(OUTBOX.name):
            if item["state"]["S"] == "pending":
                deliver_record(item["message_id"]["S"])
        return sent_messages()[before:]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row of a table, as DynamoDB writes it."""
        return list(self._dynamodb.scan(TableName=table)["Items"])


def deliver_record(message_id: str) -> Any:
    """Hand the worker one record of the outbox's stream."""
    record = {
        "eventName": "INSERT",
        "eventSource": "aws:dynamodb",
        "dynamodb": {"Keys": {"message_id": {"S": message_id}}},
    }
    return handler("deliver_message")({"Records": [record]}, CONTEXT)


def forget_clients() -> None:
    """Have the next call read the environment and build its clients anew."""
    for name in dir(bootstrap):
        clear = getattr(getattr(bootstrap, name), "cache_clear", None)
        if clear:
            clear()


def sent_messages() -> list[Message]:
    """Every mail and SMS that moto has taken."""
    from moto.ses.models import ses_backends  # noqa: PLC0415  # moto's own state, once it is up
    from moto.sns.models import sns_backends  # noqa: PLC0415

    account, region = "123456789012", "eu-west-3"
    mails = [
        Message("email", message.destinations["ToAddresses"][0], message.body)
        for message in ses_backends[account][region].sent_messages
    ]
    texts = [Message("sms", to, text) for _, to, text, *_ in sns_backends[account][region].sms_messages.values()]
    return mails + texts


def _create_everything() -> dict[str, str]:
    """Tables from their specifications, keys, queue, sender; returns the settings that name them."""
    dynamodb, kms = boto3.client("dynamodb"), boto3.client("kms")
    for spec in TABLES:
        keys = [spec.partition_key, *([spec.sort_key] if spec.sort_key else [])]
        dynamodb.create_table(
            TableName=spec.name,
            KeySchema=[
                {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            BillingMode="PAY_PER_REQUEST",
        )
    names = {
        setting: kms.create_key(KeyUsage="GENERATE_VERIFY_MAC", KeySpec="HMAC_256")["KeyMetadata"]["KeyId"]
        for setting in ("CODE_KEY_ID", "PEPPER_KEY_ID")
    }
    boto3.client("sesv2").create_email_identity(EmailIdentity="exemple.fr")
    boto3.client("ses").verify_email_identity(EmailAddress=SETTINGS["MAIL_FROM"])
    boto3.client("sesv2").create_configuration_set(ConfigurationSetName="mails")
    queue = boto3.client("sqs").create_queue(QueueName="delivery-retry")["QueueUrl"]
    return {**names, "RETRY_QUEUE_URL": queue, **{spec.setting: spec.name for spec in TABLES}}
