"""An agent's client on the running product."""

import pytest
from botocore.credentials import Credentials

from support_cli.client import SignedDesk
from tests.stack import Stack


def desk_of(product: Stack, monkeypatch: pytest.MonkeyPatch) -> SignedDesk:
    """The desk, signed by the first of the demo's agents."""
    lines = product.agents[0].file.read_text().splitlines()
    said = dict(each.removeprefix("export ").split("=", 1) for each in lines)
    monkeypatch.setenv("AWS_CA_BUNDLE", said["AWS_CA_BUNDLE"])
    credentials = Credentials(said["AWS_ACCESS_KEY_ID"], said["AWS_SECRET_ACCESS_KEY"])
    return SignedDesk(said["SUPPORT_URL"], said["AWS_REGION"], credentials)
