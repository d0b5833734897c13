"""What correspondents send in: `{"action": "apply", "rows": [...]}` writes a batch of rows."""

from collections import Counter
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from activation import bootstrap
from activation.observability import logger
from functions.import_roster import service
from functions.import_roster.schemas import RosterRow


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Apply a batch; answers how many people were created, updated or left, and which rows and columns are refused."""
    if event.get("action") != "apply":
        raise ValueError("unknown action")
    rows, refused = _parse(event["rows"])
    ports = service.Ports(bootstrap.store(), bootstrap.accounts(), bootstrap.structures())
    service.apply_structures(ports, (row.structure for row in rows))
    changes = Counter(service.apply_entry(ports, row.identifier, row.entry) for row in rows)
    answer = {change.value: changes[change] for change in service.Change}
    logger().info(
        "roster_applied",
        extra={"rows_refused": len(refused), **{f"rows_{name}": count for name, count in answer.items()}},
    )
    return {**answer, "refused": refused}


def _parse(raw_rows: list[Any]) -> tuple[list[RosterRow], list[dict[str, Any]]]:
    """The good rows, and for each bad one its place in the batch and its bad columns."""
    rows, refused = [], []
    for number, raw in enumerate(raw_rows):
        try:
            rows.append(RosterRow.model_validate(raw))
        except ValidationError as error:
            columns = {str(column) for fault in error.errors() for column in fault["loc"][:1]}
            refused.append({"row": number, "columns": sorted(columns)})
    return rows, refused
