"""What AWS answered before: the same question over the same rows has the same answer, and moto is not asked again."""

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from tests.dynamodb.rules import Action, RefusedError, actions_of
from tests.dynamodb.stand_in import DynamoDb, Row, item_of, items_of, keys_of
from tests.orders import scheduler
from tests.orders.steps import Step, step_with, whole

MOST_KEPT = 50_000
"""So many answers are kept; then none is, and each is asked for anew."""

Ask = Callable[[Any, str, dict[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer or a refusal, as bytes, and the rows that were written, as they then stood.

    `seen`: the rows that it was given over; they stay, so that no other row takes their place in memory.
    """

    answer: bytes
    is_refusal: bool
    after: Sequence[tuple[Row, Any]]
    seen: Sequence[Any]


class Answers:
    """Answers what the calls of an order ask of DynamoDB and KMS; `ask` is asked what was never asked before.

    What meets a fault or a transaction under way is asked for each time: the client's own tries belong to it.
    """

    def __init__(self, dynamodb: DynamoDb, ask: Ask) -> None:
        self._dynamodb, self._ask = dynamodb, ask
        self._kept: dict[tuple[object, ...], _Kept] = {}

    def call(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        """What stands for `BaseClient._make_api_call`."""
        service = client.meta.service_model.service_name
        if service not in ("dynamodb", "kms") or not scheduler.is_in_a_call():
            return self._ask(client, operation, parameters)
        try:
            actions = actions_of(operation, parameters, keys_of) if service == "dynamodb" else []
        except RefusedError:
            return self._ask(client, operation, parameters)
        is_failing = scheduler.arrives(_step(service, operation, parameters, actions))
        if is_failing or self._dynamodb.decides(parameters, actions):
            return self._ask_there(client, operation, parameters)
        with self._dynamodb.as_before(operation, parameters):
            seen = items_of(parameters) if not actions and service == "dynamodb" else [item_of(a.row) for a in actions]
        asked = {name: value for name, value in parameters.items() if name != "ClientRequestToken"}
        key = (operation, repr(asked), *map(id, seen))
        if key not in self._kept:
            return self._learn(client, operation, parameters, actions, key=key, seen=seen)
        kept = self._kept[key]
        if any(action.changes for action in actions):
            self._dynamodb.do_again(parameters, actions, None if kept.is_refusal else kept.after)
        answer = pickle.loads(kept.answer)  # noqa: S301  # our own
        if kept.is_refusal:
            raise client.exceptions.from_code(answer["Error"]["Code"])(answer, operation)
        return answer

    def _ask_there(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        scheduler.stay_there()
        return self._ask(client, operation, parameters)

    def _learn(
        self,
        client: Any,
        operation: str,
        parameters: dict[str, Any],
        actions: Sequence[Action],
        *,
        key: tuple[object, ...],
        seen: Sequence[Any],
    ) -> Any:
        """Ask, and keep the answer unless it took more than one try."""
        if len(self._kept) > MOST_KEPT:
            self._kept.clear()
        asked = self._dynamodb.asked
        try:
            answer = self._ask_there(client, operation, parameters)
        except ClientError as refusal:
            if self._dynamodb.asked == asked + 1:
                self._kept[key] = _Kept(pickle.dumps(refusal.response), True, [], seen)
            raise
        if self._dynamodb.asked == asked + 1:
            after = [(action.row, item_of(action.row)) for action in actions if action.changes]
            self._kept[key] = _Kept(pickle.dumps(answer), False, after, seen)
        return answer


def _step(service: str, operation: str, parameters: dict[str, Any], actions: Sequence[Action]) -> Step:
    if service == "kms":
        return Step(service)
    return step_with(operation, actions) if actions else whole(operation, parameters)
