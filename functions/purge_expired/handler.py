"""The cleanup's schedule calls this every hour."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from activation import bootstrap
from activation.observability import logger, metrics
from functions.purge_expired import service

SPARE_MILLISECONDS = 20_000
"""What is kept of the function's time to finish a page and report."""


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Remove what has expired; answers how many rows of each table went."""
    purged = service.purge(
        bootstrap.expirables(),
        now=bootstrap.clock().now,
        has_time=lambda: context.get_remaining_time_in_millis() > SPARE_MILLISECONDS,
    )
    for part in purged:
        logger().info("table_purged", table=part.table, removed=part.removed, finished=part.finished)
        metrics().add_metric("RowsPurged", MetricUnit.Count, part.removed)
    metrics().flush_metrics()
    return {part.table: part.removed for part in purged}
