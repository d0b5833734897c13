"""Lambda's runtime, for one function: AWS's own client (awslambdaric) drives it from its asset."""

import json
import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata
from pathlib import Path
from typing import Any

_RUNTIME_PACKAGES = ("awslambdaric", "simplejson", "snapshot-restore-py")
_PROGRAM = "import sys; sys.path[:0] = sys.argv[1:3]; from awslambdaric.__main__ import main; main(['', sys.argv[3]])"
_SECONDS = 60


def drive(asset: Path, handler: str, event: object, *, settings: dict[str, str], folder: Path) -> Any:
    """What the function answers to the event, in an interpreter that has its asset and AWS's client alone."""
    runtime = _runtime_in(folder / "runtime")
    with _RuntimeApi(event) as api:
        environment = {**settings, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.port}", **_LAMBDAS_OWN}
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _PROGRAM, str(asset), str(runtime), handler],
            env={"PATH": os.environ["PATH"], **environment},
        )
        try:
            return api.answer()
        finally:
            process.kill()
            process.wait()


_LAMBDAS_OWN = {
    "AWS_LAMBDA_FUNCTION_NAME": "function",
    "AWS_LAMBDA_FUNCTION_VERSION": "1",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
    "AWS_REGION": "eu-west-3",
    "AWS_DEFAULT_REGION": "eu-west-3",
}


def _runtime_in(folder: Path) -> Path:
    for name in _RUNTIME_PACKAGES:
        for file in metadata.distribution(name).files or ():
            if ".." not in file.parts:
                target = folder / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(file.locate()), target)
    return folder


class _RuntimeApi(ThreadingHTTPServer):
    """Lambda's Runtime API: hands out one event, takes its answer."""

    daemon_threads = True
    disable_nagle_algorithm = True

    def __init__(self, event: object) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.port = self.server_address[1]
        self.event = json.dumps(event).encode()
        self.handed_out = threading.Lock()
        self.taken: Any = None
        self.done = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def answer(self) -> Any:
        """What the function answered, once it has."""
        assert self.done.wait(_SECONDS), "the function did not answer"
        return self.taken

    def server_close(self) -> None:
        """Stop answering first."""
        self.shutdown()
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    server: _RuntimeApi

    def do_GET(self) -> None:
        if not self.server.handed_out.acquire(blocking=False):
            self.server.done.wait()  # the only event is out: there is no next one
            return
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
        self.send_header("Lambda-Runtime-Deadline-Ms", "4000000000000")
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-3:1:function:function")
        self.send_header("Content-Type", "application/json")  # the client crashes without one
        self.send_header("Content-Length", str(len(self.server.event)))
        self.end_headers()
        self.wfile.write(self.server.event)

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.taken = {"path": self.path, "answer": json.loads(sent)}
        self.server.done.set()
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing of each call."""
