"""The local way to the API answers as AWS's gateway would when what is behind it fails."""

import asyncio
import json
from pathlib import Path

import pytest

from local.deployment import Deployment
from local.engine import Engine, free_port, write_certificate
from local.exchange import Request
from local.gateway import Gateway


def nowhere(folder: Path) -> Gateway:
    """The way to an engine that does not answer."""
    write_certificate(folder / "engine.crt", folder / "engine.key")
    nobody = Engine(free_port(), folder / "engine.crt", "eu-west-3")
    api = {
        ("AWS::ApiGateway::RestApi", "ApiRestApi00000000"): "api",
        ("AWS::ApiGateway::Stage", "ApiRestApiDeploymentStagelive00000000"): "live",
    }
    return Gateway(Deployment(nobody, api))


@pytest.mark.parametrize(
    ("method", "target", "size", "status"),
    [
        ("POST", "/api/correspondent/uploads", 4_194_304, 503),
        ("POST", "/api/correspondent/uploads?after=2", 4_194_304, 503),
        ("POST", "/api/correspondent/uploads", 4_194_305, 413),
        ("PUT", "/api/correspondent/uploads", 8_193, 413),
        ("POST", "/api/correspondent/uploads/", 8_193, 413),
        ("POST", "/api/correspondent/%75ploads", 8_193, 413),
        ("POST", "/api/correspondent//uploads", 8_193, 413),
        ("POST", "/api/activation", 8_193, 413),
        ("POST", "/api/activation", 8_192, 503),
    ],
)
def test_a_larger_body_comes_through_by_one_method_on_one_raw_path(
    tmp_path: Path, method: str, target: str, size: int, status: int
) -> None:
    answer = asyncio.run(nowhere(tmp_path).call(Request(method, target, "127.0.0.1", (), b"x" * size)))
    assert (answer.status, dict(answer.headers)["Content-Type"]) == (status, "application/problem+json")


def test_an_engine_that_does_not_answer_is_a_service_that_is_unavailable(tmp_path: Path) -> None:
    answer = asyncio.run(nowhere(tmp_path).call(Request("GET", "/api/session", "127.0.0.1", (), b"")))
    headers, body = dict(answer.headers), json.loads(answer.body)
    assert (answer.status, headers["Content-Type"]) == (503, "application/problem+json")
    assert body["code"] == "unavailable"
    assert body["correlation_id"] == headers["X-Correlation-Id"]
    assert headers["Retry-After"] == "5"
