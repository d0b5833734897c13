"""The schedule of the cleanup."""

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from constructs import Construct


def clean_up_every_hour(scope: Construct, function: lambda_.IFunction) -> None:
    """Have the function (`purge_expired`) called each hour, and twice more where it fails."""
    scheduler.Schedule(
        scope,
        "Cleanup",
        schedule=scheduler.ScheduleExpression.rate(cdk.Duration.hours(1)),
        target=targets.LambdaInvoke(function, retry_attempts=2),
    )
