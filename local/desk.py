"""The help desk of the local run: two agents that IAM knows, and what their terminals need."""

from dataclasses import dataclass
from pathlib import Path

from local.deployment import Deployment

NAMES = ("claire", "karim")
"""Two, since closing an account takes two."""


@dataclass(frozen=True, slots=True)
class DemoAgent:
    """An agent; `file` holds the lines that a shell reads before the client."""

    name: str
    file: Path


def hire_agents(deployment: Deployment, folder: Path) -> tuple[DemoAgent, ...]:
    """Give each agent a key of their own and the right to call the help desk, nothing else."""
    return tuple(_hire(deployment, folder, name) for name in NAMES)


def _hire(deployment: Deployment, folder: Path, name: str) -> DemoAgent:
    engine = deployment.engine
    iam = engine.client("iam")
    iam.create_user(UserName=name)
    (policy,) = deployment.of_type("AWS::IAM::ManagedPolicy")
    iam.attach_user_policy(UserName=name, PolicyArn=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    told = {
        "SUPPORT_URL": f"{engine.endpoint}{deployment.support_path}",
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "AWS_REGION": engine.region,
        "AWS_CA_BUNDLE": str(engine.certificate),
    }
    file = folder / f"{name}.env"
    file.touch(mode=0o600)
    file.write_text("".join(f"export {variable}={value}\n" for variable, value in told.items()))
    return DemoAgent(name, file)
