"""The data that must not be lost: the tables, their backups, the rosters, the keys."""

from collections.abc import Iterable, Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_backup as backup
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secrets
from constructs import Construct

from activation.adapters.tables import TABLES, TableSpec
from infra.constructs.roster import RosterBucket
from infra.functions import pascal

BACKUP_DAYS = 35
"""How long a backup is kept: as long as point-in-time recovery looks back."""


class DataStack(cdk.Stack):
    """The tables and the rosters under one customer-managed key, and keys of codes, peppers, work mails and documents.

    `protected`: the stack and its recoverable tables refuse to be deleted.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        prefix: str,
        warm_writes: Mapping[str, int],
        protected: bool,
        **stack: Any,
    ) -> None:
        super().__init__(scope, construct_id, termination_protection=protected, **stack)
        self._protected = protected
        self.table_key = kms.Key(
            self,
            "TableKey",
            description="Encrypts the tables and the rosters",
            enable_key_rotation=True,
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        self.code_key = self._mac_key("CodeKey", "Makes the security codes")
        self.code_key.add_alias(f"{prefix}-code")
        self.pepper_key = self._mac_key("PepperKey", "Peppers the passwords")
        self.document_key = self._mac_key("DocumentKey", "Makes the codes by which documents are verified")
        self.mail_key = self._mac_key("MailKey", "Hides whose a correspondent's work mail is")
        self.tables = {spec: self._table(spec, warm_writes.get(spec.name, 0)) for spec in TABLES}
        self.roster_bucket = RosterBucket(self, "Rosters", key=self.table_key).bucket
        self.origin_secret = self._origin_secret(f"{prefix}-origin")
        recoverable = [table for spec, table in self.tables.items() if spec.recoverable]
        Backups(self, "Backups", name=f"{prefix}-tables", tables=recoverable)

    def _mac_key(self, construct_id: str, description: str) -> kms.Key:
        return kms.Key(
            self,
            construct_id,
            description=description,
            key_spec=kms.KeySpec.HMAC_256,
            key_usage=kms.KeyUsage.GENERATE_VERIFY_MAC,
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )

    def _origin_secret(self, name: str) -> secrets.Secret:
        """The origin secret (see `infra.constructs.firewall`): here, as it must stand before the stacks that use it."""
        return secrets.Secret(
            self,
            "OriginSecret",
            secret_name=name,
            description="What CloudFront proves itself to the API with",
            generate_secret_string=secrets.SecretStringGenerator(password_length=48, exclude_punctuation=True),
        )

    def _table(self, spec: TableSpec, warm_writes: int) -> dynamodb.Table:
        table = dynamodb.Table(
            self,
            pascal(spec.name),
            partition_key=_attribute(spec.partition_key),
            sort_key=_attribute(spec.sort_key) if spec.sort_key else None,
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=self.table_key,
            time_to_live_attribute=spec.time_to_live,
            stream=dynamodb.StreamViewType.NEW_IMAGE if spec.stream else None,
            warm_throughput=dynamodb.WarmThroughput(write_units_per_second=warm_writes) if warm_writes else None,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=spec.recoverable
            ),
            deletion_protection=spec.recoverable and self._protected,
            removal_policy=cdk.RemovalPolicy.RETAIN if spec.recoverable else cdk.RemovalPolicy.DESTROY,
        )
        for index in spec.indexes:
            table.add_global_secondary_index(
                index_name=index.name,
                partition_key=_attribute(index.partition_key),
                sort_key=_attribute(index.sort_key),
                projection_type=dynamodb.ProjectionType.KEYS_ONLY,
            )
        return table


class Backups(Construct):
    """A vault that outlives the stack, filled by night: point-in-time recovery dies with its table."""

    def __init__(self, scope: Construct, construct_id: str, *, name: str, tables: Iterable[dynamodb.Table]) -> None:
        super().__init__(scope, construct_id)
        vault = backup.BackupVault(
            self,
            "Vault",
            backup_vault_name=name,
            # Nobody shortens the life of a backup by hand.
            block_recovery_point_deletion=True,
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        plan = backup.BackupPlan(self, "Plan", backup_plan_name=name, backup_vault=vault)
        plan.add_rule(
            backup.BackupPlanRule(
                rule_name="daily",
                schedule_expression=events.Schedule.cron(hour="1", minute="0"),
                delete_after=cdk.Duration.days(BACKUP_DAYS),
            )
        )
        plan.add_selection("Tables", resources=[backup.BackupResource.from_dynamo_db_table(table) for table in tables])


def _attribute(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
