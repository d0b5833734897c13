"""The alarms, as data. Each says what is wrong and names the section of `docs/runbook.md` that says what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from activation.adapters.mail_providers import PROVIDERS
from infra.functions import FunctionSpec, pascal
from infra.metrics import HOUR, MetricSpec, api_metric, function_metric, product_metric
from infra.stages import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmSpec:
    """An alarm: at `threshold` or above (below it, with `below`) for so many periods.

    Several metrics need an `expression` of their names. `silence_is_bad`: no data at all is an alarm too.
    """

    name: str
    says: str
    section: str
    metrics: Mapping[str, MetricSpec]
    threshold: float
    expression: str = ""
    periods: int = 1
    below: bool = False
    silence_is_bad: bool = False


def api_faults(stage: Stage) -> AlarmSpec:
    """The API fails; this alarm also rolls back a deployment under way."""
    return AlarmSpec(
        name="ApiFaults",
        says="One call in a hundred, or more, fails",
        section="The API fails",
        metrics={"faults": api_metric(stage, "5XXError", "Average")},
        threshold=0.01,
    )


def errors_of(stage: Stage, spec: FunctionSpec) -> AlarmSpec:
    """A function ends in an error; this alarm also rolls back its new version."""
    return AlarmSpec(
        name=f"{pascal(spec.name)}Errors",
        says=f"{spec.name} ends in errors",
        section="A function ends in errors",
        metrics={"errors": function_metric(stage, spec.name, "Errors")},
        threshold=1,
    )


def throttles_of(stage: Stage, spec: FunctionSpec) -> AlarmSpec:
    """Lambda refuses to start more copies of a function."""
    return AlarmSpec(
        name=f"{pascal(spec.name)}Throttles",
        says=f"Lambda refuses calls of {spec.name}",
        section="Calls are refused for want of capacity",
        metrics={"throttles": function_metric(stage, spec.name, "Throttles")},
        threshold=1,
    )


def queue_holds(construct_id: str, queue: str) -> AlarmSpec:
    """A message lies in a queue that no function reads."""
    return AlarmSpec(
        name=f"{construct_id}NotEmpty",
        says=f"{construct_id} holds messages",
        section="Messages could not be delivered",
        metrics={
            "waiting": MetricSpec(
                namespace="AWS/SQS",
                name="ApproximateNumberOfMessagesVisible",
                dimensions={"QueueName": queue},
                statistic="Maximum",
            )
        },
        threshold=1,
    )


def table_throttles(table: str, deployed_name: str) -> AlarmSpec:
    """DynamoDB refuses calls to a table."""
    names = {"reads": "ReadThrottleEvents", "writes": "WriteThrottleEvents"}
    return AlarmSpec(
        name=f"{pascal(table)}TableThrottles",
        says=f"DynamoDB refuses calls to {table}",
        section="Calls are refused for want of capacity",
        metrics={
            key: MetricSpec(namespace="AWS/DynamoDB", name=name, dimensions={"TableName": deployed_name})
            for key, name in names.items()
        },
        expression="FILL(reads, 0) + FILL(writes, 0)",
        threshold=1,
        periods=2,
    )


def roster_import_fails(machine_arn: str) -> AlarmSpec:
    """An import of a roster ended without being done, all tries included."""
    ended = {"failed": "ExecutionsFailed", "timed_out": "ExecutionsTimedOut", "aborted": "ExecutionsAborted"}
    return AlarmSpec(
        name="RosterImportFails",
        says="An import of a roster ended before it was done",
        section="A roster was not taken in",
        metrics={
            key: MetricSpec(namespace="AWS/States", name=name, dimensions={"StateMachineArn": machine_arn})
            for key, name in ended.items()
        },
        expression="FILL(failed, 0) + FILL(timed_out, 0) + FILL(aborted, 0)",
        threshold=1,
    )


def roster_import_hangs(machine_arn: str) -> AlarmSpec:
    """An import took so long that its sender has stopped waiting."""
    return AlarmSpec(
        name="RosterImportHangs",
        says="An import of a roster took half an hour or more",
        section="A roster was not taken in",
        metrics={
            "milliseconds": MetricSpec(
                namespace="AWS/States",
                name="ExecutionTime",
                dimensions={"StateMachineArn": machine_arn},
                statistic="Maximum",
            )
        },
        threshold=1_800_000,
    )


def service_alarms(stage: Stage) -> tuple[AlarmSpec, ...]:
    """The alarms of the service as a whole."""
    mail = {"ses:configuration-set": stage.prefix}
    return (
        AlarmSpec(
            name="ApiSlow",
            says="One call in twenty takes 3 s or more",
            section="The API is slow",
            metrics={"latency": api_metric(stage, "Latency", "p95")},
            threshold=3_000,
            periods=3,
        ),
        AlarmSpec(
            name="OutboxLate",
            says="Codes wait a minute or more before they are sent",
            section="Codes are late",
            metrics={"age": function_metric(stage, "deliver_message", "IteratorAge", statistic="Maximum")},
            threshold=60_000,
            periods=2,
        ),
        AlarmSpec(
            name="MailBounces",
            says="Two mails in a hundred bounce: at five SES stops us",
            section="Mail bounces or is complained about",
            metrics={"rate": _reputation("Reputation.BounceRate", mail)},
            threshold=0.02,
        ),
        AlarmSpec(
            name="MailComplaints",
            says="One mail in a thousand is complained about: SES stops us soon",
            section="Mail bounces or is complained about",
            metrics={"rate": _reputation("Reputation.ComplaintRate", mail)},
            threshold=0.001,
        ),
        AlarmSpec(
            name="MailBlocked",
            says="A mail provider refuses our mail, and not for its addresses: ten within five minutes",
            section="A provider blocks our mail",
            metrics={
                provider: product_metric(stage, "record_delivery", "MailsBlockedByProvider", provider=provider)
                for provider in PROVIDERS
            },
            expression=f"MAX([{', '.join(PROVIDERS)}])",
            threshold=10,
        ),
        AlarmSpec(
            name="RosterSummaryLost",
            says="Whoever sent a roster was not told what became of it",
            section="A roster was not taken in",
            metrics={
                "refused": product_metric(stage, "import_roster", "SummariesLost"),
                "returned": product_metric(stage, "record_delivery", "SummariesLost"),
            },
            expression="SUM([refused, returned])",
            threshold=1,
        ),
        AlarmSpec(
            name="SmsSpend",
            says="Four fifths of this month's money for SMS are spent",
            section="SMS cost too much",
            metrics={
                "spent": MetricSpec(
                    namespace="AWS/SNS", name="SMSMonthToDateSpentUSD", statistic="Maximum", minutes=HOUR
                )
            },
            threshold=0.8 * stage.sms_dollars_per_month,
        ),
        AlarmSpec(
            name="SmsHourSpent",
            says="This hour's SMS are spent: the others wait",
            section="SMS cost too much",
            metrics={"opened": product_metric(stage, "deliver_message", "SmsHourSpent")},
            threshold=1,
        ),
        AlarmSpec(
            name="WrongCodesBreaker",
            says="So many wrong codes come in that all codes have 8 digits now",
            section="Codes are being guessed",
            metrics={"opened": product_metric(stage, "verify_code", "WrongCodesBreakerOpen")},
            threshold=1,
        ),
        AlarmSpec(
            name="ThrottleKeyLocked",
            says="A hundred codes in a row were tried in one person's name",
            section="Codes are being guessed",
            metrics={"locked": product_metric(stage, "verify_code", "ThrottleKeysLocked")},
            threshold=1,
        ),
        AlarmSpec(
            name="CleanupUnfinished",
            says="Twice on end the cleanup had not enough time",
            section="The cleanup leaves something behind",
            metrics={"unfinished": product_metric(stage, "purge_expired", "TablesLeftUnfinished", minutes=HOUR)},
            threshold=1,
            periods=2,
        ),
        AlarmSpec(
            name="CleanupFails",
            says="The cleanup fails at some rows, every hour at the same ones perhaps",
            section="The cleanup leaves something behind",
            metrics={"failed": product_metric(stage, "purge_expired", "RowsFailed")},
            threshold=1,
        ),
        AlarmSpec(
            name="RequestsNotTaken",
            says="Requests have waited for an agent for five days",
            section="Nobody takes requests",
            metrics={"waiting": product_metric(stage, "purge_expired", "RequestsNotTaken", minutes=HOUR)},
            threshold=1,
        ),
        _nobody_activates(stage),
    )


def _reputation(name: str, dimensions: Mapping[str, str]) -> MetricSpec:
    return MetricSpec(namespace="AWS/SES", name=name, dimensions=dimensions, statistic="Maximum", minutes=HOUR)


def _nobody_activates(stage: Stage) -> AlarmSpec:
    """By day (8 to 20 h in Paris in winter) too few people activate. The hourly cleanup marks each hour."""
    by_day = "HOUR(cleanups) >= 7 AND HOUR(cleanups) < 19"
    activated = "SUM([activated, cleanups]) - cleanups"  # 0 if nothing at all was counted
    return AlarmSpec(
        name="NobodyActivates",
        says="In an hour of the day fewer people than usual activated, or the cleanup did not run",
        section="Nobody activates",
        metrics={
            "activated": product_metric(stage, "set_password", "AccountsActivated", minutes=HOUR),
            "cleanups": function_metric(stage, "purge_expired", "Invocations", minutes=HOUR),
        },
        expression=f"IF({by_day}, {activated}, {stage.least_activations_per_hour})",
        threshold=stage.least_activations_per_hour,
        below=True,
        silence_is_bad=True,
    )
