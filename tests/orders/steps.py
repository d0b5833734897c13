"""What one call to AWS reads and writes, so that orders that nobody could tell apart are tried once."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.dynamodb.rules import Action, Keys, RefusedError, actions_of
from tests.dynamodb.stand_in import operation_of

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A call to AWS, by its operation: the rows that it reads and writes, and the tables that it reads whole."""

    operation: str
    reads: frozenset[Row] = frozenset()
    writes: frozenset[Row] = frozenset()
    whole: frozenset[str] = frozenset()

    def meets(self, other: "Step") -> bool:
        """Whether it matters which of the two comes first."""
        return self._sees(other) or other._sees(self)

    def _sees(self, other: "Step") -> bool:
        touched = self.reads | self.writes
        return not touched.isdisjoint(other.writes) or any(row[0] in self.whole for row in other.writes)


def step_of(request: Any, keys: Callable[[str], Keys]) -> Step:
    """The step that a request of botocore is; what is no request to DynamoDB touches no row."""
    operation = operation_of(request)
    if operation is None:
        return Step(str(request.url).partition("//")[2].partition(".")[0])
    body = json.loads(request.body)
    try:
        actions = actions_of(operation, body, keys)
    except RefusedError:
        return Step(operation)
    if operation in ("Query", "Scan"):
        return whole(operation, body)
    return step_with(operation, actions)


def step_with(operation: str, actions: Sequence[Action]) -> Step:
    writes = frozenset(action.row for action in actions if action.changes)
    return Step(operation, frozenset(action.row for action in actions) - writes, writes)


def whole(operation: str, request: Mapping[str, Any]) -> Step:
    return Step(operation, whole=frozenset({request["TableName"]}))
