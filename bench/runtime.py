"""Lambda's runtime on this machine: AWS's own client (awslambdaric) drives a function from its built asset."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata
from pathlib import Path
from platform import machine
from queue import Empty, Queue
from typing import Any, Self

from infra import assets
from infra.assets import BUILDS, LAMBDA, Platform

HERE = Platform(f"host-{LAMBDA.python}", uv_name=f"{machine()}-manylinux_2_28", python=LAMBDA.python)
"""This machine, with Lambda's Python."""

RUNTIME_PACKAGES = ("awslambdaric", "simplejson", "snapshot-restore-py")
"""AWS's client, and what it imports."""
_BOTO3_PACKAGES = ("boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3")
_PROGRAM = "from awslambdaric.__main__ import main; main(['', sys.argv[1]])"
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Installed:
    """A Python, and what it imports from: an asset, unpacked, and AWS's runtime client."""

    python: str
    path: tuple[Path, ...]

    def command(self, *options: str, program: str = _PROGRAM, arguments: Sequence[str] = ()) -> list[str]:
        """Run that program with nothing else to import from."""
        folders = [str(folder) for folder in self.path]
        return [
            self.python,
            "-I",
            "-S",
            *options,
            "-c",
            f"import sys; sys.path[:0] = {folders!r}; {program}",
            *arguments,
        ]

    def with_folder(self, folder: Path) -> "Installed":
        """The same, with modules of that folder beside."""
        return Installed(self.python, (*self.path, folder))


@contextmanager
def installed() -> Iterator[Installed]:
    """Lambda's Python on this machine, the functions' asset built for it, and AWS's client, compiled as Lambda's is."""
    asset, client = assets.build(HERE), _wheels("client", RUNTIME_PACKAGES)
    with tempfile.TemporaryDirectory(prefix="asset-") as folder:
        with zipfile.ZipFile(asset) as archive:
            archive.extractall(folder)
        yield Installed(_python(), (Path(folder), client))


def only_boto3() -> Installed:
    """Lambda's Python, boto3 as it is published, and AWS's client."""
    return Installed(_python(), (_wheels("boto3", _BOTO3_PACKAGES), _wheels("client", RUNTIME_PACKAGES)))


def compile_folder(folder: Path) -> None:
    """Compile what stands there with Lambda's Python, as assets are."""
    command = [_python(), "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(folder)]
    subprocess.run(command, check=True)  # noqa: S603  # our own arguments


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, and the moments (perf_counter) when the function was ready, got the event, and had answered."""

    path: str
    body: Any
    ready_at: float
    handed_at: float
    answered_at: float

    @property
    def seconds(self) -> float:
        """How long the call took."""
        return self.answered_at - self.handed_at


class Process:
    """A function in a process of its own; a context that ends it. `is_heard`: what it logs is let through."""

    def __init__(
        self, installed: Installed, handler: str, settings: Mapping[str, str], *, is_heard: bool = False
    ) -> None:
        self._api = _RuntimeApi()
        environment = {**_LAMBDAS_OWN, **settings, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._api.server_address[1]}"}
        self.started_at = time.perf_counter()
        self._process = subprocess.Popen(  # noqa: S603  # our own arguments
            installed.command(arguments=[handler]),
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

    @property
    def most_memory(self) -> int:
        """The most memory that it has had, in bytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        [peak] = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
        return int(peak) * 1024


def _python() -> str:
    """The interpreter itself: pyenv's shim would be measured too."""
    environment = {**os.environ, "PYENV_VERSION": HERE.python}
    command = [f"python{HERE.python}", "-c", "import sys; print(sys.executable)"]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.strip()  # noqa: S603  # our own arguments


def _wheels(name: str, packages: Sequence[str]) -> Path:
    """These packages for Lambda's Python as they are published, in the versions of this environment, compiled."""
    wanted = [f"{package}=={metadata.version(package)}" for package in packages]
    target = BUILDS / f"{HERE.name}-{name}-{metadata.version(packages[0])}"
    if not target.exists():
        BUILDS.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILDS, prefix="draft-") as folder:
            draft = Path(folder) / name
            command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(draft), "--no-deps"]
            command += ["--python-platform", str(HERE.uv_name), "--python-version", HERE.python]
            command += ["--only-binary", ":all:", "--link-mode", "copy", *wanted]
            subprocess.run(command, check=True)  # noqa: S603  # our own arguments
            compile_folder(draft)
            draft.replace(target)
    return target


_LAMBDAS_OWN = {
    "AWS_LAMBDA_FUNCTION_NAME": "function",
    "AWS_LAMBDA_FUNCTION_VERSION": "1",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
    "AWS_REGION": "eu-west-3",
    "AWS_DEFAULT_REGION": "eu-west-3",
}


class _RuntimeApi(ThreadingHTTPServer):
    """Lambda's Runtime API: hands out events, takes answers."""

    daemon_threads = True
    disable_nagle_algorithm = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.events: Queue[bytes | None] = Queue()
        self.given: Queue[Given] = Queue()
        self.ready_at = self.handed_at = 0.0
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """A process that was ended leaves its connection open."""

    def server_close(self) -> None:
        """Stop answering first."""
        self.shutdown()
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: else each waits for the other's receipt
    server: _RuntimeApi

    def do_GET(self) -> None:
        self.server.ready_at = time.perf_counter()
        event = self.server.events.get()
        self.server.handed_at = time.perf_counter()
        if event is None:
            self.close_connection = True
            return
        head = {
            "Lambda-Runtime-Aws-Request-Id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
            "Lambda-Runtime-Deadline-Ms": "4000000000000",
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-3:1:function:function",
            "Content-Type": "application/json",  # the client crashes without one
            "Content-Length": str(len(event)),
        }
        self._answer(200, head, event)

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"] or 0))
        answered_at = time.perf_counter()
        self._answer(202, {"Content-Length": "0"}, b"")
        self.server.given.put(
            Given(self.path, json.loads(sent), self.server.ready_at, self.server.handed_at, answered_at)
        )

    def _answer(self, status: int, head: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in head.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing of each call."""
