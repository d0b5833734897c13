"""`docs/openapi.json` says what whoever makes a client from it has to know."""

import re
from collections.abc import Iterator
from typing import Any

from tests.architecture.test_the_api_s_guide import API, CALLS

TIMES = re.compile(r"(.+_)?(at|time)|.+_until|last_sign_in")


def members(schema: Any) -> Iterator[tuple[str, Any]]:
    """Every member of every object at any depth, by its name."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from members(part)


def is_a_time(schema: dict[str, Any]) -> bool:
    return any(one.get("format") == "date-time" for one in (schema, *schema.get("anyOf", ())))


def test_every_time_is_marked_as_one() -> None:
    named = {(name, is_a_time(schema)) for name, schema in members(API["components"]["schemas"])}
    assert {name for name, is_time in named if is_time} == {name for name, _ in named if TIMES.fullmatch(name)}
    assert {name for name, is_time in named if not is_time and TIMES.fullmatch(name)} == set()


def test_any_call_may_be_one_too_many_for_the_firewall_or_the_gateway() -> None:
    assert {name for name, call in CALLS.items() if "429" not in call["responses"]} == set()


def test_calls_have_short_names_of_their_own() -> None:
    names = [call["operationId"] for call in CALLS.values()]
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]*)+", name) for name in names)
    assert len(set(names)) == len(names)
    assert CALLS["POST /api/activation"]["operationId"] == "startActivation"


def test_no_address_has_a_place_for_an_identifier_a_name_or_a_search() -> None:
    said = [one for operation in CALLS.values() for one in operation.get("parameters", ())]
    places = {(one["in"], one["name"]) for one in said if one.get("in") in ("path", "query")}
    assert places == {("path", "upload_id"), ("path", "request_id"), ("query", "after")}
