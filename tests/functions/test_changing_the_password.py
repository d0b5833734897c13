"""The password of someone signed in, changed; and a forgotten one, reset."""

import pytest

from tests.builders import PASSWORD
from tests.functions.people import (
    ACCOUNT,
    AWA,
    DAY,
    LOUIS,
    LOUIS_MAIL,
    NEW_PASSWORD,
    OWN_PASSWORD,
    RESET,
    SESSION,
    Person,
    ask_code,
    both,
    credentials,
    prove,
    sign_in,
    with_two_contacts,
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


def test_every_proven_contact_is_told_of_a_new_password(world: World) -> None:
    assert change(with_two_contacts(world)).status == 200
    assert {message.channel for message in world.deliver()} == {"email", "sms"}


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
        (both("Garcia-10000001"), {("#/password", "too-common")}),
        (both("Zk7!" * 65), {("#/password", "too-long")}),
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


def test_a_decomposed_password_is_the_same(world: World, louis: Visitor) -> None:
    assert change(louis, new="Forêt-d’été-à-Môle-1987").status == 200
    decomposed = "Fore\u0302t-d’e\u0301te\u0301-a\u0300-Mo\u0302le-1987"
    assert Visitor().post(SESSION, credentials(LOUIS, decomposed)).status == 202
    assert change(louis, current=decomposed, new=decomposed).faults == {("#/password", "unchanged")}
    assert world


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


def test_a_reset_lifts_the_password_lock(world: World, louis: Visitor) -> None:
    for _ in range(10):
        Visitor().post(SESSION, credentials(LOUIS, "Une-Autre-Phrase-77"))
    assert Visitor().post(SESSION, credentials(LOUIS)).said == (429, "account-locked")
    visitor = Visitor()
    prove(world, visitor, LOUIS, RESET)
    visitor.post(f"{RESET}/password", both(NEW_PASSWORD))
    assert Visitor().post(SESSION, credentials(LOUIS, NEW_PASSWORD)).status == 202
    assert louis


def test_a_reset_takes_no_bad_password_and_its_flow_goes_on(world: World, louis: Visitor) -> None:
    visitor = Visitor()
    prove(world, visitor, LOUIS, RESET)
    assert visitor.post(f"{RESET}/password", both(PASSWORD)).faults == {("#/password", "unchanged")}
    assert visitor.post(f"{RESET}/password", both("Azerty123456")).faults == {("#/password", "too-common")}
    assert louis.get(ACCOUNT).status == 200
    assert visitor.post(f"{RESET}/password", both(NEW_PASSWORD)).said == (200, "sign_in")


def test_the_second_of_two_resets_opens_nothing(world: World, louis: Visitor) -> None:
    first, second = Visitor(), Visitor()
    for visitor in (first, second):
        prove(world, visitor, LOUIS, RESET)
    replayed = first.twin()
    assert first.post(f"{RESET}/password", both(NEW_PASSWORD)).status == 200
    other = "Bougie marine et lanterne"
    assert second.post(f"{RESET}/password", both(other)).said == (401, "flow-expired")
    assert replayed.post(f"{RESET}/password", both(other)).said == (409, "wrong-step")
    assert Visitor().post(SESSION, credentials(LOUIS, NEW_PASSWORD)).status == 202
    assert louis


def test_a_reset_before_activation_says_to_activate_first_once_a_day(world: World, visitor: Visitor) -> None:
    assert visitor.post(RESET, AWA.start_body).said == (202, "verify_code")
    [notice] = world.deliver()
    assert "Activez d'abord" in notice.text
    assert not notice.has_code
    Visitor().post(RESET, AWA.start_body)
    assert world.deliver() == []


def test_for_three_days_reset_codes_go_where_they_went_before_a_new_contact(world: World) -> None:
    with_two_contacts(world)
    assert ask_code(world, Visitor(), LOUIS, RESET).channel == "email"
    world.advance(3 * DAY - 1)
    assert ask_code(world, Visitor(), LOUIS, RESET).channel == "email"
    world.advance(DAY)
    assert ask_code(world, Visitor(), LOUIS, RESET).channel == "sms"
