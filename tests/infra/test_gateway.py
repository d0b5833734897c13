"""The local way to the API answers as AWS's gateway would when what is behind it fails."""

import asyncio
import json
from pathlib import Path

from local.deployment import Deployment
from local.engine import Engine, free_port, write_certificate
from local.exchange import Request
from local.gateway import Gateway


def test_an_engine_that_does_not_answer_is_a_service_that_is_unavailable(tmp_path: Path) -> None:
    write_certificate(tmp_path / "engine.crt", tmp_path / "engine.key")
    nobody = Engine(free_port(), tmp_path / "engine.crt", "eu-west-3")
    api = {
        ("AWS::ApiGateway::RestApi", "ApiRestApi00000000"): "api",
        ("AWS::ApiGateway::Stage", "ApiRestApiDeploymentStagelive00000000"): "live",
    }
    answer = asyncio.run(Gateway(Deployment(nobody, api)).call(Request("GET", "/api/session", "127.0.0.1", (), b"")))
    headers, body = dict(answer.headers), json.loads(answer.body)
    assert (answer.status, headers["Content-Type"]) == (503, "application/problem+json")
    assert body["code"] == "unavailable"
    assert body["correlation_id"] == headers["X-Correlation-Id"]
    assert headers["Retry-After"] == "5"
