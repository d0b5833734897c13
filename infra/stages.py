"""The stages, as data: everything in which one deployment differs from another stands here and nowhere else."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from activation.config import read_limits, require_switches
from infra.assets import HOST, LAMBDA, Platform

REGION = "eu-west-3"
EDGE_REGION = "us-east-1"
"""The region in which CloudFront looks for certificates and firewalls."""
PRODUCT = "account-activation"
"""The beginning of every name of every stage."""
SMOKE_ROSTERS = "incoming/smoke/"
"""The folder of the smoke test's rosters: it can't read those of others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One deployment of the product.

    `domain` is the front's own name; without one the front has CloudFront's, known once it stands, and the deployment
    sets it as `public_origins`: here that is set only where there is no CloudFront. `client_address` says who is
    trusted to tell the visitor's address; `limits` overrides limits by setting name; `platform` is where the functions'
    code will run. `least_activations_per_hour`: fewer by day is an alarm. `synthetic_people`: the smoke test may enrol
    and activate somebody who does not exist. `repository`: whose workflows may deploy, `owner/name` on GitHub.
    """

    name: str
    mail_domain: str
    domain: str | None = None
    public_origins: tuple[str, ...] = ()
    client_address: str = "cloudfront"
    sms_sender_id: str = "CNAS"
    sms_dollars_per_month: int = 50
    """The dollars that SNS may spend a month. A new account is granted 1, more on demand (docs/deploy.md)."""
    log_level: str = "INFO"
    requests_per_second: int = 200
    limits: Mapping[str, int] = field(default_factory=dict)
    platform: Platform = LAMBDA
    alarm_mail: str = "astreinte@cnas.example"
    least_activations_per_hour: int = 0
    rollout: str = "ALL_AT_ONCE"
    """How CodeDeploy shifts visitors to a new version: the name of a configuration."""
    snap_start: bool = False
    kept_ready: Mapping[str, int] = field(default_factory=dict)
    """Copies of a function that stay started, by its name: for a campaign, paid by the hour. Not with `snap_start`."""
    warm_writes: Mapping[str, int] = field(default_factory=dict)
    """Write units a second that a table takes from the start, by its name: for a campaign. They can only be raised."""
    arrivals_need_agent: bool = True
    """Whether arrivals of correspondents' files wait for an agent, even where nobody has the identifier."""
    synthetic_people: bool = True
    menu: Mapping[str, str] = field(default_factory=dict)
    """The switches of the menu, and with an entry those of its kind of request, by the entry's id (docs/deploy.md)."""
    benefits: Mapping[str, str] = field(default_factory=dict)
    """The switches of the guide, by kind of benefit: hidden, or the address where it is asked for on line."""
    agent_identifiers: Mapping[str, str] = field(default_factory=dict)
    """The identifiers of agents who are beneficiaries too, by their name: no agent handles their own case."""
    repository: str = "cnas/account-activation"

    def __post_init__(self) -> None:
        if self.snap_start and self.kept_ready:
            raise ValueError("Lambda keeps no copies ready of a version that it takes a snapshot of")
        require_switches(self.menu)

    @property
    def prefix(self) -> str:
        """The beginning of the names of this stage's stacks and functions."""
        return f"{PRODUCT}-{self.name}"

    @property
    def metrics_namespace(self) -> str:
        """The CloudWatch namespace of this stage's own metrics."""
        return f"AccountActivation/{self.name}"

    def function_name(self, name: str) -> str:
        """The deployed name of a function."""
        return f"{self.prefix}-{name}"

    @property
    def limits_in_force(self) -> Mapping[str, int]:
        """Every limit by setting name, with those that the stage overrides. Raises ConfigurationError."""
        limits = read_limits({"STAGE": self.name, **{name: str(value) for name, value in self.limits.items()}})
        return {name.upper(): value for name, value in asdict(limits).items()}

    @property
    def starts_per_address(self) -> int:
        """How many starts are taken from one address in five minutes."""
        return self.limits_in_force["STARTS_PER_IP_PER_5_MINUTES"]

    @property
    def has_edge(self) -> bool:
        """Whether visitors come through CloudFront."""
        return self.client_address == "cloudfront"

    @property
    def known_origins(self) -> tuple[str, ...]:
        """The origins that are known before anything is deployed."""
        return (f"https://{self.domain}",) if self.domain else self.public_origins


STAGES = {
    stage.name: stage
    for stage in (
        Stage(
            name="local",
            public_origins=("http://127.0.0.1:8000",),
            client_address="gateway",
            mail_domain="local.compte.cnas.example",
            requests_per_second=10_000,
            platform=HOST,
        ),
        Stage(name="dev", mail_domain="dev.compte.cnas.example", sms_dollars_per_month=1),
        Stage(
            name="staging",
            domain="staging.compte.cnas.example",
            mail_domain="staging.compte.cnas.example",
            rollout="CANARY_10_PERCENT_5_MINUTES",
        ),
        Stage(
            name="prod",
            domain="compte.cnas.example",
            mail_domain="compte.cnas.example",
            requests_per_second=3_000,
            sms_dollars_per_month=5_000,
            least_activations_per_hour=1,
            rollout="CANARY_10_PERCENT_5_MINUTES",
            synthetic_people=False,
        ),
    )
}


CAMPAIGNS = Path(__file__).with_name("campaigns")
"""The folder that `make campaign` writes: a file for each stage that has a campaign."""


def in_campaign(stage: Stage, folder: Path = CAMPAIGNS) -> Stage:
    """The stage with what its campaign changes; as it is when it has none."""
    file = folder / f"{stage.name}.json"
    if not file.exists():
        return stage
    changes = json.loads(file.read_text("utf-8"))["stage"]
    return replace(stage, **changes | {"limits": {**stage.limits, **changes["limits"]}})


ORDINARY = dict(STAGES)
"""The stages without a campaign."""
STAGES |= {name: in_campaign(stage) for name, stage in ORDINARY.items()}
