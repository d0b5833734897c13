"""What the template lets each function do, and where that differs from what the functions did in the tests."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from activation.adapters.tables import TABLES
from infra.functions import FUNCTIONS, pascal
from infra.stages import STAGES
from local.template import STAGE, synthesize
from tests.functions.calls import Call
from tests.resources import Resources

_LAMBDAS_OWN = {
    *("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"),
    *("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage"),
    *("logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTelemetryRecords", "xray:PutTraceSegments"),
}
"""What Lambda does in a function's name: reads its sources, writes its log and traces."""

_RESOURCES = {pascal(table.name): table.name for table in TABLES} | {
    "CodeKey": "code-key",
    "PepperKey": "pepper-key",
    "DocumentKey": "document-key",
    "MailKey": "mail-key",
    "RetryQueue": "delivery-retry",
    "RostersBucket": "rosters",
}
"""What the tests call what the template names otherwise."""


def granted() -> set[Call]:
    """Every right of every function's role, but for what Lambda and DynamoDB use in its name."""
    template = json.loads((synthesize() / "ServiceStack.template.json").read_text())
    service = Resources(template, stage=STAGES[STAGE])
    return {Call(spec.name, *right) for spec in FUNCTIONS for right in _rights(service.statements(spec.name))}


def _rights(statements: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for statement in statements:
        if "TableKey" in json.dumps(statement["Resource"]):
            continue  # DynamoDB's use of the tables' key, in the function's name, and Lambda's as it reads the stream
        for action in set(statement["Action"]) - _LAMBDAS_OWN:
            for resource in statement["Resource"] or [""]:
                if "FailedBatches" not in json.dumps(resource):  # where Lambda puts what it gives up
                    yield action, _named(action, resource)


def _named(action: str, resource: object) -> str:
    text = json.dumps(resource)
    found = [name for construct, name in _RESOURCES.items() if construct in text]
    return found[0] if found and not action.startswith(("ses:", "sns:")) else ""


def differences(done: Iterable[Call], allowed: Iterable[Call]) -> list[str]:
    """What was done without a right, and every right that nothing needed."""
    done, allowed = set(done), set(allowed)
    return [
        *(f"missing: {call.function} {call.action} {call.resource}" for call in sorted(done - allowed)),
        *(f"spare: {call.function} {call.action} {call.resource}" for call in sorted(allowed - done)),
    ]
