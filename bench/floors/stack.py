"""One DynamoDB put behind what every function of ours stands on: Powertools' resolver with validation, and pydantic."""

from typing import Annotated, Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel

dynamodb = boto3.client("dynamodb")
app = APIGatewayRestResolver(enable_validation=True)
logger = Logger()


class Asked(BaseModel):
    """What is sent."""

    identifier: str
    last_name: str


class Said(BaseModel):
    """What is answered."""

    next_step: str


@app.post("/api/activation")
def start(body: Annotated[Asked, Body()]) -> Said:
    """Put a row."""
    dynamodb.put_item(TableName="limits", Item={"scope": {"S": body.identifier}})
    return Said(next_step="verify_code")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a gateway event."""
    answer = app.resolve(event, context)
    logger.info("request_answered", extra={"status": answer["statusCode"]})
    return answer
