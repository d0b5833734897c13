"""The password of someone signed in, changed; and a forgotten one, reset."""

import pytest

from tests.builders import PASSWORD
from tests.functions.people import (
    ACCOUNT,
    LOUIS,
    LOUIS_MAIL,
    NEW_PASSWORD,
    OWN_PASSWORD,
    RESET,
    SESSION,
    Person,
    both,
    credentials,
    prove,
    sign_in,
)
from tests.functions.visitor import Answer, Visitor
from tests.functions.world import World


def change(visitor: Visitor, current: str = PASSWORD, new: str = NEW_PASSWORD) -> Answer:
    return visitor.put(OWN_PASSWORD, {"current": current, **both(new)})


def test_a_new_password_ends_the_other_sessions_and_renews_this_one(world: World, louis: Visitor) -> None:
    other, before = sign_in(world, LOUIS), louis.twin()
    assert change(louis).said == (200, "home")
    assert louis.cookies["__Host-session"] != before.cookies["__Host-session"]
    assert louis.get(ACCOUNT).status == 200
    for dead in (other, before):
        assert dead.get(ACCOUNT).said == (401, "session-expired")
    [notice] = world.deliver()
    assert (notice.to, notice.has_code) == (LOUIS_MAIL, False)
    assert Visitor().post(SESSION, credentials(LOUIS)).said == (401, "credentials-rejected")
    assert Visitor().post(SESSION, credentials(LOUIS, NEW_PASSWORD)).status == 202


def test_a_wrong_current_password_counts_as_one_at_sign_in_in_this_browser(world: World, louis: Visitor) -> None:
    before = world.rows("accounts")
    for number in range(10):
        answer = change(louis, current="Une-Autre-Phrase-77")
        assert answer.said == (401, "credentials-rejected")
        assert answer.body.get("attempts_left") == (1 if number == 8 else None)
    assert change(louis).said == (429, "account-locked")
    assert louis.twin().post(SESSION, credentials(LOUIS)).said == (429, "account-locked")
    assert louis.get(ACCOUNT).status == 200
    assert world.rows("accounts") == before


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        (both(PASSWORD), {("#/password", "unchanged")}),
        (both("court"), {("#/password", "too-short"), ("#/password", "too-few-kinds")}),
        ({"password": NEW_PASSWORD, "confirmation": NEW_PASSWORD + "x"}, {("#/confirmation", "mismatch")}),
    ],
)
def test_a_password_that_will_not_do_is_refused_and_costs_no_try(
    world: World, louis: Visitor, body: dict[str, str], faults: set[tuple[str, str]]
) -> None:
    world.set(WRONG_PASSWORDS=2)
    before = louis.cookies.copy()
    for _ in range(3):
        answer = louis.put(OWN_PASSWORD, {"current": PASSWORD, **body})
        assert (answer.said, answer.faults) == ((422, "password-rejected"), faults)
    assert louis.cookies == before
    assert louis.get(ACCOUNT).status == 200
    assert world.deliver() == []


def test_a_forgotten_password_is_reset_all_the_way(world: World, louis: Visitor) -> None:
    visitor = Visitor()
    prove(world, visitor, Person("10000001", "GARCIA"), RESET)
    assert visitor.get(SESSION).body["purpose"] == "password_reset"
    answer = visitor.post(f"{RESET}/password", both(NEW_PASSWORD))
    assert answer.said == (200, "sign_in")
    assert visitor.cookies.keys() == {"__Host-device"}
    assert louis.get(SESSION).body["who"] == "anonymous"
    [notice] = world.deliver()
    assert (notice.to, notice.has_code) == (LOUIS_MAIL, False)
    assert Visitor().post(SESSION, credentials(LOUIS)).said == (401, "credentials-rejected")
    assert sign_in(world, LOUIS, NEW_PASSWORD).get(ACCOUNT).status == 200
