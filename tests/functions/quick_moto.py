"""moto without the detours that most of its time goes into: the calls are the same, and so are the answers."""

import json
from collections import deque
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ParamValidationError
from botocore.validate import ParamValidator
from moto.core.models import botocore_stubber
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node  # type: ignore[attr-defined]  # not typed
from moto.dynamodb.parsing.expressions import UpdateExpressionParser  # type: ignore[attr-defined]  # as above
from moto.dynamodb.responses import DynamoHandler
from werkzeug.exceptions import HTTPException

from tests.dynamodb.stand_in import operation_of

_ON_ROWS = {
    operation: camelcase_to_underscores(operation)
    for operation in (
        *("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan"),
        *("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems"),
    )
}
"""What is asked of rows, and moto's method for it."""


def take_no_detours(monkeypatch: pytest.MonkeyPatch, account: str, region: str) -> None:
    """Hand what is asked of DynamoDB's rows to moto's own method for it, and find out once what is always the same.

    That is: what an expression says, which kinds of its parts a step is for.
    """
    by_all_steps = botocore_stubber.process_request

    def process_request(request: Any) -> Any:
        method = _ON_ROWS.get(operation_of(request) or "")
        return _do(method, request, account, region) if method else by_all_steps(request)

    monkeypatch.setattr(botocore_stubber, "process_request", process_request)
    lexed = cache(lambda expression: tuple(_LEX(ConditionExpressionParser(expression, None, None))))
    monkeypatch.setattr(
        ConditionExpressionParser, "_lex_condition_expression", lambda parser: deque(lexed(parser.condition_expression))
    )
    monkeypatch.setattr(UpdateExpressionParser, "make", cache(UpdateExpressionParser.make))
    monkeypatch.setattr(DepthFirstTraverser, "traverse_node_recursively", _traverse)
    monkeypatch.setattr(Node, "__deepcopy__", _copied, raising=False)


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
        answer: Any = botocore_stubber.process_request(SimpleNamespace(headers=told, body=json.dumps(parameters)))  # type: ignore[arg-type]  # all of a request that is looked at
        status, said = answer[0], json.loads(answer[2])
        metadata = {"ResponseMetadata": {"HTTPStatusCode": status}}
        if status < 300:
            known = model.output_shape.members
            return {name: value for name, value in said.items() if name in known and value is not None} | metadata
        code, words = said.pop("__type").rpartition("#")[2], said.pop("message", None) or said.pop("Message", "")
        raise client.exceptions.from_code(code)(
            {**said, "Error": {"Code": code, "Message": words}, **metadata}, operation
        )

    monkeypatch.setattr(BaseClient, "_make_api_call", call)


def _do(method: str, request: Any, account: str, region: str) -> Any:
    """What moto answers, without looking first for service, account, method and the spelling of each member."""
    handler = DynamoHandler()
    handler.current_account, handler.region = account, region
    handler.body = json.loads(request.body)
    try:
        result: Any = getattr(handler, method)().result
    except HTTPException as refusal:
        return refusal.code, {}, refusal.get_body()
    return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(result)


_LEX = ConditionExpressionParser._lex_condition_expression
_is_a: Callable[[Any, type], bool] = cache(issubclass)
_IS_FOR: dict[tuple[type, type], bool] = {}
"""Whether a step is for a kind of part."""


def _traverse(step: Any, node: Any, child_id: int = -1) -> Any:
    """What moto does with each part of an expression; most kinds of parts are nothing to most steps."""
    parent, children = node.parent, node.children
    for number, child in enumerate(children or ()):
        step.pre_processing_of_child(node, number)
        if _is_a(type(child), Node):
            _traverse(step, child, number)
    kinds = type(step), type(node)
    if kinds not in _IS_FOR:
        _IS_FOR[kinds] = issubclass(type(node), step.nodes_to_be_processed())
    if _IS_FOR[kinds]:
        node = step.process(node)
        node.parent = parent
        if parent:
            parent.children[child_id] = node
    return node


def _copied(node: Any, memo: dict[int, Any]) -> Any:
    """A part of an expression with parts of its own; what these say is never changed."""
    copied = object.__new__(type(node))
    parts = node.children and [_copied(each, memo) if _is_a(type(each), Node) else each for each in node.children]
    copied.__dict__ = {**node.__dict__, "children": parts, "parent": None}
    for part in parts or ():
        if _is_a(type(part), Node):
            part.parent = copied
    return copied
