"""How a roster is taken in: a file in the bucket's `incoming/` starts a machine that checks, applies and reports."""

from typing import Any, cast

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as scheduler_targets
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from infra.stages import REGION, SMOKE_ROSTERS

_BATCHES_AT_ONCE = 10
_KEPT_EVENTS = cdk.Duration.hours(2)
_ONE_TRY = cdk.Duration.seconds(55)

UPLOADED, ADMITTED = "correspondents/", "arrivals/"
"""The folder of correspondents' files and orders, and that of agents' orders for the arrivals in them; as in
`activation.domain.upload_keys`."""

STATES = "states/"
"""The folder of files of states, as in `activation.domain.roster.imports`."""

THEIR_REPORTS = "reports/C"
"""The beginning of the keys of reports on correspondents' files."""

KEPT_DAYS = 30
"""As long as `activation.domain.retention` keeps roster files."""


class RosterBucket(Construct):
    """A private bucket under a key of ours: it tells EventBridge of uploads, and deletes objects after 30 days."""

    def __init__(self, scope: Construct, construct_id: str, *, key: kms.Key) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,  # a second upload under the same name takes nothing from the first
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=cdk.Duration.days(KEPT_DAYS - 1),
                    noncurrent_version_expiration=cdk.Duration.days(1),
                    abort_incomplete_multipart_upload_after=cdk.Duration.days(1),
                )
            ],
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        # CDK's own switch for this would add a custom resource.
        cast(
            "s3.CfnBucket", self.bucket.node.default_child
        ).notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
        )


class _ManifestReader(sfn.S3JsonItemReader):
    """Reads a manifest: CDK's own reader would have the right to the whole bucket, but none to its key."""

    def provide_policy_statements(self) -> list[iam.PolicyStatement]:
        """The rights of the state machine: to read below `work/`, where manifests are."""
        return [
            iam.PolicyStatement(actions=["s3:GetObject"], resources=[self.bucket.arn_for_objects("work/*")]),
            _right_to_the_key(self.bucket, "Decrypt"),
        ]


class RosterImport(Construct):
    """The state machine: *prepare* → a worker for each batch of the manifest → *report*, however the batches ended."""

    def __init__(
        self, scope: Construct, construct_id: str, *, name: str, bucket: s3.Bucket, function: lambda_.IFunction
    ) -> None:
        super().__init__(scope, construct_id)
        self._bucket, self._function = bucket, function
        report = self._step("Report", {"action": "report", **_of_state("does", "import_id")})
        failure = {"action": "report", "failed": True, **_of_state("does", "import_id")}
        report_failure = self._step("ReportFailure", failure).next(sfn.Fail(self, "Failed"))
        work = self._batches().add_catch(report_failure, result_path=sfn.JsonPath.DISCARD).next(report)
        give_up = self._step("GiveUp", {"action": "give-up", "order": sfn.JsonPath.entire_payload})
        prepare = self._step("Prepare", {"action": "prepare", "order": sfn.JsonPath.entire_payload}).add_catch(
            give_up.next(sfn.Fail(self, "NotPrepared")), result_path=sfn.JsonPath.DISCARD
        )
        prepare.next(
            sfn.Choice(self, "IsThereWork")
            .when(sfn.Condition.string_equals("$.does", "nothing"), report)
            .when(sfn.Condition.string_equals("$.does", "refused"), sfn.Fail(self, "Refused", error="UndoRefused"))
            .otherwise(work)
        )
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_name=f"{name}-roster",
            definition_body=sfn.DefinitionBody.from_chainable(prepare),
            timeout=cdk.Duration.hours(3),
            tracing_enabled=True,
        )
        self._start_on_upload()
        self._count_every_night()

    def _step(self, construct_id: str, payload: dict[str, Any], *, tries: int = 5, **more: Any) -> tasks.LambdaInvoke:
        """A call of the function; `more` is for CDK."""
        step = tasks.LambdaInvoke(
            self,
            construct_id,
            lambda_function=self._function,
            payload=sfn.TaskInput.from_object(payload),
            payload_response_only=True,
            retry_on_service_exceptions=False,
            **more,
        )
        # A crash or a throttled table passes, and each step may be repeated.
        step.add_retry(errors=["States.ALL"], interval=cdk.Duration.seconds(5), max_attempts=tries - 1, backoff_rate=3)
        return step

    def _batches(self) -> sfn.DistributedMap:
        batches = sfn.DistributedMap(
            self,
            "Batches",
            map_execution_type=sfn.StateMachineType.EXPRESS,
            max_concurrency=_BATCHES_AT_ONCE,
            item_reader=_ManifestReader(bucket=self._bucket, key=sfn.JsonPath.string_at("$.manifest")),
            item_selector={
                **_of_state("does", "import_id"),
                "batch": sfn.JsonPath.string_at("$$.Map.Item.Value.batch"),
            },
            result_path=sfn.JsonPath.DISCARD,
        )
        # An express execution ends after five minutes, waiting included. The results of batches are in the bucket: all
        # answers together would be too long for the machine.
        work = self._step(
            "Work",
            {"action": "batch", **_of_state("does", "import_id", "batch")},
            tries=4,
            task_timeout=sfn.Timeout.duration(_ONE_TRY),
            output_path=sfn.JsonPath.DISCARD,
        )
        return batches.item_processor(work)

    def _start_on_upload(self) -> None:
        events.Rule(
            self,
            "Uploaded",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={
                    "bucket": {"name": [self._bucket.bucket_name]},
                    "object": {"key": [{"prefix": prefix} for prefix in ("incoming/", STATES, UPLOADED, ADMITTED)]},
                },
            ),
            targets=[targets.SfnStateMachine(self.machine, max_event_age=_KEPT_EVENTS)],
        )

    def _count_every_night(self) -> None:
        scheduler.Schedule(
            self,
            "Figures",
            schedule=scheduler.ScheduleExpression.cron(hour="3", minute="0"),
            target=scheduler_targets.LambdaInvoke(
                self._function,
                input=scheduler.ScheduleTargetInput.from_object({"action": "figures"}),
                retry_attempts=2,
            ),
        )


def _of_state(*names: str) -> dict[str, str]:
    """Those members of the machine's state."""
    return {name: sfn.JsonPath.string_at(f"$.{name}") for name in names}


def rights_to_rosters(bucket: s3.Bucket) -> list[iam.PolicyStatement]:
    """The rights to read uploads, to write work and reports, and to use the bucket's key through S3."""
    return [
        iam.PolicyStatement(
            actions=["s3:GetObject", "s3:GetObjectVersion"],
            resources=[bucket.arn_for_objects(f"{prefix}*") for prefix in ("incoming/", STATES, UPLOADED)],
        ),
        iam.PolicyStatement(
            actions=["s3:GetObject", "s3:PutObject"],
            resources=[bucket.arn_for_objects("work/*"), bucket.arn_for_objects("reports/*")],
        ),
        iam.PolicyStatement(
            actions=["s3:ListBucket"],
            resources=[bucket.bucket_arn],
            conditions={"StringLike": {"s3:prefix": ["work/*"]}},
        ),
        _right_to_the_key(bucket, "Decrypt", "GenerateDataKey"),
    ]


def rights_to_uploads(bucket: s3.Bucket) -> list[iam.PolicyStatement]:
    """The rights to write correspondents' files and orders into their folder only, and to read the reports on them.

    The id of such an import begins with its sender's identifier, and so with a letter.
    """
    return [
        iam.PolicyStatement(actions=["s3:PutObject"], resources=[bucket.arn_for_objects(f"{UPLOADED}*")]),
        iam.PolicyStatement(actions=["s3:GetObject"], resources=[bucket.arn_for_objects(f"{THEIR_REPORTS}*")]),
        iam.PolicyStatement(  # so that a missing report is told from a forbidden one
            actions=["s3:ListBucket"],
            resources=[bucket.bucket_arn],
            conditions={"StringLike": {"s3:prefix": [f"{THEIR_REPORTS}*"]}},
        ),
        _right_to_the_key(bucket, "Decrypt", "GenerateDataKey"),
    ]


def rights_to_arrivals(bucket: s3.Bucket) -> list[iam.PolicyStatement]:
    """The rights to read the arrivals of correspondents' files, and to order their taking in. No other function may."""
    return [
        iam.PolicyStatement(actions=["s3:GetObject"], resources=[bucket.arn_for_objects("work/C*-arrivals/*")]),
        iam.PolicyStatement(actions=["s3:PutObject"], resources=[bucket.arn_for_objects(f"{ADMITTED}*")]),
        _right_to_the_key(bucket, "Decrypt", "GenerateDataKey"),
    ]


def rights_to_imported_mails(bucket: s3.Bucket) -> list[iam.PolicyStatement]:
    """The rights to read the mails that stood before an import, and nothing else of it."""
    return [
        iam.PolicyStatement(actions=["s3:GetObject"], resources=[bucket.arn_for_objects("work/*/mails.json")]),
        _right_to_the_key(bucket, "Decrypt"),
    ]


def rights_of_the_smoke_test(bucket: s3.Bucket) -> list[iam.PolicyStatement]:
    """The rights to send in rosters of its own, and to read reports, which name nobody."""
    return [
        iam.PolicyStatement(
            actions=["s3:GetObject", "s3:PutObject"], resources=[bucket.arn_for_objects(f"{SMOKE_ROSTERS}*")]
        ),
        iam.PolicyStatement(actions=["s3:GetObject"], resources=[bucket.arn_for_objects("reports/*")]),
        iam.PolicyStatement(  # so that a missing report is told from a forbidden one
            actions=["s3:ListBucket"],
            resources=[bucket.bucket_arn],
            conditions={"StringLike": {"s3:prefix": ["reports/*"]}},
        ),
        _right_to_the_key(bucket, "Decrypt", "GenerateDataKey"),
    ]


def _right_to_the_key(bucket: s3.IBucket, *actions: str) -> iam.PolicyStatement:
    """The right to use the bucket's key, through S3 only."""
    key = bucket.encryption_key
    if key is None:
        raise ValueError("the roster bucket has a key of its own")
    return iam.PolicyStatement(
        actions=[f"kms:{action}" for action in actions],
        resources=[key.key_arn],
        conditions={"StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}},
    )
