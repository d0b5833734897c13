"""The findings of cdk-nag that are intended, each with its reason. Any other finding fails `make check`.

One more is in `infra/constructs/delivery_reports.py`: CDK reports it at every synthesis, which is quiet without the
checks too.
"""

from collections.abc import Iterator
from typing import NamedTuple

import aws_cdk as cdk
from constructs import Construct, IConstruct

from infra.stages import REGION


class Acknowledged(NamedTuple):
    """A rule that is broken on purpose, under a construct's path: by the construct itself or anything in it."""

    path: str
    rule: str
    reason: str


_SOLUTIONS, _SERVERLESS = "AwsSolutions::AwsSolutions-", "Serverless::Serverless-"
_API, _DESK, _ROSTERS = "ServiceStack/Api", "ServiceStack/HelpDesk", "ServiceStack/RosterImport"
_SESSION = "Visitors are anonymous until they activate; sessions are ours, in cookies, and each function checks them."
_OWN_PAGES = "A log would keep every visitor's address. The API's access log and the firewall's metrics tell enough."
_PYTHON = "The wheels are locked and compiled for Python 3.13; a newer one comes with its own build."
_SAFE_SETTLED = "Nobody waits in it: what lies there is an alarm, and people move it back."
_MANAGED = "AWS's own policy for this very service; it follows what the service needs."

ACKNOWLEDGED = (
    Acknowledged(_API, f"{_SOLUTIONS}APIG2", "The functions check bodies, before and by their schemas."),
    Acknowledged(_API, f"{_SOLUTIONS}APIG4", _SESSION),
    Acknowledged(_API, f"{_SOLUTIONS}COG4", _SESSION),
    Acknowledged(
        _API,
        f"{_SOLUTIONS}APIG6",
        "The gateway's execution log holds headers, thus cookies; each call is in the access log and the function's.",
    ),
    Acknowledged(_DESK, f"{_SOLUTIONS}APIG2", "The function checks bodies, before and by their schemas."),
    Acknowledged(_DESK, f"{_SOLUTIONS}APIG3", "IAM refuses whoever does not sign; a firewall would see nobody else."),
    Acknowledged(_DESK, f"{_SOLUTIONS}APIG6", "The access log and the function's own name each call."),
    Acknowledged(_DESK, f"{_SOLUTIONS}COG4", "Agents are people of IAM Identity Center: every call is signed (SigV4)."),
    Acknowledged(
        f"{_DESK}/Agents",
        f"{_SOLUTIONS}IAM5[Resource::arn:<AWS::Partition>:execute-api:{REGION}:<AWS::AccountId>:"
        "<HelpDeskRestApiCE98D168>/*/POST/*]",
        "Every call of this API, and no other API.",
    ),
    Acknowledged("DataStack/Rosters", f"{_SOLUTIONS}S1", "Reports and the import's log tell who sent what, and when."),
    Acknowledged(_ROSTERS, f"{_SOLUTIONS}SF1", "A log of all states would hold the rows of people; the report tells."),
    Acknowledged(
        f"{_ROSTERS}/Uploaded",
        f"{_SERVERLESS}EventBusDLQ",
        "An upload that starts nothing brings no report: its sender sends it again.",
    ),
    Acknowledged("WebStack", f"{_SOLUTIONS}CFR1", "Beneficiaries live overseas and travel."),
    Acknowledged("WebStack", f"{_SOLUTIONS}CFR3", _OWN_PAGES),
    Acknowledged("WebStack", f"{_SOLUTIONS}S1", _OWN_PAGES),
    Acknowledged(
        "WebStack",
        f"{_SOLUTIONS}CFR4",
        "Without a domain of ours CloudFront's own certificate fixes TLS; stages with one ask for TLSv1.2_2021.",
    ),
    Acknowledged("DataStack", f"{_SOLUTIONS}DDB3", "Flows, sessions, counters, messages: gone within a day anyway."),
    Acknowledged(
        "DataStack/OriginSecret",
        f"{_SOLUTIONS}SMG4",
        "Its value stands in two stacks: `make rotate-origin-secret` changes it in both, in order.",
    ),
    Acknowledged(
        "DataStack/Backups",
        f"{_SOLUTIONS}IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup]",
        _MANAGED,
    ),
    Acknowledged(
        "ServiceStack/RolloutRole",
        f"{_SOLUTIONS}IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]",
        _MANAGED,
    ),
    Acknowledged(
        _API,
        f"{_SOLUTIONS}IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]",
        _MANAGED,
    ),
    Acknowledged(
        "ServiceStack",
        f"{_SOLUTIONS}IAM5[Resource::*]",
        "X-Ray, lists of streams and stacks, SNS's settings name no resource; tests allow these actions and no other.",
    ),
    Acknowledged(
        "ServiceStack/SmsLog",
        f"{_SOLUTIONS}IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:sns/*]",
        "SNS names its log groups itself.",
    ),
    *(
        Acknowledged(
            f"ServiceStack/{who}",
            f"{_SOLUTIONS}IAM5[Resource::arn:<AWS::Partition>:ses:{REGION}:<AWS::AccountId>:identity/*]",
            "In its sandbox SES asks for a right to each recipient too; not where people are real.",
        )
        for who in ("DeliverMessage", "ImportRoster")
    ),
    Acknowledged("ServiceStack", f"{_SOLUTIONS}L1", _PYTHON),
    Acknowledged("ServiceStack", f"{_SERVERLESS}LambdaLatestVersion", _PYTHON),
    Acknowledged("ServiceStack/Delivery", f"{_SOLUTIONS}SQS3", _SAFE_SETTLED),
    Acknowledged("ServiceStack/Delivery", f"{_SERVERLESS}SQSRedrivePolicy", _SAFE_SETTLED),
    Acknowledged(
        "ServiceStack",
        f"{_SERVERLESS}LambdaDLQ",
        "No caller leaves a call behind: the gateway waits, streams and queues have their own, the clock tries again.",
    ),
    Acknowledged(
        "ServiceStack/DeliverMessage",
        f"{_SERVERLESS}LambdaEventSourceMappingDestination",
        "The retry queue has its dead-letter queue.",
    ),
    Acknowledged(
        "ServiceStack/RecordDelivery",
        f"{_SERVERLESS}SNSRedrivePolicy",
        "A report holds a contact: no queue keeps it. It is tried three times, and an alarm tells.",
    ),
    Acknowledged(
        "ServiceStack/Alarms",
        f"{_SERVERLESS}SNSRedrivePolicy",
        "An alarm that no mail could tell shows on the dashboard.",
    ),
)

_PIPELINE = "ServiceStack/Pipeline"
PIPELINE_PATH = f"{_PIPELINE}/Deploy"
PIPELINE_REASON = "Names of this stage alone; what follows the star is CloudFormation's or Secrets Manager's own."


def acknowledge(app: cdk.App) -> None:
    """Tell cdk-nag which findings are intended."""
    for known in (*ACKNOWLEDGED, *_of_the_pipeline(app), *_of_the_rosters(app)):
        scope = _find(app, known.path)
        cdk.Validations.of(scope).acknowledge(cdk.Acknowledgment(id=known.rule, reason=known.reason))


def _find(app: cdk.App, path: str) -> IConstruct:
    found: IConstruct = app
    for part in path.split("/"):
        found = found.node.find_child(part)
    return found


def _of_the_pipeline(app: cdk.App) -> Iterator[Acknowledged]:
    """The rules on the deployment's role: it may give only the beginning of names, which differ by stage."""
    role = _find(app, PIPELINE_PATH)
    assert isinstance(role, Construct)
    prefix = str(cdk.Stack.of(role).stack_name).removesuffix("-service")
    for resource in (
        f"cloudformation:*:<AWS::AccountId>:stack/{prefix}-*/*",
        "cloudfront::<AWS::AccountId>:distribution/*",
        f"iam::<AWS::AccountId>:role/{prefix}-service-SmsLog*",
        f"s3:::{prefix}-front-<AWS::AccountId>/*",
        f"secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:{prefix}-origin-*",
    ):
        rule = f"{_SOLUTIONS}IAM5[Resource::arn:<AWS::Partition>:{resource}]"
        yield Acknowledged(PIPELINE_PATH, rule, PIPELINE_REASON)


def _folders_of_the_smoke_test(app: cdk.App) -> tuple[str, ...]:
    """The folders of the roster bucket that the smoke test may use, where there is one."""
    has_role = _find(app, _PIPELINE).node.try_find_child("Smoke")
    return ("incoming/smoke", "reports") if has_role else ()


def _of_the_rosters(app: cdk.App) -> Iterator[Acknowledged]:
    """The rules on the roster bucket, whose name differs by stage."""
    data = cdk.Stack.of(_find(app, "DataStack/Rosters")).stack_name
    bucket = f"{_SOLUTIONS}IAM5[Resource::{data}:ExportsOutputFnGetAttRostersBucketD28052B5ArnDFFCC164"
    for who, folder in (
        ("ServiceStack/ImportRoster", "incoming"),
        ("ServiceStack/ImportRoster", "work"),
        ("ServiceStack/ImportRoster", "reports"),
        ("ServiceStack/Correspondent", "correspondents"),
        (_ROSTERS, "work"),
        *((f"{_PIPELINE}/Smoke", folder) for folder in _folders_of_the_smoke_test(app)),
    ):
        yield Acknowledged(who, f"{bucket}/{folder}/*]", "The objects of one folder.")
    yield Acknowledged("ServiceStack/Correspondent", f"{bucket}/reports/C*]", "Reports on files of correspondents.")
    for function, key, reason in (
        ("ImportRoster", "correspondents/*", "What correspondents send, each under their own identifier."),
        ("ImportRoster", "states/*", "What the back office says of requests."),
        ("Support", "work/*/mails.json", "Which mails stood before an import, and nothing else of it."),
        ("Support", "work/C*-arrivals/*", "Who arrives with correspondents' files."),
        ("Support", "arrivals/*", "The orders of agents to take arrivals in."),
    ):
        yield Acknowledged(f"ServiceStack/{function}", f"{bucket}/{key}]", reason)
    machine = '{"Fn::Select":[6,{"Fn::Split":[":",{"Ref":"RosterImportMachine4660ECFA"}]}]}'
    for runs in (":*", "/*:*"):
        rule = (
            f"{_SOLUTIONS}IAM5[Resource::arn:<AWS::Partition>:states:{REGION}:<AWS::AccountId>:"
            f"execution:{machine}{runs}]"
        )
        yield Acknowledged(_ROSTERS, rule, "The machine's own runs: Distributed Map asks for them.")
