"""What SES and SNS report reaches the function that records it, encrypted and from nobody else."""

import json
from typing import Any

from tests.resources import Resources


def only(service: Resources, kind: str, part: str = "") -> dict[str, Any]:
    (found,) = (properties for name, properties in service.of_type(kind).items() if part in name)
    return found


def test_ses_reports_what_becomes_of_each_mail(service: Resources) -> None:
    destination = only(service, "AWS::SES::ConfigurationSetEventDestination")
    events = destination["EventDestination"]["MatchingEventTypes"]
    assert events == ["bounce", "complaint", "delivery", "deliveryDelay", "reject"]
    assert destination["EventDestination"]["Enabled"]
    assert "ReportsTopic" in json.dumps(destination["EventDestination"]["SnsDestination"])
    assert "ConfigurationSet" in json.dumps(destination["ConfigurationSetName"])


def test_the_topic_is_encrypted_and_takes_tls_only(service: Resources) -> None:
    assert "TopicKey" in json.dumps(only(service, "AWS::SNS::Topic", "DeliveryReports")["KmsMasterKeyId"])
    statements = only(service, "AWS::SNS::TopicPolicy", "DeliveryReports")["PolicyDocument"]["Statement"]
    (denied,) = (statement for statement in statements if statement["Effect"] == "Deny")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_only_this_accounts_ses_writes_to_the_topic_and_uses_its_key(service: Resources) -> None:
    statements = only(service, "AWS::SNS::TopicPolicy", "DeliveryReports")["PolicyDocument"]["Statement"]
    (allowed,) = (statement for statement in statements if statement["Effect"] == "Allow")
    assert allowed["Principal"] == {"Service": "ses.amazonaws.com"}
    assert {name.lower() for name in allowed["Condition"]["StringEquals"]} == {"aws:sourceaccount", "aws:sourcearn"}
    _, granted = only(service, "AWS::KMS::Key", "TopicKey")["KeyPolicy"]["Statement"]
    assert granted["Principal"] == {"Service": "ses.amazonaws.com"}
    assert granted["Condition"]["StringEquals"].keys() == {"aws:SourceAccount"}


def test_the_topic_and_every_line_of_the_logs_reach_the_recorder_and_nothing_else_does(service: Resources) -> None:
    allowed = service.of_type("AWS::Lambda::Permission").values()
    callers = [one["Principal"] for one in allowed if "RecordDelivery" in json.dumps(one["FunctionName"])]
    assert sorted(callers) == ["logs.amazonaws.com", "logs.amazonaws.com", "sns.amazonaws.com"]
    filters = service.of_type("AWS::Logs::SubscriptionFilter").values()
    assert [found["FilterPattern"] for found in filters] == ["", ""]
    assert all("RecordDelivery" in json.dumps(found["DestinationArn"]) for found in filters)
    subscription = only(service, "AWS::SNS::Subscription", "RecordDelivery")
    assert (subscription["Protocol"], "RecordDelivery" in json.dumps(subscription["Endpoint"])) == ("lambda", True)


def test_what_sns_writes_of_each_sms_is_under_its_own_key_for_a_day(service: Resources) -> None:
    groups = [group for name, group in service.of_type("AWS::Logs::LogGroup").items() if "DeliveryReports" in name]
    names = {group["LogGroupName"]["Fn::Join"][1][-1] for group in groups}
    assert names == {"/DirectPublishToPhoneNumber", "/DirectPublishToPhoneNumber/Failure"}
    assert all(group["RetentionInDays"] == 1 for group in groups)
    assert all("SmsLogKey" in json.dumps(group["KmsKeyId"]) for group in groups)
    _, granted = only(service, "AWS::KMS::Key", "SmsLogKey")["KeyPolicy"]["Statement"]
    assert granted["Principal"] == {"Service": "logs.eu-west-3.amazonaws.com"}
    assert "kms:EncryptionContext:aws:logs:arn" in granted["Condition"]["ArnLike"]
