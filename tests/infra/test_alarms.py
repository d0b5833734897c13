"""Somebody is told of what is wrong, and what to do is written down."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from activation.adapters.mail_providers import PROVIDERS
from activation.api.metrics import REFUSALS, STEPS
from infra.assets import ROOT
from infra.constructs.alarms import RUNBOOK, anchor
from infra.constructs.dashboard import DECLARED, FUNNEL, REFUSED, REQUESTED
from infra.functions import FUNCTIONS, pascal
from infra.stages import STAGES
from tests.resources import Properties, Resources

OF_THE_QUEUE = {"RequestsWaiting", "OldestRequestHours"}
OF_DELIVERY = {"CodesSentByMail", "CodesSentBySms", "MailDelivered", "MailBounced", "MailComplained"}
"""What the workers count; `STEPS` and `REFUSALS` are what the API does."""

OF_ONE_METRIC = [
    ("ApiFaults", "5XXError", 0.01),
    ("ApiSlow", "Latency", 3_000),
    ("OutboxLate", "IteratorAge", 60_000),
    ("MailBounces", "Reputation.BounceRate", 0.02),
    ("MailComplaints", "Reputation.ComplaintRate", 0.001),
    ("SmsSpend", "SMSMonthToDateSpentUSD", 4_000),
    ("SmsHourSpent", "SmsHourSpent", 1),
    ("WrongCodesBreaker", "WrongCodesBreakerOpen", 1),
    ("ThrottleKeyLocked", "ThrottleKeysLocked", 1),
    ("CleanupUnfinished", "TablesLeftUnfinished", 1),
    ("CleanupFails", "RowsFailed", 1),
    ("RequestsNotTaken", "RequestsNotTaken", 1),
    ("RosterImportHangs", "ExecutionTime", 1_800_000),
    ("DeadLettersNotEmpty", "ApproximateNumberOfMessagesVisible", 1),
    ("FailedBatchesNotEmpty", "ApproximateNumberOfMessagesVisible", 1),
]
OF_SEVERAL = {"MailBlocked", "NobodyActivates", "RosterImportFails", "RosterSummaryLost"}


@pytest.fixture
def alarms(service: Resources) -> dict[str, Properties]:
    prefix = f"{STAGES['prod'].prefix}-"
    return {
        alarm["AlarmName"].removeprefix(prefix): alarm for alarm in service.of_type("AWS::CloudWatch::Alarm").values()
    }


def metrics_of(alarm: Properties) -> list[dict[str, Any]]:
    return [query["MetricStat"]["Metric"] for query in alarm["Metrics"] if "MetricStat" in query]


def sections() -> set[str]:
    text = (Path(ROOT) / RUNBOOK).read_text(encoding="utf-8")
    part = text.partition("\n## Alarms\n")[2].partition("\n## ")[0]
    return {anchor(heading) for heading in re.findall(r"^### (.+)$", part, re.MULTILINE)}


def test_every_alarm_names_a_section_and_every_section_an_alarm(alarms: dict[str, Properties]) -> None:
    named = {alarm["AlarmDescription"].partition(f"{RUNBOOK}#")[2] for alarm in alarms.values()}
    assert named == sections()


def test_an_alarm_tells_somebody_when_it_begins_and_ends(service: Resources, alarms: dict[str, Properties]) -> None:
    (topic,) = (name for name in service.of_type("AWS::SNS::Topic") if name.startswith("Alarms"))
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": topic}]
    (subscription,) = (
        told for told in service.of_type("AWS::SNS::Subscription").values() if told["TopicArn"] == {"Ref": topic}
    )
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", STAGES["prod"].alarm_mail)


def test_alarms_may_use_their_topic(service: Resources) -> None:
    (policy,) = (made for name, made in service.of_type("AWS::SNS::TopicPolicy").items() if name.startswith("Alarms"))
    allowed = [rule for rule in policy["PolicyDocument"]["Statement"] if rule["Effect"] == "Allow"]
    assert [rule["Principal"] for rule in allowed] == [{"Service": "cloudwatch.amazonaws.com"}]


def test_every_function_and_every_table_has_its_alarms(data: Resources, alarms: dict[str, Properties]) -> None:
    for spec in FUNCTIONS:
        for kind in ("Errors", "Throttles"):
            (dimension,) = alarms[f"{pascal(spec.name)}{kind}"]["Dimensions"]
            assert dimension["Value"] == STAGES["prod"].function_name(spec.name)
    watched = [name for name in alarms if name.endswith("TableThrottles")]
    assert len(watched) == len(data.of_type("AWS::DynamoDB::Table"))
    metrics = {metric["MetricName"] for metric in metrics_of(alarms[watched[0]])}
    assert metrics == {"ReadThrottleEvents", "WriteThrottleEvents"}


@pytest.mark.parametrize(("name", "metric", "threshold"), OF_ONE_METRIC)
def test_what_matters_is_watched(alarms: dict[str, Properties], name: str, metric: str, threshold: float) -> None:
    alarm = alarms[name]
    assert (alarm["MetricName"], alarm["Threshold"]) == (metric, threshold)
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"


def test_no_alarm_but_those_of_each_function_and_table_is_missing_here(alarms: dict[str, Properties]) -> None:
    of_functions = {f"{pascal(spec.name)}{kind}" for spec in FUNCTIONS for kind in ("Errors", "Throttles")}
    others = {name for name in alarms.keys() - of_functions if not name.endswith("TableThrottles")}
    assert others == {name for name, *_ in OF_ONE_METRIC} | OF_SEVERAL


def test_a_block_by_one_provider_is_an_alarm_however_few_mails_go_to_it(alarms: dict[str, Properties]) -> None:
    alarm = alarms["MailBlocked"]
    looked_at = metrics_of(alarm)
    dimensions = [{one["Name"]: one["Value"] for one in metric["Dimensions"]} for metric in looked_at]
    assert dimensions == [{"service": "record_delivery", "provider": name} for name in PROVIDERS]
    assert {metric["MetricName"] for metric in looked_at} == {"MailsBlockedByProvider"}
    [expression] = [query["Expression"] for query in alarm["Metrics"] if "Expression" in query]
    assert expression == f"MAX([{', '.join(PROVIDERS)}])"
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (10, "GreaterThanOrEqualToThreshold")


def test_an_import_without_end_or_summary_is_an_alarm(service: Resources, alarms: dict[str, Properties]) -> None:
    (machine,) = service.of_type("AWS::StepFunctions::StateMachine")
    looked_at = metrics_of(alarms["RosterImportFails"])
    ends = {"ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"}
    assert {metric["MetricName"] for metric in looked_at} == ends
    assert all(metric["Dimensions"][0]["Value"] == {"Ref": machine} for metric in looked_at)
    looked_at = metrics_of(alarms["RosterSummaryLost"])
    assert {metric["MetricName"] for metric in looked_at} == {"SummariesLost"}
    assert {metric["Dimensions"][0]["Value"] for metric in looked_at} == {"import_roster", "record_delivery"}


def test_an_hour_of_the_day_without_activation_is_an_alarm_and_so_is_silence(alarms: dict[str, Properties]) -> None:
    alarm = alarms["NobodyActivates"]
    (expression,) = (query["Expression"] for query in alarm["Metrics"] if "Expression" in query)
    assert "HOUR(cleanups) >= 7 AND HOUR(cleanups) < 19" in expression
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (1, "LessThanThreshold")
    assert alarm["TreatMissingData"] == "breaching"


def test_what_the_dashboard_and_the_alarms_look_at_is_what_is_counted(alarms: dict[str, Properties]) -> None:
    shown = {metric for _, _, metric in (*FUNNEL, *REFUSED, *DECLARED, *REQUESTED)}
    assert shown <= {*STEPS.values(), *REFUSALS.values(), *OF_DELIVERY, *OF_THE_QUEUE}
    assert "AccountsActivated" in json.dumps(alarms["NobodyActivates"]["Metrics"])
    assert "AccountsActivated" in STEPS.values()


def test_one_page_shows_the_funnel_per_hour_and_every_alarm(service: Resources) -> None:
    (page,) = service.of_type("AWS::CloudWatch::Dashboard").values()
    body = "".join(part for part in page["DashboardBody"]["Fn::Join"][1] if isinstance(part, str))
    for label, _, metric in (*FUNNEL, *DECLARED, *REQUESTED):
        assert label in body
        assert metric in body
    assert '"period":3600' in body
    referred = [
        part for part in page["DashboardBody"]["Fn::Join"][1] if isinstance(part, dict) and "Fn::GetAtt" in part
    ]
    assert len({part["Fn::GetAtt"][0] for part in referred}) == len(service.of_type("AWS::CloudWatch::Alarm"))


def test_a_new_version_gives_way_to_the_former_when_it_goes_wrong(service: Resources) -> None:
    groups = service.of_type("AWS::CodeDeploy::DeploymentGroup")
    assert len(groups) == len(FUNCTIONS)
    for group in groups.values():
        assert group["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
        watched = json.dumps(group["AlarmConfiguration"]["Alarms"])
        assert "ApiFaults" in watched
        assert "Errors" in watched
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
    aliases: list[dict[str, Any]] = [r for r in service.all.values() if r["Type"] == "AWS::Lambda::Alias"]
    assert all("CodeDeployLambdaAliasUpdate" in alias["UpdatePolicy"] for alias in aliases)


def test_every_function_and_the_api_are_traced(service: Resources) -> None:
    functions = service.of_type("AWS::Lambda::Function").values()
    assert {function["TracingConfig"]["Mode"] for function in functions} == {"Active"}
    assert [stage["TracingEnabled"] for stage in service.of_type("AWS::ApiGateway::Stage").values()] == [True, True]
