"""The sending of messages: the outbox's stream, the retry queue, the domain of the mails."""

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sqs as sqs
from constructs import Construct

_BATCH = 10
_WORKERS_A_SHARD = 10
_TRIES_BEFORE_DEAD = 5
_VISIBILITY = cdk.Duration.minutes(3)
"""Six times the worker's timeout, as Lambda asks."""


class Delivery(Construct):
    """The retry queue, its dead-letter queue, and the queue that names the stream batches that were given up."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = self._queue("DeadLetters")
        self.failed_batches = self._queue("FailedBatches")
        self.retry_queue = self._queue(
            "RetryQueue",
            visibility_timeout=_VISIBILITY,
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=_TRIES_BEFORE_DEAD),
        )

    def _queue(
        self,
        construct_id: str,
        *,
        visibility_timeout: cdk.Duration | None = None,
        dead_letter_queue: sqs.DeadLetterQueue | None = None,
    ) -> sqs.Queue:
        return sqs.Queue(
            self,
            construct_id,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=cdk.Duration.days(14),
            visibility_timeout=visibility_timeout,
            dead_letter_queue=dead_letter_queue,
        )

    @property
    def unread(self) -> dict[str, sqs.Queue]:
        """The queues that only people read: a message in one is an alarm."""
        return {"DeadLetters": self.dead_letters, "FailedBatches": self.failed_batches}

    def right_to_retry(self) -> iam.PolicyStatement:
        """The right to put a message into the retry queue, and to delay it there."""
        return iam.PolicyStatement(
            actions=["sqs:SendMessage", "sqs:ChangeMessageVisibility"], resources=[self.retry_queue.queue_arn]
        )

    def feed(self, worker: lambda_.IFunction, outbox: dynamodb.Table) -> None:
        """Give the worker every new message of the outbox, and the messages of the retry queue."""
        worker.add_event_source(
            sources.DynamoEventSource(
                outbox,
                starting_position=lambda_.StartingPosition.TRIM_HORIZON,
                # The worker's own writes into the outbox are no new messages.
                filters=[
                    lambda_.FilterCriteria.filter(
                        {
                            "eventName": lambda_.FilterRule.is_equal("INSERT"),
                            "dynamodb": {"NewImage": {"state": {"S": lambda_.FilterRule.is_equal("pending")}}},
                        }
                    )
                ],
                batch_size=_BATCH,
                parallelization_factor=_WORKERS_A_SHARD,
                # The worker lets no message fail its batch: these settings are for crashes.
                bisect_batch_on_error=True,
                retry_attempts=2,
                max_record_age=cdk.Duration.minutes(15),
                on_failure=sources.SqsDlq(self.failed_batches),
            )
        )
        worker.add_event_source(
            sources.SqsEventSource(self.retry_queue, batch_size=_BATCH, report_batch_item_failures=True)
        )


class Mail(Construct):
    """An SES identity for the domain and the configuration set that every mail is sent with.

    Bounces come to a subdomain (MAIL FROM), so that SPF vouches for the domain as DKIM does.

    `in_sandbox`: SES may hold the account to addresses that it verified, and then asks for a right to each of them.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, domain: str, in_sandbox: bool) -> None:
        super().__init__(scope, construct_id)
        self._in_sandbox = in_sandbox
        self.sender = f"CNAS <ne-pas-repondre@{domain}>"
        self._identity = ses.EmailIdentity(
            self,
            "Identity",
            identity=ses.Identity.domain(domain),
            mail_from_domain=f"retours.{domain}",
            # While its records are missing, mail goes out under Amazon's: a late code is worse than a less trusted one.
            mail_from_behavior_on_mx_failure=ses.MailFromBehaviorOnMxFailure.USE_DEFAULT_VALUE,
        )
        # Its keys are in the domain's DNS. If the stack was never made, the identity must not block the next try.
        self._identity.apply_removal_policy(cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        self.configuration_set = ses.ConfigurationSet(
            self,
            "ConfigurationSet",
            configuration_set_name=name,
            # Our tables have the state of each address: SES must not drop a code on its own.
            disable_suppression_list=True,
            reputation_metrics=True,
            tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
        )

    def right_to_send(self) -> iam.PolicyStatement:
        """The right to send mail from this domain, with this configuration set."""
        stack = cdk.Stack.of(self)
        configuration_set = stack.format_arn(
            service="ses", resource="configuration-set", resource_name=self.configuration_set.configuration_set_name
        )
        every_identity = stack.format_arn(service="ses", resource="identity", resource_name="*")
        identity = every_identity if self._in_sandbox else self._identity.email_identity_arn
        return iam.PolicyStatement(actions=["ses:SendEmail"], resources=[identity, configuration_set])
