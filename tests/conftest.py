"""What tests of several kinds share."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.stack import Stack


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give all tests that need the deployed product, or the templates, to one worker: each is made once."""
    for item in items:
        for shared in ("product", "stacks"):
            if shared in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(shared))


@pytest.fixture(scope="session")
def product() -> Iterator["Stack"]:
    """The deployed product, with limits that leave room for many tests."""
    from tests.stack import running  # noqa: PLC0415  # the engine and the front are heavy to import

    with running() as stack:
        yield stack
