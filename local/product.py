"""The whole product on this machine: engine, stacks, demo people, and the edge before them."""

import asyncio
import json
import os
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hypercorn.asyncio import serve as serve_asgi
from hypercorn.config import Config

from activation.config import ConfigurationError
from infra.assets import ROOT
from infra.routes import ROUTES
from infra.stages import REGION, STAGES
from local import demo
from local.demo import DemoAgent, hire_agents
from local.demo_requests import file_requests
from local.deployment import Deployment, deploy
from local.edge import Edge
from local.engine import engine
from local.exchange import Application
from local.front import Front
from local.gateway import Gateway
from local.inbox import Inbox
from local.inbox_events import DeliveryEvents, InboxEvents
from local.logs import carried
from local.running import announced
from local.template import STAGE
from web.build import build as build_front

_FRONT_HEADERS = ROOT / "web" / "headers.json"
_STOP_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Product:
    """The product, ready to be served at its address."""

    address: str
    deployment: Deployment
    inbox: Inbox
    edge: Edge
    listener: socket.socket
    agents: tuple[DemoAgent, ...]
    requests: tuple[str, ...]
    """A line for each of Paul Moreau's requests."""


def listener_on(port: int) -> socket.socket:
    """A socket that holds the port (any free one for 0) and listens later. Raises ConfigurationError."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise ConfigurationError(f"PORT: {port} is taken, choose another") from None
    return listener


@contextmanager
def product(
    listener: socket.socket,
    *,
    limits: Mapping[str, str],
    write_log: Callable[[str], object],
    nameless_refused: bool = False,
) -> Iterator[Product]:
    """Deploy the product for as long as the context lasts, with these limits instead of the defaults.

    `nameless_refused`: see `Edge`.
    """
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with tempfile.TemporaryDirectory(prefix="account-activation-") as name:
        folder = Path(name)
        with engine(folder, region=REGION) as running:
            deployment = deploy(running, origins=(address, address.replace("127.0.0.1", "localhost")), limits=limits)
            front = folder / "front"
            build_front(front, menu=STAGES[STAGE].menu, benefits=STAGES[STAGE].benefits)
            inbox, gateway = Inbox(deployment), Gateway(deployment)
            requests = _prepare(deployment, gateway)
            headers = json.loads(_FRONT_HEADERS.read_text())
            events = InboxEvents(inbox, DeliveryEvents(deployment))
            edge = Edge(
                front=Front(front, headers),
                gateway=gateway,
                inbox=inbox,
                inbox_events=events,
                nameless_refused=nameless_refused,
            )
            with announced(deployment, listener.getsockname()[1]), carried(deployment, write_log):
                agents = hire_agents(deployment, folder)
                yield Product(address, deployment, inbox, edge, listener, agents, requests)


def _prepare(deployment: Deployment, gateway: Gateway) -> tuple[str, ...]:
    """Import the demo people and open their requests while the functions start; a line for each request."""
    owned = {route.function: route.path for route in ROUTES if _owners(route.path) == {route.function}}
    with ThreadPoolExecutor(2) as threads:
        people = threads.submit(_take_people_in, deployment)
        worker = threads.submit(deployment.invoke, "deliver_message", {"Records": []})
        gateway.warm(list(owned.values()))
        worker.result()
        return people.result()


def _take_people_in(deployment: Deployment) -> tuple[str, ...]:
    demo.import_people(deployment)
    demo.activate_paul(deployment)
    demo.invite_correspondents(deployment)
    return tuple(file_requests(deployment, demo.PAUL))


def _owners(path: str) -> set[str]:
    return {route.function for route in ROUTES if route.path == path}


async def serve(product: Product, stop: asyncio.Event) -> None:
    """Serve the product at its address until told to stop."""
    config = Config()
    config.bind = [f"fd://{os.dup(product.listener.fileno())}"]  # the server closes what it is given
    config.loglevel = "WARNING"
    config.include_server_header = False
    config.graceful_timeout = _STOP_SECONDS
    await serve_asgi(Application(product.edge.respond), config, shutdown_trigger=stop.wait)
