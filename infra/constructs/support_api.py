"""The help desk's REST API: its own, and only for callers that IAM knows (docs/adr/0019)."""

import json
from collections.abc import Iterable

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.api import ACCESS_LOG
from infra.routes import Route

_STAGE_NAME = "live"
_REQUESTS_PER_SECOND = 20
"""A help desk types; what asks faster is no agent."""


class SupportApi(Construct):
    """Every method asks for a signature (SigV4). Who may call is who has the policy `agents` attached."""

    def __init__(
        self, scope: Construct, construct_id: str, *, name: str, routes: Iterable[Route], function: lambda_.IFunction
    ) -> None:
        super().__init__(scope, construct_id)
        self.rest_api = apigateway.RestApi(
            self,
            "RestApi",
            rest_api_name=name,
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            cloud_watch_role=False,
            deploy_options=apigateway.StageOptions(
                stage_name=_STAGE_NAME,
                tracing_enabled=True,
                access_log_destination=apigateway.LogGroupLogDestination(self._access_log()),
                access_log_format=apigateway.AccessLogFormat.custom(json.dumps(ACCESS_LOG)),
                throttling_rate_limit=_REQUESTS_PER_SECOND,
                throttling_burst_limit=2 * _REQUESTS_PER_SECOND,
            ),
        )
        integration = apigateway.LambdaIntegration(function, allow_test_invoke=False, scope_permission_to_method=False)
        for route in routes:
            self.rest_api.root.resource_for_path(route.path).add_method(
                route.method, integration, authorization_type=apigateway.AuthorizationType.IAM
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

    def _access_log(self) -> logs.LogGroup:
        return logs.LogGroup(
            self, "AccessLog", retention=logs.RetentionDays.ONE_MONTH, removal_policy=cdk.RemovalPolicy.DESTROY
        )
