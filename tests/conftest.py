"""What tests of several kinds share."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.stack import Stack


@pytest.fixture(scope="session")
def product() -> Iterator["Stack"]:
    """The deployed product, with limits that leave room for many tests."""
    from tests.stack import running  # noqa: PLC0415  # the engine and the front are heavy to import

    with running() as stack:
        yield stack
