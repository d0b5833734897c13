"""Lambda's runtime on this machine: AWS's own client (awslambdaric) drives a function from its built asset."""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from platform import machine
from queue import Empty, Queue
from typing import Any, Self

from bench.server import Handler, Server
from infra import assets
from infra.assets import BUILDS, LAMBDA, Platform

HERE = Platform(f"host-{LAMBDA.python}", uv_name=f"{machine()}-manylinux_2_28", python=LAMBDA.python)
"""This machine, with Lambda's Python."""

RUNTIME_PACKAGES = ("awslambdaric", "simplejson", "snapshot-restore-py", "boto3", "s3transfer")
"""AWS's client, and what it imports; and boto3, which the floors are made with and no asset of ours carries."""
_PROGRAM = "from awslambdaric.__main__ import main; main(['', sys.argv[1]])"
_SECONDS = 60
_FLOORS = Path(__file__).with_name("floors")


@dataclass(frozen=True, slots=True)
class Installed:
    """A Python, and what it imports from: an asset, unpacked, and AWS's runtime client."""

    python: str
    path: tuple[Path, ...]

    def command(self, handler: str) -> list[str]:
        """Run AWS's client for that handler with nothing else to import from."""
        folders = [str(folder) for folder in self.path]
        return [self.python, "-I", "-S", "-c", f"import sys; sys.path[:0] = {folders!r}; {_PROGRAM}", handler]


@contextmanager
def installed() -> Iterator[Installed]:
    """Lambda's Python on this machine, the functions' asset built for it, AWS's client and the floors, compiled."""
    asset, client = assets.build(HERE), _client()
    _compile(_FLOORS)
    with tempfile.TemporaryDirectory(prefix="asset-") as folder:
        with zipfile.ZipFile(asset) as archive:
            archive.extractall(folder)
        yield Installed(_python(), (Path(folder), client, _FLOORS))


def _compile(folder: Path) -> None:
    """Compile what stands there with Lambda's Python, as assets are."""
    command = [_python(), "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(folder)]
    subprocess.run(command, check=True)  # noqa: S603  # our own arguments


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: the path of Lambda's Runtime API to which it came, and its body."""

    path: str
    body: Any


class Process:
    """A function in a process of its own; a context that ends it. `is_heard`: what it logs is let through."""

    def __init__(
        self, installed: Installed, handler: str, settings: Mapping[str, str], *, is_heard: bool = False
    ) -> None:
        self._api = _RuntimeApi()
        environment = {**_LAMBDAS_OWN, **settings, "AWS_LAMBDA_RUNTIME_API": self._api.address}
        self._process = subprocess.Popen(  # noqa: S603  # our own arguments
            installed.command(handler),
            env={"PATH": os.environ["PATH"], **environment},
            stdout=None if is_heard else subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._api.events.put(None)
        self._api.server_close()

    def call(self, event: object) -> Given:
        """Hand the event over, and wait for the answer."""
        self._api.events.put(json.dumps(event).encode())
        try:
            return self._api.given.get(timeout=_SECONDS)
        except Empty:
            raise TimeoutError("the function did not answer") from None

    @property
    def cpu_seconds(self) -> float:
        """What all its threads have run for."""
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def _python() -> str:
    """The interpreter itself: pyenv's shim would be measured too."""
    environment = {**os.environ, "PYENV_VERSION": HERE.python}
    command = [f"python{HERE.python}", "-c", "import sys; print(sys.executable)"]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.strip()  # noqa: S603  # our own arguments


def _client() -> Path:
    """AWS's client for Lambda's Python as it is published, in the version of this environment, compiled."""
    wanted = [f"{package}=={metadata.version(package)}" for package in RUNTIME_PACKAGES]
    target = BUILDS / f"{HERE.name}-client-{sha256(' '.join(wanted).encode()).hexdigest()[:20]}"
    if not target.exists():
        BUILDS.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILDS, prefix="draft-") as folder:
            draft = Path(folder) / "client"
            command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(draft), "--no-deps"]
            command += ["--python-platform", str(HERE.uv_name), "--python-version", HERE.python]
            command += ["--only-binary", ":all:", "--link-mode", "copy", *wanted]
            subprocess.run(command, check=True)  # noqa: S603  # our own arguments
            _compile(draft)
            draft.replace(target)
    return target


_LAMBDAS_OWN = {
    "AWS_LAMBDA_FUNCTION_NAME": "function",
    "AWS_LAMBDA_FUNCTION_VERSION": "1",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
    "AWS_REGION": "eu-west-3",
    "AWS_DEFAULT_REGION": "eu-west-3",
}


class _RuntimeApi(Server):
    """Lambda's Runtime API: hands out events, takes answers."""

    def __init__(self) -> None:
        self.events: Queue[bytes | None] = Queue()
        self.given: Queue[Given] = Queue()
        super().__init__(_Handler)


class _Handler(Handler):
    server: _RuntimeApi

    def do_GET(self) -> None:  # noqa: N802  # the library calls it so
        event = self.server.events.get()
        if event is None:
            self.close_connection = True
            return
        head = {
            "Lambda-Runtime-Aws-Request-Id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
            "Lambda-Runtime-Deadline-Ms": "4000000000000",
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-3:1:function:function",
            "Content-Type": "application/json",  # the client crashes without one
        }
        self.answer(200, event, head)

    def do_POST(self) -> None:  # noqa: N802  # as above
        sent = self.body()
        self.answer(202, b"", {})
        self.server.given.put(Given(self.path, json.loads(sent)))
