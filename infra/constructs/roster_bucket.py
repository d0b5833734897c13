"""Where rosters are sent in, and where their reports lie."""

from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

KEPT_DAYS = 30
"""As `activation.domain.retention` says of roster files."""


class RosterBucket(Construct):
    """A private bucket under a key of ours that tells EventBridge of each upload and forgets after thirty days."""

    def __init__(self, scope: Construct, construct_id: str, *, key: kms.Key) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,  # a second upload under the same name takes nothing from the first
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=cdk.Duration.days(KEPT_DAYS - 1),
                    noncurrent_version_expiration=cdk.Duration.days(1),
                    abort_incomplete_multipart_upload_after=cdk.Duration.days(1),
                )
            ],
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        # CDK's own switch for this would bring a custom resource.
        cast(
            "s3.CfnBucket", self.bucket.node.default_child
        ).notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
        )
