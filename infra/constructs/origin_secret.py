"""The value that our CloudFront proves itself to the API with. A rotation makes the former one good a while longer."""

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secrets

CURRENT, FORMER = "OriginVersion", "FormerOriginVersion"
"""The parameters that name the secret's versions; the deployment reads them from Secrets Manager."""


def current_value(stack: cdk.Stack, secret: secrets.ISecret) -> str:
    """What CloudFront sends: CloudFormation puts the value in, so that no template holds it."""
    return _value(stack, secret, CURRENT)


def accepted_values(stack: cdk.Stack, secret: secrets.ISecret) -> tuple[str, str]:
    """What the API's firewall takes; the same one twice before the first rotation."""
    return current_value(stack, secret), _value(stack, secret, FORMER)


def _value(stack: cdk.Stack, secret: secrets.ISecret, parameter: str) -> str:
    version = cdk.CfnParameter(stack, parameter, description="A version id of the origin secret")
    return f"{{{{resolve:secretsmanager:{secret.secret_arn}:SecretString:::{version.value_as_string}}}}}"
