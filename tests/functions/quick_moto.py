"""moto without the detours that most of its time goes into: the calls are the same, and so are the answers."""

import json
from collections import deque
from functools import cache
from typing import Any

import pytest
from moto.core import responses, utils
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.parsing import ast_nodes, expressions
from moto.dynamodb.responses import DynamoResult

_BY_EVERY_SPELLING = DynamoResult.execute_result
_OF_TABLES = ("Table", "TableDescription")
"""Answers with times in them, which are not JSON yet."""


def take_no_detours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have moto write DynamoDB's rows down as they are, and find out once what is always the same.

    That is: which operations a service has, what an expression says, which kinds of its parts a step is for.
    """
    monkeypatch.setattr(DynamoResult, "execute_result", _as_it_is)
    for name in ("method_names_from_class", "camelcase_to_underscores"):
        monkeypatch.setattr(responses, name, cache(getattr(utils, name)))
    lexed = cache(lambda expression: tuple(_LEX(ConditionExpressionParser(expression, None, None))))
    monkeypatch.setattr(
        ConditionExpressionParser, "_lex_condition_expression", lambda parser: deque(lexed(parser.condition_expression))
    )
    monkeypatch.setattr(expressions.UpdateExpressionParser, "make", cache(expressions.UpdateExpressionParser.make))
    monkeypatch.setattr(ast_nodes.DepthFirstTraverser, "traverse_node_recursively", _traverse)


_LEX = ConditionExpressionParser._lex_condition_expression


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
        if isinstance(child, ast_nodes.Node):
            _traverse(step, child, number)
    if _is_for(type(step), type(node)):
        node = step.process(node)
        node.parent = parent
        if parent:
            parent.children[child_id] = node
    return node


@cache
def _is_for(step: type, node: type) -> bool:
    return issubclass(node, tuple(step._processing_map(step.__new__(step))))  # type: ignore[attr-defined]  # moto's
