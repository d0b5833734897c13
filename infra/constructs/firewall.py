"""The rules of both firewalls: CloudFront's looks at visitors, the API's lets only our CloudFront in.

After a rotation of the origin secret the former value is accepted too.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secrets
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra.constructs.gateway_problems import TOO_LARGE, TOO_MANY, GatewayProblem
from infra.routes import LARGER_BODIES, MOST_BODY_BYTES
from infra.traffic import CALLS_OF_A_START, REQUESTS_OF_A_START

ORIGIN_HEADER = "X-Origin-Verify"
"""The header in which our CloudFront sends the origin secret to the API."""

CURRENT, FORMER = "OriginVersion", "FormerOriginVersion"
"""The parameters that name the secret's versions; the deployment reads them from Secrets Manager."""

_MANAGED: Mapping[str, tuple[str, ...]] = {
    "AWSManagedRulesAmazonIpReputationList": (),
    "AWSManagedRulesKnownBadInputsRuleSet": (),
    # A password or a name may look like a script or a path: these rules only count bodies.
    "AWSManagedRulesCommonRuleSet": (
        "CrossSiteScripting_BODY",
        "EC2MetaDataSSRF_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
        "SizeRestrictions_BODY",
    ),
}
"""AWS's rule groups, each with those of its rules that only count."""

_SESSION = "__Host-session="
"""The beginning of a session's cookie: nobody without one sends a file."""

Statement = dict[str, Any]
"""A part of a rule, in CDK's own (camel case) names: CDK takes these as they are."""


def viewer_firewall(scope: Construct, *, name: str, starts_per_address: int) -> waf.CfnWebACL:
    """CloudFront's firewall: against known attacks, floods from one address, and bodies that no form of ours sends.

    So many starts in five minutes are let through from one address, which a whole hospital may share.
    """
    calls, requests = starts_per_address * CALLS_OF_A_START, starts_per_address * REQUESTS_OF_A_START
    rules = [
        _rule("BodySize", _too_large(), block={"customResponse": _answer(TOO_LARGE)}),
        _rule("CallsPerAddress", _more_than(calls, of="/api/"), block={"customResponse": _answer(TOO_MANY)}),
        _rule("RequestsPerAddress", _more_than(requests), block={"customResponse": _answer(TOO_MANY)}),
        *(_managed(group, counted) for group, counted in _MANAGED.items()),
    ]
    return _acl(scope, name=name, region_scope="CLOUDFRONT", rules=rules, answers=(TOO_LARGE, TOO_MANY))


def origin_firewall(scope: Construct, *, name: str, accepted: Sequence[str]) -> waf.CfnWebACL:
    """The API's firewall: it answers 403 without one of the accepted values in our header."""
    matches = [_header_is(value) for value in accepted]
    statement = {"notStatement": {"statement": {"orStatement": {"statements": matches}}}}
    return _acl(scope, name=name, region_scope="REGIONAL", rules=[_rule("OriginVerify", statement, block={})])


def current_value(stack: cdk.Stack, secret: secrets.ISecret) -> str:
    """The value that CloudFront sends: CloudFormation puts it in, so that no template has it."""
    return _value(stack, secret, CURRENT)


def accepted_values(stack: cdk.Stack, secret: secrets.ISecret) -> tuple[str, str]:
    """The values that the API's firewall accepts; the same one twice before the first rotation."""
    return current_value(stack, secret), _value(stack, secret, FORMER)


def _value(stack: cdk.Stack, secret: secrets.ISecret, parameter: str) -> str:
    version = cdk.CfnParameter(stack, parameter, description="A version id of the origin secret")
    return f"{{{{resolve:secretsmanager:{secret.secret_arn}:SecretString:::{version.value_as_string}}}}}"


def _acl(
    scope: Construct,
    *,
    name: str,
    region_scope: str,
    rules: Iterable[dict[str, Any]],
    answers: Iterable[GatewayProblem] = (),
) -> waf.CfnWebACL:
    bodies = {
        answer.kind: {"contentType": "APPLICATION_JSON", "content": json.dumps(answer.body(), ensure_ascii=False)}
        for answer in answers
    }
    return waf.CfnWebACL(
        scope,
        "Firewall",
        name=name,
        scope=region_scope,
        default_action={"allow": {}},
        custom_response_bodies=bodies or None,
        visibility_config=_visible(name),
        rules=[{**rule, "priority": priority} for priority, rule in enumerate(rules)],
    )


def _rule(name: str, statement: Statement, *, block: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "statement": statement, "action": {"block": block}, "visibilityConfig": _visible(name)}


def _managed(group: str, counted: Iterable[str]) -> dict[str, Any]:
    statement = {
        "managedRuleGroupStatement": {
            "vendorName": "AWS",
            "name": group,
            "ruleActionOverrides": [{"name": rule, "actionToUse": {"count": {}}} for rule in counted],
        }
    }
    return {"name": group, "statement": statement, "overrideAction": {"none": {}}, "visibilityConfig": _visible(group)}


def _visible(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    """Metrics, and for three hours a sample of what was matched: WAF's logs would keep every visitor's address."""
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
    )


def _answer(problem: GatewayProblem) -> dict[str, Any]:
    return {
        "responseCode": problem.status,
        "customResponseBodyKey": problem.kind,
        "responseHeaders": [{"name": "Cache-Control", "value": "no-store"}],
    }


def _too_large() -> Statement:
    """A body larger than calls take; a larger one needs exactly a file's method and path, and a session's cookie.

    The path is compared as it came: another spelling is another path.
    """
    no_file = {"notStatement": {"statement": _any_of([_sends_file(*call) for call in LARGER_BODIES])}}
    return {"andStatement": {"statements": [_larger_than(MOST_BODY_BYTES), no_file]}}


def _sends_file(method: str, path: str) -> Statement:
    return {
        "andStatement": {
            "statements": [
                _is({"method": {}}, method),
                _is({"uriPath": {}}, path),
                _matches({"singleHeader": {"Name": "cookie"}}, "CONTAINS", _SESSION),
            ]
        }
    }


def _any_of(statements: Sequence[Statement]) -> Statement:
    """Any of these statements: WAF's own `or` takes two at least."""
    return statements[0] if len(statements) == 1 else {"orStatement": {"statements": list(statements)}}


def _larger_than(size: int) -> Statement:
    return {
        "sizeConstraintStatement": {
            "fieldToMatch": {"body": {"oversizeHandling": "MATCH"}},
            "comparisonOperator": "GT",
            "size": size,
            "textTransformations": _AS_IT_IS,
        }
    }


def _more_than(limit: int, *, of: str | None = None) -> Statement:
    below: Statement = {
        "byteMatchStatement": {
            "fieldToMatch": {"uriPath": {}},
            "positionalConstraint": "STARTS_WITH",
            "searchString": of,
            "textTransformations": _AS_A_PATH,
        }
    }
    counted = {"limit": limit, "aggregateKeyType": "IP", "evaluationWindowSec": 300}
    return {"rateBasedStatement": {**counted, "scopeDownStatement": below} if of else counted}


def _header_is(value: str) -> Statement:
    return _is({"singleHeader": {"Name": ORIGIN_HEADER.lower()}}, value)


def _is(field: dict[str, Any], value: str) -> Statement:
    return _matches(field, "EXACTLY", value)


def _matches(field: dict[str, Any], how: str, value: str) -> Statement:
    return {
        "byteMatchStatement": {
            "fieldToMatch": field,
            "positionalConstraint": how,
            "searchString": value,
            "textTransformations": _AS_IT_IS,
        }
    }


_AS_IT_IS = [{"priority": 0, "type": "NONE"}]
_AS_A_PATH = [{"priority": 0, "type": "URL_DECODE"}, {"priority": 1, "type": "NORMALIZE_PATH"}]
"""Transformations that find the path of a call: `/%61pi/` and `//api/` are calls as well."""
