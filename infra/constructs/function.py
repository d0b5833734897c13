"""One Lambda function with a role and a log group of its own, its versions behind an alias."""

from collections.abc import Iterable, Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.functions import ALIAS, FunctionSpec

RUNTIME = lambda_.Runtime.PYTHON_3_13


class ServiceFunction(Construct):
    """A function whose role may do what `statements` say, write its own log and send its traces; nothing else.

    `kept_ready`: copies that stay started. Everything calls `alias`, behind which `roll_out` lets a new version take
    over.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: FunctionSpec,
        name: str,
        code: lambda_.Code,
        environment: Mapping[str, str],
        statements: Iterable[iam.PolicyStatement],
        snap_start: bool,
        kept_ready: int,
    ) -> None:
        super().__init__(scope, construct_id)
        log_group = logs.LogGroup(
            self, "Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=cdk.RemovalPolicy.DESTROY
        )
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies={"Rights": iam.PolicyDocument(statements=[*statements, _write_to(log_group)])},
        )
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=name,
            description=spec.description,
            runtime=RUNTIME,
            architecture=lambda_.Architecture.ARM_64,
            handler=spec.handler,
            code=code,
            role=self.role,
            log_group=log_group,
            environment=dict(environment),
            memory_size=spec.memory,
            timeout=cdk.Duration.seconds(spec.timeout),
            tracing=lambda_.Tracing.ACTIVE,
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if snap_start else None,
            **_exceptions(spec),
        )
        self.alias = lambda_.Alias(
            self,
            "Alias",
            alias_name=ALIAS,
            version=self.function.current_version,
            provisioned_concurrent_executions=kept_ready or None,
        )

    def roll_out(
        self,
        application: codedeploy.LambdaApplication,
        role: iam.IRole,
        *,
        config: codedeploy.ILambdaDeploymentConfig,
        alarms: Iterable[cloudwatch.Alarm],
    ) -> None:
        """Shift visitors to a new version as `config` says; roll back automatically if one of the alarms goes off."""
        codedeploy.LambdaDeploymentGroup(
            self,
            "Rollout",
            application=application,
            role=role,
            alias=self.alias,
            deployment_config=config,
            alarms=list(alarms),
        )


def _write_to(log_group: logs.LogGroup) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn]
    )


def _exceptions(spec: FunctionSpec) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    if spec.reserved_concurrency is not None:
        settings["reserved_concurrent_executions"] = spec.reserved_concurrency
    if spec.may_call_itself:
        settings["recursive_loop"] = lambda_.RecursiveLoop.ALLOW
    return settings
