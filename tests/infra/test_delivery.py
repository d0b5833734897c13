"""Messages reach the worker, and a message that fails holds back no other."""

from typing import Any

import pytest

from tests.resources import Resources


@pytest.fixture
def stream(service: Resources) -> dict[str, Any]:
    (found,) = (m for m in service.of_type("AWS::Lambda::EventSourceMapping").values() if "StartingPosition" in m)
    return found


def test_new_messages_come_in_tens_ten_at_a_time(stream: dict[str, Any]) -> None:
    assert (stream["BatchSize"], stream["ParallelizationFactor"]) == (10, 10)
    only_new = '{"eventName":["INSERT"],"dynamodb":{"NewImage":{"state":{"S":["pending"]}}}}'
    assert stream["FilterCriteria"] == {"Filters": [{"Pattern": only_new}]}


def test_a_crash_is_tried_twice_again_in_halves_and_then_set_aside(stream: dict[str, Any]) -> None:
    assert stream["BisectBatchOnFunctionError"]
    assert stream["MaximumRetryAttempts"] == 2
    assert stream["MaximumRecordAgeInSeconds"] == 15 * 60
    assert "FailedBatches" in str(stream["DestinationConfig"]["OnFailure"]["Destination"])


def test_what_failed_of_a_batch_is_tried_five_times_and_then_a_dead_letter(service: Resources) -> None:
    mappings = service.of_type("AWS::Lambda::EventSourceMapping").values()
    (retries,) = (mapping for mapping in mappings if "StartingPosition" not in mapping)
    assert retries["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert "RetryQueue" in str(retries["EventSourceArn"])
    (policy,) = (q["RedrivePolicy"] for q in service.of_type("AWS::SQS::Queue").values() if "RedrivePolicy" in q)
    assert policy["maxReceiveCount"] == 5
    assert "DeadLetters" in str(policy["deadLetterTargetArn"])


def test_every_queue_is_encrypted_and_asks_for_tls(service: Resources) -> None:
    queues = service.of_type("AWS::SQS::Queue")
    guarded = {ref["Ref"] for policy in service.of_type("AWS::SQS::QueuePolicy").values() for ref in policy["Queues"]}
    assert guarded == set(queues)
    assert all(queue["SqsManagedSseEnabled"] for queue in queues.values())


def test_bounces_go_to_a_domain_of_ours_and_to_amazons_while_it_has_no_records(service: Resources) -> None:
    (identity,) = service.of_type("AWS::SES::EmailIdentity").values()
    assert identity["MailFromAttributes"] == {
        "MailFromDomain": f"retours.{identity['EmailIdentity']}",
        "BehaviorOnMxFailure": "USE_DEFAULT_VALUE",
    }


def test_mail_says_whose_it_is_and_ses_drops_none_on_its_own(service: Resources) -> None:
    (configuration_set,) = service.of_type("AWS::SES::ConfigurationSet").values()
    assert configuration_set["SuppressionOptions"] == {"SuppressedReasons": []}
    (identity,) = service.of_type("AWS::SES::EmailIdentity").values()
    told = [function["Environment"]["Variables"] for function in service.of_type("AWS::Lambda::Function").values()]
    senders = {variables["MAIL_FROM"] for variables in told if "MAIL_FROM" in variables}
    assert senders == {f"CNAS <ne-pas-repondre@{identity['EmailIdentity']}>"}


def test_the_cleanup_runs_every_hour_and_the_figures_are_counted_every_night(service: Resources) -> None:
    schedules = service.of_type("AWS::Scheduler::Schedule").values()
    targets = {schedule["ScheduleExpression"]: str(schedule["Target"]) for schedule in schedules}
    assert "PurgeExpired" in targets["rate(1 hour)"]
    assert "ImportRoster" in targets["cron(0 3 * * ? *)"]
    assert '{"action":"figures"}' in targets["cron(0 3 * * ? *)"]
