"""The metrics that CloudWatch is asked for, as data: for the alarms and the dashboard."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from infra.stages import Stage

FIVE_MINUTES, HOUR = 5, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSpec:
    """A metric of CloudWatch over a period, in minutes."""

    namespace: str
    name: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    statistic: str = "Sum"
    minutes: int = FIVE_MINUTES


def product_metric(
    stage: Stage, function: str, name: str, *, minutes: int = FIVE_MINUTES, **dimensions: str
) -> MetricSpec:
    """A metric that a function counts itself, by the `dimensions` that it counts apart."""
    dimensions = {"service": function, **dimensions}
    return MetricSpec(namespace=stage.metrics_namespace, name=name, dimensions=dimensions, minutes=minutes)


def function_metric(stage: Stage, function: str, name: str, **more: object) -> MetricSpec:
    """A metric that Lambda counts of a function."""
    dimensions = {"FunctionName": stage.function_name(function)}
    return MetricSpec(namespace="AWS/Lambda", name=name, dimensions=dimensions, **more)  # type: ignore[arg-type]  # statistic and minutes


def api_metric(stage: Stage, name: str, statistic: str) -> MetricSpec:
    """A metric that the gateway counts of the API."""
    return MetricSpec(namespace="AWS/ApiGateway", name=name, dimensions={"ApiName": stage.prefix}, statistic=statistic)
