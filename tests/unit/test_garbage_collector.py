"""While a function starts nobody looks for garbage; afterwards somebody does."""

import gc
from collections.abc import Iterator

import pytest

from activation import bootstrap, garbage_collector


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_garbage_is_looked_for_once_the_start_is_over_but_not_among_what_it_made() -> None:
    garbage_collector.pause()
    assert not gc.isenabled()
    garbage_collector.resume()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_what_is_over_stays_over() -> None:
    garbage_collector.resume()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_the_first_client_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    bootstrap.client.cache_clear()
    garbage_collector.pause()
    bootstrap.client("sqs")
    assert gc.isenabled()
    bootstrap.client.cache_clear()
