"""What AWS refuses, or takes and leaves without effect, though a template is well formed: see docs/deploy.md."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from infra.assets import ROOT
from infra.functions import FUNCTIONS
from infra.stages import STAGES
from tests.infra.conftest import Templates
from tests.resources import Properties, Resources, listed

AS_ITS_TYPE = (
    *("AWS::Backup::BackupVault", "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::DynamoDB::Table"),
    *("AWS::CodeDeploy::Application", "AWS::IAM::ManagedPolicy", "AWS::IAM::Role", "AWS::KMS::Alias"),
    *("AWS::Lambda::Function", "AWS::Logs::LogGroup", "AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::SQS::Queue"),
    "AWS::StepFunctions::StateMachine",
)
"""Types whose name is in the property `…Name` of their own word: `BucketName` of a bucket."""
PLAINLY = (
    *("AWS::ApiGateway::RestApi", "AWS::CloudFront::Function", "AWS::Events::Rule", "AWS::SES::ConfigurationSet"),
    *("AWS::Scheduler::Schedule", "AWS::SecretsManager::Secret", "AWS::WAFv2::WebACL"),
)
"""Types whose name is in the property `Name`."""
NAMES = {
    **{kind: (f"{kind.rpartition(':')[2]}Name",) for kind in AS_ITS_TYPE},
    **dict.fromkeys(PLAINLY, ("Name",)),
    "AWS::Backup::BackupPlan": ("BackupPlan", "BackupPlanName"),
    "AWS::CloudFront::OriginAccessControl": ("OriginAccessControlConfig", "Name"),
    "AWS::CloudFront::OriginRequestPolicy": ("OriginRequestPolicyConfig", "Name"),
    "AWS::CloudFront::ResponseHeadersPolicy": ("ResponseHeadersPolicyConfig", "Name"),
    "AWS::SES::EmailIdentity": ("EmailIdentity",),
}
"""Where a type that is found by its name has it; unnamed, CloudFormation makes one of the stack's."""

NAMED_WITHIN_ANOTHER = {
    *("AWS::ApiGateway::Deployment", "AWS::ApiGateway::GatewayResponse", "AWS::ApiGateway::Method"),
    *("AWS::ApiGateway::Resource", "AWS::ApiGateway::Stage", "AWS::Backup::BackupSelection"),
    *("AWS::CloudFront::Distribution", "AWS::CertificateManager::Certificate", "AWS::CodeDeploy::DeploymentGroup"),
    *("AWS::IAM::Policy", "AWS::KMS::Key", "AWS::Lambda::Alias", "AWS::Lambda::EventSourceMapping"),
    *("AWS::Lambda::Permission", "AWS::Lambda::Version", "AWS::Logs::SubscriptionFilter", "AWS::S3::BucketPolicy"),
    *("AWS::SES::ConfigurationSetEventDestination", "AWS::SNS::Subscription", "AWS::SNS::TopicPolicy"),
    *("AWS::SQS::QueuePolicy", "AWS::WAFv2::WebACLAssociation"),
}
"""Types whose name, if they have one, lives in another resource, and those that AWS numbers."""

ONE_AN_ACCOUNT = {"AWS::ApiGateway::Account"}


@pytest.fixture(params=[stage.name for stage in STAGES.values() if stage.has_edge])
def made(every_stage: dict[str, Templates], request: pytest.FixtureRequest) -> Templates:
    return every_stage[request.param]


def resources(templates: Templates) -> Iterator[tuple[str, dict[str, Any]]]:
    for stack in templates.all:
        yield from stack.all.items()


def name_of(resource: dict[str, Any]) -> Any:
    found = resource.get("Properties", {})
    for part in NAMES.get(resource["Type"], ("none",)):
        found = found.get(part, {})
    return found or None


def names_of(templates: Templates) -> set[tuple[str, str]]:
    return {(res["Type"], json.dumps(name_of(res))) for _, res in resources(templates) if name_of(res)}


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("Ref"), str):
            yield value["Ref"]
        if "Fn::GetAtt" in value:
            yield value["Fn::GetAtt"][0]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def made_before(stack: Resources, logical: str) -> set[str]:
    """What CloudFormation makes before a resource: what it refers to, or says that it depends on."""
    before: set[str] = set()
    left = [logical]
    while left:
        resource = stack.all[left.pop()]
        found = {*listed(resource.get("DependsOn", [])), *references(resource.get("Properties", {}))}
        new = (found & stack.all.keys()) - before
        before |= new
        left.extend(new)
    return before


# Names


def test_every_type_says_where_its_name_is(made: Templates) -> None:
    kinds = {resource["Type"] for _, resource in resources(made)}
    assert kinds <= NAMES.keys() | NAMED_WITHIN_ANOTHER | ONE_AN_ACCOUNT


def test_no_two_stages_share_a_physical_name_but_those_that_aws_fixes(every_stage: dict[str, Templates]) -> None:
    first, *others = (names_of(templates) for templates in every_stage.values())
    shared = {kind for names in others for kind, name in names & first if not fixed_by_sns(name)}
    assert (len(others), shared) == (2, set())


def fixed_by_sns(name: str) -> bool:
    """Whether it is a log group of SNS's: why an account has room for one stage (docs/deploy.md)."""
    return "DirectPublishToPhoneNumber" in name


def test_a_name_is_one_that_every_service_takes_and_carries_the_stage(made: Templates) -> None:
    carried = (made.stage.prefix, made.stage.prefix.replace("-", ""), made.stage.mail_domain)
    spoken = {(kind, name) for kind, name in names_of(made) if not fixed_by_sns(name)}
    assert len({name for _, name in spoken}) > 60
    for kind, name in spoken:
        assert any(word in name for word in carried), name
        filled_in = filled(json.loads(name)).removeprefix("alias/")
        assert (A_BUCKETS_NAME if kind == "AWS::S3::Bucket" else A_NAME).fullmatch(filled_in), kind
        assert len(filled_in) <= LONGEST_NAME.get(kind, 64), kind


A_NAME, A_BUCKETS_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]*[A-Za-z0-9]"), re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")
LONGEST_NAME = {"AWS::Backup::BackupVault": 50, "AWS::Backup::BackupPlan": 50, "AWS::S3::Bucket": 63}
"""What each service's API takes at most, where it is less than a role or a CloudFront Function may have."""


def test_what_is_named_and_kept_does_not_stand_in_the_way_of_a_second_first_deployment(made: Templates) -> None:
    kept = [res for _, res in resources(made) if res.get("DeletionPolicy", "Delete") != "Delete"]
    assert [res["Type"] for res in kept if name_of(res) and res["DeletionPolicy"] != "RetainExceptOnCreate"] == []
    assert {res["UpdateReplacePolicy"] for res in kept} == {"Retain"}


# Roles


def test_a_role_is_taken_by_its_own_stage_and_takes_none_of_another_account(made: Templates) -> None:
    for role in made.service.of_type("AWS::IAM::Role").values():
        for trust in role["AssumeRolePolicyDocument"]["Statement"]:
            if trust["Action"] == "sts:AssumeRoleWithWebIdentity":
                subject = trust["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
                assert subject.endswith(f":environment:{made.stage.name}")
            else:
                assert trust["Principal"].keys() == {"Service"}
    for statement in statements(made):
        if "sts:AssumeRole" in listed(statement["Action"]):
            for taken in listed(statement["Resource"]):
                assert {"Ref": "AWS::AccountId"} in taken["Fn::Join"][1]


def statements(templates: Templates) -> Iterator[dict[str, Any]]:
    for policies in policies_of_roles(templates.service).values():
        for document in policies:
            yield from document["Statement"]


def policies_of_roles(stack: Resources) -> dict[str, list[Properties]]:
    found = {
        name: [policy["PolicyDocument"] for policy in role.get("Policies", [])]
        for name, role in stack.of_type("AWS::IAM::Role").items()
    }
    for policy in stack.of_type("AWS::IAM::Policy").values():
        for role in policy["Roles"]:
            found[role["Ref"]].append(policy["PolicyDocument"])
    return found


def test_in_its_sandbox_ses_lets_mail_go_to_whoever_it_verified(made: Templates) -> None:
    for name in ("deliver_message", "import_roster"):
        (sends,) = (one for one in made.service.statements(name) if "ses:SendEmail" in one["Action"])
        to_anybody = [resource for resource in sends["Resource"] if ":identity/*" in json.dumps(resource)]
        assert bool(to_anybody) == made.stage.synthetic_people
        assert len(sends["Resource"]) == 2


MOST_INLINE, MOST_MANAGED, MOST_TRUST = 10_240, 6_144, 2_048
"""IAM User Guide, « IAM and STS quotas »: characters without white space, of all inline policies of a role together."""
LONGEST_REFERENCE = 100
"""What an address that CloudFormation puts in may come to."""


def test_policies_are_as_short_as_iam_wants_them(made: Templates) -> None:
    for stack in made.all:
        for role, policies in policies_of_roles(stack).items():
            assert sum(written(policy) for policy in policies) <= MOST_INLINE, role
            assert written(stack.all[role]["Properties"]["AssumeRolePolicyDocument"]) <= MOST_TRUST
        for policy in stack.of_type("AWS::IAM::ManagedPolicy").values():
            assert written(policy["PolicyDocument"]) <= MOST_MANAGED


def written(value: Any) -> int:
    """About how long a part of a template is once CloudFormation put in what it refers to; rather too long."""
    return len(json.dumps(filled(value), separators=(",", ":")))


def filled(part: Any) -> Any:
    """A part of a template with something in the place of whatever it refers to."""
    if isinstance(part, dict):
        if "Fn::Join" in part:
            return "".join(filled(piece) for piece in part["Fn::Join"][1])
        if part == {"Ref": "AWS::AccountId"}:
            return "1" * 12
        if part.keys() & {"Ref", "Fn::GetAtt", "Fn::ImportValue", "Fn::Select"}:
            return "x" * LONGEST_REFERENCE
        return {name: filled(piece) for name, piece in part.items()}
    return [filled(piece) for piece in part] if isinstance(part, list) else part


# The API


def test_a_stage_sets_its_methods_by_their_verbs_and_in_as_many_operations_as_one_call_takes(made: Templates) -> None:
    for of_api in made.service.of_type("AWS::ApiGateway::Stage").values():
        settings = of_api["MethodSettings"]
        assert [one["ResourcePath"] for one in settings if one["HttpMethod"] == "ANY"] == []
        assert [one["ResourcePath"] for one in settings if one["HttpMethod"] == "*"] == ["/*"]
        operations = [name for one in settings for name in one.keys() - {"ResourcePath", "HttpMethod"}]
        assert len(operations) <= MOST_PATCHES


MOST_PATCHES = 80
"""API Gateway takes so many patch operations in a call, and each field of a setting is one."""


def test_no_stage_of_an_api_is_made_before_the_account_may_write_its_log(made: Templates) -> None:
    service = made.service
    (account,) = service.of_type("AWS::ApiGateway::Account")
    stages = service.of_type("AWS::ApiGateway::Stage")
    assert len(stages) == 2
    for logical, properties in stages.items():
        assert "requestId" in properties["AccessLogSetting"]["Format"]
        assert account in made_before(service, logical)


def test_a_deployment_is_made_of_every_method_and_every_answer(made: Templates) -> None:
    service = made.service
    for logical, deployment in service.of_type("AWS::ApiGateway::Deployment").items():
        parts = service.of_type("AWS::ApiGateway::Method") | service.of_type("AWS::ApiGateway::GatewayResponse")
        own = {name for name, part in parts.items() if part["RestApiId"] == deployment["RestApiId"]}
        assert own <= made_before(service, logical)


# The firewalls

MANAGED_CAPACITY = {
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesCommonRuleSet": 700,
}
CAPACITY = {"byteMatch": 10, "sizeConstraint": 1, "rateBased": 2, "transformation": 10}
"""AWS WAF Developer Guide, « Web ACL capacity units »; a match costs 1, 2 or 10 by where it looks."""
MOST_CAPACITY = 1_500
"""What the price of a firewall includes."""
ANSWERS = {400, 401, 403, 404, 405, 408, 411, 413, 415, 416, 421, 429, 500, 501, 502, 503, 504, 505}
"""AWS WAF Developer Guide, « Supported status codes for custom response », from 400."""


def capacity(value: Any) -> int:
    """What a part of a firewall's rules costs, rather too much than too little."""
    if isinstance(value, list):
        return sum(capacity(part) for part in value)
    if not isinstance(value, dict):
        return 0
    own = MANAGED_CAPACITY[value["ManagedRuleGroupStatement"]["Name"]] if "ManagedRuleGroupStatement" in value else 0
    for name, cost in CAPACITY.items():
        own += cost if f"{name[0].upper()}{name[1:]}Statement" in value else 0
    own += CAPACITY["transformation"] * len(value.get("TextTransformations", []))
    return own + sum(capacity(part) for part in value.values())


def test_a_firewall_costs_no_more_capacity_than_its_price_includes(made: Templates) -> None:
    costs = [
        capacity(firewall["Rules"]) for stack in made.all for firewall in stack.of_type("AWS::WAFv2::WebACL").values()
    ]
    assert len(costs) == 2
    assert max(costs) <= MOST_CAPACITY
    assert max(costs) > sum(MANAGED_CAPACITY.values())


def test_a_firewall_answers_with_what_waf_can_say(made: Templates) -> None:
    (firewall,) = made.edge.of_type("AWS::WAFv2::WebACL").values()
    for rule in firewall["Rules"]:
        response = rule.get("Action", {}).get("Block", {}).get("CustomResponse")
        if response:
            assert response["ResponseCode"] in ANSWERS
            assert "content-type" not in {header["Name"].lower() for header in response["ResponseHeaders"]}
    for body in firewall["CustomResponseBodies"].values():
        assert len(body["Content"].encode()) <= MOST_ANSWER_BYTES


MOST_ANSWER_BYTES = 4_096

# CloudFront

MOST_HEADERS, MOST_HEADER_CHARACTERS = 10, 1_783
"""CloudFront Developer Guide, « Quotas »: headers that a policy adds or passes on, and the length of one's value."""
OWN_OF_CLOUDFRONT = ("connection", "content-length", "host", "via", "x-amz-", "x-cache", "x-edge-")
"""Beginnings of what a policy can't set."""


def test_headers_are_as_many_and_as_long_as_cloudfront_takes(made: Templates) -> None:
    web = made.web
    for policy in web.of_type("AWS::CloudFront::ResponseHeadersPolicy").values():
        config = policy["ResponseHeadersPolicyConfig"]
        added = {item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]}
        content = config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
        assert len(added) <= MOST_HEADERS
        assert max(map(len, [content, *added.values()])) <= MOST_HEADER_CHARACTERS
        assert [name for name in added if name.lower().startswith(OWN_OF_CLOUDFRONT)] == []
    (passed,) = web.of_type("AWS::CloudFront::OriginRequestPolicy").values()
    assert len(passed["OriginRequestPolicyConfig"]["HeadersConfig"]["Headers"]) <= MOST_HEADERS


# Functions

MOST_ENVIRONMENT_BYTES = 4_096
LEFT_FOR_OTHERS, CONCURRENCY = 100, 1_000
"""Lambda Developer Guide, « Quotas »: what no function may reserve, and an account's own."""


def test_a_function_is_told_no_more_than_lambda_takes(made: Templates) -> None:
    for function in made.service.of_type("AWS::Lambda::Function").values():
        assert written(function["Environment"]["Variables"]) <= MOST_ENVIRONMENT_BYTES


def test_functions_reserve_what_an_account_has() -> None:
    own = {spec.name: spec.reserved_concurrency for spec in FUNCTIONS}
    reserved = sum(copies or 0 for copies in own.values())
    assert reserved + LEFT_FOR_OTHERS <= CONCURRENCY
    for stage in STAGES.values():
        kept = sum(copies for name, copies in stage.kept_ready.items() if not own[name])
        assert reserved + kept + LEFT_FOR_OTHERS <= CONCURRENCY


def test_what_polls_for_a_function_is_made_once_its_role_may_read(made: Templates) -> None:
    service = made.service
    policies = {name for name in service.of_type("AWS::IAM::Policy") if name.startswith("DeliverMessage")}
    for logical in service.of_type("AWS::Lambda::EventSourceMapping"):
        assert policies
        assert policies <= made_before(service, logical)


def test_a_queue_waits_six_times_as_long_as_the_function_that_reads_it(made: Templates) -> None:
    service = made.service
    (queue,) = (queue for name, queue in service.of_type("AWS::SQS::Queue").items() if "RetryQueue" in name)
    assert queue["VisibilityTimeout"] >= 6 * service.function("deliver_message")["Timeout"]


# Reports: what AWS tries when it is made, so that what it needs must stand before


def test_what_is_tried_out_when_it_is_made_may_be_called_by_then(made: Templates) -> None:
    service = made.service
    (destination,) = service.of_type("AWS::SES::ConfigurationSetEventDestination")
    topics = {name for name in service.of_type("AWS::SNS::TopicPolicy") if name.startswith("DeliveryReports")}
    assert topics <= made_before(service, destination)  # SES sends the topic a message
    filters = service.of_type("AWS::Logs::SubscriptionFilter")
    allowed = service.of_type("AWS::Lambda::Permission")
    assert len(filters) == 2
    for logical in filters:  # CloudWatch Logs sends the function one
        callers = {allowed[name]["Principal"] for name in made_before(service, logical) & allowed.keys()}
        assert callers == {"logs.amazonaws.com"}


# Alarms

MOST_EXPRESSION, MOST_METRICS, MOST_ALARMS_A_GROUP, MOST_ALARMS_A_WIDGET = 1_024, 10, 10, 100
METRIC_ID = re.compile(r"[a-z][A-Za-z0-9_]{0,254}")
LONGEST_WATCH_SECONDS = {True: 7 * 86_400, False: 86_400}
"""With a period of an hour and more, and with a shorter one."""


def test_an_alarm_is_one_that_cloudwatch_can_work_out(made: Templates) -> None:
    for alarm in made.service.of_type("AWS::CloudWatch::Alarm").values():
        queries = alarm.get("Metrics", [])
        assert len(queries) <= MOST_METRICS
        assert [query["Id"] for query in queries if not METRIC_ID.fullmatch(query["Id"])] == []
        known = {query["Id"] for query in queries if "MetricStat" in query}
        for expression in (query["Expression"] for query in queries if "Expression" in query):
            assert len(expression) <= MOST_EXPRESSION
            assert set(re.findall(r"\b[a-z]\w*", expression)) == known
        periods = {query["MetricStat"]["Period"] for query in queries if "MetricStat" in query}
        (period,) = periods or {alarm["Period"]}
        assert period * alarm["EvaluationPeriods"] <= LONGEST_WATCH_SECONDS[period >= 3_600]


def test_a_rollout_watches_as_many_alarms_as_codedeploy_does(made: Templates) -> None:
    service = made.service
    for group in service.of_type("AWS::CodeDeploy::DeploymentGroup").values():
        assert len(group["AlarmConfiguration"]["Alarms"]) <= MOST_ALARMS_A_GROUP
    assert len(service.of_type("AWS::CloudWatch::Alarm")) <= MOST_ALARMS_A_WIDGET


# Keys

KEY_OF_MACS = {"HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"}


def test_every_key_is_left_to_its_account_and_no_key_of_macs_is_rotated(made: Templates) -> None:
    for _, resource in resources(made):
        if resource["Type"] == "AWS::KMS::Key":
            key = resource["Properties"]
            root, *_ = key["KeyPolicy"]["Statement"]
            assert (root["Action"], root["Effect"]) == ("kms:*", "Allow")  # without it KMS takes the key for lost
            assert not (key.get("KeySpec") in KEY_OF_MACS and "EnableKeyRotation" in key)


# Tables


def test_a_table_is_made_as_warm_as_dynamodb_takes_it(made: Templates) -> None:
    for table in made.data.of_type("AWS::DynamoDB::Table").values():
        warm = table.get("WarmThroughput", {})
        assert FEWEST_WRITES <= warm.get("WriteUnitsPerSecond", FEWEST_WRITES) <= MOST_WRITES


FEWEST_WRITES, MOST_WRITES = 4_000, 40_000
"""DynamoDB Developer Guide, « Warm throughput »: what every table on demand has, and an account's own quota."""

# What is written down


def test_every_type_has_its_line_in_what_aws_demands(every_stage: dict[str, Templates]) -> None:
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8").partition("\n## What AWS demands\n")[2]
    lines = [line for line in text.splitlines() if line.startswith("| `AWS::")]
    told = [kind for line in lines for kind in re.findall(r"`(AWS::\w+::\w+)`", line.split("|")[1])]
    used = {resource["Type"] for templates in every_stage.values() for _, resource in resources(templates)}
    assert sorted(told) == sorted(used)
