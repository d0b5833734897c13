"""A look into the running product's tables."""

from typing import Any

from activation.adapters.tables import TableSpec
from tests.stack import Stack

_KINDS = ("HASH", "RANGE")
Row = dict[str, Any]
"""A row as DynamoDB writes it."""


def rows(product: Stack, table: TableSpec) -> list[Row]:
    pages = product.deployment.engine.client("dynamodb").get_paginator("scan")
    found = pages.paginate(TableName=product.deployment.table(table), ConsistentRead=True)
    return [row for page in found for row in page["Items"]]


def row_of(product: Stack, table: TableSpec, **key: str) -> Row:
    """One row of a table, which must be there."""
    found: Row = product.deployment.engine.client("dynamodb").get_item(
        TableName=product.deployment.table(table),
        Key={name: {"S": value} for name, value in key.items()},
        ConsistentRead=True,
    )["Item"]
    return found


def create(dynamodb: Any, *specs: TableSpec) -> None:
    """Make tables for a test of its own."""
    for spec in specs:
        keys = [name for name in (spec.partition_key, spec.sort_key) if name]
        dynamodb.create_table(
            TableName=spec.name,
            KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, _KINDS, strict=False)],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            BillingMode="PAY_PER_REQUEST",
        )
