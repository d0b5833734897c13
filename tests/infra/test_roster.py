"""How rosters come in: a private bucket that forgets, a machine that is started by it and does no more than it must."""

import json
from typing import Any

import pytest

from activation.domain.limits import DAY_SECONDS
from activation.domain.retention import SECONDS, DataCategory
from activation.domain.roster import files
from activation.domain.roster.imports import STATES
from activation.domain.upload_keys import ADMITTED, UPLOADED
from activation.imports import batches
from infra.constructs.roster import KEPT_DAYS
from infra.functions import FUNCTIONS
from tests.resources import Resources, listed

EXPRESS_SECONDS = 300
MOST_PAYLOAD_BYTES = 256 * 1024
"""Step Functions Developer Guide, « Quotas »: how long an express workflow runs, how much a state passes on."""


@pytest.fixture
def bucket(data: Resources) -> dict[str, Any]:
    (bucket,) = data.of_type("AWS::S3::Bucket").values()
    return bucket


@pytest.fixture
def machine(service: Resources) -> dict[str, Any]:
    (machine,) = service.of_type("AWS::StepFunctions::StateMachine").values()
    parts = machine["DefinitionString"]["Fn::Join"][1]
    definition: dict[str, Any] = json.loads("".join(part if isinstance(part, str) else "reference" for part in parts))
    return definition


def test_the_bucket_is_private_encrypted_versioned_and_tells_of_uploads(bucket: dict[str, Any]) -> None:
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["NotificationConfiguration"] == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}


def test_files_and_reports_are_gone_after_thirty_days_versions_included(bucket: dict[str, Any]) -> None:
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert rule["Status"] == "Enabled"
    assert "Prefix" not in rule
    noncurrent = rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
    assert rule["ExpirationInDays"] + noncurrent == KEPT_DAYS


def test_what_hosting_removes_by_itself_goes_when_the_register_says(service: Resources) -> None:
    assert SECONDS[DataCategory.FILES] == KEPT_DAYS * DAY_SECONDS
    for group in service.of_type("AWS::Logs::LogGroup").values():
        holds_numbers = "DirectPublishToPhoneNumber" in json.dumps(group.get("LogGroupName", ""))
        kept_seconds = group["RetentionInDays"] * DAY_SECONDS
        assert kept_seconds == (DAY_SECONDS if holds_numbers else SECONDS[DataCategory.LOGS])


def test_only_uploads_of_rosters_start_the_machine(service: Resources) -> None:
    (rule,) = service.of_type("AWS::Events::Rule").values()
    detail = rule["EventPattern"]["detail"]
    begin = ["incoming/", STATES, UPLOADED, ADMITTED]
    assert detail["object"] == {"key": [{"prefix": prefix} for prefix in begin]}
    assert len(detail["bucket"]["name"]) == 1


def test_batches_run_ten_at_a_time_in_executions_of_their_own(machine: dict[str, Any]) -> None:
    batches = machine["States"]["Batches"]
    assert batches["MaxConcurrency"] == 10
    assert batches["ItemProcessor"]["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    assert batches["ItemReader"]["ReaderConfig"] == {"InputType": "JSON"}
    assert batches["Catch"] == [{"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "ReportFailure"}]


def test_every_step_is_tried_again_and_a_refused_undo_is_not(machine: dict[str, Any]) -> None:
    states = {**machine["States"], **machine["States"]["Batches"]["ItemProcessor"]["States"]}
    retries = {name: state["Retry"] for name, state in states.items() if state["Type"] == "Task"}
    assert {anything["ErrorEquals"][0] for (anything,) in retries.values()} == {"States.ALL"}
    tried_again = {name: anything["MaxAttempts"] for name, (anything,) in retries.items()}
    assert tried_again == {"Prepare": 4, "GiveUp": 4, "Work": 3, "Report": 4, "ReportFailure": 4}
    [given_up] = states["Prepare"]["Catch"]
    assert (given_up["ErrorEquals"], given_up["Next"], given_up["ResultPath"]) == (["States.ALL"], "GiveUp", None)
    assert states[states["GiveUp"]["Next"]]["Type"] == "Fail"
    (after,) = [choice["Next"] for choice in states["IsThereWork"]["Choices"] if choice["StringEquals"] == "refused"]
    assert states[after] == {"Type": "Fail", "Error": "UndoRefused"}


def test_every_try_of_a_batch_ends_before_an_express_execution_does(machine: dict[str, Any]) -> None:
    processor = machine["States"]["Batches"]["ItemProcessor"]
    assert sum(longest_seconds(state) for state in processor["States"].values()) <= EXPRESS_SECONDS


def longest_seconds(state: dict[str, Any]) -> float:
    """How long a task takes at most: all its tries, and the waits between them."""
    (retry,) = state["Retry"]
    waits = [retry["IntervalSeconds"] * retry["BackoffRate"] ** number for number in range(retry["MaxAttempts"])]
    return float((1 + len(waits)) * state["TimeoutSeconds"] + sum(waits))


def test_the_answers_of_all_batches_of_the_largest_file_fit_into_the_machine(machine: dict[str, Any]) -> None:
    (work,) = machine["States"]["Batches"]["ItemProcessor"]["States"].values()
    answer = {} if work["OutputPath"] is None else {"does": "something"}
    assert len(json.dumps([answer] * (files.MOST_ROWS // batches.MOST_ROWS))) <= MOST_PAYLOAD_BYTES


def test_the_machine_may_call_the_import_read_its_manifests_and_run_its_map(service: Resources) -> None:
    (machine,) = service.of_type("AWS::StepFunctions::StateMachine").values()
    role = machine["RoleArn"]["Fn::GetAtt"][0]
    policies = [policy for policy in service.of_type("AWS::IAM::Policy").values() if {"Ref": role} in policy["Roles"]]
    statements = [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]
    actions = {action for statement in statements for action in listed(statement["Action"])}
    assert actions == {
        *("lambda:InvokeFunction", "s3:GetObject", "kms:Decrypt"),
        *("states:StartExecution", "states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"),
        *("xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"),
    }
    (read,) = (statement for statement in statements if statement["Action"] == "s3:GetObject")
    assert read["Resource"]["Fn::Join"][1][1].split("/") == ["", "work", "*"]


def test_the_import_reads_what_comes_in_and_writes_only_work_and_reports(service: Resources) -> None:
    given = [one for one in service.statements("import_roster") if "incoming" not in json.dumps(one["Resource"])]
    actions = {action: json.dumps(one["Resource"]) for one in given for action in one["Action"]}
    rights = {action: reached for action, reached in actions.items() if action.startswith("s3:")}
    assert set(rights) == {"s3:GetObject", "s3:PutObject", "s3:ListBucket"}
    assert "work/*" in rights["s3:PutObject"]
    assert "reports/*" in rights["s3:PutObject"]


def test_only_the_help_desk_may_order_arrivals(service: Resources) -> None:
    rights = [(spec.name, one) for spec in FUNCTIONS for one in service.statements(spec.name)]
    ordering = [(name, one) for name, one in rights if ADMITTED in json.dumps(one["Resource"])]
    assert {name for name, one in ordering if "s3:PutObject" in listed(one["Action"])} == {"support"}


def test_the_help_desk_reads_of_imports_only_mails_and_arrivals(service: Resources) -> None:
    reading = [one for one in service.statements("support") if "s3:GetObject" in listed(one["Action"])]
    resources = [json.dumps(one["Resource"]) for one in reading]
    assert len(resources) == 2
    assert all("work/C*-arrivals/*" in one or "work/*/mails.json" in one for one in resources)
