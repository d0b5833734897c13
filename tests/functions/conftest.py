"""A fresh world for each test."""

import logging
from collections.abc import Iterator
from uuid import uuid4

import pytest

from activation import observability
from tests.fakes.quick import OneAfterTheOther
from tests.functions.calls import record
from tests.functions.correspondents import claire_and_others
from tests.functions.deployment import Deployment, forget_settings, in_moto
from tests.functions.people import LOUIS, at_home, in_session
from tests.functions.printed import Printed
from tests.functions.quick_moto import go_straight
from tests.functions.secrets_said import EverythingLogged, said
from tests.functions.visitor import Visitor
from tests.functions.world import World

_IMPORTS = ("application", "declaration", "reading", "state_application", "state_preparation", "undoing")
POOLS = (*(f"activation.imports.{module}" for module in _IMPORTS), "functions.purge_expired.segments")
"""What works in threads, which moto knows none of."""


@pytest.fixture(scope="package")
def deployment() -> Iterator[Deployment]:
    with in_moto() as environment:
        go_straight(environment)
        record(environment)
        for module in POOLS:
            environment.setattr(f"{module}.ThreadPoolExecutor", lambda _: OneAfterTheOther())
        yield Deployment()


@pytest.fixture
def world(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The demo people, invited; the clock stands still."""
    yield World(deployment, monkeypatch)
    forget_settings()


@pytest.fixture(autouse=True)
def nothing_secret_is_logged(world: World) -> Iterator[None]:
    """Fails a test in which a code, a password, a token, a contact or a typed name was logged, at DEBUG."""
    logged, root, ours = EverythingLogged(), logging.getLogger(), observability.logger()
    level = root.level
    root.addHandler(logged)
    root.setLevel(logging.DEBUG)
    logging.getLogger("moto").setLevel(logging.WARNING)  # no part of the product
    ours.setLevel(logging.DEBUG)
    said.clear()
    yield
    root.removeHandler(logged)
    root.setLevel(level)
    said.update(message.code for message in world.messages() if message.has_code)
    said.update(message.to for message in world.messages())
    assert logged.leaks() == []


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
    return at_home(world, LOUIS)


@pytest.fixture
def claire(world: World) -> Visitor:
    """Claire at home; she answers for S1, and there is S2 besides."""
    return claire_and_others(world)


@pytest.fixture
def printed(world: World, capsys: pytest.CaptureFixture[str]) -> Iterator[Printed]:
    """All that is printed at DEBUG, by whatever logs: the root logger is wide open as on AWS."""
    out, root = Printed(capsys), logging.getLogger()
    wide = logging.StreamHandler(out.any)
    root.addHandler(wide)
    world.set(POWERTOOLS_LOG_LEVEL="DEBUG", POWERTOOLS_SERVICE_NAME=f"test-{uuid4()}")
    observability.logger.cache_clear()
    observability.metrics.cache_clear()
    yield out
    root.removeHandler(wide)
    observability.logger.cache_clear()
    observability.metrics.cache_clear()


@pytest.fixture
def from_the_start(printed: Printed) -> None:
    """A process just started: no client was made yet, and nobody has told a library to be quiet."""
    assert printed
    for name in ("botocore", "boto3", "urllib3"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    forget_settings(clients=True)
