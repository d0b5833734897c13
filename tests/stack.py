"""The deployed product, started once for all the tests that drive it over HTTP."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from local.demo import DemoAgent
from local.deployment import Deployment
from local.inbox import Inbox, Message
from local.product import Product, listener_on, product, serve

LIMITS = {
    "STARTS_PER_PERSON_PER_HOUR": "1000",
    "STARTS_PER_PERSON_PER_DAY": "1000",
    "STARTS_PER_IP_PER_5_MINUTES": "100000",
    "RESEND_WAIT_SECONDS": "1",
    "SMS_PER_NUMBER_PER_DAY": "1000",
    "SIGN_IN_CODES_PER_DAY": "1000",
    "WRONG_CODES_PER_PERSON": "100000",
    "LONGER_CODES_AFTER": "100000",
    "WRONG_CODES_PER_10_MINUTES": "1000000",
}
"""Limits that get in the way of many tests on the same six people; tests of a limit start a stack of their own."""


@dataclass(frozen=True, slots=True)
class Stack:
    """The product as served at `base`.

    `deployment` leads to its tables, keys and functions; `logs` holds the lines that these wrote.
    """

    base: str
    deployment: Deployment
    inbox: Inbox
    agents: tuple[DemoAgent, ...] = ()
    logs: list[str] = field(default_factory=list)

    def messages(self) -> list[Message]:
        """Every mail and SMS so far, oldest first."""
        return self.inbox.messages()


@contextmanager
def running(limits: Mapping[str, str] = LIMITS) -> Iterator[Stack]:
    """Serve the product on a free port for as long as the context lasts."""
    logs: list[str] = []
    with (
        listener_on(0) as listener,
        # No client of ours shall forget what AWS's firewall asks for.
        product(listener, limits=limits, write_log=logs.append, nameless_refused=True) as deployed,
        _served(deployed),
    ):
        yield Stack(deployed.address, deployed.deployment, deployed.inbox, deployed.agents, logs)


@contextmanager
def _served(running: Product) -> Iterator[None]:
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(running, stop),), name="edge")
    thread.start()
    try:
        wait_until(lambda: _is_listened_on(running.listener.getsockname()))
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def _is_listened_on(address: tuple[str, int]) -> bool:
    with socket.socket() as visitor:
        return visitor.connect_ex(address) == 0


def wait_until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something holds. Raises AssertionError when it does not in that time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.1)
