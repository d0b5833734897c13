"""What a schema refuses: which field, why, in French; and what is pasted, taken as its plain value."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import PASSWORD
from tests.functions import paths
from tests.functions.desk import CLAIRE, GARCIA
from tests.functions.people import LOUIS, LOUIS_MAIL, both, flow_id, settle
from tests.functions.visitor import Visitor
from tests.functions.world import World

REQUEST = f"{paths.REQUESTS}/{{request_id}}"
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", paths.ACTIVATION): {"identifier": "10000001", "last_name": "Garcia"},
    ("POST", paths.RESET): {"identifier": "10000001", "last_name": "Garcia"},
    ("POST", f"{paths.ACTIVATION}/code"): {},
    ("POST", f"{paths.ACTIVATION}/verification"): {"code": "123456"},
    ("POST", f"{paths.ACTIVATION}/password"): {"password": "x" * 12, "confirmation": "x" * 12},
    ("POST", f"{paths.RESET}/code"): {},
    ("POST", f"{paths.RESET}/verification"): {"code": "123456"},
    ("POST", f"{paths.RESET}/password"): {"password": "x" * 12, "confirmation": "x" * 12},
    ("POST", paths.SESSION): {"identifier": "10000001", "password": "x" * 12},
    ("POST", f"{paths.SESSION}/code"): {"channel": "sms"},
    ("POST", f"{paths.SESSION}/verification"): {"code": "123456"},
    ("POST", f"{paths.CONTACT}/code"): {},
    ("POST", f"{paths.CONTACT}/verification"): {"code": "123456"},
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
    ("POST", f"{REQUEST}/sending"): {},
    ("POST", f"{REQUEST}/withdrawal"): {},
    ("POST", f"{REQUEST}/completion"): {"fields": {"depuis": "2026-10-01"}},
    ("POST", f"{REQUEST}/message"): {"text": "Bonjour"},
    ("POST", paths.VERIFICATION): {"code": "0000-0000-0000"},
    ("PUT", paths.OWN_PASSWORD): {"current": "x" * 12, "password": "y" * 12, "confirmation": "y" * 12},
}
FIELDS = [(method, path, name) for (method, path), body in BODIES.items() for name in body]
OPTIONAL = {
    *((paths.CHANNEL, name) for name in ("email", "mobile")),
    *((paths.SEARCH, name) for name in ("name", "missing", "identifier")),
    *((f"{paths.SESSION}/code", "channel"), (paths.ROW, "confirm")),
    *((paths.REQUESTS, "about"), (f"{paths.UPLOADS}/{{upload_id}}/application", "confirm")),
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


@pytest.mark.parametrize(
    "name", ["Gar\u0000cia", "\U0001f600", "'; DROP", "<script>", "Ａ" * 200, "\u202egarcia", "..."]
)
def test_any_name_may_be_typed(world: World, visitor: Visitor, name: str) -> None:
    assert visitor.post(paths.ACTIVATION, {"identifier": "10000001", "last_name": name}).status == 202
    world.deliver()
    assert visitor.post(f"{paths.ACTIVATION}/verification", {"code": "000000"}).said == (422, "code-rejected")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        *(("mobile", number, "not-a-mobile") for number in ("01 40 00 00 00", "0899 00 00 00")),
        *(("mobile", number, "invalid") for number in ("+44 7700 900123", "")),
        *(("email", address, "invalid") for address in ("pas-une-adresse", "louis@exemple..fr", "")),
    ],
)
def test_a_code_goes_to_french_mobiles_only(world: World, newcomer: Visitor, field: str, value: str, code: str) -> None:
    """And to what is an address at all."""
    answer = newcomer.put(paths.CHANNEL, {"channel": "sms" if field == "mobile" else field, field: value})
    assert (answer.said, answer.faults) == ((422, "invalid-request"), {(f"#/{field}", code)})
    assert world.pending() == []


@pytest.mark.parametrize("consents", ["true", 1, 0, "peut-être", None, [], "on"])
def test_consent_is_a_yes_or_a_no(newcomer: Visitor, consents: object) -> None:
    answer = newcomer.put(paths.CONSENT, {"consents": consents, "text_version": "1"})
    assert (answer.said, answer.faults) == ((422, "invalid-request"), {("#/consents", "invalid")})


def test_a_refused_body_touches_nothing(world: World, visitor: Visitor) -> None:
    visitor.post(paths.ACTIVATION, LOUIS.start_body)
    before, held = world.everything(), flow_id(visitor)
    for (method, path), body in BODIES.items():
        visitor.call(method, path, body | {"admin": True})
        visitor.call(method, path, raw=json.dumps(body)[:-1])
    assert world.everything() == before
    assert flow_id(visitor) == held


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
    assert visitor.post(paths.ACTIVATION, typed).said == (202, "verify_code")
    [message] = world.deliver()
    code = {"code": disguise(message.code)}
    assert visitor.post(f"{paths.ACTIVATION}/verification", code).said == (200, "set_password")
    visitor.post(f"{paths.ACTIVATION}/password", both(PASSWORD))
    settle(visitor)
    typed = {"identifier": disguise(LOUIS.identifier), "password": PASSWORD}
    assert Visitor().post(paths.SESSION, typed).said == (202, "verify_code")
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


@pytest.mark.parametrize(
    ("kind", "typed"), [("email", "a@exemple.fr, b@exemple.fr"), ("mobile", "06 12 34 56 78 / 07 12 34 56 78")]
)
def test_two_contacts_in_one_field_are_refused_as_two(louis: Visitor, kind: str, typed: str) -> None:
    answer = louis.put(f"{paths.ACCOUNT}/{kind}", {kind: typed, "password": PASSWORD})
    assert (answer.said, answer.faults) == ((422, "invalid-request"), {(f"#/{kind}", "several")})


@pytest.mark.parametrize("typed", ["\u200b", "\u00a0\ufeff"])
def test_an_identifier_of_nothing_that_is_seen_is_missing(visitor: Visitor, typed: str) -> None:
    assert visitor.post(paths.ACTIVATION, LOUIS.start_body | {"identifier": typed}).faults == {
        ("#/identifier", "missing")
    }
