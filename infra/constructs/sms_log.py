"""The role by which SNS writes what became of each SMS. That it does is a setting of the account: the deployment's."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

SMS_LOG_ROLE_OUTPUT = "SmsLogRole"


def let_sns_log(scope: Construct) -> None:
    """A role for SNS, put out for the deployment to name in the account's settings."""
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
