"""Properties hold at any speed: a busy machine must not fail a test. No time is spent that a test does not ask for."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.builders import invited
from tests.fakes import quick
from tests.in_memory import InMemoryService

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session", autouse=True)
def _nothing_takes_time() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as changed:
        quick.hurry(changed)
        yield


@pytest.fixture
def app() -> InMemoryService:
    return InMemoryService(invited())


@pytest.fixture
def as_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost what they must, and a second thread."""
    quick.take_time(monkeypatch)
