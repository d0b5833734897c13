"""DynamoDB as the ports use it: plain values in and out, conditional writes, transactions."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import SystemRandom
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

from activation.adapters.tables import IndexSpec
from activation.domain.errors import BusyError, DomainError, StaleError
from activation.domain.ports import Write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Item = Mapping[str, Any]
"""A row in plain values."""

COMMIT_TRIES = 3
_READ_TRIES = 6
_REFUSED = "ConditionalCheckFailed"
_BUSY = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
"""Reasons for which a cancelled transaction may be tried again."""


@dataclass(frozen=True, slots=True)
class DynamoWrite(Write):
    """One operation of a transaction. `refuse` gets the row that broke the condition, and returns one of three things.

    A DomainError: the refusal to raise. None: the row shows that this same write succeeded before and its answer was
    lost. Another write: the transaction tries it in place of this one (`carry_out` does not).
    """

    operation: Literal["Put", "Update", "Delete", "ConditionCheck"]
    request: Mapping[str, Any]
    refuse: "Refuse"


Refuse = Callable[[Item], DomainError | DynamoWrite | None]


class DynamoStore:
    """Carries out transactions (port `Store`)."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self._client = client

    def commit(self, *writes: Write) -> None:
        """All tries carry the same token, so that a try whose answer was lost is not done twice."""
        self._commit([write for write in writes if isinstance(write, DynamoWrite)])

    def _commit(self, parts: Sequence[DynamoWrite]) -> None:
        token = secrets.token_hex(16)
        for attempt in range(COMMIT_TRIES):
            try:
                self._client.transact_write_items(
                    TransactItems=[{part.operation: part.request} for part in parts],  # type: ignore[misc]  # one key a part
                    ClientRequestToken=token,
                )
            except ClientError as error:
                others = _explain(error, parts)
            else:
                others = []
            if others != parts:
                return self._commit(others) if others else None
            _wait(attempt)
        raise BusyError


def carry_out(client: "DynamoDBClient", write: DynamoWrite) -> None:
    """Carry out one write by itself: half the price of a transaction of one. Raises its refusal, or BusyError."""
    calls: Mapping[str, Callable[..., object]] = {
        "Put": client.put_item,
        "Update": client.update_item,
        "Delete": client.delete_item,
    }
    for attempt in range(COMMIT_TRIES):
        try:
            calls[write.operation](**write.request)
        except client.exceptions.ConditionalCheckFailedException as error:
            old: Any = error.response.get("Item", {})
            refusal = write.refuse(from_attributes(old))
            if isinstance(refusal, DomainError):
                raise refusal from None
            return
        except client.exceptions.TransactionConflictException:
            _wait(attempt)
        else:
            return
    raise BusyError


def read_together(client: "DynamoDBClient", wanted: Mapping[str, Any]) -> Mapping[str, Sequence[Any]]:
    """The rows with these keys, by table, in one call; `wanted` and the rows are in DynamoDB's own notation.

    Keys that a throttled table leaves out are read again. Raises BusyError when some are left out six times.
    """
    found: dict[str, list[Any]] = {name: [] for name in wanted}
    left: Any = wanted
    for attempt in range(_READ_TRIES):
        if not left:
            return found
        if attempt:
            time.sleep(0.05 * 2**attempt)
        answer = client.batch_get_item(RequestItems=left)
        for name, rows in answer["Responses"].items():
            found[name] += rows
        left = answer.get("UnprocessedKeys")
    if left:
        raise BusyError
    return found


def _wait(attempt: int) -> None:
    """Sleep for a random time: at most 50 ms after the first try, and twice that after each further one."""
    time.sleep(SystemRandom().uniform(0, 0.05 * 2**attempt))


def _explain(error: ClientError, parts: Sequence[DynamoWrite]) -> Sequence[DynamoWrite]:
    """The writes to try next: the same or others in their place; none if they had succeeded. Raises the refusal."""
    reasons = error.response.get("CancellationReasons")
    if reasons is None:
        raise error
    others = list(parts)
    for place, (part, reason) in enumerate(zip(parts, reasons, strict=True)):
        if reason["Code"] == _REFUSED:
            refusal = part.refuse(from_attributes(reason.get("Item", {})))
            if refusal is None:
                return []
            if isinstance(refusal, DomainError):
                raise refusal
            others[place] = refusal
    if others == parts and not any(reason["Code"] in _BUSY for reason in reasons):
        raise error
    return others


class Table:
    """One table, by its deployed name."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self.client = client
        self.name = name

    def get(self, **key: str) -> Item | None:
        """The row as it stands now (consistent read)."""
        found = self.client.get_item(TableName=self.name, Key=to_attributes(key), ConsistentRead=True)
        return from_attributes(found["Item"]) if "Item" in found else None

    def query(self, **key: str) -> Iterator[Item]:
        """Every row of a partition, in the order of its sort key (consistent read)."""
        ((name, value),) = key.items()
        pages = self.client.get_paginator("query").paginate(
            TableName=self.name,
            KeyConditionExpression="#key = :value",
            ExpressionAttributeNames={"#key": name},
            ExpressionAttributeValues=to_attributes({":value": value}),
            ConsistentRead=True,
        )
        return (from_attributes(item) for page in pages for item in page["Items"])

    def query_prefix(self, prefix: str, **key: str) -> Iterator[Item]:
        """The rows of a partition whose sort key, `record`, begins so, in its order (consistent read)."""
        ((name, value),) = key.items()
        pages = self.client.get_paginator("query").paginate(
            TableName=self.name,
            KeyConditionExpression="#key = :value AND begins_with(#record, :prefix)",
            ExpressionAttributeNames={"#key": name, "#record": "record"},
            ExpressionAttributeValues=to_attributes({":value": value, ":prefix": prefix}),
            ConsistentRead=True,
        )
        return (from_attributes(item) for page in pages for item in page["Items"])

    def rows_of(self, index: IndexSpec, partition: str, *, most: int | None = None) -> Iterator[dict[str, str]]:
        """The keys of the rows of a partition of an index, in the order of its sort key; at most `most` of them."""
        pages = self.client.get_paginator("query").paginate(
            TableName=self.name,
            IndexName=index.name,
            KeyConditionExpression="#partition = :partition",
            ExpressionAttributeNames={"#partition": index.partition_key},
            ExpressionAttributeValues=to_attributes({":partition": partition}),
            PaginationConfig={} if most is None else {"MaxItems": most},
        )
        for page in pages:
            for item in page["Items"]:
                yield {"identifier": item["identifier"]["S"], "record": item["record"]["S"]}

    def keys_of(self, index: IndexSpec, partition: str) -> Iterator[tuple[str, str]]:
        """The sort key and the identifier of every row of a partition of an index, in the order of the sort key."""
        pages = self.client.get_paginator("query").paginate(
            TableName=self.name,
            IndexName=index.name,
            KeyConditionExpression="#partition = :partition",
            ExpressionAttributeNames={"#partition": index.partition_key},
            ExpressionAttributeValues=to_attributes({":partition": partition}),
        )
        return ((item[index.sort_key]["S"], item["identifier"]["S"]) for page in pages for item in page["Items"])

    def delete(self, **key: str) -> None:
        """Remove one row now, if it is there."""
        self.client.delete_item(TableName=self.name, Key=to_attributes(key))

    def count(self, index: IndexSpec, partition: str) -> int:
        """How many rows a partition of an index has."""
        pages = self.client.get_paginator("query").paginate(
            TableName=self.name,
            IndexName=index.name,
            Select="COUNT",
            KeyConditionExpression="#partition = :partition",
            ExpressionAttributeNames={"#partition": index.partition_key},
            ExpressionAttributeValues=to_attributes({":partition": partition}),
        )
        return sum(page["Count"] for page in pages)

    def scan(self, *names: str) -> Iterator[Item]:
        """These attributes of every row; a row that was just written may be missing, or as it was before."""
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.name,
            ProjectionExpression=", ".join(f"#{name}" for name in names),
            ExpressionAttributeNames={f"#{name}": name for name in names},
        )
        return (from_attributes(item) for page in pages for item in page["Items"])

    def put(
        self,
        item: Item,
        *,
        condition: str,
        refuse: Refuse = lambda _: StaleError(),
        **values: Any,
    ) -> DynamoWrite:
        """A Put for a transaction."""
        request = {"TableName": self.name, "Item": to_attributes(item), **_conditioned(condition, values)}
        return DynamoWrite("Put", request, refuse)

    def update_write(
        self,
        key: Mapping[str, str],
        update: str,
        *,
        condition: str = "",
        refuse: Refuse = lambda _: StaleError(),
        **values: Any,
    ) -> DynamoWrite:
        """An Update for a transaction."""
        return DynamoWrite("Update", self._update(key, update, condition, values), refuse)

    def check(self, key: Mapping[str, str], *, condition: str, refuse: Refuse, **values: Any) -> DynamoWrite:
        """A ConditionCheck for a transaction."""
        request = {"TableName": self.name, "Key": to_attributes(key), **_conditioned(condition, values)}
        return DynamoWrite("ConditionCheck", request, refuse)

    def delete_write(
        self,
        key: Mapping[str, str],
        *,
        condition: str,
        refuse: Refuse = lambda _: StaleError(),
        **values: Any,
    ) -> DynamoWrite:
        """A Delete for a transaction."""
        request = {"TableName": self.name, "Key": to_attributes(key), **_conditioned(condition, values)}
        return DynamoWrite("Delete", request, refuse)

    def update(
        self, key: Mapping[str, str], update: str, *, condition: str = "", **values: Any
    ) -> tuple[Item | None, bool]:
        """Update one row now. Returns the row as it then stands, and whether the condition held.

        Raises BusyError when each of three tries met a transaction on the same row.
        """
        request = self._update(key, update, condition, values)
        for attempt in range(COMMIT_TRIES):
            try:
                answer = self.client.update_item(**request, ReturnValues="ALL_NEW")
            except self.client.exceptions.ConditionalCheckFailedException as error:
                old: Any = error.response.get("Item")
                return (from_attributes(old) if old else None), False
            except self.client.exceptions.TransactionConflictException:
                _wait(attempt)
            else:
                return from_attributes(answer["Attributes"]), True
        raise BusyError

    def _update(self, key: Mapping[str, str], update: str, condition: str, values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "TableName": self.name,
            "Key": to_attributes(key),
            "UpdateExpression": update,
            **_conditioned(condition, values),
        }


def one_of_each(*wanted: tuple[Table, Mapping[str, str]]) -> Mapping[Table, Item]:
    """One row of each of these tables, by its key, in one call (consistent reads); a missing row is left out.

    Raises BusyError as `read_together` does.
    """
    asked = {table.name: {"Keys": [to_attributes(key)], "ConsistentRead": True} for table, key in wanted}
    found = read_together(wanted[0][0].client, asked)
    return {table: from_attributes(row) for table, _ in wanted for row in found[table.name]}


def _conditioned(condition: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The condition and its values. A keyword `name_x="y"` stands for `#x` in expressions, any other for `:keyword`."""
    names = {f"#{key[5:]}": value for key, value in values.items() if key.startswith("name_")}
    bound = {f":{key}": _serialize(value) for key, value in values.items() if not key.startswith("name_")}
    return {
        **({"ConditionExpression": condition, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"} if condition else {}),
        **({"ExpressionAttributeNames": names} if names else {}),
        **({"ExpressionAttributeValues": bound} if bound else {}),
    }


def to_attributes(item: Item) -> dict[str, Any]:
    """A row in DynamoDB's own notation; a value of None is left out."""
    return {name: _serialize(value) for name, value in item.items() if value is not None}


def from_attributes(attributes: Mapping[str, Any]) -> Item:
    """A row in plain values; every number is an integer."""
    return {name: _plain(value) for name, value in attributes.items()}


def _serialize(value: Any) -> dict[str, Any]:
    """A value in DynamoDB's own notation. Raises TypeError for a type that no row may contain."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case str():
            return {"S": str(value)}
        case Mapping():
            return {"M": {name: _serialize(member) for name, member in value.items()}}
        case list() | tuple():
            return {"L": [_serialize(member) for member in value]}
    raise TypeError(f"no row holds a {type(value).__name__}")


def _plain(attribute: Mapping[str, Any]) -> Any:
    """The plain value of one in DynamoDB's own notation."""
    [(kind, value)] = attribute.items()
    match kind:
        case "N":
            return int(value)
        case "M":
            return from_attributes(value)
        case "L":
            return [_plain(member) for member in value]
        case "NULL":
            return None
    return value
