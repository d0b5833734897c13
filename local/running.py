"""Where the product that runs on a port can be reached by other commands of this machine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from infra.assets import BUILDS
from infra.stages import REGION
from local.deployment import Deployment
from local.engine import Engine


class NotRunningError(Exception):
    """No product runs on that port."""


@dataclass(frozen=True, slots=True)
class Running:
    """A running product: its engine, and the names that commands need."""

    engine_port: int
    certificate: str
    bucket: str
    machine: str

    @property
    def engine(self) -> Engine:
        """The engine that it runs on."""
        return Engine(self.engine_port, Path(self.certificate), REGION)


def running_on(deployment: Deployment) -> Running:
    """The running product of that deployment."""
    (machine,) = deployment.of_type("AWS::StepFunctions::StateMachine")
    (bucket,) = deployment.of_type("AWS::S3::Bucket")
    return Running(deployment.engine.port, str(deployment.engine.certificate), bucket, machine)


@contextmanager
def announced(deployment: Deployment, port: int) -> Iterator[None]:
    """Store how to reach the running product for as long as the context lasts."""
    place = _place(port)
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps(asdict(running_on(deployment))))
    try:
        yield
    finally:
        place.unlink(missing_ok=True)


def find_running(port: int) -> Running:
    """The product on that port. Raises NotRunningError."""
    try:
        word = Running(**json.loads(_place(port).read_text()))
    except FileNotFoundError:
        raise NotRunningError(f"rien ne tourne sur le port {port} : lancez d'abord `make run`") from None
    if not Path(word.certificate).exists():  # the product was killed, and left its file behind
        raise NotRunningError(f"ce qui tournait sur le port {port} s'est arrêté : relancez `make run`")
    return word


def _place(port: int) -> Path:
    return BUILDS / f"running-{port}.json"
