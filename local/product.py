"""The whole product on this machine: engine, stacks, demo people, and the edge before them."""

import asyncio
import json
import socket
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hypercorn.asyncio import serve as serve_asgi
from hypercorn.config import Config

from infra.assets import HOST, ROOT, build
from infra.routes import ROUTES
from infra.stages import REGION
from local import demo
from local.deployment import Deployment, deploy
from local.edge import Edge
from local.engine import engine
from local.exchange import Application
from local.front import Front
from local.gateway import Gateway
from local.inbox import Inbox
from local.logs import carried
from local.synthesis import synthesize
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


def listener_on(port: int) -> socket.socket:
    """A socket that holds the port (any free one for 0) and listens later. Raises OSError when it is taken."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener


@contextmanager
def product(listener: socket.socket, *, limits: Mapping[str, str], engine_output: IO[str] | None = None) -> Iterator[Product]:
    """Deploy the product for as long as the context lasts, with these limits instead of the defaults."""
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with tempfile.TemporaryDirectory(prefix="account-activation-") as name:
        folder = Path(name)
        assembly, code = synthesize(), build(HOST)
        with engine(folder, region=REGION, output=engine_output) as running:
            deployment = deploy(running, assembly, code=code, origin=address, limits=limits)
            front = folder / "front"
            build_front(front)
            inbox, gateway = Inbox(deployment), Gateway(deployment)
            _prepare(deployment, gateway)
            headers = json.loads(_FRONT_HEADERS.read_text())
            with carried(deployment):
                yield Product(
                    address, deployment, inbox, Edge(front=Front(front, headers), gateway=gateway, inbox=inbox), listener
                )


def _prepare(deployment: Deployment, gateway: Gateway) -> None:
    """Take the demo people in while the functions start."""
    owned = {route.function: route.path for route in ROUTES if _owners(route.path) == {route.function}}
    with ThreadPoolExecutor(2) as threads:
        people = threads.submit(demo.import_people, deployment)
        worker = threads.submit(deployment.invoke, "deliver_message", {"Records": []})
        gateway.warm(list(owned.values()))
        people.result()
        worker.result()


def _owners(path: str) -> set[str]:
    return {route.function for route in ROUTES if route.path == path}


async def serve(product: Product, stop: asyncio.Event) -> None:
    """Serve the product at its address until told to stop."""
    config = Config()
    config.bind = [f"fd://{product.listener.fileno()}"]
    config.loglevel = "WARNING"
    config.graceful_timeout = _STOP_SECONDS
    await serve_asgi(Application(product.edge.respond), config, shutdown_trigger=stop.wait)
