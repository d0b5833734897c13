"""What is decided before home, the home, and what is changed after it: a contact, a password."""

from dataclasses import replace

import pytest

from activation import bootstrap
from activation.domain.menu import MENU
from activation.domain.terms import TermsAcceptance
from activation.texts import current_texts
from tests.builders import PASSWORD
from tests.functions import people
from tests.functions.paths import ACCOUNT, CHANNEL, CONSENT, CONTACT, OWN_PASSWORD, RESET, SESSION, TERMS
from tests.functions.people import LOUIS, LOUIS_MAIL, LOUIS_MOBILE, NEW_PASSWORD, both, credentials
from tests.functions.visitor import Answer, Visitor
from tests.functions.world import World

YES, NO = ({"consents": consents, "text_version": "1"} for consents in (True, False))


def test_new_terms_are_asked_for_with_the_version_that_they_replace(world: World, louis: Visitor) -> None:
    account = bootstrap.accounts().get(LOUIS.identifier)
    assert account
    bootstrap.store().commit(bootstrap.accounts().save(replace(account, terms=TermsAcceptance("0", world.now))))
    where = louis.get(SESSION)
    assert (where.next_step, where.body["terms"]["replaces"]) == ("accept_terms", "0")
    refused = louis.get(ACCOUNT)
    assert (refused.said, refused.next_step) == ((409, "wrong-step"), "accept_terms")
    before = world.everything()
    outdated = louis.put(TERMS, {"version": "0"})
    assert (outdated.said, outdated.body["current_version"]) == ((409, "outdated-version"), "1")
    assert louis.put(CONSENT, {"consents": True, "text_version": "1.0"}).said == (409, "outdated-version")
    assert world.everything() == before


def test_a_withdrawal_reads_otherwise_than_a_first_refusal(louis: Visitor) -> None:
    for consents in (NO, NO, YES):
        louis.put(CONSENT, consents)
    said = [event["label"] for event in louis.get(f"{ACCOUNT}/history").body["events"] if event["kind"] == "consent"]
    assert [label.split(" au ")[0] for label in said] == [
        "Vous avez consenti",
        "Vous n'avez pas consenti",
        "Vous avez retiré votre consentement",
        "Vous avez consenti",
    ]


def test_the_password_and_the_sign_out_stand_outside_the_gate(newcomer: Visitor) -> None:
    body = {"current": "Girafe-Brumeuse-1987-quai", **both("Loutre58-Cuivre92-Balcon")}
    assert newcomer.put(OWN_PASSWORD, body).said == (200, "give_consent")
    assert newcomer.delete(SESSION).status == 204


def test_the_terms_are_there_for_everybody(visitor: Visitor) -> None:
    shown, terms = visitor.get("/api/terms"), current_texts().terms
    assert shown.body == {"version": terms.version, "date": terms.date, "sha256": terms.sha256, "url": terms.url}


def test_home_shows_the_person_their_correspondent_and_the_menu_in_order(louis: Visitor) -> None:
    home = louis.get(ACCOUNT)
    assert home.said == (200, "home")
    assert [entry["label"] for entry in home.body["menu"]] == [entry.label for entry in MENU]
    person, correspondent = home.body["person"], home.body["correspondent"]
    assert (person["identifier"], person["first_name"], person["last_name"]) == ("10000001", "Louis", "Garcia")
    assert (person["email"], person["channel"]) == (LOUIS_MAIL, "email")
    assert "mobile" not in person
    assert person["consent"]["consents"] is True
    assert (correspondent["name"], correspondent["may_follow_requests"]) == ("Claire Fontaine", True)
    louis.put(CONSENT, NO)
    assert louis.get(ACCOUNT).body["correspondent"]["may_follow_requests"] is False


def test_later_takes_the_proven_contact_and_forgets_the_one_that_waits(world: World) -> None:
    visitor = people.in_session(world, people.ROSE)
    visitor.put(CONSENT, YES)
    for _ in range(2):  # a minute later its code comes again
        assert visitor.put(CHANNEL, {"channel": "sms", "mobile": "0692123456"}).said == (202, "verify_contact")
        world.advance(60)
    assert [message.channel for message in world.deliver()] == ["sms", "sms"]
    assert visitor.put(CHANNEL, {"channel": "email"}).said == (200, "accept_terms")
    assert "__Host-flow" not in visitor.cookies
    assert visitor.get("/api/session").next_step == "accept_terms"


def test_a_refused_consent_leads_on_just_as_well(world: World, newcomer: Visitor) -> None:
    """And of the contacts in a choice only the chosen channel's is taken."""
    assert newcomer.put(CONSENT, NO).said == (200, "choose_channel")
    body = {"channel": "email", "email": LOUIS_MAIL, "mobile": "0699999999"}
    assert newcomer.put(CHANNEL, body).said == (200, "accept_terms")
    assert (world.deliver(), "+33699999999" in world.everything()) == ([], False)
    assert newcomer.put(TERMS, {"version": "1"}).said == (200, "home")
    assert newcomer.get(ACCOUNT).body["person"]["consent"]["consents"] is False


EMAIL, MOBILE, EVERYWHERE = f"{ACCOUNT}/email", f"{ACCOUNT}/mobile", f"{ACCOUNT}/sessions"
Body = dict[str, str]
NEW_MAIL = {"email": "louis@nouveau.fr", "password": PASSWORD}
NEW_MOBILE = {"mobile": "06 98 76 54 32", "password": PASSWORD}


def test_the_new_address_is_proven_by_a_code_and_both_are_told(world: World, louis: Visitor) -> None:
    same = louis.put(EMAIL, {"email": LOUIS_MAIL.upper(), "password": PASSWORD})
    assert same.faults == {("#/email", "unchanged")}
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


def test_a_contact_on_file_is_told_masked_until_it_is_verified(world: World, louis: Visitor) -> None:
    home = louis.get(ACCOUNT).body
    assert home["on_file"] == {"mobile": "au numéro se terminant par 78"}
    assert LOUIS_MOBILE not in str(home)
    home = people.with_two_contacts(world).get(ACCOUNT).body
    assert (home["person"]["mobile"], home["person"]["channel"]) == (LOUIS_MOBILE, "sms")
    assert "on_file" not in home


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


def test_choosing_the_channel_that_is_chosen_already_tells_nobody(world: World, louis: Visitor) -> None:
    """And leaves the verification of a new contact alone."""
    before = world.rows("accounts")
    for _ in range(3):
        world.advance(360)
        assert louis.put(CHANNEL, {"channel": "email"}).said == (200, "home")
    assert world.deliver() == []
    assert world.rows("accounts") == before
    louis.put(EMAIL, NEW_MAIL)
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
