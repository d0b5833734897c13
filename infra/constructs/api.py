"""The two REST APIs, built from the routes: the public one, and the help desk's."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, cast

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_wafv2 as waf
from constructs import Construct, IConstruct

from infra.constructs.firewall import origin_firewall
from infra.constructs.gateway_problems import GATEWAY_PROBLEMS
from infra.routes import FILES, SHARE_OF_REQUESTS, Route

STAGE_NAME = "live"

ACCESS_LOG = {
    "request_id": "$context.requestId",
    "time": "$context.requestTime",
    "method": "$context.httpMethod",
    "path": "$context.resourcePath",
    "status": "$context.status",
    "milliseconds": "$context.responseLatency",
    "bytes": "$context.responseLength",
    "error": "$context.error.responseType",
    "firewall": "$context.wafResponseCode",
    "trace": "$context.xrayTraceId",
}
"""The fields of the log of each call: the route, but no address, no query and no caller."""

_DESK_REQUESTS_PER_SECOND = 20
"""Agents type: faster calls than these are not theirs."""


def rest_api(
    scope: Construct,
    name: str,
    *,
    requests_per_second: int,
    method_options: Mapping[str, apigateway.MethodDeploymentOptions] | None = None,
    **more: Any,
) -> apigateway.RestApi:
    """A regional REST API of one stage: traced, limited, each call in a log of its own; `more` is for CDK."""
    log = logs.LogGroup(
        scope, "AccessLog", retention=logs.RetentionDays.ONE_MONTH, removal_policy=cdk.RemovalPolicy.DESTROY
    )
    return apigateway.RestApi(
        scope,
        "RestApi",
        rest_api_name=name,
        endpoint_types=[apigateway.EndpointType.REGIONAL],
        deploy_options=apigateway.StageOptions(
            stage_name=STAGE_NAME,
            tracing_enabled=True,
            throttling_rate_limit=requests_per_second,
            throttling_burst_limit=2 * requests_per_second,
            method_options=method_options,
            access_log_destination=apigateway.LogGroupLogDestination(log),
            access_log_format=apigateway.AccessLogFormat.custom(json.dumps(ACCESS_LOG)),
        ),
        **more,
    )


def integration(function: lambda_.IFunction) -> apigateway.LambdaIntegration:
    """The integration that hands a method's calls to the function; one permission serves all methods."""
    return apigateway.LambdaIntegration(function, allow_test_invoke=False, scope_permission_to_method=False)


class Api(Construct):
    """The public API: each path has one `ANY` method, for the function that owns it, which answers 405 itself.

    Methods of a path that another function answers go to that function.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        routes: Iterable[Route],
        functions: Mapping[str, lambda_.IFunction],
        requests_per_second: int,
    ) -> None:
        super().__init__(scope, construct_id)
        self.rest_api = rest_api(
            self,
            name,
            requests_per_second=requests_per_second,
            method_options=_throttles(routes, requests_per_second),
            cloud_watch_role=True,  # for the access log; the account's, so it stays when the stack goes
            cloud_watch_role_removal_policy=cdk.RemovalPolicy.RETAIN,
            binary_media_types=[FILES],  # of any other type the gateway makes text, and loses bytes
        )
        _say_nothing_of_traces(self.rest_api.deployment_stage)
        integrations = {function: integration(functions[function]) for function in {route.function for route in routes}}
        for path, methods in methods_by_path(routes).items():
            resource = self.rest_api.root.resource_for_path(path)
            for method, function in methods.items():
                resource.add_method(method, integrations[function])
        for problem in GATEWAY_PROBLEMS:
            problem.add_to(self.rest_api)

    @property
    def account(self) -> IConstruct:
        """The account's role for access logs: a stage with such a log must be made after it."""
        return self.rest_api.node.find_child("Account")

    @property
    def host(self) -> str:
        """The host name by which CloudFront reaches the API."""
        return f"{self.rest_api.rest_api_id}.execute-api.{cdk.Aws.REGION}.{cdk.Aws.URL_SUFFIX}"

    def let_in_only(self, accepted: Sequence[str], *, name: str) -> None:
        """Answer only calls with one of these values in `X-Origin-Verify`, as our CloudFront sends it."""
        firewall = origin_firewall(self, name=name, accepted=accepted)
        waf.CfnWebACLAssociation(
            self,
            "FirewallAssociation",
            web_acl_arn=firewall.attr_arn,
            resource_arn=self.rest_api.deployment_stage.stage_arn,
        )


class SupportApi(Construct):
    """The help desk's API, apart from the public one (docs/adr/0019): for callers that IAM knows.

    Every method asks for a signature (SigV4). Callers need the policy `agents`. `account` is the public API's: its role
    writes this API's log too.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        routes: Iterable[Route],
        function: lambda_.IFunction,
        account: IConstruct,
    ) -> None:
        super().__init__(scope, construct_id)
        self.rest_api = rest_api(self, name, requests_per_second=_DESK_REQUESTS_PER_SECOND, cloud_watch_role=False)
        self.rest_api.deployment_stage.node.add_dependency(account)
        desk = integration(function)
        for route in routes:
            self.rest_api.root.resource_for_path(route.path).add_method(
                route.method, desk, authorization_type=apigateway.AuthorizationType.IAM
            )
        self.agents = iam.ManagedPolicy(
            self,
            "Agents",
            managed_policy_name=f"{name}-agents",
            description="Calls the help desk's API; for its agents only",
            statements=[
                iam.PolicyStatement(
                    actions=["execute-api:Invoke"], resources=[self.rest_api.arn_for_execute_api("POST")]
                )
            ],
        )


def _throttles(routes: Iterable[Route], requests_per_second: int) -> dict[str, apigateway.MethodDeploymentOptions]:
    """Each call's own limit: its function's share of the API's limit, where that is less than the whole.

    By method and path: API Gateway takes no setting for `ANY`.
    """
    limits = {}
    for route in routes:
        rate = max(1, round(requests_per_second * SHARE_OF_REQUESTS[route.function]))
        if rate != requests_per_second:
            limits[f"{route.path}/{route.method}"] = apigateway.MethodDeploymentOptions(
                throttling_rate_limit=rate, throttling_burst_limit=2 * rate
            )
    return limits


def _say_nothing_of_traces(stage: apigateway.Stage) -> None:
    """Leave « its calls are not traced » out of every setting: it is the default.

    API Gateway takes 80 fields of settings in one call, and CDK writes this one for each method.
    """
    made = cast("apigateway.CfnStage", stage.node.default_child)
    for number in range(len(made.method_settings)):  # type: ignore[arg-type]  # CDK has made a list of them
        made.add_property_deletion_override(f"MethodSettings.{number}.DataTraceEnabled")


def methods_by_path(routes: Iterable[Route]) -> dict[str, dict[str, str]]:
    """For each path, the functions by method. The function with most of a path's calls owns it (`ANY`)."""
    paths: dict[str, dict[str, str]] = {}
    for path, group in groupby(sorted(routes, key=attrgetter("path")), key=attrgetter("path")):
        calls = list(group)
        ((owner, _),) = Counter(call.function for call in calls).most_common(1)
        others = {call.method: call.function for call in calls if call.function != owner}
        paths[path] = {"ANY": owner, **others}
    return paths
