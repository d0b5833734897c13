"""What is refused before any step looks at it: its place, size, type and form; what a schema says of a field."""

import base64
import gc
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from activation import garbage_collector
from infra.routes import ROUTES
from tests.builders import PASSWORD
from tests.functions import paths
from tests.functions.desk import CLAIRE, GARCIA
from tests.functions.paths import ACTIVATION, RESET, SESSION
from tests.functions.people import LOUIS, LOUIS_MAIL, STRANGER, both, flow_id, settle
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


@pytest.mark.parametrize("headers", [{}, *({"Origin": origin, SITE: "same-origin"} for origin in (None, "null"))])
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
    '{"last_name": "Garc\ufffda"}',  # in which the gateway lost a letter
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


REQUEST = f"{paths.REQUESTS}/{{request_id}}"
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    **{("POST", path): {"identifier": "10000001", "last_name": "Garcia"} for path in (ACTIVATION, RESET)},
    **{("POST", f"{path}/password"): both("x" * 12) for path in (ACTIVATION, RESET)},
    **{("POST", f"{path}/code"): {} for path in (ACTIVATION, RESET, paths.CONTACT)},
    **{("POST", f"{path}/verification"): {"code": "123456"} for path in (ACTIVATION, RESET, SESSION, paths.CONTACT)},
    ("POST", SESSION): {"identifier": "10000001", "password": "x" * 12},
    ("POST", f"{SESSION}/code"): {"channel": "sms"},
    ("PUT", paths.CONSENT): {"consents": True, "text_version": "1"},
    ("PUT", paths.CHANNEL): {"channel": "sms", "email": "nom@exemple.fr", "mobile": "0612345678"},
    ("PUT", paths.TERMS): {"version": "1"},
    ("PUT", "/api/account/email"): {"email": "nom@exemple.fr", "password": "x" * 12},
    ("PUT", "/api/account/mobile"): {"mobile": "0612345678", "password": "x" * 12},
    ("POST", paths.SEARCH): {"structure": "S1", "name": "Gar", "missing": "contact", "identifier": "10000001"},
    ("POST", paths.FOLLOW_UP): {"structure": "S1"},
    ("PUT", paths.ROW): {"identifier": "10000001", "version": "v", "row": {"email": "nom@exemple.fr"}, "confirm": []},
    ("POST", f"{paths.UPLOADS}/{{upload_id}}/application"): {"confirm": ["departures"]},
    ("POST", f"{paths.UPLOADS}/{{upload_id}}/undoing"): {},
    ("POST", paths.REQUESTS): {"kind": "reclamation", "about": "01ARZ3NDEKTSV4RRFFQ69G5FAV"},
    ("PUT", REQUEST): {"version": 1, "fields": {"explication": "Je n'ai rien reçu."}},
    **{("POST", f"{REQUEST}/{act}"): {} for act in ("sending", "withdrawal")},
    ("POST", f"{REQUEST}/completion"): {"fields": {"depuis": "2026-10-01"}},
    ("POST", f"{REQUEST}/message"): {"text": "Bonjour"},
    ("POST", paths.VERIFICATION): {"code": "0000-0000-0000"},
    ("PUT", paths.OWN_PASSWORD): {"current": "x" * 12, "password": "y" * 12, "confirmation": "y" * 12},
}
FIELDS = [(method, path, name) for (method, path), body in BODIES.items() for name in body]
OPTIONAL = {
    *((paths.CHANNEL, name) for name in ("email", "mobile")),
    *((paths.SEARCH, name) for name in ("name", "missing", "identifier")),
    (f"{SESSION}/code", "channel"),
    (paths.ROW, "confirm"),
    (paths.REQUESTS, "about"),
    (f"{paths.UPLOADS}/{{upload_id}}/application", "confirm"),
}
MAPS = {(REQUEST, "fields"), (f"{REQUEST}/completion", "fields")}
"""Fields that take any names, none as well: what these mean is known once the request is read."""
ODD = [
    *(None, 12345678, 1.5, float("nan"), float("inf"), 10**400, -0.0, [], ["Garcia"], {}, {"$gt": ""}),
    *("", "\ud800", "a\udfff" * 7, "\u0000", "x" * 2_000),
]


@pytest.mark.parametrize(("method", "path"), BODIES)
def test_a_body_is_an_object(visitor: Visitor, method: str, path: str) -> None:
    for raw in ("null", "[]", '"secret-value"', "123456789", "true", "[{}]", "[null]", "NaN", "-Infinity"):
        answer = visitor.call(method, path, raw=raw)
        assert answer.said == (422, "invalid-request"), raw
        assert "secret-value" not in answer.text


@pytest.mark.parametrize("name", ["admin", "__proto__", "secret-name", "", "\u0000", "é", "\ud800", "a/b~c"])
def test_an_unknown_field_is_refused_and_not_named(visitor: Visitor, name: str) -> None:
    for (method, path), body in BODIES.items():
        answer = visitor.call(method, path, body | {name: "secret-value"})
        assert answer.said == (422, "invalid-request"), path
        assert answer.faults in ({("#", "unknown-field")}, {("#", "invalid")})
        assert "secret" not in answer.text


@pytest.mark.parametrize(("method", "path", "name"), FIELDS)
def test_a_value_of_the_wrong_kind_points_at_its_field(newcomer: Visitor, method: str, path: str, name: str) -> None:
    for value in ODD:
        answer = newcomer.call(method, path, BODIES[method, path] | {name: value})
        assert answer.status < 500, ascii(value)
        if answer.code == "invalid-request":
            assert {pointer for pointer, _ in answer.faults} == {f"#/{name}"}, ascii(value)
        else:
            assert isinstance(value, str) or (path, name) in OPTIONAL | MAPS, ascii(value)


def test_a_missing_field_is_named_and_all_that_is_wrong_is_told_at_once(visitor: Visitor) -> None:
    for method, path, name in [field for field in FIELDS if field[1:] not in OPTIONAL]:
        body = {given: value for given, value in BODIES[method, path].items() if given != name}
        answer = visitor.call(method, path, body)
        assert (answer.said, answer.faults) == ((422, "invalid-request"), {(f"#/{name}", "missing")}), path
        [fault] = answer.body["errors"]
        assert fault["detail"].endswith(".")
        answer = visitor.call(method, path, dict.fromkeys(BODIES[method, path], 12345678))
        assert {pointer for pointer, _ in answer.faults} == {f"#/{given}" for given in BODIES[method, path]}, path
    for typed in ("\u200b", "\u00a0\ufeff"):  # nothing that is seen
        answer = visitor.post(ACTIVATION, LOUIS.start_body | {"identifier": typed})
        assert answer.faults == {("#/identifier", "missing")}


@pytest.mark.parametrize(
    "name", ["Gar\u0000cia", "\U0001f600", "'; DROP", "<script>", "Ａ" * 200, "\u202egarcia", "..."]
)
def test_any_name_may_be_typed(world: World, visitor: Visitor, name: str) -> None:
    assert visitor.post(ACTIVATION, {"identifier": "10000001", "last_name": name}).status == 202
    world.deliver()
    assert visitor.post(f"{ACTIVATION}/verification", {"code": "000000"}).said == (422, "code-rejected")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        *(("mobile", number, "not-a-mobile") for number in ("01 40 00 00 00", "0899 00 00 00")),
        *(("mobile", number, "invalid") for number in ("+44 7700 900123", "")),
        ("mobile", "06 12 34 56 78 / 07 12 34 56 78", "several"),
        *(("email", address, "invalid") for address in ("pas-une-adresse", "louis@exemple..fr", "")),
        ("email", "a@exemple.fr, b@exemple.fr", "several"),
    ],
)
def test_a_code_goes_to_french_mobiles_only(world: World, newcomer: Visitor, field: str, value: str, code: str) -> None:
    """And to what is one address at all."""
    answer = newcomer.put(paths.CHANNEL, {"channel": "sms" if field == "mobile" else field, field: value})
    assert (answer.said, answer.faults) == ((422, "invalid-request"), {(f"#/{field}", code)})
    assert world.pending() == []


@pytest.mark.parametrize("consents", ["true", 1, 0, "peut-être", None, [], "on"])
def test_consent_is_a_yes_or_a_no(newcomer: Visitor, consents: object) -> None:
    answer = newcomer.put(paths.CONSENT, {"consents": consents, "text_version": "1"})
    assert (answer.said, answer.faults) == ((422, "invalid-request"), {("#/consents", "invalid")})


def test_a_refused_body_touches_nothing(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    before, own_flow = world.everything(), flow_id(visitor)
    for (method, path), body in BODIES.items():
        visitor.call(method, path, body | {"admin": True})
        visitor.call(method, path, raw=json.dumps(body)[:-1])
    assert world.everything() == before
    assert flow_id(visitor) == own_flow


Disguise = Callable[[str], str]
DISGUISES: list[Disguise] = [
    lambda text: f"\u202a{text}\u202c",
    lambda text: f"\u202d{text}\u202e",
    lambda text: f"\u2060{text}\ufeff",
    lambda text: f"\u00a0{text[:3]}\u00ad{text[3:]}\u202f",
    lambda text: "".join(chr(ord(char) + 0xFEE0) for char in text),
]
disguised = pytest.mark.parametrize("disguise", DISGUISES)


@disguised
def test_what_is_pasted_is_taken_in_every_field(world: World, visitor: Visitor, disguise: Disguise) -> None:
    typed = {"identifier": disguise(LOUIS.identifier), "last_name": disguise(LOUIS.last_name)}
    assert visitor.post(ACTIVATION, typed).said == (202, "verify_code")
    [message] = world.deliver()
    code = {"code": disguise(message.code)}
    assert visitor.post(f"{ACTIVATION}/verification", code).said == (200, "set_password")
    visitor.post(f"{ACTIVATION}/password", both(PASSWORD))
    settle(visitor)
    typed = {"identifier": disguise(LOUIS.identifier), "password": PASSWORD}
    assert Visitor().post(SESSION, typed).said == (202, "verify_code")
    for kind, contact in (("email", "louis@nouveau.fr"), ("mobile", "+33700123456")):
        body = {kind: disguise(contact), "password": PASSWORD}
        assert visitor.put(f"{paths.ACCOUNT}/{kind}", body).said == (202, "verify_contact")
        assert contact in [message.to for message in world.deliver()]


@disguised
@pytest.mark.usefixtures("world")
def test_the_desk_finds_who_is_meant(disguise: Disguise) -> None:
    assert CLAIRE.ask("contact/check", disguise(GARCIA), email=disguise(LOUIS_MAIL.upper())).body == {"matches": True}
    assert CLAIRE.ask("contact/check", disguise(GARCIA), mobile=disguise("612345678")).body == {"matches": True}
    found = CLAIRE.ask("search", structure_id=disguise("S1"), last_name=disguise("Garcia")).body["people"]
    assert [person["identifier"] for person in found] == [GARCIA]
    assert CLAIRE.ask("contact", GARCIA, email=disguise(LOUIS_MAIL.upper())).faults == {("#/email", "unchanged")}


@pytest.mark.parametrize("name", ["Gar\u202ecin", "Gar\x1bcin", " Garcin\n"])
def test_a_name_that_the_desk_corrects_has_nothing_that_a_terminal_obeys(world: World, name: str) -> None:
    assert CLAIRE.ask("name", GARCIA, last_name=name).status == 200
    assert world.profile()["name_correction"]["M"]["last_name"] == {"S": "Garcin"}
