"""The engine with the tables and the bucket of an import, and the import's own ports on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from activation.adapters.dynamodb import DynamoStore, Table
from activation.adapters.flows import DynamoFlows
from activation.adapters.outbox import DynamoOutbox
from activation.adapters.roster_files import S3RosterFiles
from activation.adapters.rosters import DynamoRosters
from activation.adapters.tables import ACCOUNTS, OUTBOX, PENDING_CODES, STRUCTURES, TABLES
from functions.import_roster.application import Ports
from infra.stages import REGION
from local.engine import Engine, engine

BUCKET = "rosters"


@dataclass(frozen=True)
class Stand:
    """An engine to measure on."""

    engine: Engine

    @cached_property
    def dynamodb(self) -> Any:
        """The client of the tables."""
        return self.engine.client("dynamodb")

    @property
    def rosters(self) -> DynamoRosters:
        """The people and their employers."""
        return DynamoRosters(Table(self.dynamodb, ACCOUNTS.name), Table(self.dynamodb, STRUCTURES.name))

    @property
    def files(self) -> S3RosterFiles:
        """The bucket."""
        return S3RosterFiles(self.engine.client("s3"), BUCKET)

    @property
    def apply_ports(self) -> Ports:
        """What applying needs."""
        flows, outbox = (Table(self.dynamodb, spec.name) for spec in (PENDING_CODES, OUTBOX))
        return Ports(DynamoStore(self.dynamodb), self.rosters, DynamoFlows(flows), DynamoOutbox(outbox))

    def send(self, key: str, file: Path, **said: str) -> str:
        """Upload a file; returns its key."""
        with file.open("rb") as body:
            self.engine.client("s3").put_object(Bucket=BUCKET, Key=key, Body=body, Metadata=said)
        return key


@contextmanager
def stand() -> Iterator[Stand]:
    """A fresh engine, forgotten afterwards."""
    with TemporaryDirectory(prefix="bench-") as folder, engine(Path(folder), region=REGION) as running:
        ready = Stand(running)
        for spec in TABLES:
            keys = [spec.partition_key, *([spec.sort_key] if spec.sort_key else [])]
            ready.dynamodb.create_table(
                TableName=spec.name,
                KeySchema=[
                    {"AttributeName": key, "KeyType": "RANGE" if place else "HASH"} for place, key in enumerate(keys)
                ],
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
                BillingMode="PAY_PER_REQUEST",
            )
        s3 = running.client("s3")
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield ready
