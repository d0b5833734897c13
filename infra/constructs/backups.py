"""Backups beside point-in-time recovery, which dies with its table: a day's, kept for 35 days."""

from collections.abc import Iterable

import aws_cdk as cdk
from aws_cdk import aws_backup as backup
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from constructs import Construct

KEPT_DAYS = 35
"""As long as point-in-time recovery looks back."""


class Backups(Construct):
    """A vault that outlives the stack, and a plan that fills it by night."""

    def __init__(self, scope: Construct, construct_id: str, *, tables: Iterable[dynamodb.Table]) -> None:
        super().__init__(scope, construct_id)
        vault = backup.BackupVault(
            self,
            "Vault",
            # Nobody shortens the life of a backup by hand.
            block_recovery_point_deletion=True,
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        plan = backup.BackupPlan(self, "Plan", backup_vault=vault)
        plan.add_rule(
            backup.BackupPlanRule(
                rule_name="daily",
                schedule_expression=events.Schedule.cron(hour="1", minute="0"),
                delete_after=cdk.Duration.days(KEPT_DAYS),
            )
        )
        plan.add_selection("Tables", resources=[backup.BackupResource.from_dynamo_db_table(table) for table in tables])
