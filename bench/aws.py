"""AWS as the measured functions see it: the fewest valid answers, at once, the same for all.

It keeps nothing. Every table has at most one row, which every read and every update of it answers with.
"""

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Row = Mapping[str, Any]
"""A row as DynamoDB writes it."""

Call = tuple[str, str, Mapping[str, Any]]
"""A service, an operation, its parameters as JSON."""

_SERVICES = {"DynamoDB_20120810": "dynamodb", "TrentService": "kms"}

MAC = bytes(range(32))
"""What KMS makes of every message."""


class StandIn(ThreadingHTTPServer):
    """The server; `rows` by table."""

    daemon_threads = True
    disable_nagle_algorithm = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.rows: Mapping[str, Row] = {}
        self.heard: list[Call] = []
        """Every call since it was last emptied."""

    @property
    def settings(self) -> dict[str, str]:
        """What a function is told to find it."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.server_address[1]}",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
        }


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """A running server."""
    with StandIn() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet
    server: StandIn

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)))
        target = self.headers["X-Amz-Target"] or "sesv2.SendEmail"  # SES speaks in paths
        service, _, operation = target.rpartition(".")
        self.server.heard.append((_SERVICES.get(service, service), operation, asked))
        body = json.dumps(self._answer_to(operation, asked)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _answer_to(self, operation: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        rows = self.server.rows
        row = rows.get(asked.get("TableName", ""))
        match operation:
            case "GetItem":
                return {"Item": row} if row else {}
            case "UpdateItem":
                return {"Attributes": row or {}}
            case "BatchGetItem":
                return {"Responses": {name: [rows[name]] if name in rows else [] for name in asked["RequestItems"]}}
            case "GenerateMac":
                return {"Mac": base64.b64encode(MAC).decode(), "KeyId": asked["KeyId"]}
            case "SendEmail":
                return {"MessageId": "m-1"}
        return {}

    def log_message(self, *_: object) -> None:
        """Say nothing of each call."""
