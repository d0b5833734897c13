"""What CloudWatch is asked about, as data: for the alarms and the dashboard."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from infra.stages import Stage

FIVE_MINUTES, HOUR = 5, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A metric of CloudWatch over a period, in minutes."""

    namespace: str
    name: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    statistic: str = "Sum"
    minutes: int = FIVE_MINUTES


def product_measure(stage: Stage, function: str, name: str, *, minutes: int = FIVE_MINUTES) -> Measure:
    """What a function itself counts."""
    return Measure(namespace=stage.metrics_namespace, name=name, dimensions={"service": function}, minutes=minutes)


def function_measure(stage: Stage, function: str, name: str, **more: object) -> Measure:
    """What Lambda counts of a function."""
    dimensions = {"FunctionName": stage.function_name(function)}
    return Measure(namespace="AWS/Lambda", name=name, dimensions=dimensions, **more)  # type: ignore[arg-type]  # statistic and minutes


def api_measure(stage: Stage, name: str, statistic: str) -> Measure:
    """What the gateway counts of the API."""
    return Measure(namespace="AWS/ApiGateway", name=name, dimensions={"ApiName": stage.prefix}, statistic=statistic)
