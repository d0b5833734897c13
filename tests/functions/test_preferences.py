"""What is decided before home, and the home: the gate before it, and what may be said again."""

from dataclasses import replace

from activation import bootstrap
from activation.domain.menu import MENU
from activation.domain.terms import TermsAcceptance
from activation.texts import current_texts
from tests.functions.paths import ACCOUNT, CHANNEL, CONSENT, OWN_PASSWORD, SESSION, TERMS
from tests.functions.people import LOUIS, LOUIS_MAIL, ROSE, both, in_session
from tests.functions.visitor import Visitor
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


def test_a_channel_without_a_proven_contact_is_refused(world: World, louis: Visitor) -> None:
    before = world.everything()
    assert louis.put(CHANNEL, {"channel": "sms"}).said == (409, "contact-not-proven")
    assert louis.put(CHANNEL, {"channel": "sms", "mobile": "0612345678"}).said == (409, "contact-not-proven")
    assert louis.put(CHANNEL, {"channel": "email", "email": "autre@exemple.fr"}).said == (409, "contact-not-proven")
    assert world.everything() == before


def test_only_the_chosen_channels_contact_is_taken(world: World, newcomer: Visitor) -> None:
    newcomer.put(CONSENT, YES)
    body = {"channel": "email", "email": "louis.garcia@mondomaine.com", "mobile": "0699999999"}
    assert newcomer.put(CHANNEL, body).said == (200, "accept_terms")
    assert world.deliver() == []
    assert "+33699999999" not in world.everything()


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
    visitor = in_session(world, ROSE)
    visitor.put(CONSENT, {"consents": True, "text_version": "1"})
    for _ in range(2):  # a minute later its code comes again
        assert visitor.put(CHANNEL, {"channel": "sms", "mobile": "0692123456"}).said == (202, "verify_contact")
        world.advance(60)
    assert [message.channel for message in world.deliver()] == ["sms", "sms"]
    assert visitor.put(CHANNEL, {"channel": "email"}).said == (200, "accept_terms")
    assert "__Host-flow" not in visitor.cookies
    assert visitor.get("/api/session").next_step == "accept_terms"


def test_a_refused_consent_leads_on_just_as_well(newcomer: Visitor) -> None:
    assert newcomer.put(CONSENT, {"consents": False, "text_version": "1"}).said == (200, "choose_channel")
    assert newcomer.put(CHANNEL, {"channel": "email"}).said == (200, "accept_terms")
    assert newcomer.put(TERMS, {"version": "1"}).said == (200, "home")
    assert newcomer.get(ACCOUNT).body["person"]["consent"]["consents"] is False
