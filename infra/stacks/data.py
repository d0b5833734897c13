"""What must not be lost: the tables and the keys."""

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from activation.adapters.tables import TABLES, TableSpec
from infra.names import pascal


class DataStack(cdk.Stack):
    """The six tables under one customer-managed key, and the two KMS keys that codes and peppers come from."""

    def __init__(self, scope: Construct, construct_id: str, **stack: Any) -> None:
        super().__init__(scope, construct_id, termination_protection=True, **stack)
        self.table_key = kms.Key(
            self,
            "TableKey",
            description="Encrypts the tables",
            enable_key_rotation=True,
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        self.code_key = self._mac_key("CodeKey", "Makes the security codes")
        self.pepper_key = self._mac_key("PepperKey", "Peppers the passwords")
        self.tables = {spec: self._table(spec) for spec in TABLES}

    def _mac_key(self, construct_id: str, description: str) -> kms.Key:
        return kms.Key(
            self,
            construct_id,
            description=description,
            key_spec=kms.KeySpec.HMAC_256,
            key_usage=kms.KeyUsage.GENERATE_VERIFY_MAC,
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )

    def _table(self, spec: TableSpec) -> dynamodb.Table:
        table = dynamodb.Table(
            self,
            pascal(spec.name),
            partition_key=_attribute(spec.partition_key),
            sort_key=_attribute(spec.sort_key) if spec.sort_key else None,
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=self.table_key,
            time_to_live_attribute=spec.time_to_live,
            stream=dynamodb.StreamViewType.KEYS_ONLY if spec.stream else None,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=spec.recoverable
            ),
            deletion_protection=spec.recoverable,
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


def _attribute(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
