"""Everything that the functions stand on, deployed once in moto; a snapshot puts its rows back for each test."""

import gc
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from moto import mock_aws

from activation import bootstrap
from activation.adapters.tables import TABLES, IndexSpec
from tests.dynamodb.stand_in import stand_in
from tests.fakes import quick
from tests.functions.quick_moto import take_no_detours
from tests.functions.visitor import ORIGIN

SETTINGS = {
    "STAGE": "dev",
    "PUBLIC_ORIGINS": ORIGIN,
    "CLIENT_ADDRESS": "gateway",
    "MAIL_FROM": "CNAS <ne-pas-repondre@exemple.fr>",
    "MAIL_CONFIGURATION_SET": "mails",
    "SMS_SENDER_ID": "CNAS",
    "ROSTER_BUCKET": "rosters",
    "AGENT_IDENTIFIERS": "ines=10000004",
    "MENU": "{}",
}
ACCOUNT, REGION = "123456789012", "eu-west-3"

Rows = dict[str, Any]
"""Every row of every table, as moto keeps them."""


@contextmanager
def in_moto() -> Iterator[pytest.MonkeyPatch]:
    """Stand moto in AWS's place as long as the context lasts; returns what changes this process's environment."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "testing")
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        take_no_detours(environment, ACCOUNT, REGION)
        stand_in(environment)
        quick.hurry(environment)
        environment.setenv("POWERTOOLS_SERVICE_NAME", "test")
        environment.setenv("POWERTOOLS_METRICS_NAMESPACE", "AccountActivation")
        gc.freeze()  # what was made until here stays: nobody need look there for garbage
        yield environment
        gc.unfreeze()
    forget_settings(clients=True)


class Deployment:
    """The tables from their specifications, keys, queue and sender; `settings` name them."""

    def __init__(self) -> None:
        self.dynamodb = boto3.client("dynamodb")
        self.sqs = boto3.client("sqs")
        self.kms = boto3.client("kms")
        for spec in TABLES:
            keys = [spec.partition_key, *([spec.sort_key] if spec.sort_key else [])]
            indexed = {key for index in spec.indexes for key in (index.partition_key, index.sort_key)}
            indexes: Any = {"GlobalSecondaryIndexes": list(map(_index, spec.indexes))} if spec.indexes else {}
            self.dynamodb.create_table(
                TableName=spec.name,
                KeySchema=_key_schema(*keys),
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in {*keys, *indexed}],
                BillingMode="PAY_PER_REQUEST",
                **indexes,
            )
        boto3.client("sesv2").create_email_identity(EmailIdentity="exemple.fr")
        boto3.client("ses").verify_email_identity(EmailAddress="ne-pas-repondre@exemple.fr")
        boto3.client("sesv2").create_configuration_set(ConfigurationSetName="mails")
        self.s3 = boto3.client("s3")
        self.s3.create_bucket(Bucket="rosters", CreateBucketConfiguration={"LocationConstraint": REGION})
        self.s3.put_bucket_versioning(Bucket="rosters", VersioningConfiguration={"Status": "Enabled"})
        self.queue_url = self.sqs.create_queue(QueueName="delivery-retry")["QueueUrl"]
        self.settings = {
            **SETTINGS,
            "CODE_KEY_ID": self._create_key(),
            "PEPPER_KEY_ID": self._create_key(),
            "DOCUMENT_KEY_ID": self._create_key(),
            "MAIL_KEY_ID": self._create_key(),
            "RETRY_QUEUE_URL": self.queue_url,
            **{spec.setting: spec.name for spec in TABLES},
        }
        self._states: dict[str, tuple[Rows, dict[str, str]]] = {}

    def remember(self, name: str, cookies: dict[str, str]) -> None:
        """Keep the rows as they stand now, and a browser's cookies, under that name."""
        self._states[name] = {table: _kept(kept.items) for table, kept in _tables().items()}, dict(cookies)

    def recall(self, name: str) -> dict[str, str] | None:
        """Put those rows back, and return the cookies; None when nothing is kept under that name."""
        if name not in self._states:
            return None
        rows, cookies = self._states[name]
        for table, kept in _tables().items():
            kept.items = _kept(rows[table])
        _queue()._messages = []
        return dict(cookies)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row of a table, as DynamoDB writes it: taken from moto's own state, which is faster than a scan."""
        return [item.to_json()["Attributes"] for item in self.items(table)]

    def items(self, table: str) -> list[Any]:
        """The same rows as moto keeps them: what changes a row puts another in its place (`tests/dynamodb`)."""
        return list(_tables()[table].all_items())

    def _create_key(self) -> str:
        return self.kms.create_key(KeyUsage="GENERATE_VERIFY_MAC", KeySpec="HMAC_256")["KeyMetadata"]["KeyId"]


def _key_schema(*keys: str) -> list[Any]:
    return [{"AttributeName": key, "KeyType": "RANGE" if number else "HASH"} for number, key in enumerate(keys)]


def _index(spec: IndexSpec) -> Any:
    keys = _key_schema(spec.partition_key, spec.sort_key)
    return {"IndexName": spec.name, "KeySchema": keys, "Projection": {"ProjectionType": "KEYS_ONLY"}}


def forget_settings(*, clients: bool = False) -> None:
    for name in dir(bootstrap):
        clear = getattr(getattr(bootstrap, name), "cache_clear", None)
        if clear and (clients or name != "client"):
            clear()


def _kept(items: Rows) -> Rows:
    """The same rows in places of their own: no row itself ever changes (`tests/dynamodb`)."""
    return defaultdict(dict, {key: dict(value) if isinstance(value, dict) else value for key, value in items.items()})


def _tables() -> dict[str, Any]:
    from moto.dynamodb.models import dynamodb_backends  # noqa: PLC0415  # moto's own state, once it is up

    tables: dict[str, Any] = dynamodb_backends[ACCOUNT][REGION].tables
    return tables


def _queue() -> Any:
    from moto.sqs.models import sqs_backends  # noqa: PLC0415  # as above

    return sqs_backends[ACCOUNT][REGION].queues["delivery-retry"]
