"""What AWS answered before: the same question over the same rows has the same answer, and moto is not asked again.

So have the same questions to S3 over the same objects.
"""

import io
import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from botocore.response import StreamingBody

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


@dataclass(frozen=True, slots=True)
class _Told:
    """What S3 answered, its body apart, and the versions that the object written then had; `seen` as above."""

    answer: Mapping[str, Any]
    body: bytes | None
    after: Sequence[Any] | None
    seen: Sequence[Any]


class Answers:
    """Answers what the calls of an order ask of DynamoDB, KMS and S3; `ask` is asked what was never asked before.

    What meets a fault or a transaction under way is asked for each time: the client's own tries belong to it.
    `objects`: those of the bucket as moto keeps them, each a list of versions that never change.
    """

    def __init__(self, dynamodb: DynamoDb, ask: Ask, objects: Callable[[], Any]) -> None:
        self._dynamodb, self._ask, self._objects = dynamodb, ask, objects
        self._kept: dict[tuple[object, ...], _Kept] = {}
        self._told: dict[tuple[object, ...], _Told] = {}

    def call(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        """What stands for `BaseClient._make_api_call`."""
        service = client.meta.service_model.service_name
        if service == "s3" and scheduler.is_in_a_call():
            return self._call_s3(client, operation, parameters)
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

    def _call_s3(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        if scheduler.arrives(Step("s3")):
            return self._ask_there(client, operation, parameters)
        if not isinstance(parameters.get("Body", b""), bytes):
            parameters = {**parameters, "Body": parameters["Body"].read()}
        objects, target = self._objects(), parameters.get("Key")
        source = parameters.get("CopySource", {}).get("Key")
        listed = parameters.get("Prefix")
        is_about = [
            name
            for name in dict.keys(objects)
            if name in (target, source) or (listed is not None and name.startswith(listed))
        ]
        seen = [version for name in is_about for version in dict.__getitem__(objects, name)]
        key = (operation, repr(parameters), *is_about, *map(id, seen))
        if key not in self._told:
            if len(self._told) > MOST_KEPT:
                self._told.clear()
            answer = self._ask_there(client, operation, parameters)
            body = answer.pop("Body").read() if "Body" in answer else None
            is_written = operation in ("PutObject", "CopyObject")
            self._told[key] = _Told(answer, body, list(dict.__getitem__(objects, target)) if is_written else None, seen)
        told = self._told[key]
        if told.after is not None:
            dict.__setitem__(objects, target, list(told.after))
        if told.body is None:
            return dict(told.answer)
        return {**told.answer, "Body": StreamingBody(io.BytesIO(told.body), len(told.body))}

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
