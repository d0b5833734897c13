"""What the functions really ask of AWS, as IAM sees it: the action on each resource, by function."""

import os
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from types import FrameType
from typing import Any, NamedTuple

import pytest
from botocore.client import BaseClient

from tests.functions.deployment import forget_settings

_TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
_NAMES_ITS_RESOURCE = {"TableName", "KeyId", "QueueUrl", "Bucket"}
_OTHERWISE_CALLED = {
    "email": "ses",
    "HeadObject": "GetObject",
    "ListObjectsV2": "ListBucket",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
}
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

    submit = ThreadPoolExecutor.submit

    def submit_for(pool: ThreadPoolExecutor, work: Callable[..., Any], *given: Any, **named: Any) -> Future[Any]:
        function = _calling_function()

        def act() -> Any:
            _ACTING.function = function
            try:
                return work(*given, **named)
            finally:
                _ACTING.function = None

        return submit(pool, act)

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    monkeypatch.setattr(ThreadPoolExecutor, "submit", submit_for)
    forget_settings(clients=True)


class _Acting(threading.local):
    """The function that gave this thread of a pool its work."""

    function: str | None = None


_ACTING = _Acting()


def _calling_function() -> str | None:
    """The function whose handler is running, here or where this thread was given its work.

    What a test does in the middle of a call is no doing of the function.
    """
    found = _function_of(sys._getframe(1))
    return _ACTING.function if found is None else found


def _function_of(frame: FrameType | None) -> str | None:
    """The function in whose handler a thread is; nothing for a test in its middle, None when it is in neither."""
    while frame:
        module = str(frame.f_globals["__name__"])
        if frame.f_code.co_name == "lambda_handler" and module.startswith("functions."):
            return module.split(".")[1]
        if module.startswith("tests.") and module not in _BETWEEN:
            return ""
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
