"""What a schema refuses: which field, why, in French, and never what was sent."""

import json
from typing import Any

import pytest

from tests.functions.people import (
    ACTIVATION,
    CHANNEL,
    CONSENT,
    CONTACT,
    LOUIS,
    OWN_PASSWORD,
    RESET,
    SESSION,
    TERMS,
    flow_id,
)
from tests.functions.requests import REQUESTS, VERIFICATION
from tests.functions.test_correspondents_calls import ROW, SEARCH, UPLOADS
from tests.functions.test_follow_up import FOLLOW_UP
from tests.functions.visitor import Visitor
from tests.functions.world import World

REQUEST = f"{REQUESTS}/{{request_id}}"
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", ACTIVATION): {"identifier": "10000001", "last_name": "Garcia"},
    ("POST", RESET): {"identifier": "10000001", "last_name": "Garcia"},
    ("POST", f"{ACTIVATION}/code"): {},
    ("POST", f"{ACTIVATION}/verification"): {"code": "123456"},
    ("POST", f"{ACTIVATION}/password"): {"password": "x" * 12, "confirmation": "x" * 12},
    ("POST", f"{RESET}/code"): {},
    ("POST", f"{RESET}/verification"): {"code": "123456"},
    ("POST", f"{RESET}/password"): {"password": "x" * 12, "confirmation": "x" * 12},
    ("POST", SESSION): {"identifier": "10000001", "password": "x" * 12},
    ("POST", f"{SESSION}/code"): {"channel": "sms"},
    ("POST", f"{SESSION}/verification"): {"code": "123456"},
    ("POST", f"{CONTACT}/code"): {},
    ("POST", f"{CONTACT}/verification"): {"code": "123456"},
    ("PUT", CONSENT): {"consents": True, "text_version": "1"},
    ("PUT", CHANNEL): {"channel": "sms", "email": "nom@exemple.fr", "mobile": "0612345678"},
    ("PUT", TERMS): {"version": "1"},
    ("PUT", "/api/account/email"): {"email": "nom@exemple.fr", "password": "x" * 12},
    ("PUT", "/api/account/mobile"): {"mobile": "0612345678", "password": "x" * 12},
    ("POST", SEARCH): {"structure": "S1", "name": "Gar", "missing": "contact", "identifier": "10000001"},
    ("POST", FOLLOW_UP): {"structure": "S1"},
    ("PUT", ROW): {"identifier": "10000001", "version": "v", "row": {"email": "nom@exemple.fr"}, "confirm": []},
    ("POST", f"{UPLOADS}/{{upload_id}}/application"): {"confirm": ["departures"]},
    ("POST", f"{UPLOADS}/{{upload_id}}/undoing"): {},
    ("POST", REQUESTS): {"kind": "reclamation", "about": "01ARZ3NDEKTSV4RRFFQ69G5FAV"},
    ("PUT", REQUEST): {"version": 1, "fields": {"explication": "Je n'ai rien reçu."}},
    ("POST", f"{REQUEST}/sending"): {},
    ("POST", f"{REQUEST}/withdrawal"): {},
    ("POST", f"{REQUEST}/completion"): {"fields": {"depuis": "2026-10-01"}},
    ("POST", f"{REQUEST}/message"): {"text": "Bonjour"},
    ("POST", VERIFICATION): {"code": "0000-0000-0000"},
    ("PUT", OWN_PASSWORD): {"current": "x" * 12, "password": "y" * 12, "confirmation": "y" * 12},
}
FIELDS = [(method, path, name) for (method, path), body in BODIES.items() for name in body]
OPTIONAL = {
    (CHANNEL, "email"),
    (CHANNEL, "mobile"),
    (f"{SESSION}/code", "channel"),
    *((SEARCH, name) for name in ("name", "missing", "identifier")),
    (ROW, "confirm"),
    (REQUESTS, "about"),
    (f"{UPLOADS}/{{upload_id}}/application", "confirm"),
}
MAPS = {(REQUEST, "fields"), (f"{REQUEST}/completion", "fields")}
"""Fields that take any names, none as well: what these mean is known once the request is read."""
ODD = [
    None,
    12345678,
    1.5,
    [],
    ["Garcia"],
    {},
    {"$gt": ""},
    "",
    float("nan"),
    float("inf"),
    10**400,
    -0.0,
    "\ud800",
    "a\udfff" * 7,
    "\u0000",
    "x" * 2_000,
]


@pytest.mark.parametrize(("method", "path"), BODIES)
@pytest.mark.parametrize(
    "raw", ["null", "[]", '"secret-value"', "123456789", "true", "[{}]", "[null]", "NaN", "-Infinity"]
)
def test_a_body_is_an_object(visitor: Visitor, method: str, path: str, raw: str) -> None:
    answer = visitor.call(method, path, raw=raw)
    assert answer.said == (422, "invalid-request")
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


@pytest.mark.parametrize(("method", "path", "name"), [field for field in FIELDS if field[1:] not in OPTIONAL])
def test_a_missing_field_is_named(visitor: Visitor, method: str, path: str, name: str) -> None:
    body = {given: value for given, value in BODIES[method, path].items() if given != name}
    answer = visitor.call(method, path, body)
    assert (answer.said, answer.faults) == ((422, "invalid-request"), {(f"#/{name}", "missing")})
    [fault] = answer.body["errors"]
    assert fault["detail"].endswith(".")


@pytest.mark.parametrize(("method", "path"), [key for key, body in BODIES.items() if len(body) > 1])
def test_all_that_is_wrong_is_told_at_once(visitor: Visitor, method: str, path: str) -> None:
    answer = visitor.call(method, path, dict.fromkeys(BODIES[method, path], 12345678))
    assert {pointer for pointer, _ in answer.faults} == {f"#/{name}" for name in BODIES[method, path]}


@pytest.mark.parametrize("value", ["ABCDEFGH", "1000000A", "10000001'--", "١٠٠٠", "+10000001", "1" * 41, "-1"])
def test_an_identifier_has_digits_only(visitor: Visitor, value: str) -> None:
    answer = visitor.post(ACTIVATION, {"identifier": value, "last_name": "Garcia"})
    assert (answer.said[1], {pointer for pointer, _ in answer.faults}) == ("invalid-request", {"#/identifier"})


@pytest.mark.parametrize(
    "name", ["Gar\u0000cia", "\U0001f600", "'; DROP", "<script>", "Ａ" * 200, "\u202egarcia", "..."]
)
def test_any_name_may_be_typed(world: World, visitor: Visitor, name: str) -> None:
    assert visitor.post(ACTIVATION, {"identifier": "10000001", "last_name": name}).status == 202
    world.deliver()
    assert visitor.post(f"{ACTIVATION}/verification", {"code": "000000"}).said == (422, "code-rejected")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("01 40 00 00 00", "not-a-mobile"),
        ("0899 00 00 00", "not-a-mobile"),
        ("+44 7700 900123", "invalid"),
        ("", "invalid"),
    ],
)
def test_a_code_goes_to_french_mobiles_only(world: World, newcomer: Visitor, number: str, code: str) -> None:
    answer = newcomer.put(CHANNEL, {"channel": "sms", "mobile": number})
    assert (answer.said, answer.faults) == ((422, "invalid-request"), {("#/mobile", code)})
    assert world.pending() == []


@pytest.mark.parametrize("address", ["pas-une-adresse", "louis@exemple..fr", ""])
def test_a_code_goes_to_addresses_only(world: World, newcomer: Visitor, address: str) -> None:
    answer = newcomer.put(CHANNEL, {"channel": "email", "email": address})
    assert (answer.said, answer.faults) == ((422, "invalid-request"), {("#/email", "invalid")})
    assert world.pending() == []


@pytest.mark.parametrize("address", ["a@b.fr\r\nBcc: x@y.fr", "a@b.fr\n", '"a\r\n"@b.fr', "a@b.fr,c@d.fr", "<a@b.fr>"])
def test_no_address_smuggles_a_header_or_a_second_one(world: World, newcomer: Visitor, address: str) -> None:
    newcomer.put(CHANNEL, {"channel": "email", "email": address})
    assert {message.to for message in world.deliver()} <= {"a@b.fr"}


@pytest.mark.parametrize("consents", ["true", 1, 0, "peut-être", None, [], "on"])
def test_consent_is_a_yes_or_a_no(newcomer: Visitor, consents: object) -> None:
    answer = newcomer.put(CONSENT, {"consents": consents, "text_version": "1"})
    assert (answer.said, answer.faults) == ((422, "invalid-request"), {("#/consents", "invalid")})


def test_a_refused_body_touches_nothing(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    before, held = world.everything(), flow_id(visitor)
    for (method, path), body in BODIES.items():
        visitor.call(method, path, body | {"admin": True})
        visitor.call(method, path, raw=json.dumps(body)[:-1])
    assert world.everything() == before
    assert flow_id(visitor) == held
