"""AWS as the measured functions see it: the fewest valid answers, at once, the same for all.

It keeps nothing. Every table has at most one row, which every read and every update of it answers with.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from bench.server import Handler, Server

Row = Mapping[str, Any]
"""A row as DynamoDB writes it."""

MAC = bytes(range(32))
"""What KMS makes of every message."""


class StandIn(Server):
    """The server; `rows` by table."""

    def __init__(self) -> None:
        self.rows: Mapping[str, Row] = {}
        super().__init__(_Handler)
        url, keys = f"http://{self.address}", dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "testing")
        self.settings = {"AWS_ENDPOINT_URL": url, **keys}
        """What a function is told to find it."""


class _Handler(Handler):
    server: StandIn

    def do_POST(self) -> None:  # noqa: N802  # the library calls it so
        asked = json.loads(self.body())
        target = self.headers["X-Amz-Target"] or "sesv2.SendEmail"  # SES speaks in paths
        body = json.dumps(_answer(self.server.rows, target.rpartition(".")[2], asked)).encode()
        self.answer(200, body, {"Content-Type": "application/x-amz-json-1.0"})


def _answer(rows: Mapping[str, Row], operation: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    row = rows.get(asked.get("TableName", ""))
    match operation:
        case "GetItem" | "Query":
            return {"Item": row, "Items": [row]} if row else {"Items": []}
        case "UpdateItem":
            return {"Attributes": row or {}}
        case "BatchGetItem":
            return {"Responses": {name: [rows[name]] if name in rows else [] for name in asked["RequestItems"]}}
        case "GenerateMac":
            return {"Mac": base64.b64encode(MAC).decode(), "KeyId": asked["KeyId"]}
        case "SendEmail":
            return {"MessageId": "m-1"}
    return {}
