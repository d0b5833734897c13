"""moto without the detours that most of its time goes into: the calls are the same, and so are the answers."""

import copy
import json
from collections import deque
from functools import cache
from typing import Any

import pytest
from moto.core import responses, utils
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node  # type: ignore[attr-defined]  # not typed
from moto.dynamodb.parsing.expressions import UpdateExpressionParser  # type: ignore[attr-defined]  # as above
from moto.dynamodb.responses import DynamoResult

_BY_EVERY_SPELLING = DynamoResult.execute_result
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
