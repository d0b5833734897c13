"""Brings the rows of a restored table back into the one that the stacks know: see `docs/runbook.md`.

`python -m infra.restore RESTORED TABLE [--missing-only]`, with the AWS credentials of the environment.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.exceptions import ClientError

from infra.stages import REGION

_SEGMENTS = 8
"""The parts of the table that are read and written at once."""
_BATCH = 25
"""The most rows that DynamoDB takes in one call."""
_PAUSE_SECONDS = 0.2

Row = dict[str, Any]


def copy_rows(dynamodb: Any, restored: str, table: str, *, missing_only: bool) -> int:
    """Put every row of one table into the other as it is, and return how many there were.

    With `missing_only` a row that is there already stays as it is. May be started again: it ends the same.
    """
    with ThreadPoolExecutor(_SEGMENTS) as threads:
        return sum(
            threads.map(
                lambda segment: _copy_segment(dynamodb, restored, table, segment, missing_only=missing_only),
                range(_SEGMENTS),
            )
        )


def _copy_segment(dynamodb: Any, restored: str, table: str, segment: int, *, missing_only: bool) -> int:
    copied, key = 0, _partition_key(dynamodb, table)
    for rows in _batches(dynamodb, restored, segment):
        if missing_only:
            for row in rows:
                _put_if_missing(dynamodb, table, row, key)
        else:
            _put_all(dynamodb, table, rows)
        copied += len(rows)
    return copied


def _batches(dynamodb: Any, table: str, segment: int) -> Iterator[list[Row]]:
    scan = dynamodb.get_paginator("scan").paginate(TableName=table, Segment=segment, TotalSegments=_SEGMENTS)
    for page in scan:
        rows = page["Items"]
        for start in range(0, len(rows), _BATCH):
            yield rows[start : start + _BATCH]


def _put_all(dynamodb: Any, table: str, rows: list[Row]) -> None:
    left: dict[str, Any] = {table: [{"PutRequest": {"Item": row}} for row in rows]}
    while left:
        left = dynamodb.batch_write_item(RequestItems=left).get("UnprocessedItems", {})
        if left:
            time.sleep(_PAUSE_SECONDS)


def _put_if_missing(dynamodb: Any, table: str, row: Row, key: str) -> None:
    try:
        dynamodb.put_item(
            TableName=table,
            Item=row,
            ConditionExpression="attribute_not_exists(#key)",
            ExpressionAttributeNames={"#key": key},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise


def _partition_key(dynamodb: Any, table: str) -> str:
    schema = dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]
    return str(next(key["AttributeName"] for key in schema if key["KeyType"] == "HASH"))


def main() -> None:
    """Copy, and print the number of rows."""
    parser = argparse.ArgumentParser(prog="python -m infra.restore", description=__doc__)
    parser.add_argument("restored")
    parser.add_argument("table")
    parser.add_argument("--missing-only", action="store_true")
    said = parser.parse_args()
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    rows = copy_rows(dynamodb, said.restored, said.table, missing_only=said.missing_only)
    sys.stdout.write(f"{rows} rows\n")


if __name__ == "__main__":
    main()
