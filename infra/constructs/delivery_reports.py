"""The way of delivery reports on mails and SMS to the function that records them."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_logs_destinations as log_destinations
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

_MAIL_EVENTS = [
    ses.EmailSendingEvent.BOUNCE,
    ses.EmailSendingEvent.COMPLAINT,
    ses.EmailSendingEvent.DELIVERY,
    ses.EmailSendingEvent.DELIVERY_DELAY,
    ses.EmailSendingEvent.REJECT,
]
_SMS_LOGS = {"SmsLog": "DirectPublishToPhoneNumber", "SmsFailureLog": "DirectPublishToPhoneNumber/Failure"}
"""The log groups in which SNS reports on each SMS. AWS fixes their names, so an account has room for one stage."""

SMS_LOG_ROLE_OUTPUT = "SmsLogRole"


class DeliveryReports(Construct):
    """SES's events, over a topic, and SNS's delivery-status log, both handed to `recorder`.

    Both hold contacts: each is under a key of its own, and no queue keeps reports that the recorder fails at: Lambda
    calls it twice more, and an alarm goes off. That SNS writes its log is an account's setting, not CloudFormation's.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        configuration_set: ses.ConfigurationSet,
        recorder: lambda_.IFunction,
    ) -> None:
        super().__init__(scope, construct_id)
        self._stack = cdk.Stack.of(self)
        self.topic = self._topic(configuration_set)
        self.topic.add_subscription(subscriptions.LambdaSubscription(recorder))
        cdk.Validations.of(recorder).acknowledge(
            cdk.Acknowledgment(
                id="CloudFormation-Validate::W3694",
                reason="A reference to an alias is its address, and SNS calls aliases as it calls functions.",
            )
        )
        self._follow_sms(recorder)

    def _topic(self, configuration_set: ses.ConfigurationSet) -> sns.Topic:
        """The topic of SES's events: encrypted, over TLS only, written to by this account's SES and nobody else."""
        key = kms.Key(self, "TopicKey", description="Encrypts what SES reports", enable_key_rotation=True)
        key.add_to_resource_policy(self._right_of_ses("kms:GenerateDataKey", "kms:Decrypt"))
        topic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True)
        configuration_set.add_event_destination(
            "Reports", destination=ses.EventDestination.sns_topic(topic), events=_MAIL_EVENTS
        )
        return topic

    def _right_of_ses(self, *actions: str) -> iam.PolicyStatement:
        return iam.PolicyStatement(
            principals=[iam.ServicePrincipal("ses.amazonaws.com")],
            actions=list(actions),
            resources=["*"],
            conditions={"StringEquals": {"aws:SourceAccount": self._stack.account}},
        )

    def _follow_sms(self, recorder: lambda_.IFunction) -> None:
        key = kms.Key(self, "SmsLogKey", description="Encrypts what SNS reports", enable_key_rotation=True)
        key.add_to_resource_policy(self._right_of_logs())
        for construct_id, name in _SMS_LOGS.items():
            group = logs.LogGroup(
                self,
                construct_id,
                log_group_name=f"sns/{self._stack.region}/{self._stack.account}/{name}",
                encryption_key=key,
                retention=logs.RetentionDays.ONE_DAY,
                removal_policy=cdk.RemovalPolicy.DESTROY,
            )
            group.add_subscription_filter(
                "Recorded",
                destination=log_destinations.LambdaDestination(recorder),
                filter_pattern=logs.FilterPattern.all_events(),
            )

    def _right_of_logs(self) -> iam.PolicyStatement:
        groups = self._stack.format_arn(
            service="logs",
            resource="log-group",
            resource_name=f"sns/{self._stack.region}/{self._stack.account}/*",
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
        return iam.PolicyStatement(
            principals=[iam.ServicePrincipal(f"logs.{self._stack.region}.amazonaws.com")],
            actions=["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            resources=["*"],
            conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
        )


def let_sns_log(scope: Construct) -> None:
    """Make the role by which SNS writes its log, and put it out: the deployment names it in the account's settings."""
    groups = f"arn:{cdk.Aws.PARTITION}:logs:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}:log-group:sns/*"
    role = iam.Role(
        scope,
        "SmsLog",
        assumed_by=iam.ServicePrincipal(
            "sns.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID}}
        ),
        inline_policies={
            "Rights": iam.PolicyDocument(
                statements=[
                    iam.PolicyStatement(
                        actions=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], resources=[groups]
                    )
                ]
            )
        },
    )
    cdk.CfnOutput(scope, SMS_LOG_ROLE_OUTPUT, value=role.role_arn)
