"""A contact changed after home: password first, a code to the new one, both told; and all that is held, shown."""

import json

import pytest

from tests.builders import PASSWORD
from tests.functions.people import (
    ACCOUNT,
    CHANNEL,
    CONSENT,
    CONTACT,
    LOUIS,
    LOUIS_MAIL,
    RESET,
    SESSION,
    ask_code,
    sign_in,
)
from tests.functions.visitor import Visitor
from tests.functions.world import World

EMAIL, MOBILE, EVERYWHERE = f"{ACCOUNT}/email", f"{ACCOUNT}/mobile", f"{ACCOUNT}/sessions"
NEW_MAIL = {"email": "louis@nouveau.fr", "password": PASSWORD}
NEW_MOBILE = {"mobile": "06 98 76 54 32", "password": PASSWORD}


def test_the_new_address_is_proven_by_a_code_and_both_are_told(world: World, louis: Visitor) -> None:
    assert louis.put(EMAIL, NEW_MAIL).said == (202, "verify_contact")
    [message] = world.deliver()
    assert message.to == "louis@nouveau.fr"
    assert louis.get(ACCOUNT).body["person"]["email"] == LOUIS_MAIL
    assert louis.get(SESSION).body["contact_change"]["destination"] == "à l'adresse l•••@n•••.fr"
    assert louis.post(f"{CONTACT}/verification", {"code": message.code}).said == (200, "home")
    assert louis.get(ACCOUNT).body["person"]["email"] == "louis@nouveau.fr"
    told = world.deliver()
    assert {notice.to for notice in told} == {LOUIS_MAIL, "louis@nouveau.fr"}
    assert not any(notice.has_code for notice in told)


def test_a_first_mobile_is_added_and_leaves_the_channel_alone(world: World, louis: Visitor) -> None:
    assert louis.put(MOBILE, NEW_MOBILE).said == (202, "verify_contact")
    [message] = world.deliver()
    louis.post(f"{CONTACT}/verification", {"code": message.code})
    person = louis.get(ACCOUNT).body["person"]
    assert (person["mobile"], person["channel"]) == ("+33698765432", "email")


@pytest.mark.parametrize(("path", "body"), [(EMAIL, NEW_MAIL), (MOBILE, NEW_MOBILE)])
def test_a_wrong_password_changes_nothing_and_counts(
    world: World, louis: Visitor, path: str, body: dict[str, str]
) -> None:
    world.set(WRONG_PASSWORDS=2)
    wrong = body | {"password": "Une-Autre-Phrase-77"}
    assert louis.put(path, wrong).body["attempts_left"] == 1
    assert louis.put(path, wrong).said == (401, "credentials-rejected")
    assert louis.put(path, body).said == (429, "account-locked")
    assert world.pending() == []


def test_the_same_address_again_is_unchanged(world: World, louis: Visitor) -> None:
    answer = louis.put(EMAIL, NEW_MAIL | {"email": LOUIS_MAIL})
    assert (answer.said, answer.faults) == ((422, "invalid-request"), {("#/email", "unchanged")})
    assert world.pending() == []


def test_before_home_a_contact_is_chosen_not_changed(newcomer: Visitor) -> None:
    refused = newcomer.put(EMAIL, NEW_MAIL)
    assert (refused.said, refused.next_step) == ((409, "wrong-step"), "give_consent")


def test_a_thief_of_a_session_gets_no_reset_code_by_changing_the_contact(world: World, louis: Visitor) -> None:
    for address in ("voleur@exemple.fr", "voleur2@exemple.fr"):
        louis.put(EMAIL, NEW_MAIL | {"email": address})
        [message] = [message for message in world.deliver() if message.has_code]
        louis.post(f"{CONTACT}/verification", {"code": message.code})
        world.deliver()
        assert ask_code(world, Visitor(), LOUIS, RESET).to == LOUIS_MAIL


def test_signing_out_everywhere_ends_every_session(world: World, louis: Visitor) -> None:
    other = sign_in(world, LOUIS)
    twin = louis.twin()
    assert louis.delete(EVERYWHERE).status == 204
    for visitor in (other, twin, louis):
        assert visitor.get(ACCOUNT).said == (401, "session-expired")
    assert louis.delete(EVERYWHERE).said == (401, "session-expired")


def test_the_history_tells_what_happened_in_order(world: World, louis: Visitor) -> None:
    world.advance(60)
    sign_in(world, LOUIS)
    louis.put(CONSENT, {"consents": False, "text_version": "1"})
    events = louis.get(f"{ACCOUNT}/history").body["events"]
    times = [event["at"] for event in events]
    assert times == sorted(times) or times == sorted(times, reverse=True)
    assert len(events) >= 4


def test_the_export_holds_the_person_and_no_secret(world: World, louis: Visitor) -> None:
    shown = louis.get(f"{ACCOUNT}/export")
    assert shown.status == 200
    assert {"Garcia", LOUIS_MAIL, "+33612345678"} <= set(
        json.dumps(shown.body).replace('"', " ").replace(",", " ").split()
    )
    profile = world.row("accounts", identifier=LOUIS.identifier, record="PROFILE")
    assert profile["password"]["M"]["encoded"]["S"] not in shown.text
    for word in ("argon2", "token", "epoch", "failures"):
        assert word not in shown.text


@pytest.mark.parametrize("path", ["history", "export"])
def test_personal_data_are_shown_before_the_terms_too_and_only_to_their_owner(newcomer: Visitor, path: str) -> None:
    assert newcomer.get(f"{ACCOUNT}/{path}").status == 200
    assert Visitor().get(f"{ACCOUNT}/{path}").said == (401, "session-expired")


def test_the_channel_follows_a_contact_that_is_proven_later(world: World, louis: Visitor) -> None:
    louis.put(MOBILE, NEW_MOBILE)
    assert louis.put(CHANNEL, {"channel": "sms"}).said == (409, "contact-not-proven")
    [message] = world.deliver()
    louis.post(f"{CONTACT}/verification", {"code": message.code})
    assert louis.put(CHANNEL, {"channel": "sms"}).said == (200, "home")
