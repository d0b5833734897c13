"""What DynamoDB refuses before it looks at a row: one function for each rule of its documentation."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

MOST_ITEM_BYTES, MOST_TRANSACTION_BYTES = 400 * 1024, 4 * 1024 * 1024
MOST_ACTIONS, MOST_READ, MOST_WRITTEN = 100, 100, 25
MOST_KEY_BYTES = (2048, 1024)
"""Of a partition key and of a sort key."""
_MOST_TOKEN = 36

Body = Mapping[str, Any]
Attributes = Mapping[str, Any]

_EXPRESSIONS = (
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
    "UpdateExpression",
)
_OPERATORS = {"ADD", "AND", "BETWEEN", "DELETE", "IN", "NOT", "OR", "REMOVE", "SET"}
_WORD = re.compile(r"[#:]?\w+(?!\w*\s*\()")
"""A name, a placeholder or an operator; no function, which a bracket follows."""


class RefusedError(Exception):
    """DynamoDB refuses the request. `reasons`: one for each action of a transaction that it cancels."""

    def __init__(self, message: str, code: str = "ValidationException", reasons: Sequence[Body] = ()) -> None:
        super().__init__(message)
        self.message, self.code, self.reasons = message, code, reasons


@dataclass(frozen=True, slots=True)
class Action:
    """One row that a request reads or writes. `row`: its table and its key's values. `request`: what is said of it."""

    kind: str
    row: tuple[str, ...]
    request: Body

    @property
    def changes(self) -> bool:
        """Whether the row may be another one afterwards."""
        return self.kind in ("Put", "Update", "Delete")


@dataclass(frozen=True, slots=True)
class Keys:
    """The names of a table's key attributes, and those of its indexes."""

    names: tuple[str, ...]
    indexed: tuple[str, ...] = ()


def actions_of(operation: str, body: Body, keys: Callable[[str], Keys]) -> list[Action]:
    """The rows that the request names; none for a query and a scan. Raises RefusedError for a key that is none."""
    match operation:
        case "TransactWriteItems" | "TransactGetItems":
            named = [next(iter(item.items())) for item in body["TransactItems"]]
        case "PutItem" | "UpdateItem" | "DeleteItem" | "GetItem":
            named = [(operation.removesuffix("Item"), body)]
        case "BatchGetItem":
            keyed = [(name, key) for name, wanted in body["RequestItems"].items() for key in wanted["Keys"]]
            named = [("Get", {"TableName": name, "Key": key}) for name, key in keyed]
        case "BatchWriteItem":
            named = [
                (kind.removesuffix("Request"), {"TableName": name, **what})
                for name, requests in body["RequestItems"].items()
                for request in requests
                for kind, what in request.items()
            ]
        case _:
            named = []
    return [Action(kind, _row(what, keys(what["TableName"])), what) for kind, what in named]


def check_request(operation: str, body: Body, actions: Sequence[Action]) -> None:
    if operation.startswith("Transact"):
        _check_transaction(body, actions)
    if operation == "BatchGetItem" and not 1 <= len(actions) <= MOST_READ:
        raise RefusedError("Too many items requested for the BatchGetItem call")
    if operation == "BatchWriteItem" and not 1 <= len(actions) <= MOST_WRITTEN:
        raise RefusedError("Too many items requested for the BatchWriteItem call")
    if operation.startswith("Batch") and _has_one_twice(actions):
        raise RefusedError("Provided list of item keys contains duplicates")
    for request in (body, *body.get("RequestItems", {}).values(), *(action.request for action in actions)):
        if isinstance(request, Mapping):  # the requests of a batch of writes are a list, without expressions
            check_expressions(request)


def check_expressions(request: Body) -> None:
    """No reserved word stands for itself; every placeholder is used, and every one used is given."""
    said = " ".join(str(request[name]) for name in _EXPRESSIONS if name in request)
    words = set(_WORD.findall(said))
    for word in words - {word for word in words if word.upper() in _OPERATORS}:
        if word.upper() in _reserved_words():
            raise RefusedError(f"Attribute name is a reserved keyword; reserved keyword: {word}")
    for sign, given in (("#", "ExpressionAttributeNames"), (":", "ExpressionAttributeValues")):
        used, named = {word for word in words if word.startswith(sign)}, set(request.get(given, {}))
        if given in request and not (said and named):
            raise RefusedError(f"{given} must not be empty" if said else f"{given} needs an expression")
        if named - used:
            raise RefusedError(f"Value provided in {given} unused in expressions: keys: {sorted(named - used)}")
        if used - named:
            raise RefusedError(f"An expression uses what {given} does not define: {sorted(used - named)}")


def check_row(attributes: Attributes, keys: Keys) -> None:
    """What a row must be once it is written: at most 400 kB, its indexes' keys strings that say something."""
    if size_of(attributes) > MOST_ITEM_BYTES:
        raise RefusedError("Item size has exceeded the maximum allowed size")
    for name in keys.indexed:
        if name in attributes and not attributes[name].get("S"):
            raise RefusedError(f"A value specified for a secondary index key is not supported. IndexKey: {name}")


def size_of(attributes: Attributes) -> int:
    """How many bytes DynamoDB counts for a row, or for a map's members."""
    return sum(len(name.encode()) + _value_size(value) for name, value in attributes.items())


def _value_size(value: Attributes) -> int:
    [(kind, content)] = value.items()
    match kind:
        case "S" | "B":
            return len(content.encode())
        case "N":
            return len(content) // 2 + 2
        case "M":
            return 3 + len(content) + size_of(content)
        case "L":
            return 3 + len(content) + sum(map(_value_size, content))
    return 1


def _check_transaction(body: Body, actions: Sequence[Action]) -> None:
    if not 1 <= len(actions) <= MOST_ACTIONS:
        raise RefusedError("Member must have length less than or equal to 100")
    if _has_one_twice(actions):
        raise RefusedError("Transaction request cannot include multiple operations on one item")
    if sum(size_of(action.request.get("Item", {})) for action in actions) > MOST_TRANSACTION_BYTES:
        raise RefusedError("The aggregate size of the items in the transaction exceeds 4 MB")
    if not 1 <= len(body.get("ClientRequestToken", "-")) <= _MOST_TOKEN:
        raise RefusedError("1 to 36 characters are a client request token")


def _has_one_twice(actions: Sequence[Action]) -> bool:
    return len({action.row for action in actions}) < len(actions)


def _row(request: Body, keys: Keys) -> tuple[str, ...]:
    """Table and key of the row. Raises RefusedError unless each part is a string that says something, not too long."""
    given = request.get("Key", request.get("Item", {}))
    if set(given) != set(keys.names) and ("Key" in request or not set(keys.names) <= set(given)):
        raise RefusedError("The provided key element does not match the schema")
    return request["TableName"], *_key_values(given, keys)


def _key_values(given: Attributes, keys: Keys) -> Iterator[str]:
    for name, most in zip(keys.names, MOST_KEY_BYTES, strict=False):
        value = given[name].get("S")
        if value is None:
            raise RefusedError(f"Type mismatch for key {name}")
        if not value:
            raise RefusedError(
                "The AttributeValue for a key attribute cannot contain an empty string value. Key: " + name
            )
        if len(value.encode()) > most:
            raise RefusedError(f"Size of {name} has exceeded the maximum size limit of {most} bytes")
        yield value


@cache
def _reserved_words() -> frozenset[str]:
    """AWS's list, which moto has, though it looks at it in updates alone."""
    from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords  # noqa: PLC0415  # for who runs other tests

    return frozenset(ReservedKeywords.get_reserved_keywords())
