"""Metrics of the calls: the steps that succeeded on the way to an account, and the refusals.

One table instead of a line in each handler, so that a count means the same for every function.
"""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from activation.observability import metrics

STEPS = {
    ("POST", "/api/activation"): "FlowsStarted",
    ("POST", "/api/activation/code"): "CodesAskedAgain",
    ("POST", "/api/activation/verification"): "CodesVerified",
    ("POST", "/api/activation/password"): "AccountsActivated",
    ("PUT", "/api/account/consent"): "ConsentsAnswered",
    ("PUT", "/api/account/code-channel"): "ChannelsChosen",
    ("PUT", "/api/account/terms"): "TermsAccepted",
    ("POST", "/api/password-reset/password"): "PasswordsReset",
    ("POST", "/api/session/verification"): "SignIns",
    ("PUT", "/api/correspondent/people"): "RowsChanged",
    ("POST", "/api/correspondent/uploads"): "FilesSent",
    ("POST", "/api/correspondent/uploads/{upload_id}/application"): "FilesApplied",
    ("POST", "/api/correspondent/uploads/{upload_id}/undoing"): "FilesTakenBack",
    ("POST", "/api/requests/{request_id}/sending"): "RequestsSent",
    ("POST", "/support/requests/accept"): "RequestsAnswered",
    ("POST", "/support/requests/refuse"): "RequestsAnswered",
}
"""The calls that count when they succeed."""

REFUSALS = {
    "code-rejected": "CodesRejected",
    "password-rejected": "PasswordsRejected",
    "credentials-rejected": "CredentialsRejected",
    "resend-too-early": "LimitsHit",
    "too-many-codes": "LimitsHit",
    "flow-locked": "LimitsHit",
    "account-locked": "LimitsHit",
    "too-many-requests": "LimitsHit",
    "too-many-today": "LimitsHit",
    "import-running": "LimitsHit",
    "unavailable": "CallsFailed",
}
"""The problems that count, by their slugs."""


def count(event: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Count an answer of the API whose call is in `STEPS` or whose problem is in `REFUSALS`."""
    names = list(_counts(event, answer))
    for name in names:
        metrics().add_metric(name, MetricUnit.Count, 1)
    if names:
        metrics().flush_metrics()


def _counts(event: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[str]:
    if answer["statusCode"] < HTTPStatus.BAD_REQUEST:
        step = STEPS.get((str(event.get("httpMethod")), str(event.get("resource"))))
        if step:
            yield step
        return
    refusal = REFUSALS.get(json.loads(answer["body"])["code"])
    if refusal:
        yield refusal
