"""A handler with boto3, one DynamoDB client and one put."""

from typing import Any

import boto3

dynamodb = boto3.client("dynamodb")


def lambda_handler(_: dict[str, Any], __: object) -> dict[str, Any]:
    """Put a row."""
    dynamodb.put_item(TableName="limits", Item={"scope": {"S": "one"}})
    return {"statusCode": 200, "body": "{}"}
