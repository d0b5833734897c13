"""moto without the two detours that half of its time goes into: the calls are the same, and so are the answers."""

import json
from functools import cache
from typing import Any

import pytest
from moto.core import responses, utils
from moto.dynamodb.responses import DynamoResult

_BY_EVERY_SPELLING = DynamoResult.execute_result
_OF_TABLES = ("Table", "TableDescription")
"""Answers with times in them, which are not JSON yet."""


def take_no_detours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have moto write DynamoDB's rows down as they are, and look up once which operations a service has."""
    monkeypatch.setattr(DynamoResult, "execute_result", _as_it_is)
    for name in ("method_names_from_class", "camelcase_to_underscores"):
        monkeypatch.setattr(responses, name, cache(getattr(utils, name)))


def _as_it_is(answer: DynamoResult, context: Any) -> Any:
    """Moto looks for each member under every spelling that its services use: rows have AWS's own already."""
    result: Any = answer.result
    if any(name in result for name in _OF_TABLES):
        return _BY_EVERY_SPELLING(answer, context)
    return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(result)
