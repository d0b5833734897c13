"""A fresh world for each test."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.functions.world import World, forget_clients


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Everything deployed in moto, the demo people imported."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "test")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "AccountActivation")
    with mock_aws():
        world = World(monkeypatch)
        world.import_roster()
        yield world
    forget_clients()
