"""Passes the API's calls to the deployed API, as CloudFront does on AWS."""

import asyncio
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import urllib3

from activation.api.problems import BODY_TOO_LARGE, UNAVAILABLE_RETRY_SECONDS, Problem, problem, unavailable
from infra.edge_functions import PASSED_HEADERS
from infra.routes import LARGER_BODIES, MOST_BODY_BYTES
from local.deployment import Deployment
from local.exchange import Answer, Header, Request

_AT_ONCE = 8
"""The most calls at once. On two cores more only start more copies of each function: 200 calls take 28 s, not 3."""
_NOT_PASSED_BACK = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"})
_PASSED = frozenset(name.lower() for name in PASSED_HEADERS)


class Gateway:
    """The way to the API: some calls pass at once, and the others wait in line."""

    def __init__(self, deployment: Deployment) -> None:
        self._base = deployment.api_path
        self._pool = deployment.engine.pool(_AT_ONCE)
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="gateway")

    async def call(self, request: Request) -> Answer:
        """The API's answer."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._call, request)

    def _call(self, request: Request) -> Answer:
        raw_path = request.target.partition("?")[0]
        if len(request.body) > LARGER_BODIES.get((request.method, raw_path), MOST_BODY_BYTES):
            return _refused(problem(BODY_TOO_LARGE))  # the firewall and the gateway refuse it too
        headers = urllib3.HTTPHeaderDict((name, value) for name, value in request.headers if name.lower() in _PASSED)
        headers["X-Forwarded-For"] = request.peer
        target, body = self._base + request.target, request.body or None
        try:
            answer = self._pool.urlopen(request.method, target, body=body, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError:
            return _unavailable()
        if answer.status == HTTPStatus.BAD_GATEWAY:
            return _unavailable()
        passed_back = tuple(
            (name, value) for name, value in answer.headers.iteritems() if name.lower() not in _NOT_PASSED_BACK
        )
        return Answer(answer.status, passed_back, answer.data)

    def warm(self, paths: list[str]) -> None:
        """Start a copy of each function before the first visitor comes, by a method that no function accepts."""
        requests = [Request("TRACE", path, "127.0.0.1", (), b"") for path in paths]
        list(self._threads.map(self._call, requests))


def _unavailable() -> Answer:
    """The answer of AWS's gateway when a function fails; MiniStack shows the failure instead."""
    return _refused(unavailable(int(time.time())), ("Retry-After", str(UNAVAILABLE_RETRY_SECONDS)))


def _refused(refusal: Problem, *more: Header) -> Answer:
    correlation_id = str(uuid.uuid4())
    headers = (
        ("Content-Type", "application/problem+json"),
        ("Cache-Control", "no-store"),
        *more,
        ("X-Correlation-Id", correlation_id),
    )
    body = json.dumps(refusal.body(correlation_id), ensure_ascii=False)
    return Answer(refusal.status, headers, body.encode())
