"""Stands between botocore and moto, where AWS's DynamoDB would answer."""

import copy
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import pytest

from tests.dynamodb.rules import Action, Body, Keys, RefusedError, actions_of, check_request, check_row

TOKEN_SECONDS = 600
"""How long DynamoDB remembers a ClientRequestToken."""
LAG_SECONDS = 1
"""How long a read that is not consistent may miss a table's last write; where a clock stands still, it does."""

_SERVICE = "DynamoDB_20120810."
_EVENTUAL = ("GetItem", "BatchGetItem", "Query", "Scan")
_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
Response = tuple[int, dict[str, Any], str | bytes]
Row = tuple[str, ...]
_standing: "list[DynamoDb]" = []
"""The one that stands in now, if one does."""


class DynamoDb:
    """DynamoDB as AWS has it, by moto's means.

    It refuses what `rules` say; does a transaction once for each ClientRequestToken; lets a read that is not
    consistent see a table as it stood before its last write; and refuses what meets a transaction under way. Between
    a transaction's beginning and its end it calls `under_way` with the transaction's actions, which does nothing
    unless somebody has others go on.
    """

    def __init__(self, carry_out: Callable[[Any], Response]) -> None:
        self._carry_out = carry_out
        self.under_way: Callable[[Sequence[Action]], None] = lambda _: None
        self.written: list[Row] = []
        self.asked = 0
        self._locked: list[Row] = []
        self._tokens: dict[str, tuple[str, float, bool]] = {}
        self._last: dict[str, tuple[Any, float, list[tuple[Row, Any]]]] = {}

    def forget(self) -> None:
        """No token was ever given, and every write is seen by all; `written` lists the rows of those that follow."""
        self.written.clear()
        self._tokens.clear()
        self._last.clear()

    def let_writes_be_seen(self) -> None:
        """No read misses a write that was before."""
        self._last.clear()

    def process_request(self, request: Any) -> Response:
        """What the request is answered; every other service answers as moto does. `asked` counts them."""
        self.asked += 1
        operation = operation_of(request)
        if operation is None:
            return self._carry_out(request)
        body = json.loads(request.body)
        try:
            actions = actions_of(operation, body, keys_of)
            check_request(operation, body, actions)
            if operation in _WRITES:
                return self._write(operation, body, actions, request)
        except RefusedError as refusal:
            return _refused(refusal)
        with self.as_before(operation, body):
            return self._carry_out(request)

    def decides(self, body: Body, actions: Sequence[Action]) -> bool:
        """Whether a transaction under way, or what was done under the same token, decides what is answered."""
        return body.get("ClientRequestToken") in self._tokens or any(action.row in self._locked for action in actions)

    def do_again(self, body: Body, actions: Sequence[Action], after: Sequence[tuple[Row, Any]] | None) -> None:
        """Do what was done before over the same rows: `after` they stood so; None when it was refused."""
        if token := body.get("ClientRequestToken"):
            self._tokens[token] = _digest(body), time.time(), False
            self._begin(actions)
        if after is not None:
            before = [(row, item_of(row)) for row, _ in after]
            _put_back(after)
            self._remember(body, before)

    def _write(self, operation: str, body: Body, actions: Sequence[Action], request: Any) -> Response:
        if self._is_done(body):
            return 200, {"Content-Type": "application/x-amz-json-1.0"}, "{}"
        self._check_conflicts(operation, actions)
        if operation == "TransactWriteItems":
            self._begin(actions)
        written = [action.row for action in actions if action.changes]
        before = [(row, _detach(row)) for row in written]
        status, headers, answer = self._carry_out(request)
        if status >= 300:  # moto leaves behind what a cancelled transaction did first
            _put_back(before)
            return status, headers, answer
        try:
            for row in written:
                if (item := item_of(row)) is not None:
                    check_row(item.to_json()["Attributes"], keys_of(row[0]))
        except RefusedError:
            _put_back(before)
            raise
        self._remember(body, before)
        return status, headers, answer

    def _begin(self, actions: Sequence[Action]) -> None:
        """Others go on while the transaction is under way."""
        self._locked += (rows := [action.row for action in actions])
        try:
            self.under_way(actions)
        finally:
            for row in rows:
                self._locked.remove(row)

    def _is_done(self, body: Body) -> bool:
        """Whether a transaction with this token was carried out; raises RefusedError when it was another one."""
        token, said = body.get("ClientRequestToken"), _digest(body)
        if token is None:
            return False
        first, at, is_done = self._tokens.get(token, (said, 0.0, False))
        if time.time() - at >= TOKEN_SECONDS:
            first, is_done = said, False
        if first != said:
            raise RefusedError("another request had this token", "IdempotentParameterMismatchException")
        self._tokens[token] = (said, at if is_done else time.time(), is_done)
        return is_done

    def _check_conflicts(self, operation: str, actions: Sequence[Action]) -> None:
        met = [action.row in self._locked for action in actions]
        if not any(met):
            return
        if operation != "TransactWriteItems":
            raise RefusedError("Transaction is ongoing for the item", "TransactionConflictException")
        raise RefusedError(
            "Transaction cancelled, please refer cancellation reasons for specific reasons",
            "TransactionCanceledException",
            [{"Code": "TransactionConflict", "Message": "ongoing"} if locked else {"Code": "None"} for locked in met],
        )

    def _remember(self, body: Body, before: list[tuple[Row, Any]]) -> None:
        if token := body.get("ClientRequestToken"):
            self._tokens[token] = (_digest(body), time.time(), True)
        self.written += [row for row, _ in before]
        for name in {row[0] for row, _ in before}:
            self._last[name] = _table(name).items, time.time(), [part for part in before if part[0][0] == name]

    @contextmanager
    def as_before(self, operation: str, body: Body) -> Iterator[None]:
        """Have the tables that are not read consistently stand as they stood before their last write."""
        wanted = body["RequestItems"] if operation == "BatchGetItem" else {body.get("TableName", ""): body}
        late = [name for name, how in wanted.items() if operation in _EVENTUAL and not how.get("ConsistentRead")]
        changes = [change for name in late for change in self._not_seen(name)]
        now = [(row, item_of(row)) for row, _ in changes]
        _put_back(changes)
        try:
            yield
        finally:
            _put_back(now)

    def _not_seen(self, name: str) -> list[tuple[Row, Any]]:
        """The table's last write, as its rows stood before; nothing once it is seen, or its rows are others."""
        items, at, rows = self._last.get(name, (None, 0.0, []))
        return rows if items is _table(name).items and time.time() - at < LAG_SECONDS else []


def stand_in(environment: pytest.MonkeyPatch) -> DynamoDb:
    """Have everything that reaches moto's DynamoDB pass through a stand-in as long as the environment lasts."""
    from moto.core.models import botocore_stubber  # noqa: PLC0415  # moto, for who runs other tests
    from moto.dynamodb.models.table import Table  # noqa: PLC0415  # as above

    made = DynamoDb(cast("Callable[[Any], Response]", botocore_stubber.process_request))
    environment.setattr("tests.dynamodb.stand_in._standing", [made])
    environment.setattr(botocore_stubber, "process_request", made.process_request)
    # moto keeps a copy of each table for every transaction; the rows are put back here.
    environment.setattr(Table, "__deepcopy__", lambda table, _: table, raising=False)
    return made


def let_writes_be_seen() -> None:
    """What was written so far is seen by every read: for what a test does next, some time later."""
    for made in _standing:
        made.let_writes_be_seen()


def _refused(refusal: RefusedError) -> Response:
    said: dict[str, Any] = {"__type": f"com.amazonaws.dynamodb.v20120810#{refusal.code}", "message": refusal.message}
    if refusal.reasons:
        said |= {"CancellationReasons": refusal.reasons}
    return 400, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(said)


def _digest(body: Body) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def operation_of(request: Any) -> str | None:
    """The operation that a request asks of DynamoDB; None when it asks another service."""
    target = request.headers.get("X-Amz-Target", b"")
    target = target.decode() if isinstance(target, bytes) else str(target)
    return target.removeprefix(_SERVICE) if target.startswith(_SERVICE) else None


def keys_of(name: str) -> Keys:
    """The keys of a table. Raises RefusedError when there is no such table."""
    table = _table(name)
    indexed = tuple(key["AttributeName"] for index in table.global_indexes for key in index.schema)
    return Keys(tuple(key for key in (table.hash_key_attr, table.range_key_attr) if key), indexed)


def _table(name: str) -> Any:
    from moto.dynamodb.models import dynamodb_backends  # noqa: PLC0415  # moto's own state, once it is up

    for regions in dynamodb_backends.values():
        for backend in regions.values():
            if name in backend.tables:
                return backend.tables[name]
    raise RefusedError("Requested resource not found", "ResourceNotFoundException")


def _keys(row: Row) -> tuple[Any, Any]:
    from moto.dynamodb.models.dynamo_type import DynamoType  # noqa: PLC0415  # as above

    keys = [DynamoType({"S": value}) for value in row[1:]]
    return keys[0], keys[1] if len(keys) > 1 else None


def item_of(row: Row) -> Any:
    """The row as moto keeps it; None when there is none."""
    (partition, sort), items = _keys(row), _table(row[0]).items
    if partition not in items:
        return None
    return items[partition] if sort is None else items[partition].get(sort)


def items_of(query: Body) -> list[Any]:
    """The rows that a query or a scan may read: those of a partition, where it names one first."""
    table, values = _table(query["TableName"]), query.get("ExpressionAttributeValues", {})
    if "IndexName" not in query and query.get("KeyConditionExpression", "").startswith("#key = :value"):
        return list(table.items.get(_keys(("", values[":value"]["S"]))[0], {}).values())
    if table.range_key_attr is None:
        return list(table.items.values())
    return [item for partition in table.items.values() for item in partition.values()]


def _detach(row: Row) -> Any:
    """The row as it stands, which nothing changes any more: moto gets a copy to update in its place."""
    item = item_of(row)
    if item is not None:
        _set(row, copy.deepcopy(item))
    return item


def _put_back(rows: Iterable[tuple[Row, Any]]) -> None:
    for row, item in rows:
        _set(row, item)


def _set(row: Row, item: Any) -> None:
    (partition, sort), items = _keys(row), _table(row[0]).items
    if sort is None and item is None:
        items.pop(partition, None)
    elif sort is None:
        items[partition] = item
    elif item is None:
        if partition in items:
            items[partition].pop(sort, None)
    else:
        items[partition][sort] = item
