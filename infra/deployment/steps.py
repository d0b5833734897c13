"""The order of a deployment: nothing reaches visitors before what it stands on answers."""

from collections.abc import Mapping
from typing import Protocol

from infra.constructs.delivery_reports import SMS_LOG_ROLE_OUTPUT
from infra.constructs.firewall import CURRENT, FORMER
from infra.stacks.edge import CERTIFICATE_OUTPUT, FIREWALL_OUTPUT
from infra.stacks.service import ORIGIN_PARAMETER
from infra.stacks.web import ADDRESS_OUTPUT, BUCKET_OUTPUT, DISTRIBUTION_OUTPUT
from infra.stages import Stage

Outputs = Mapping[str, str]


class DeploymentError(Exception):
    """The deployment stops; what was deployed before stays."""


class Target(Protocol):
    """Where a stage is deployed to."""

    def build(self) -> None:
        """Write the templates and what they name. Raises DeploymentError when the functions come uncompiled."""

    def deploy(self, stack: str, parameters: Mapping[str, str]) -> None:
        """Deploy a stack. Raises DeploymentError."""

    def outputs(self, stack: str) -> Outputs:
        """What a stack puts out; nothing when it isn't there."""

    def origin_secret_versions(self) -> tuple[str, str]:
        """The version ids of the origin secret and of its former value (the same one when there is none)."""

    def log_sms(self, role: str) -> None:
        """Have SNS write what becomes of each SMS, and hold it to the month's money."""

    def await_api(self, address: str) -> None:
        """Return once the API answers at the address. Raises DeploymentError."""

    def upload_front(self, bucket: str) -> None:
        """Put the built front into its bucket, and take out what no page names any more.

        Assets stay for a day after others replaced them.
        """

    def invalidate(self, distribution: str) -> None:
        """Have CloudFront forget what it keeps of the front."""


def deploy(target: Target, stage: Stage) -> str:
    """Deploy a stage; returns the address that it is at. Raises DeploymentError."""
    target.build()
    target.deploy("DataStack", {})
    current, former = target.origin_secret_versions()
    _deploy_service(target, stage, current, former)
    target.log_sms(target.outputs("ServiceStack")[SMS_LOG_ROLE_OUTPUT])
    target.deploy("EdgeStack", {})
    target.deploy("WebStack", {CURRENT: current, **_of_the_edge(target.outputs("EdgeStack"))})
    web = target.outputs("WebStack")
    if not stage.known_origins:  # the first time, the service could not be told yet
        _deploy_service(target, stage, current, former)
    target.await_api(web[ADDRESS_OUTPUT])
    target.upload_front(web[BUCKET_OUTPUT])
    target.invalidate(web[DISTRIBUTION_OUTPUT])
    return web[ADDRESS_OUTPUT]


def _deploy_service(target: Target, stage: Stage, current: str, former: str) -> None:
    parameters = {CURRENT: current, FORMER: former}
    address = None if stage.known_origins else target.outputs("WebStack").get(ADDRESS_OUTPUT)
    if address:
        parameters[ORIGIN_PARAMETER] = address
    target.deploy("ServiceStack", parameters)


def _of_the_edge(outputs: Outputs) -> dict[str, str]:
    return {name: outputs[name] for name in (FIREWALL_OUTPUT, CERTIFICATE_OUTPUT) if name in outputs}
