"""A fresh world for each test."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.functions.calls import record
from tests.functions.deployment import REGION, Deployment, forget_settings
from tests.functions.people import LOUIS, at_home, in_session
from tests.functions.visitor import Visitor
from tests.functions.world import World


@pytest.fixture(scope="package")
def deployment() -> Iterator[Deployment]:
    """Everything deployed in moto."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "testing")
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        environment.setenv("POWERTOOLS_SERVICE_NAME", "test")
        environment.setenv("POWERTOOLS_METRICS_NAMESPACE", "AccountActivation")
        record(environment)
        yield Deployment()
    forget_settings(clients=True)


@pytest.fixture
def world(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The demo people, invited; the clock stands still."""
    yield World(deployment, monkeypatch)
    forget_settings()


@pytest.fixture
def visitor(world: World) -> Visitor:
    """A browser that knows nothing yet."""
    assert world
    return Visitor()


@pytest.fixture
def newcomer(world: World) -> Visitor:
    """Louis, who has just chosen a password."""
    return in_session(world, LOUIS)


@pytest.fixture
def louis(world: World) -> Visitor:
    """Louis at home."""
    return at_home(world, LOUIS)
