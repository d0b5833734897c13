"""A contact or a password changed after home: the password first, a code, everybody told."""

import pytest

from tests.builders import PASSWORD
from tests.functions import people
from tests.functions.paths import ACCOUNT, CHANNEL, CONTACT, OWN_PASSWORD, RESET, SESSION
from tests.functions.people import DAY, HOUR, LOUIS, LOUIS_MAIL, LOUIS_MOBILE, NEW_PASSWORD, both, credentials, sign_in
from tests.functions.visitor import Answer, Visitor
from tests.functions.world import World

EMAIL, MOBILE, EVERYWHERE = f"{ACCOUNT}/email", f"{ACCOUNT}/mobile", f"{ACCOUNT}/sessions"
Body = dict[str, str]
NEW_MAIL = {"email": "louis@nouveau.fr", "password": PASSWORD}
NEW_MOBILE = {"mobile": "06 98 76 54 32", "password": PASSWORD}


def test_the_new_address_is_proven_by_a_code_and_both_are_told(world: World, louis: Visitor) -> None:
    assert louis.put(EMAIL, NEW_MAIL).said == (202, "verify_contact")
    [message] = world.deliver()
    assert message.to == "louis@nouveau.fr"
    assert louis.get(ACCOUNT).body["person"]["email"] == LOUIS_MAIL
    assert louis.get(SESSION).body["contact_change"]["destination"] == "à l'adresse l•••@n•••.fr"
    assert louis.post(f"{CONTACT}/verification", {"code": message.code}).said == (200, "home")
    assert "__Host-flow" not in louis.cookies
    assert louis.get(ACCOUNT).body["person"]["email"] == "louis@nouveau.fr"
    told = world.deliver()
    assert {notice.to for notice in told} == {LOUIS_MAIL, "louis@nouveau.fr"}
    assert not any(notice.has_code for notice in told)


def test_a_contact_on_file_that_was_never_verified_is_told_masked(louis: Visitor) -> None:
    home = louis.get(ACCOUNT).body
    assert home["on_file"] == {"mobile": "au numéro se terminant par 78"}
    assert LOUIS_MOBILE not in str(home)


def test_a_contact_on_file_that_is_verified_is_told_once(world: World) -> None:
    home = people.with_two_contacts(world).get(ACCOUNT).body
    assert (home["person"]["mobile"], home["person"]["channel"]) == (LOUIS_MOBILE, "sms")
    assert "on_file" not in home


def test_the_same_address_in_capitals_is_the_same(louis: Visitor) -> None:
    refused = louis.put(EMAIL, {"email": LOUIS_MAIL.upper(), "password": PASSWORD})
    assert refused.faults == {("#/email", "unchanged")}


@pytest.mark.parametrize(("path", "body"), [(EMAIL, NEW_MAIL), (MOBILE, NEW_MOBILE)])
def test_a_wrong_password_changes_nothing_and_counts(world: World, louis: Visitor, path: str, body: Body) -> None:
    world.set(WRONG_PASSWORDS=2)
    wrong = body | {"password": "Une-Autre-Phrase-77"}
    assert louis.put(path, wrong).body["attempts_left"] == 1
    assert louis.put(path, wrong).said == (401, "credentials-rejected")
    assert louis.put(path, body).said == (429, "account-locked")
    assert world.pending() == []


def test_a_reset_begun_before_signing_out_everywhere_ends_there(world: World, louis: Visitor) -> None:
    thief = Visitor()
    code = people.ask_code(world, thief, LOUIS, RESET).code
    louis.delete(EVERYWHERE)
    world.advance(61)
    assert thief.post(f"{RESET}/code").status == 202
    assert world.deliver() == []
    thief.post(f"{RESET}/verification", {"code": code})
    assert thief.post(f"{RESET}/password", both(NEW_PASSWORD)).said == (401, "flow-expired")


def test_choosing_the_channel_that_is_chosen_already_tells_nobody(world: World, louis: Visitor) -> None:
    before = world.rows("accounts")
    for _ in range(3):
        world.advance(HOUR // 10)
        assert louis.put(CHANNEL, {"channel": "email"}).said == (200, "home")
    assert world.deliver() == []
    assert world.rows("accounts") == before


def test_a_sign_in_begun_before_a_contact_changed_does_not_open_by_the_former_one(world: World, louis: Visitor) -> None:
    thief = Visitor()
    assert thief.post(SESSION, credentials(LOUIS)).status == 202
    [message] = world.deliver()
    assert message.to == LOUIS_MAIL
    people.change_mail(world, louis, "louis@nouveau.fr")
    assert thief.post(f"{SESSION}/verification", {"code": message.code}).said == (401, "flow-expired")
    world.advance(61)
    assert thief.post(f"{SESSION}/code").status == 202
    [again] = world.deliver()
    assert again.to == "louis@nouveau.fr"


def test_former_contacts_leave_the_export_when_their_72_hours_are_over(world: World, louis: Visitor) -> None:
    people.change_mail(world, louis, "louis@nouveau.fr")
    assert len(louis.get(f"{ACCOUNT}/export").body["former_contacts"]) == 1
    world.advance(3 * DAY)
    assert sign_in(world, LOUIS).get(f"{ACCOUNT}/export").body["former_contacts"] == []
    profile = world.profile()
    assert profile["former"] == {"L": []}


def test_choosing_a_channel_after_home_leaves_the_verification_of_a_new_contact_alone(louis: Visitor) -> None:
    louis.put(EMAIL, {"email": "louis@nouveau.fr", "password": PASSWORD})
    assert louis.put(CHANNEL, {"channel": "email"}).said == (200, "home")
    assert "contact_change" in louis.get(SESSION).body


def change(visitor: Visitor, current: str = PASSWORD, new: str = NEW_PASSWORD) -> Answer:
    return visitor.put(OWN_PASSWORD, {"current": current, **both(new)})


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


def test_a_password_that_will_not_do_is_refused_and_costs_no_try(world: World, louis: Visitor) -> None:
    world.set(WRONG_PASSWORDS=2)
    before = louis.cookies.copy()
    for new, confirmation, faults in (
        (PASSWORD, PASSWORD, {("#/password", "unchanged")}),
        ("court", "court", {("#/password", "too-short"), ("#/password", "too-few-kinds")}),
        (NEW_PASSWORD, NEW_PASSWORD + "x", {("#/confirmation", "mismatch")}),
    ):
        answer = louis.put(OWN_PASSWORD, {"current": PASSWORD, "password": new, "confirmation": confirmation})
        assert (answer.said, answer.faults) == ((422, "password-rejected"), faults)
    assert (louis.cookies, louis.get(ACCOUNT).status, world.deliver()) == (before, 200, [])
