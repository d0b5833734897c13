"""moto without the detours that most of its time goes into: the calls are the same, and so are the answers."""

import copy
import json
from collections import deque
from functools import cache
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.client import BaseClient
from botocore.compat import HTTPHeaders
from botocore.exceptions import ParamValidationError
from botocore.validate import ParamValidator
from moto.core import responses, utils
from moto.core.models import botocore_stubber
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node  # type: ignore[attr-defined]  # not typed
from moto.dynamodb.parsing.expressions import UpdateExpressionParser  # type: ignore[attr-defined]  # as above
from moto.dynamodb.responses import DynamoResult

_BY_EVERY_SPELLING = DynamoResult.execute_result
_ON_ROWS = {f"{what}Item" for what in ("Get", "Put", "Update", "Delete", "BatchGet", "BatchWrite")}
_ON_ROWS |= {"Query", "Scan", "TransactGetItems", "TransactWriteItems"}
_SIGNED = "AWS4-HMAC-SHA256 Credential=testing/20261124/eu-west-3/dynamodb/aws4_request"
_OF_TABLES = ("Table", "TableDescription")
"""Answers with times in them, which are not JSON yet."""


def take_no_detours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have moto write DynamoDB's rows down as they are, and find out once what is always the same.

    That is: which operations a service has, what an expression says, which kinds of its parts a step is for. A
    transaction keeps a copy of the rows alone in case it fails, not of all that a table is.
    """
    monkeypatch.setattr(DynamoResult, "execute_result", _as_it_is)
    for name in ("method_names_from_class", "camelcase_to_underscores"):
        monkeypatch.setattr(responses, name, cache(getattr(utils, name)))
    lexed = cache(lambda expression: tuple(_LEX(ConditionExpressionParser(expression, None, None))))
    monkeypatch.setattr(
        ConditionExpressionParser, "_lex_condition_expression", lambda parser: deque(lexed(parser.condition_expression))
    )
    monkeypatch.setattr(UpdateExpressionParser, "make", cache(UpdateExpressionParser.make))
    monkeypatch.setattr(DepthFirstTraverser, "traverse_node_recursively", _traverse)
    monkeypatch.setattr(Table, "__deepcopy__", _with_rows_of_its_own, raising=False)


def go_straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hand what is asked of DynamoDB's rows straight to whoever stands in its place: not signed, and not tried again.

    What is asked is checked against its model, and what is answered or refused has the client's own form.
    """
    by_all_steps, validator = BaseClient._make_api_call, ParamValidator()  # type: ignore[attr-defined]  # botocore's own name, which the stubs hide

    def call(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        service = client.meta.service_model
        if operation not in _ON_ROWS or service.service_name != "dynamodb":
            return by_all_steps(client, operation, parameters)
        model = service.operation_model(operation)
        wrong = validator.validate(parameters, model.input_shape)
        if wrong.has_errors():
            raise ParamValidationError(report=wrong.generate_report())
        told = {"X-Amz-Target": f"DynamoDB_20120810.{operation}", "Content-Type": "application/x-amz-json-1.0"}
        headers, url = HTTPHeaders.from_dict({**told, "Authorization": _SIGNED}), f"{client.meta.endpoint_url}/"
        body = json.dumps(parameters).encode()
        answer = botocore_stubber.process_request(AWSPreparedRequest("POST", url, headers, body, stream_output=False))
        assert answer, operation
        status, said = answer[0], json.loads(answer[2])
        metadata = {"ResponseMetadata": {"HTTPStatusCode": status}}
        if status < 300:
            known = model.output_shape.members
            return {name: held for name, held in said.items() if name in known and held is not None} | metadata
        code, words = said.pop("__type").rpartition("#")[2], said.pop("message", None) or said.pop("Message", "")
        raise client.exceptions.from_code(code)(
            {**said, "Error": {"Code": code, "Message": words}, **metadata}, operation
        )

    monkeypatch.setattr(BaseClient, "_make_api_call", call)


_LEX = ConditionExpressionParser._lex_condition_expression
_IS_FOR: dict[tuple[type, type], bool] = {}
"""Whether a step is for a kind of part."""


def _as_it_is(answer: DynamoResult, context: Any) -> Any:
    """Moto looks for each member under every spelling that its services use: rows have AWS's own already."""
    result: Any = answer.result
    if any(name in result for name in _OF_TABLES):
        return _BY_EVERY_SPELLING(answer, context)
    return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(result)


def _traverse(step: Any, node: Any, child_id: int = -1) -> Any:
    """What moto does with each part of an expression; most kinds of parts are nothing to most steps."""
    parent, children = node.parent, node.children
    for number, child in enumerate(children or ()):
        step.pre_processing_of_child(node, number)
        if isinstance(child, Node):
            _traverse(step, child, number)
    kinds = type(step), type(node)
    if kinds not in _IS_FOR:
        _IS_FOR[kinds] = isinstance(node, step.nodes_to_be_processed())
    if _IS_FOR[kinds]:
        node = step.process(node)
        node.parent = parent
        if parent:
            parent.children[child_id] = node
    return node


def _with_rows_of_its_own(table: Table, memo: dict[int, Any]) -> Table:
    copied = copy.copy(table)
    copied.items = copy.deepcopy(table.items, memo)
    return copied
