"""The stages, as data: everything in which one deployment differs from another stands here and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from infra.assets import HOST, LAMBDA, Platform

REGION = "eu-west-3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One deployment of the product.

    `client_address` says who is trusted to tell the visitor's address; `limits` overrides limits by
    setting name; `platform` is where the functions' code will run.
    """

    name: str
    public_origins: tuple[str, ...]
    mail_domain: str
    client_address: str = "gateway"
    sms_sender_id: str = "CNAS"
    log_level: str = "INFO"
    requests_per_second: int = 200
    limits: Mapping[str, int] = field(default_factory=dict)
    platform: Platform = LAMBDA

    @property
    def prefix(self) -> str:
        """What the names of this stage's stacks and functions begin with."""
        return f"account-activation-{self.name}"


STAGES = {
    stage.name: stage
    for stage in (
        Stage(
            name="local",
            public_origins=("http://127.0.0.1:8000",),
            mail_domain="local.compte.cnas.example",
            requests_per_second=10_000,
            platform=HOST,
        ),
        Stage(name="dev", public_origins=("https://dev.compte.cnas.example",), mail_domain="dev.compte.cnas.example"),
        Stage(
            name="staging",
            public_origins=("https://staging.compte.cnas.example",),
            mail_domain="staging.compte.cnas.example",
        ),
        Stage(
            name="prod",
            public_origins=("https://compte.cnas.example",),
            mail_domain="compte.cnas.example",
            requests_per_second=1_000,
        ),
    )
}
