"""What is refused before any step looks at it: where it comes from, its size, its type, its form."""

import base64
import gc
import json
import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from activation import garbage_collector
from infra.routes import ROUTES
from tests.functions.paths import ACTIVATION, RESET, SESSION
from tests.functions.people import STRANGER
from tests.functions.visitor import ORIGIN, Visitor
from tests.functions.world import World

AGAIN = f"{ACTIVATION}/code"
UNSAFE = [(route.method, route.path) for route in ROUTES if route.method != "GET"]
SITE = "Sec-Fetch-Site"


@pytest.mark.parametrize(
    "headers",
    [
        *({"Origin": origin} for origin in ("https://autre.exemple.fr", "null", None)),
        *({"Origin": origin} for origin in (ORIGIN + ".pirate.fr", ORIGIN + "/", ORIGIN.upper())),
        *({"Origin": "null", SITE: site} for site in ("cross-site", "same-site", "none", "", "Same-Origin")),
        *({"Origin": origin, SITE: "same-origin"} for origin in ("NULL", "null null", "https://autre.exemple.fr")),
        *({"Origin": None, SITE: site} for site in ("cross-site", "same-site")),
        {"Origin": None, SITE: "none", "Referer": ORIGIN},
    ],
)
def test_no_page_but_ours_may_act(visitor: Visitor, headers: Mapping[str, str | None]) -> None:
    for method, path in UNSAFE:
        assert visitor.call(method, path, {}, headers=headers).said == (403, "origin-rejected"), path


def test_a_refusal_ends_a_functions_start(visitor: Visitor) -> None:
    garbage_collector.pause()
    assert visitor.call("POST", ACTIVATION, {}, headers={"Origin": "null"}).status == 403
    assert gc.isenabled()


@pytest.mark.parametrize(
    "headers",
    [{}, *({"Origin": origin, SITE: "same-origin"} for origin in (None, "null"))],
)
def test_our_own_pages_may(visitor: Visitor, headers: Mapping[str, str | None]) -> None:
    assert visitor.post(ACTIVATION, STRANGER.start_body, headers).status == 202
    assert visitor.call("DELETE", SESSION, headers=headers).status == 204


def test_each_public_origin_is_ours(world: World) -> None:
    world.set(PUBLIC_ORIGINS=f"{ORIGIN}, https://www.exemple.fr")
    for origin in (ORIGIN, "https://www.exemple.fr"):
        assert Visitor(origin=origin).post(ACTIVATION, STRANGER.start_body).status == 202


def test_looking_needs_no_origin(visitor: Visitor) -> None:
    assert visitor.get(SESSION, {"Origin": None, "Content-Type": None}).status == 200
    assert visitor.get("/api/terms", {"Origin": "https://autre.exemple.fr"}).status == 200


@pytest.mark.parametrize("media_type", ["application/json", "multipart/form-data", "text/plain", "\u0000"])
def test_looking_reads_no_body(visitor: Visitor, media_type: str) -> None:
    for raw in ("{", "[" * 8_000, "\ud800", "x" * 9_000):
        for event in ({}, {"isBase64Encoded": True}):
            answer = visitor.call("GET", SESSION, raw=raw, headers={"Content-Type": media_type}, event=event)
            assert answer.said == (200, "sign_in")


@pytest.mark.parametrize("padding", ["x" * 8_192, "é" * 4_096])
def test_a_body_over_8192_bytes_is_not_read(visitor: Visitor, padding: str) -> None:
    for raw in (json.dumps({"x": padding}, ensure_ascii=False), padding + "x"):
        assert visitor.call("POST", ACTIVATION, raw=raw).said == (413, "body-too-large")


@pytest.mark.parametrize(
    "media_type",
    [
        *(None, "", "\u0000", "json", "*/*", "text/plain", "text/html; charset=utf-8", "application/json, text/plain"),
        *("multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"),
        *("application/xml", "application/jsonp", "application/problem+json"),
    ],
)
def test_only_json_is_read(visitor: Visitor, media_type: str | None) -> None:
    for method, path in UNSAFE:
        answer = visitor.call(method, path, STRANGER.start_body, headers={"Content-Type": media_type})
        assert answer.said == (415, "unsupported-media-type"), path


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON", " application/json ;x=y"]
)
def test_json_goes_by_several_spellings(visitor: Visitor, media_type: str) -> None:
    for headers in ({"Content-Type": media_type}, {"Content-Type": None, "content-type": media_type}):
        assert visitor.call("POST", ACTIVATION, STRANGER.start_body, headers=headers).status == 202


@pytest.mark.parametrize("media_type", [None, "application/json", "text/plain", "multipart/form-data", "x"])
@pytest.mark.parametrize("body", [None, ""])
def test_no_body_is_an_empty_one_whatever_its_type(visitor: Visitor, media_type: str | None, body: str | None) -> None:
    headers, event = {"Content-Type": media_type}, {"body": body}
    assert visitor.call("POST", AGAIN, headers=headers, event=event).said == (401, "flow-expired")
    assert visitor.call("POST", ACTIVATION, headers=headers, event=event).said == (422, "invalid-request")
    assert visitor.call("DELETE", SESSION, headers=headers, event=event).status == 204


NOT_JSON = [
    '{"identifier": "10000001", "last_name": "Garcia", "last_name": "Garcia"}',
    '{"identifier": {"a": 1, "\\u0061": 1}, "last_name": "Garcia"}',
    *("{", "nope", " ", "{'identifier': 1}", '{"identifier": }', "\ufeff{}", '{"a": "\n"}', '{"a": 01}', "\ud800"),
    *("[" * 8_000, '{"a":' * 1_600, '{"a": ' + "1" * 5_000 + "}", '{"last_name": "\udfff"}'),
]


@pytest.mark.parametrize("raw", NOT_JSON, ids=range(len(NOT_JSON)))
def test_what_is_no_json_is_refused(visitor: Visitor, raw: str) -> None:
    assert visitor.call("POST", ACTIVATION, raw=raw).said == (400, "not-json")
    assert visitor.call("POST", AGAIN, raw=raw).said == (400, "not-json")


@pytest.mark.parametrize("depth", [*range(850, 1_000, 10), 4_000])
def test_no_depth_of_nesting_slips_between_the_guard_and_the_route(visitor: Visitor, depth: int) -> None:
    for raw in ("[" * depth + "]" * depth, '{"last_name": ' + "[" * (depth - 8) + "]" * (depth - 8) + "}"):
        assert visitor.call("POST", ACTIVATION, raw=raw).status in {400, 422}


NO_UTF8 = (b"\xff\xfe{}", json.dumps({"a": "é"}, ensure_ascii=False).encode("latin-1"))
NO_BASE64 = ("é", "====", "a", "!!!!", "\udcff")


@pytest.mark.parametrize("raw", [*NO_BASE64, *(base64.b64encode(body).decode() for body in NO_UTF8)])
def test_a_body_that_is_no_base64_or_no_utf8_is_no_json(visitor: Visitor, raw: str) -> None:
    assert visitor.call("POST", ACTIVATION, raw=raw, event={"isBase64Encoded": True}).said == (400, "not-json")


@pytest.mark.parametrize("member", ["last_name", "identifier", "password", "code"])
def test_a_body_in_which_the_gateway_lost_a_letter_is_no_json(visitor: Visitor, member: str) -> None:
    raw = b'{"%s": "Garc\xff\xfea"}' % member.encode()
    assert visitor.call("POST", ACTIVATION, raw=raw.decode("utf-8", "replace")).said == (400, "not-json")


@pytest.mark.parametrize("path", [ACTIVATION, RESET])
@pytest.mark.parametrize("name", ["\ufffd", "Garc\ufffda", "D\ufffd\ufffdAlmeida"])
def test_a_name_with_a_lost_letter_is_refused_with_a_sentence(visitor: Visitor, path: str, name: str) -> None:
    refused = visitor.post(path, {"identifier": "10000001", "last_name": name})
    assert (refused.said, refused.faults) == ((422, "invalid-request"), {("#/last_name", "unreadable")})
    [fault] = refused.body["errors"]
    assert fault["detail"].startswith("Une lettre de votre nom n'est pas lisible")


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES}))
def test_each_path_answers_its_own_methods_only(visitor: Visitor, path: str) -> None:
    allowed = {route.method for route in ROUTES if route.path == path}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"} - allowed:
        refused = visitor.call(method, path)
        assert refused.said == (405, "method-not-allowed")
        assert refused.headers["Allow"] == [", ".join(sorted(allowed))]


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nowhere", "/api/activation/code/x", "/", "/api/../x", "//"])
def test_an_unknown_path_is_not_found(visitor: Visitor, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        assert visitor.call(method, path, {}).said == (404, "not-found")


@pytest.mark.parametrize("given", ["<script>", "", "x" * 500, "12345", "é", "8256B4D6-490B-457D-8754-8DDBC31B4BCB"])
def test_a_correlation_id_is_a_uuid_of_theirs_or_ours(visitor: Visitor, given: str) -> None:
    for path in (SESSION, "/api/account"):
        [back] = visitor.get(path, {"X-Correlation-Id": given}).headers["X-Correlation-Id"]
        assert back == str(uuid.UUID(back))
        assert (back == given.lower()) == (len(given) == 36)


@pytest.mark.parametrize(
    "event",
    [
        {"headers": None, "multiValueHeaders": None},
        {"headers": {}, "multiValueHeaders": {}},
        {"requestContext": {"identity": {}}},
        {"headers": {"Cookie": "=;;;a=b=c; =x; \u0000"}, "multiValueHeaders": None},
        {"queryStringParameters": {"a": "b"}, "multiValueQueryStringParameters": {"a": ["b", "c"]}},
        {"path": "/api/session/"},
    ],
)
def test_no_oddity_of_an_event_is_a_fault_of_ours(visitor: Visitor, event: Mapping[str, Any]) -> None:
    for method, path in (("GET", SESSION), ("POST", ACTIVATION), ("DELETE", SESSION)):
        assert visitor.call(method, path, STRANGER.start_body, event=event).status < 500
