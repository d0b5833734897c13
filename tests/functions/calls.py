"""What the functions really ask of AWS, as IAM sees it: the action on each resource, by function."""

import os
import sys
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pytest
from botocore.client import BaseClient

from tests.functions.deployment import forget_settings

_TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
_NAMES_ITS_RESOURCE = {"TableName", "KeyId", "QueueUrl", "Bucket"}
_OTHERWISE_CALLED = {"email": "ses", "HeadObject": "GetObject", "ListObjectsV2": "ListBucket"}
"""Services by the names in their endpoints, and operations that IAM calls otherwise."""


class Call(NamedTuple):
    """A function's use of an action; `resource` is a table, a key, a queue or a bucket, or nothing."""

    function: str
    action: str
    resource: str


_BETWEEN = (__name__, "tests.fakes.quick", "tests.functions.wire", "tests.functions.world")
"""The tests' modules that stand between a function and AWS."""

RECORDED: set[Call] = set()
"""Every call of this process's functions so far."""


def record(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every call of every function recorded from now on."""
    original = BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore's own name, which the stubs hide

    def call(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        function = _calling_function()
        if function:
            service = client.meta.service_model.endpoint_prefix
            RECORDED.update(Call(function, *used) for used in _used(service, operation, parameters))
        return original(client, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    forget_settings(clients=True)


def _calling_function() -> str | None:
    """The function whose handler is running; None for what a test does in the middle of a call, and for all else."""
    frame: Any = sys._getframe(1)
    while frame:
        module = str(frame.f_globals["__name__"])
        if frame.f_code.co_name == "lambda_handler" and module.startswith("functions."):
            return module.split(".")[1]
        if module.startswith("tests.") and module not in _BETWEEN:
            return None
        frame = frame.f_back
    return None


def _used(service: str, operation: str, parameters: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The actions that IAM asks for, each with its resource."""
    service, operation = (_OTHERWISE_CALLED.get(word, word) for word in (service, operation))
    if operation == "TransactWriteItems":
        for item in parameters["TransactItems"]:
            ((kind, write),) = item.items()
            yield f"dynamodb:{_TRANSACTED[kind]}", write["TableName"]
    elif operation == "TransactGetItems":
        for item in parameters["TransactItems"]:
            yield "dynamodb:GetItem", item["Get"]["TableName"]
    elif operation in ("BatchGetItem", "BatchWriteItem"):
        for table in parameters["RequestItems"]:
            yield f"dynamodb:{operation}", table
    elif operation == "CopyObject":  # of one version of the source
        yield "s3:GetObjectVersion", parameters["CopySource"]["Bucket"]
        yield "s3:PutObject", parameters["Bucket"]
    else:
        named = [str(value) for name, value in parameters.items() if name in _NAMES_ITS_RESOURCE]
        yield f"{service}:{operation}", _known_as(named[0]) if named else ""


def _known_as(resource: str) -> str:
    """A queue by its name, a key by what it is for, anything else as it is called."""
    keys = {key: setting for setting, key in os.environ.items() if setting.endswith("_KEY_ID")}
    if key := keys.get(resource):
        return key.removesuffix("_ID").lower().replace("_", "-")
    return resource.rpartition("/")[2]
