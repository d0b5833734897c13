"""Removing what has expired, from any table with a time to live (port `Expirable`)."""

from collections.abc import Iterator

from activation.adapters.dynamodb import Table
from activation.adapters.tables import TableSpec

PAGE_ROWS = 200


class ExpiringTable:
    """The table is scanned in parallel segments: an index on the expiry would add to the cost of every write."""

    def __init__(self, table: Table, spec: TableSpec) -> None:
        if spec.time_to_live is None:
            raise ValueError(f"{spec.name} has no time to live")
        self.name = spec.name
        self._table = table
        self._key = spec.partition_key
        self._expiry = spec.time_to_live

    def expired(self, *, segment: int, segments: int, now: int) -> Iterator[list[str]]:
        pages = self._table.client.get_paginator("scan").paginate(
            TableName=self._table.name,
            Segment=segment,
            TotalSegments=segments,
            ProjectionExpression="#key",
            FilterExpression="#expiry <= :now",
            ExpressionAttributeNames={"#key": self._key, "#expiry": self._expiry},
            ExpressionAttributeValues={":now": {"N": str(now)}},
            PaginationConfig={"PageSize": PAGE_ROWS},
        )
        for page in pages:
            yield [item[self._key]["S"] for item in page["Items"]]

    def remove(self, key: str, *, now: int) -> bool:
        try:
            self._table.client.delete_item(
                TableName=self._table.name,
                Key={self._key: {"S": key}},
                ConditionExpression="#expiry <= :now",
                ExpressionAttributeNames={"#expiry": self._expiry},
                ExpressionAttributeValues={":now": {"N": str(now)}},
            )
        except self._table.client.exceptions.ConditionalCheckFailedException:
            return False
        return True
