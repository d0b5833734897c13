"""What tests of several kinds share."""

import os
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.stack import Stack


_ALWAYS = "not exhaustive"
"""What every run is told (pyproject.toml): no test of the functions is marked so."""
_FUNCTIONS = Path(__file__).parent / "functions"
_SHARED = {"product": "product", "ministack": "ministack", "stacks": "templates", "every_stage": "templates"}
"""What takes long to make, by the fixture that gives it: whatever needs it goes to one worker."""
_LESS_URGENT = 10
"""Added to the niceness of whoever does not need the product: what needs it takes longest, one after the other."""
_calls = pytest.StashKey[set[Any]]()
_findings = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """What the functions called, and how that differs from what they may, is found out once all their tests ran."""
    config.stash[_calls] = set()
    config.stash[_findings] = []


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Compare the functions' rights with what they did, when all their tests ran and none failed."""
    here, calls = session.config, session.config.stash[_calls]
    if "tests.functions.calls" in sys.modules and _ran_whole(session, _FUNCTIONS):
        calls.update(sys.modules["tests.functions.calls"].RECORDED)
    if hasattr(here, "workeroutput"):
        here.workeroutput["calls"] = [list(call) for call in sorted(calls)]  # what xdist can carry
    elif calls and exitstatus == pytest.ExitCode.OK:
        from tests.functions.calls import Call  # noqa: PLC0415  # botocore, for who runs other tests
        from tests.functions.rights import differences, granted  # noqa: PLC0415  # as above

        done = {Call(*call) for call in calls}
        here.stash[_findings] = differences(done, granted())
        if here.stash[_findings]:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker's functions called."""
    calls = node.config.stash[_calls]
    calls.update(tuple(call) for call in getattr(node, "workeroutput", {}).get("calls", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which rights are missing or spare, or that none is."""
    if config.stash[_calls] and not hasattr(config, "workeroutput"):
        terminalreporter.write_line(f"{len(config.stash[_calls])} rights of the functions compared with their calls")
    for finding in config.stash[_findings]:
        terminalreporter.write_line(f"RIGHTS {finding}", red=True)


def _ran_whole(session: pytest.Session, folder: Path) -> bool:
    """Whether every test of a folder was to run: what a part of them calls says nothing of rights that are spare."""
    option = session.config.option
    marked = option.markexpr not in ("", _ALWAYS)
    chosen = option.keyword or marked or option.deselect or option.lf or option.failedfirst or "SHARE" in os.environ
    files = {item.path for item in session.items}
    return not chosen and set(folder.glob("test_*.py")) <= files and not any("::" in arg for arg in session.config.args)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give the tests that need the deployed product, or the templates, to one worker: each is made once.

    Of a run that is too long for every day, SHARE takes a part: with SHARE=2/10 each tenth test, from the second on.
    """
    if share := os.environ.get("SHARE"):
        kept = share_of(items, share)
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept
    for item in items:
        for fixture, shared in _SHARED.items():
            if fixture in _fixtures_of(item):
                item.add_marker(pytest.mark.xdist_group(shared))
    items.sort(key=lambda item: [it not in _fixtures_of(item) for it in ("product", "ministack")])  # the longest first


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let a worker make way for the one that has the product; the browser that it starts does so too."""
    beside_product = _needs_product(item.session.items[0]) and not _needs_product(item)
    if beside_product and os.nice(0) < _LESS_URGENT:
        os.nice(_LESS_URGENT)


def _needs_product(item: pytest.Item) -> bool:
    return "product" in _fixtures_of(item)


def _fixtures_of(item: pytest.Item) -> Collection[str]:
    return getattr(item, "fixturenames", ())


def share_of(items: list[pytest.Item], share: str) -> list[pytest.Item]:
    """One of so many parts, between which every item is once."""
    part, parts = map(int, share.split("/"))
    if not 1 <= part <= parts:
        raise pytest.UsageError(f"SHARE={share} is none from 1/{parts} to {parts}/{parts}")
    return items[part - 1 :: parts]


@pytest.fixture(scope="session")
def product() -> Iterator["Stack"]:
    """The deployed product, with limits that leave room for many tests."""
    from tests.stack import running  # noqa: PLC0415  # the engine and the front are heavy to import

    with running() as stack:
        yield stack
