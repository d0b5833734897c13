"""Alarms that reach somebody: a topic with a mail address, and the alarms on it."""

import re

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.alarms import AlarmSpec
from infra.metrics import MetricSpec

RUNBOOK = "docs/runbook.md"

_MISSING = {True: cloudwatch.TreatMissingData.BREACHING, False: cloudwatch.TreatMissingData.NOT_BREACHING}
_COMPARED = {
    True: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    False: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
}


class Alarms(Construct):
    """The alarms: each sends a mail when it goes off, and when it is over."""

    def __init__(self, scope: Construct, construct_id: str, *, prefix: str, mail: str) -> None:
        super().__init__(scope, construct_id)
        self._prefix = prefix
        self._topic = sns.Topic(self, "Topic", enforce_ssl=True)
        # Without a policy of its own everybody in the account may publish.
        self._topic.grant_publish(
            iam.ServicePrincipal(
                "cloudwatch.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID}}
            )
        )
        self._topic.add_subscription(subscriptions.EmailSubscription(mail))
        self.all: list[cloudwatch.Alarm] = []

    def add(self, spec: AlarmSpec) -> cloudwatch.Alarm:
        """An alarm as specified."""
        alarm = cloudwatch.Alarm(
            self,
            spec.name,
            alarm_name=f"{self._prefix}-{spec.name}",
            alarm_description=f"{spec.says}. {RUNBOOK}#{anchor(spec.section)}",
            metric=_metric(spec),
            threshold=spec.threshold,
            evaluation_periods=spec.periods,
            comparison_operator=_COMPARED[spec.below],
            treat_missing_data=_MISSING[spec.silence_is_bad],
        )
        tell = actions.SnsAction(self._topic)
        alarm.add_alarm_action(tell)
        alarm.add_ok_action(tell)
        self.all.append(alarm)
        return alarm


def anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def metric_of(metric: MetricSpec, *, label: str | None = None) -> cloudwatch.Metric:
    """CDK's metric for a `MetricSpec`."""
    return cloudwatch.Metric(
        namespace=metric.namespace,
        metric_name=metric.name,
        dimensions_map=dict(metric.dimensions),
        statistic=metric.statistic,
        period=cdk.Duration.minutes(metric.minutes),
        label=label,
    )


def _metric(spec: AlarmSpec) -> cloudwatch.IMetric:
    metrics = {name: metric_of(metric) for name, metric in spec.metrics.items()}
    if not spec.expression:
        (metric,) = metrics.values()
        return metric
    period = cdk.Duration.minutes(next(iter(spec.metrics.values())).minutes)
    return cloudwatch.MathExpression(expression=spec.expression, using_metrics=metrics, period=period)
