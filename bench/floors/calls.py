"""The AWS calls of a step, one after the other, and nothing else."""

import base64
from functools import cache
from typing import Any

from botocore import xform_name
from botocore.session import Session


@cache
def client(service: str) -> Any:
    """The client of that service."""
    return session().create_client(service)


@cache
def session() -> Session:
    """What clients share."""
    return Session()


def lambda_handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Make them."""
    for service, operation, parameters in event["calls"]:
        given = dict(parameters)
        if "Message" in given:
            given["Message"] = base64.b64decode(given["Message"])
        getattr(client(service), xform_name(operation))(**given)
    return {"statusCode": 200, "body": "{}"}
