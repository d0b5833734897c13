"""The order of a deployment: nothing reaches visitors before the parts that it needs answer."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from infra.constructs.delivery_reports import SMS_LOG_ROLE_OUTPUT
from infra.constructs.firewall import CURRENT, FORMER
from infra.stacks.edge import CERTIFICATE_OUTPUT, FIREWALL_OUTPUT
from infra.stacks.web import ADDRESS_OUTPUT, BUCKET_OUTPUT, DISTRIBUTION_OUTPUT

Outputs = Mapping[str, str]


class DeploymentError(Exception):
    """The deployment stops; what was deployed before stays."""


class Target(Protocol):
    """Where a stage is deployed to."""

    def other_stages(self) -> Sequence[str]:
        """The names of the other stages in the same account."""

    def build(self, standing_at: str | None) -> None:
        """Write the templates and their assets; `standing_at` is the address of a stage that stands already.

        Raises DeploymentError when the functions come uncompiled.
        """

    def deploy(self, stack: str, parameters: Mapping[str, str]) -> None:
        """Deploy a stack. Raises DeploymentError."""

    def outputs(self, stack: str) -> Outputs:
        """The outputs of a stack; empty when it isn't there."""

    def origin_secret_versions(self) -> tuple[str, str]:
        """The version ids of the origin secret and of its former value (the same one when there is none)."""

    def log_sms(self, role: str) -> None:
        """Have SNS log the delivery of each SMS."""

    def await_api(self, address: str) -> None:
        """Return once the API answers at the address, and takes forms of its pages. Raises DeploymentError."""

    def upload_front(self, bucket: str) -> None:
        """Put the built front into its bucket, and remove files that no page names any more.

        Assets stay for a day after others replaced them.
        """

    def invalidate(self, distribution: str) -> None:
        """Have CloudFront drop the front from its cache."""

    def limit_sms(self) -> None:
        """Limit SMS to the stage's dollars a month; where AWS refuses the sum, warn."""


def deploy(target: Target) -> str:
    """Deploy a stage; returns its address. Raises DeploymentError."""
    others = target.other_stages()
    if others:
        raise DeploymentError(
            f"this account has the stage {', '.join(others)}: each stage must have an account of its own"
            " (docs/deploy.md, step 1)"
        )
    standing_at = target.outputs("WebStack").get(ADDRESS_OUTPUT)
    target.build(standing_at)
    target.deploy("DataStack", {})
    current, former = target.origin_secret_versions()
    versions = {CURRENT: current, FORMER: former}
    target.deploy("ServiceStack", versions)
    target.log_sms(target.outputs("ServiceStack")[SMS_LOG_ROLE_OUTPUT])
    target.deploy("EdgeStack", {})
    target.deploy("WebStack", {CURRENT: current, **_of_the_edge(target.outputs("EdgeStack"))})
    web = target.outputs("WebStack")
    address = web[ADDRESS_OUTPUT]
    is_first = address != standing_at
    if is_first:  # the service could not know its address yet
        target.build(address)
        target.deploy("ServiceStack", versions)
    target.await_api(address)
    if is_first:  # nor did the data need protection yet
        target.deploy("DataStack", {})
    target.upload_front(web[BUCKET_OUTPUT])
    target.invalidate(web[DISTRIBUTION_OUTPUT])
    target.limit_sms()
    return address


def _of_the_edge(outputs: Outputs) -> dict[str, str]:
    return {name: outputs[name] for name in (FIREWALL_OUTPUT, CERTIFICATE_OUTPUT) if name in outputs}
