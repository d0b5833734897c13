"""Writes the attributes by which indexes find people into their rows: see `docs/runbook.md`, « A new index ».

`python -m infra.reindex TABLE`, with the AWS credentials of the environment.
"""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.exceptions import ClientError

from activation.adapters.accounts import PROFILE, found_by_of
from activation.adapters.dynamodb import from_attributes, to_attributes
from infra.stages import REGION

_SEGMENTS = 8
"""The parts of the table that are read and written at once."""


def reindex(dynamodb: Any, table: str) -> int:
    """Put the attributes of `found_by` into each profile of the table, and return how many lacked some.

    A row that is written by others meanwhile is left to them. May be broken off and started again: rows that are
    written already are read and left as they are.
    """
    with ThreadPoolExecutor(_SEGMENTS) as threads:
        return sum(threads.map(lambda segment: _reindex_segment(dynamodb, table, segment), range(_SEGMENTS)))


def _reindex_segment(dynamodb: Any, table: str, segment: int) -> int:
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table,
        Segment=segment,
        TotalSegments=_SEGMENTS,
        FilterExpression="#record = :profile",
        ExpressionAttributeNames={"#record": "record"},
        ExpressionAttributeValues={":profile": {"S": PROFILE}},
    )
    return sum(_mend(dynamodb, table, item) for page in pages for item in page["Items"])


def _mend(dynamodb: Any, table: str, item: dict[str, Any]) -> bool:
    """Write the attributes that the row lacks; returns whether it was written."""
    row = from_attributes(item)
    wrong = {name: value for name, value in found_by_of(row).items() if row.get(name) != value}
    if not wrong:
        return False
    sets = ", ".join(f"{name} = :{name}" for name, value in wrong.items() if value)
    gone = ", ".join(name for name, value in wrong.items() if not value)
    values = {f":{name}": value for name, value in wrong.items() if value}
    try:
        dynamodb.update_item(
            TableName=table,
            Key={name: item[name] for name in ("identifier", "record")},
            UpdateExpression=" ".join(part for part in (sets and f"SET {sets}", gone and f"REMOVE {gone}") if part),
            ConditionExpression="version = :version",
            ExpressionAttributeValues=to_attributes({**values, ":version": row["version"]}),
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True


def main() -> None:
    """Write, and print the number of rows."""
    parser = argparse.ArgumentParser(prog="python -m infra.reindex", description=__doc__)
    parser.add_argument("table")
    said = parser.parse_args()
    sys.stdout.write(f"{reindex(boto3.client('dynamodb', region_name=REGION), said.table)} rows\n")


if __name__ == "__main__":
    main()
