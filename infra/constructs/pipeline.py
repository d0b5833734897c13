"""The rights of the repository's workflows: they sign in with GitHub's own tokens, without keys."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

_ISSUER = "token.actions.githubusercontent.com"


class Pipeline(Construct):
    """Two roles for the workflows of one repository's environment: one that deploys, one that tries the result out.

    The provider of GitHub's tokens is the account's own, made at its first deployment (`docs/deploy.md`).
    """

    def __init__(self, scope: Construct, construct_id: str, *, prefix: str, repository: str, environment: str) -> None:
        super().__init__(scope, construct_id)
        self._prefix = prefix
        self._who = f"repo:{repository}:environment:{environment}"
        self._role("Deploy", _deployment_rights(prefix))

    def let_try_out(self, statements: Sequence[iam.PolicyStatement]) -> None:
        """Make a role for the smoke test, with these rights."""
        self._role("Smoke", statements)

    def _role(self, construct_id: str, statements: Sequence[iam.PolicyStatement]) -> None:
        provider = f"arn:{cdk.Aws.PARTITION}:iam::{cdk.Aws.ACCOUNT_ID}:oidc-provider/{_ISSUER}"
        iam.Role(
            self,
            construct_id,
            role_name=f"{self._prefix}-{construct_id.lower()}",
            assumed_by=iam.WebIdentityPrincipal(
                provider,
                {"StringEquals": {f"{_ISSUER}:aud": "sts.amazonaws.com", f"{_ISSUER}:sub": self._who}},
            ),
            inline_policies={"Rights": iam.PolicyDocument(statements=list(statements))},
            max_session_duration=cdk.Duration.hours(1),
        )


def _deployment_rights(prefix: str) -> list[iam.PolicyStatement]:
    """The rights to become CDK's own roles, which deploy; to read the stacks' outputs; to upload the front."""
    account, partition = cdk.Aws.ACCOUNT_ID, cdk.Aws.PARTITION
    return [
        iam.PolicyStatement(
            actions=["sts:AssumeRole"],
            resources=[
                f"arn:{partition}:iam::{account}:role/cdk-hnb659fds-{kind}-role-{account}-{region}"
                for kind in ("deploy", "file-publishing", "lookup")
                for region in (cdk.Aws.REGION, "us-east-1")
            ],
        ),
        iam.PolicyStatement(
            actions=["cloudformation:DescribeStacks"],
            resources=[f"arn:{partition}:cloudformation:*:{account}:stack/{prefix}-*/*"],
        ),
        # For the names of the account's other stages.
        iam.PolicyStatement(actions=["cloudformation:ListStacks"], resources=["*"]),
        iam.PolicyStatement(
            actions=["secretsmanager:ListSecretVersionIds"],
            resources=[f"arn:{partition}:secretsmanager:{cdk.Aws.REGION}:{account}:secret:{prefix}-origin-*"],
        ),
        iam.PolicyStatement(
            actions=["s3:PutObject", "s3:DeleteObject", "s3:ListBucket"],
            resources=[
                f"arn:{partition}:s3:::{prefix}-front-{account}",
                f"arn:{partition}:s3:::{prefix}-front-{account}/*",
            ],
        ),
        iam.PolicyStatement(
            actions=["cloudfront:CreateInvalidation"],
            resources=[f"arn:{partition}:cloudfront::{account}:distribution/*"],
        ),
        iam.PolicyStatement(
            actions=["iam:PassRole"],
            resources=[f"arn:{partition}:iam::{account}:role/{prefix}-service-SmsLog*"],
            conditions={"StringEquals": {"iam:PassedToService": "sns.amazonaws.com"}},
        ),
        iam.PolicyStatement(actions=["sns:SetSMSAttributes"], resources=["*"]),  # the account's own settings
    ]
