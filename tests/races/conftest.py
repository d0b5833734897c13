"""What races of adapters need of the engine."""

from collections.abc import Iterator

import pytest

from infra.stages import REGION
from local.engine import Engine, engine


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with engine(tmp_path_factory.mktemp("ministack"), region=REGION) as running:
        yield running
