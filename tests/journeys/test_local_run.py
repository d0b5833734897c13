"""`make run`: one address for the front, the API and the inbox, on an engine that holds what the template says."""

import http.client
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from activation.adapters.dynamodb import Table
from activation.adapters.requests import DynamoRequests
from activation.adapters.tables import FLOWS, LIMITS, OUTBOX, REQUESTS
from activation.domain.requests.states import RequestState
from local import demo
from local.engine import free_port
from local.gallery.gallery import COOKIE
from tests.stack import Stack
from tests.visitor import exchange


@pytest.mark.parametrize("path", ["/nowhere", "/../pyproject.toml", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd"])
def test_an_unknown_page_is_not_found_and_the_front_only_read(product: Stack, path: str) -> None:
    assert exchange(product, "GET", path)[0] == 404
    assert exchange(product, "POST", "/")[0] == 405


@pytest.mark.parametrize("path", ["/", "/api/session"])
def test_who_does_not_say_what_they_are_is_refused_as_on_aws(product: Stack, path: str) -> None:
    connection = http.client.HTTPConnection(product.base.removeprefix("http://"), timeout=30)
    try:
        connection.request("GET", path)  # without User-Agent
        assert connection.getresponse().status == 403
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nowhere", "/api/../_ministack/health", "/api/%2e%2e/x"])
def test_an_unknown_path_of_the_api_is_a_problem(product: Stack, path: str) -> None:
    status, headers, body = exchange(product, "GET", path)
    assert (status, headers["content-type"]) == (404, "application/problem+json")
    assert headers["cache-control"] == "no-store"
    assert json.loads(body)["correlation_id"] == headers["x-correlation-id"]


def test_a_visitor_cannot_say_where_they_come_from(product: Stack) -> None:
    body = json.dumps({"identifier": "29999999", "last_name": "Delacroix"})
    for forged in ("203.0.113.9", "203.0.113.10"):
        told = {"X-Forwarded-For": forged, "CloudFront-Viewer-Address": f"{forged}:1", "Forwarded": f"for={forged}"}
        headers = {"Origin": product.base, "Content-Type": "application/json", **told}
        assert exchange(product, "POST", "/api/activation", headers, body)[0] == 202
    counted = product.deployment.engine.client("dynamodb").scan(TableName=product.deployment.table(LIMITS))["Items"]
    addresses = {row["scope"]["S"].split("#")[1] for row in counted if row["scope"]["S"].startswith("address#")}
    assert len(addresses) == 1


def test_a_page_may_call_by_either_name_of_this_machine(product: Stack) -> None:
    body = json.dumps({"identifier": "29999998", "last_name": "Delacroix"})
    by_name = product.base.replace("127.0.0.1", "localhost")
    for origin, status in ((product.base, 202), (by_name, 202), ("http://h", 403)):
        headers = {"Origin": origin, "Content-Type": "application/json"}
        assert exchange(product, "POST", "/api/activation", headers, body)[0] == status


def test_the_inbox_is_data_too_and_there_are_pages_of_it_of_screens_and_of_the_api(product: Stack) -> None:
    status, headers, data = exchange(product, "GET", "/inbox/messages")
    assert (status, headers["content-type"], isinstance(json.loads(data), list)) == (200, "application/json", True)
    words = {"/inbox": '<html lang="fr">', "/gallery": "Galerie des écrans", "/reference": "Référence de l’API"}
    for path, shown in words.items():
        status, headers, page = exchange(product, "GET", path)
        assert (status, headers["content-type"], shown in page.decode()) == (200, "text/html; charset=utf-8", True)


def test_only_the_browser_that_shows_a_state_is_answered_in_its_place(product: Stack) -> None:
    for path, slug, words in (("/api/session", "s7", b'"who": "session"'), ("/activation", "s1", b"/gallery/play.js")):
        assert words in exchange(product, "GET", path, {"Cookie": f"{COOKIE}={slug}"})[2]
        assert words not in exchange(product, "GET", path)[2]


def test_the_engine_forgets_rows_and_keeps_room_for_hashing_as_the_template_says(product: Stack) -> None:
    dynamodb, functions = (product.deployment.engine.client(service) for service in ("dynamodb", "lambda"))
    for spec in (FLOWS, OUTBOX):
        described = dynamodb.describe_time_to_live(TableName=product.deployment.table(spec))["TimeToLiveDescription"]
        assert (described["TimeToLiveStatus"], described["AttributeName"]) == ("ENABLED", spec.time_to_live)
    reserved = functions.get_function_concurrency(FunctionName=product.deployment.function("sign_in"))
    assert reserved["ReservedConcurrentExecutions"] == 50


def test_a_demo_person_has_a_request_in_each_state_and_a_document_that_holds(product: Stack) -> None:
    table = Table(product.deployment.engine.client("dynamodb"), product.deployment.table(REQUESTS))
    filed = DynamoRequests(table).filed(demo.PAUL)
    assert {one.state for one in filed.requests} == set(RequestState)
    assert {one.state for one in filed.requests if one.queue} == {RequestState.SENT, RequestState.EXAMINED}
    assert [one.document_id for one in filed.requests if one.document_id] == [
        one.document_id for one in filed.documents
    ]


def test_the_demo_people_are_described_and_correspondents_answer_for_one_and_three_structures_of_theirs() -> None:
    lines = demo.described()
    assert [line[:8] for line in lines] == [f"1000000{n}" for n in range(1, 9)]
    assert "Petit (Saint-Martin)" in lines[4]
    theirs = {one.identifier: one.structures for one in demo.CORRESPONDENTS}
    assert sorted(map(len, theirs.values())) == [1, 3]
    assert {one for some in theirs.values() for one in some} == {row["structure_id"] for row in demo.rows()}
    assert [line[:9] for line in demo.described_correspondents()] == list(theirs)
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert all(f"| `{identifier}` |" in readme for identifier in theirs)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("RESEND_WAIT_SECONDS", "error: missing or wrong settings: RESEND_WAIT_SECONDS"),
        ("PORT", "erreur : PORT=soon : écrivez un numéro de port, de 1 à 65535"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(name: str, told: str) -> None:
    started = subprocess.run(
        [sys.executable, "-m", "local"], env={**os.environ, name: "soon"}, capture_output=True, text=True, check=False
    )
    assert (started.returncode, started.stderr.splitlines()) == (1, [told])


def test_the_engine_s_port_is_none_that_an_outgoing_connection_is_given() -> None:
    # Linux gives those from 32,768 on: one was taken before the engine listened on it.
    assert all(20_000 <= free_port() < 32_768 for _ in range(50))
