"""What is pasted with spaces, invisible characters or full-width forms is taken as its plain value, in every call."""

from collections.abc import Callable

import pytest

from tests.builders import PASSWORD
from tests.functions.desk import CLAIRE, GARCIA, profile
from tests.functions.people import ACCOUNT, ACTIVATION, LOUIS, LOUIS_MAIL, SESSION
from tests.functions.visitor import Visitor
from tests.functions.world import World

DISGUISES: list[Callable[[str], str]] = [
    lambda text: f"\u202a{text}\u202c",
    lambda text: f"\u202d{text}\u202e",
    lambda text: f"\u2060{text}\ufeff",
    lambda text: f"\u00a0{text[:3]}\u00ad{text[3:]}\u202f",
    lambda text: "".join(chr(ord(char) + 0xFEE0) for char in text),
]
disguised = pytest.mark.parametrize("disguise", DISGUISES)


@disguised
def test_an_identifier_a_name_and_a_code_are_taken(
    world: World, visitor: Visitor, disguise: Callable[[str], str]
) -> None:
    typed = {"identifier": disguise(LOUIS.identifier), "last_name": disguise(LOUIS.last_name)}
    assert visitor.post(ACTIVATION, typed).said == (202, "verify_code")
    [message] = world.deliver()
    assert message.to == LOUIS_MAIL
    code = {"code": disguise(message.code)}
    assert visitor.post(f"{ACTIVATION}/verification", code).said == (200, "set_password")


@disguised
def test_an_identifier_signs_in(louis: Visitor, disguise: Callable[[str], str]) -> None:
    typed = {"identifier": disguise(LOUIS.identifier), "password": PASSWORD}
    assert Visitor().post(SESSION, typed).said == (202, "verify_code")
    assert louis.get(SESSION).body["who"] == "session"


@disguised
@pytest.mark.parametrize(("kind", "typed"), [("email", "louis@nouveau.fr"), ("mobile", "+33700123456")])
def test_a_new_contact_is_taken(
    world: World, louis: Visitor, disguise: Callable[[str], str], kind: str, typed: str
) -> None:
    body = {kind: disguise(typed), "password": PASSWORD}
    assert louis.put(f"{ACCOUNT}/{kind}", body).said == (202, "verify_contact")
    [message] = world.deliver()
    assert message.to == typed


@disguised
@pytest.mark.usefixtures("world")
def test_the_desk_finds_who_is_meant(disguise: Callable[[str], str]) -> None:
    assert CLAIRE.ask("contact/check", disguise(GARCIA), email=disguise(LOUIS_MAIL.upper())).body == {"matches": True}
    assert CLAIRE.ask("contact/check", disguise(GARCIA), mobile=disguise("612345678")).body == {"matches": True}
    found = CLAIRE.ask("search", structure_id=disguise("S1"), last_name=disguise("Garcia")).body["people"]
    assert [person["identifier"] for person in found] == [GARCIA]
    assert CLAIRE.ask("contact", GARCIA, email=disguise(LOUIS_MAIL.upper())).faults == {("#/email", "unchanged")}


@pytest.mark.parametrize("name", ["Gar\u202ecin", "Gar\x1bcin", " Garcin\n"])
def test_a_name_that_the_desk_corrects_has_nothing_that_a_terminal_obeys(world: World, name: str) -> None:
    assert CLAIRE.ask("name", GARCIA, last_name=name).status == 200
    assert profile(world)["name_correction"]["last_name"] == "Garcin"


@pytest.mark.parametrize(
    ("kind", "typed"), [("email", "a@exemple.fr, b@exemple.fr"), ("mobile", "06 12 34 56 78 / 07 12 34 56 78")]
)
def test_two_contacts_in_one_field_are_refused_as_two(louis: Visitor, kind: str, typed: str) -> None:
    answer = louis.put(f"{ACCOUNT}/{kind}", {kind: typed, "password": PASSWORD})
    assert (answer.said, answer.faults) == ((422, "invalid-request"), {(f"#/{kind}", "several")})


@pytest.mark.parametrize("typed", ["\u200b", "\u00a0\ufeff"])
def test_an_identifier_of_nothing_that_is_seen_is_missing(visitor: Visitor, typed: str) -> None:
    assert visitor.post(ACTIVATION, LOUIS.start_body | {"identifier": typed}).faults == {("#/identifier", "missing")}
