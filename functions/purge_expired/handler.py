"""The cleanup, called by its schedule every hour. `{"dry_run": true}` only counts the rows to remove."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from activation import bootstrap
from activation.catalogue import catalogue
from activation.domain.retention import Act
from activation.observability import logger, metrics, name_of, where
from functions.purge_expired import funnel, people, requests, service

SPARE_MILLISECONDS = 20_000
"""The milliseconds that are left at the end, to finish a page and to report."""

NOTING_LEAVES, PURGING_LEAVES, CLEANING_LEAVES = 3 / 4, 3 / 8, 1 / 8
"""The shares of the function's time that noting codes, purging and cleaning accounts leave for the work after them."""


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Remove what has expired and do the acts that are due; returns how many rows of each table and for each act."""
    is_dry_run, request, left = (
        event.get("dry_run") is True,
        bootstrap.request_context(),
        context.get_remaining_time_in_millis,
    )
    given, failures = left(), Failures()

    def leaving(share: float) -> Callable[[], bool]:
        return lambda: left() > max(SPARE_MILLISECONDS, share * given)

    codes_noted = is_dry_run or funnel.note_codes(  # before the outbox's rows go
        bootstrap.activation_funnel(), now=request.now, has_time=leaving(NOTING_LEAVES), tell=failures.tell
    )
    purged = service.purge(
        bootstrap.expirables(),
        now=request.now,
        has_time=leaving(PURGING_LEAVES),
        tell=failures.tell,
        is_dry_run=is_dry_run,
    )
    cleaned = people.clean_accounts(
        _ports(), context=request, has_time=leaving(CLEANING_LEAVES), tell=failures.tell, is_dry_run=is_dry_run
    )
    tended = requests.tend(
        _request_ports(), context=request, has_time=leaving(0), tell=failures.tell, is_dry_run=is_dry_run
    )
    counts = {part.table: part.removed for part in purged} | {act.value: cleaned.done[act] for act in Act}
    counts |= {f"requests_{done.value}": tended.done[done] for done in requests.Tending}
    finished = {"codes": codes_noted, **{part.table: part.finished for part in purged}, "accounts": cleaned.finished}
    finished["requests"] = tended.finished
    unfinished = [part for part, is_finished in finished.items() if not is_finished]
    done = {"dry_run": is_dry_run, "unfinished": unfinished, "failed": failures.number, **counts}
    logger().info("cleanup_done", extra=done)
    if not is_dry_run:
        _measure_queue(request.now, failures)
        _measure(counts, len(unfinished), failures.number)
    return counts


class Failures:
    """Logs failures, without data that must not be logged, and counts them."""

    def __init__(self) -> None:
        self.number = 0

    def tell(self, table: str, identifier: str | None, error: Exception) -> None:
        """Log and count one failure; the arguments are those of `Tell`."""
        self.number += 1
        told = {"table": table, "identifier": identifier, "error": name_of(error), "where": where(error)}
        logger().error("row_failed", extra=told)


def _ports() -> people.Ports:
    return people.Ports(
        bootstrap.retention(),
        bootstrap.accounts(),
        bootstrap.store(),
        bootstrap.flows(),
        bootstrap.outbox(),
        bootstrap.links(),
        bootstrap.requests(),
    )


def _request_ports() -> requests.Ports:
    return requests.Ports(
        catalogue(), bootstrap.store(), bootstrap.requests(), bootstrap.accounts(), bootstrap.outbox()
    )


def _measure_queue(now: int, failures: Failures) -> None:
    try:
        queue = requests.measure_queue(_request_ports(), now=now)
    except Exception as error:  # noqa: BLE001  # what was cleaned up is told all the same
        failures.tell("requests", None, error)
    else:
        metrics().add_metric("RequestsNotTaken", MetricUnit.Count, queue.not_taken)
        metrics().add_metric("RequestsWaiting", MetricUnit.Count, queue.waiting)
        metrics().add_metric("OldestRequestHours", MetricUnit.Count, queue.oldest_hours)


def _measure(counts: dict[str, int], unfinished: int, failed: int) -> None:
    metrics().add_metric("RowsPurged", MetricUnit.Count, sum(counts.values()))
    metrics().add_metric("TablesLeftUnfinished", MetricUnit.Count, unfinished)
    metrics().add_metric("RowsFailed", MetricUnit.Count, failed)
    for act in Act:
        metrics().add_metric("".join(map(str.capitalize, act.value.split("_"))), MetricUnit.Count, counts[act.value])
    metrics().flush_metrics()
