"""`python -m infra.deployment.bootstrap`: what CDK needs in an account, in both regions, before any deployment."""

import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.deployment.cdk import cdk
from infra.deployment.steps import DeploymentError
from infra.stages import EDGE_REGION, REGION


def main() -> None:
    """Bootstrap the account whose credentials the environment has."""
    try:
        account = boto3.client("sts", region_name=REGION).get_caller_identity()["Account"]
        cdk("bootstrap", f"aws://{account}/{REGION}", f"aws://{account}/{EDGE_REGION}")
    except DeploymentError as error:
        sys.exit(f"error: {error}")
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"error: AWS: {error}")


if __name__ == "__main__":
    main()
