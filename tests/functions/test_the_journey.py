"""From step 1 to home, as a person goes."""

import pytest

from activation.domain.menu import MENU
from tests.builders import PASSWORD
from tests.functions.people import (
    ACCOUNT,
    ACTIVATION,
    AWA,
    CHANNEL,
    CONSENT,
    CONTACT,
    INES,
    LOUIS,
    LOUIS_MAIL,
    ROSE,
    TERMS,
    Person,
    ask_code,
    both,
    in_session,
)
from tests.functions.visitor import Visitor
from tests.functions.world import World


@pytest.mark.parametrize(
    ("person", "channel", "to"),
    [
        (LOUIS, "email", LOUIS_MAIL),
        (AWA, "sms", "+33623456789"),
        (INES, "email", "ines@mondomaine.com"),
        (ROSE, "email", "rose@mondomaine.com"),
        (Person("10000005", "saint martin"), "email", "rose@mondomaine.com"),
        (Person("10000005", "ST-MARTIN"), "email", "rose@mondomaine.com"),
        (Person("1000 0002", "ndiaye"), "sms", "+33623456789"),
        (Person("10000004", "d almeida coeur"), "email", "ines@mondomaine.com"),
    ],
)
def test_a_person_activates_their_account_from_their_contact_on_file(
    world: World, visitor: Visitor, person: Person, channel: str, to: str
) -> None:
    message = ask_code(world, visitor, person)
    assert (message.channel, message.to) == (channel, to)
    as_it_is_read = f" {message.code[:3]} {message.code[3:]} "
    assert visitor.post(f"{ACTIVATION}/verification", {"code": as_it_is_read}).said == (200, "set_password")
    assert visitor.post(f"{ACTIVATION}/password", both(PASSWORD)).said == (200, "give_consent")
    [confirmation] = world.deliver()
    assert (confirmation.channel, confirmation.to, confirmation.has_code) == (channel, to, False)
    assert visitor.put(CONSENT, {"consents": True, "text_version": "1"}).said == (200, "choose_channel")
    assert visitor.put(CHANNEL, {"channel": channel}).said == (200, "accept_terms")
    assert visitor.put(TERMS, {"version": "1"}).said == (200, "home")
    assert world.deliver() == []


def test_home_shows_the_person_their_correspondent_and_the_menu_in_order(louis: Visitor) -> None:
    home = louis.get(ACCOUNT)
    assert home.said == (200, "home")
    assert [entry["label"] for entry in home.body["menu"]] == [entry.label for entry in MENU]
    person, correspondent = home.body["person"], home.body["correspondent"]
    assert (person["identifier"], person["first_name"], person["last_name"]) == ("10000001", "Louis", "Garcia")
    assert (person["email"], person["channel"]) == (LOUIS_MAIL, "email")
    assert "mobile" not in person
    assert person["consent"]["consents"] is True
    assert correspondent["name"] == "Claire Fontaine"


def test_a_mobile_is_proven_by_a_code_before_it_becomes_the_channel(world: World) -> None:
    visitor = in_session(world, ROSE)
    visitor.put(CONSENT, {"consents": True, "text_version": "1"})
    asked = visitor.put(CHANNEL, {"channel": "sms", "mobile": "06 92 12 34 56"})
    assert asked.said == (202, "verify_contact")
    [message] = world.deliver()
    assert (message.channel, message.to) == ("sms", "+262692123456")
    assert visitor.post(f"{CONTACT}/verification", {"code": message.code}).said == (200, "accept_terms")
    assert "__Host-flow" not in visitor.cookies
    assert visitor.put(TERMS, {"version": "1"}).said == (200, "home")
    shown = visitor.get(ACCOUNT).body["person"]
    assert (shown["mobile"], shown["channel"]) == ("+262692123456", "sms")


def test_later_takes_the_proven_contact_and_forgets_the_one_that_waits(world: World) -> None:
    visitor = in_session(world, ROSE)
    visitor.put(CONSENT, {"consents": True, "text_version": "1"})
    assert visitor.put(CHANNEL, {"channel": "sms", "mobile": "0692123456"}).said == (202, "verify_contact")
    [message] = world.deliver()
    waiting = visitor.twin()
    assert visitor.put(CHANNEL, {"channel": "email"}).said == (200, "accept_terms")
    assert "__Host-flow" not in visitor.cookies
    assert visitor.get("/api/session").next_step == "accept_terms"
    assert visitor.put(TERMS, {"version": "1"}).said == (200, "home")
    person = visitor.get(ACCOUNT).body["person"]
    assert person["channel"] == "email"
    assert "mobile" not in person
    assert waiting.post(f"{CONTACT}/verification", {"code": message.code}).said == (200, "home")
    assert visitor.get(ACCOUNT).body["person"]["channel"] == "email"


def test_a_refused_consent_leads_on_just_as_well(newcomer: Visitor) -> None:
    assert newcomer.put(CONSENT, {"consents": False, "text_version": "1"}).said == (200, "choose_channel")
    assert newcomer.put(CHANNEL, {"channel": "email"}).said == (200, "accept_terms")
    assert newcomer.put(TERMS, {"version": "1"}).said == (200, "home")
    assert newcomer.get(ACCOUNT).body["person"]["consent"]["consents"] is False
