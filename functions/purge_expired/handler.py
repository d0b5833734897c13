"""The cleanup's schedule calls this every hour. `{"dry_run": true}` only counts what would go."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from activation import bootstrap
from activation.domain.retention import Act
from activation.observability import logger, metrics, name_of, where
from functions.purge_expired import funnel, people, service

SPARE_MILLISECONDS = 20_000
"""What is kept of the function's time to finish a page and report."""


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Remove what has expired and do what is due; answers how many rows of each table, and of each act."""
    is_dry_run, request = event.get("dry_run") is True, bootstrap.request_context()

    def has_time() -> bool:
        return context.get_remaining_time_in_millis() > SPARE_MILLISECONDS

    failures: list[str] = []

    def tell(table: str, identifier: str | None, error: Exception) -> None:
        failures.append(table)
        told = {"table": table, "identifier": identifier, "error": name_of(error), "where": where(error)}
        logger().error("row_failed", extra=told)

    if not is_dry_run:  # before the outbox's rows go
        funnel.note_codes(bootstrap.activation_funnel(), now=request.now, has_time=has_time)
    purged = service.purge(bootstrap.expirables(), now=request.now, has_time=has_time, tell=tell, is_dry_run=is_dry_run)
    ports = people.Ports(
        bootstrap.retention(), bootstrap.accounts(), bootstrap.store(), bootstrap.flows(), bootstrap.outbox()
    )
    cleaned = people.clean_accounts(ports, context=request, has_time=has_time, tell=tell, is_dry_run=is_dry_run)
    counts = {part.table: part.removed for part in purged} | {act.value: cleaned.done[act] for act in Act}
    unfinished = [part.table for part in purged if not part.finished] + ["accounts"] * (not cleaned.finished)
    logger().info(
        "cleanup_done", extra={"dry_run": is_dry_run, "unfinished": unfinished, "failed": len(failures), **counts}
    )
    if not is_dry_run:
        _measure(counts, len(unfinished), len(failures))
    return counts


def _measure(counts: dict[str, int], unfinished: int, failed: int) -> None:
    metrics().add_metric("RowsPurged", MetricUnit.Count, sum(counts.values()))
    metrics().add_metric("TablesLeftUnfinished", MetricUnit.Count, unfinished)
    metrics().add_metric("RowsFailed", MetricUnit.Count, failed)
    for act in Act:
        metrics().add_metric("".join(map(str.capitalize, act.value.split("_"))), MetricUnit.Count, counts[act.value])
    metrics().flush_metrics()
