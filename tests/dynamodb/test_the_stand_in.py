"""What AWS's DynamoDB refuses or delays, the stand-in does too: by its developer guide and its API reference."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.dynamodb.rules import MOST_ITEM_BYTES, Keys, RefusedError, check_row, size_of
from tests.dynamodb.stand_in import DynamoDb, stand_in

TABLE, INDEXED = "people", "folded"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    made: SimpleNamespace = SimpleNamespace(now=1_000.0, time=lambda: made.now)
    monkeypatch.setattr("tests.dynamodb.stand_in.time", made)
    return made


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, clock: SimpleNamespace) -> Iterator[SimpleNamespace]:
    assert clock
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        made: DynamoDb = stand_in(monkeypatch)
        client = boto3.client("dynamodb", region_name="eu-west-3")
        client.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "line", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "line", INDEXED)],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by_name",
                    "KeySchema": [{"AttributeName": INDEXED, "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield SimpleNamespace(dynamodb=client, stand_in=made)
        monkeypatch.undo()


def key(number: int = 1, line: str = "a") -> dict[str, Any]:
    return {"id": {"S": str(number)}, "line": {"S": line}}


def put(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"Put": {"TableName": TABLE, "Item": {**key(number), **more}}}


def refusal(call: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(ClientError) as raised:
        call()
    error = raised.value.response["Error"]
    return error["Code"], error["Message"]


def rows(engine: Any) -> list[Any]:
    found: list[Any] = engine.dynamodb.scan(TableName=TABLE, ConsistentRead=True)["Items"]
    return found


def test_a_transaction_does_one_thing_with_each_of_a_hundred_rows_at_most(engine: Any) -> None:
    check = {"ConditionCheck": {"TableName": TABLE, "Key": key(), "ConditionExpression": "attribute_not_exists(id)"}}
    code, said = refusal(lambda: engine.dynamodb.transact_write_items(TransactItems=[check, put()]))
    assert (code, said) == ("ValidationException", "Transaction request cannot include multiple operations on one item")
    assert rows(engine) == []
    engine.dynamodb.transact_write_items(TransactItems=[put(number) for number in range(100)])
    many = [put(number) for number in range(101)]
    assert refusal(lambda: engine.dynamodb.transact_write_items(TransactItems=many))[0] == "ValidationException"


def test_a_token_stands_for_one_transaction_for_ten_minutes(engine: Any, clock: SimpleNamespace) -> None:
    def ask(*items: Any) -> None:
        engine.dynamodb.transact_write_items(TransactItems=list(items), ClientRequestToken="t")

    ask(put(said={"S": "first"}))
    engine.dynamodb.delete_item(TableName=TABLE, Key=key())
    ask(put(said={"S": "first"}))
    assert rows(engine) == [], "it was done before"
    assert refusal(lambda: ask(put(said={"S": "other"})))[0] == "IdempotentParameterMismatchException"
    clock.now += 600
    ask(put(said={"S": "other"}))
    assert [row["said"]["S"] for row in rows(engine)] == ["other"]


def test_a_transaction_that_was_cancelled_is_tried_again_under_its_token(engine: Any) -> None:
    again = put()
    again["Put"] |= {"ConditionExpression": "attribute_exists(id) OR attribute_not_exists(id)"}
    check = {"ConditionCheck": {"TableName": TABLE, "Key": key(2), "ConditionExpression": "attribute_exists(id)"}}

    def ask() -> None:
        engine.dynamodb.transact_write_items(TransactItems=[again, check], ClientRequestToken="t")

    assert refusal(ask)[0] == "TransactionCanceledException"
    assert rows(engine) == [], "nothing of it is left"
    engine.dynamodb.put_item(TableName=TABLE, Item=key(2))
    ask()
    assert len(rows(engine)) == 2


@pytest.mark.parametrize("operation", ["put_item", "update_item", "delete_item", "transact_write_items"])
def test_what_meets_a_transaction_under_way_is_refused(engine: Any, operation: str) -> None:
    calls: dict[str, dict[str, Any]] = {
        "put_item": {"TableName": TABLE, "Item": key()},
        "update_item": {"TableName": TABLE, "Key": key()},
        "delete_item": {"TableName": TABLE, "Key": key()},
        "transact_write_items": {"TransactItems": [put(2), put(1)]},
    }
    met: list[ClientError] = []

    def come_between(_: object) -> None:
        engine.stand_in.under_way = lambda _: None
        with pytest.raises(ClientError) as raised:
            getattr(engine.dynamodb, operation)(**calls[operation])
        met.append(raised.value)

    engine.stand_in.under_way = come_between
    engine.dynamodb.transact_write_items(TransactItems=[put(1), put(3)])
    [error] = met
    if operation == "transact_write_items":
        assert [why["Code"] for why in error.response["CancellationReasons"]] == ["None", "TransactionConflict"]
    else:
        assert error.response["Error"]["Code"] == "TransactionConflictException"
    assert len(rows(engine)) == 2


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({**key(), "id": {"S": ""}}, "empty string value"),
        ({**key(), "line": {"S": ""}}, "empty string value"),
        ({"id": {"S": "1"}}, "does not match the schema"),
    ],
)
def test_a_key_is_whole_and_says_something(engine: Any, given: dict[str, Any], why: str) -> None:
    for call in (
        lambda: engine.dynamodb.put_item(TableName=TABLE, Item=given),
        lambda: engine.dynamodb.get_item(TableName=TABLE, Key=given),
        lambda: engine.dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": TABLE, "Item": given}}]),
    ):
        code, said = refusal(call)
        assert (code, why in said) == ("ValidationException", True)
    more = {**key(), "more": {"S": "x"}}
    assert refusal(lambda: engine.dynamodb.get_item(TableName=TABLE, Key=more))[0] == "ValidationException"


def test_an_indexs_key_says_something_by_whichever_write(engine: Any) -> None:
    engine.dynamodb.put_item(TableName=TABLE, Item={**key(), INDEXED: {"S": "garcia"}})
    empty = {"S": ""}
    said = {"UpdateExpression": "SET folded = :none", "ExpressionAttributeValues": {":none": empty}}
    for call in (
        lambda: engine.dynamodb.put_item(TableName=TABLE, Item={**key(), INDEXED: empty}),
        lambda: engine.dynamodb.update_item(TableName=TABLE, Key=key(), **said),
    ):
        assert refusal(call)[0] == "ValidationException"
        assert rows(engine) == [{**key(), INDEXED: {"S": "garcia"}}]


def test_a_row_has_400_kilobytes_at_most_by_its_names_and_the_size_of_each_kind_of_value() -> None:
    row = {"m": {"M": {"a": {"S": "é"}, "b": {"L": [{"BOOL": True}, {"NULL": True}]}}}, "n": {"N": "1234"}}
    assert size_of(row) == (1 + 3 + 2 + (1 + 2) + (1 + 3 + 2 + 2)) + (1 + 4)
    keys, name = Keys(("id", "line")), "content"
    spare = MOST_ITEM_BYTES - size_of(key()) - len(name)
    check_row({**key(), name: {"S": "x" * spare}}, keys)
    with pytest.raises(RefusedError):
        check_row({**key(), name: {"S": "x" * (spare + 1)}}, keys)


@pytest.mark.parametrize(
    ("update", "condition"),
    [("SET status = :value", ""), ("SET a = :value", "status = :value"), ("SET a.status = :value", "")],
)
def test_a_reserved_word_stands_for_no_attribute(engine: Any, update: str, condition: str) -> None:
    said = {"UpdateExpression": update, **({"ConditionExpression": condition} if condition else {})}

    def ask() -> None:
        engine.dynamodb.update_item(
            TableName=TABLE, Key=key(), **said, ExpressionAttributeValues={":value": {"S": "x"}}
        )

    assert refusal(ask) == ("ValidationException", "Attribute name is a reserved keyword; reserved keyword: status")


@pytest.mark.parametrize(
    "given",
    [
        {"ExpressionAttributeNames": {}},
        {"ExpressionAttributeNames": {"#unused": "a"}},
        {"ExpressionAttributeValues": {":now": {"N": "1"}, ":unused": {"N": "1"}}},
        {"ExpressionAttributeValues": {":other": {"N": "1"}}},
    ],
    ids=["no names", "a name unused", "a value unused", "a value not given"],
)
def test_an_expression_uses_all_that_it_is_given_and_nothing_else(engine: Any, given: dict[str, Any]) -> None:
    said = {"ConditionExpression": "erase_at <= :now", "ExpressionAttributeValues": {":now": {"N": "1"}}, **given}
    assert refusal(lambda: engine.dynamodb.delete_item(TableName=TABLE, Key=key(), **said))[0] == "ValidationException"


def test_a_read_that_is_not_consistent_misses_the_last_write_of_the_moment(engine: Any, clock: SimpleNamespace) -> None:
    def seen(*, consistent: bool) -> list[str]:
        found = engine.dynamodb.scan(TableName=TABLE, ConsistentRead=consistent)["Items"]
        got = engine.dynamodb.get_item(TableName=TABLE, Key=key(2), ConsistentRead=consistent).get("Item")
        assert (got is not None) == ("2" in {row["id"]["S"] for row in found})
        return sorted(row["id"]["S"] for row in found)

    for number in (1, 2):
        engine.dynamodb.put_item(TableName=TABLE, Item={**key(number), INDEXED: {"S": "garcia"}})
    asked = {"KeyConditionExpression": "folded = :name", "ExpressionAttributeValues": {":name": {"S": "garcia"}}}
    by_name = engine.dynamodb.query(TableName=TABLE, IndexName="by_name", **asked)
    assert [row["id"]["S"] for row in by_name["Items"]] == ["1"]
    assert (seen(consistent=False), seen(consistent=True)) == (["1"], ["1", "2"])
    engine.dynamodb.delete_item(TableName=TABLE, Key=key(1))
    assert (seen(consistent=False), seen(consistent=True)) == (["1", "2"], ["2"])
    clock.now += 1
    assert seen(consistent=False) == ["2"]


def test_a_batch_names_each_row_once(engine: Any) -> None:
    twice = {TABLE: {"Keys": [key(), key()]}}
    assert refusal(lambda: engine.dynamodb.batch_get_item(RequestItems=twice))[0] == "ValidationException"
    many = {TABLE: [{"PutRequest": {"Item": key(number)}} for number in range(26)]}
    assert refusal(lambda: engine.dynamodb.batch_write_item(RequestItems=many))[0] == "ValidationException"
