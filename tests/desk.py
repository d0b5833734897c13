"""An agent's client on the running product, as it is and at a terminal."""

import io

import pytest
from botocore.credentials import Credentials
from rich.console import Console

from support_cli.__main__ import main
from support_cli.client import SignedDesk
from tests.stack import Stack


def told(product: Stack, name: str) -> dict[str, str]:
    """What the agent's shell reads before the client."""
    (agent,) = (agent for agent in product.agents if agent.name == name)
    lines = agent.file.read_text().splitlines()
    return dict(line.removeprefix("export ").split("=", 1) for line in lines)


def trust(product: Stack, shell: pytest.MonkeyPatch) -> None:
    """The engine's certificate, as the agent's shell has it."""
    shell.setenv("AWS_CA_BUNDLE", told(product, "claire")["AWS_CA_BUNDLE"])


def desk(product: Stack, name: str, **changes: str) -> SignedDesk:
    """The deployed API for that agent, in a shell that trusts it."""
    said = {**told(product, name), **changes}
    credentials = Credentials(said["AWS_ACCESS_KEY_ID"], said["AWS_SECRET_ACCESS_KEY"])
    return SignedDesk(said["SUPPORT_URL"], said["AWS_REGION"], credentials)


def desk_of(product: Stack, shell: pytest.MonkeyPatch) -> SignedDesk:
    """The same for one of the demo's agents, in this shell."""
    trust(product, shell)
    return desk(product, "claire")


def run(product: Stack, name: str, *line: str) -> str:
    """What the terminal shows to that agent."""
    shown = io.StringIO()
    terminal = Console(file=shown, width=160)
    main(["--reason", "Appel du jour", *line], terminal, desk=lambda _: desk(product, name), ask=pytest.fail)
    return shown.getvalue()
