"""Consent, channel and terms: the gate before home, what may be said again, and what is kept as proof."""

from typing import Any

import pytest

from activation.texts import current_texts
from tests.functions.people import (
    ACCOUNT,
    AWA,
    CHANNEL,
    CONSENT,
    CONTACT,
    LOUIS_MAIL,
    LOUIS_MOBILE,
    OWN_PASSWORD,
    SESSION,
    TERMS,
    both,
    in_session,
    with_two_contacts,
)
from tests.functions.visitor import Visitor
from tests.functions.world import World

YES, NO = ({"consents": consents, "text_version": "1"} for consents in (True, False))


def ledger(world: World, kind: str) -> list[dict[str, Any]]:
    return [row for row in world.rows("accounts") if row["record"]["S"].startswith(kind)]


def test_home_is_closed_until_everything_is_decided(newcomer: Visitor) -> None:
    for path, body, step in (
        (CONSENT, YES, "give_consent"),
        (CHANNEL, {"channel": "email"}, "choose_channel"),
        (TERMS, {"version": "1"}, "accept_terms"),
    ):
        refused = newcomer.get(ACCOUNT)
        assert (refused.said, refused.next_step) == ((409, "wrong-step"), step)
        assert newcomer.put(path, body).status == 200
    assert newcomer.get(ACCOUNT).said == (200, "home")


def test_the_terms_come_last(world: World, newcomer: Visitor) -> None:
    assert newcomer.put(TERMS, {"version": "1"}).next_step == "give_consent"
    newcomer.put(CONSENT, NO)
    refused = newcomer.put(TERMS, {"version": "1"})
    assert (refused.said, refused.next_step) == ((409, "wrong-step"), "choose_channel")
    assert ledger(world, "TERMS#") == []


def test_the_same_answers_may_be_given_again_before_the_terms(world: World, newcomer: Visitor) -> None:
    for consents in (YES, NO, YES):
        assert newcomer.put(CONSENT, consents).said == (200, "choose_channel")
    for _ in range(2):
        assert newcomer.put(CHANNEL, {"channel": "email"}).said == (200, "accept_terms")
    assert newcomer.put(CONSENT, NO).said == (200, "accept_terms")
    assert [entry["consents"]["BOOL"] for entry in ledger(world, "CONSENT#")].count(False) == 2
    assert len(ledger(world, "CONSENT#")) == 4


def test_each_decision_is_proven_by_the_text_it_was_made_on(world: World, newcomer: Visitor) -> None:
    newcomer.put(CONSENT, NO)
    [entry] = ledger(world, "CONSENT#")
    assert entry["text_sha256"]["S"] == current_texts().consent.sha256
    assert (entry["text_version"]["S"], entry["consents"]["BOOL"]) == ("1", False)
    assert entry["decided_at"]["N"] == str(world.now)
    assert {"session_id", "purpose"} <= entry.keys()


def test_the_same_terms_again_write_nothing(world: World, louis: Visitor) -> None:
    before = world.everything()
    world.advance(60)
    assert louis.put(TERMS, {"version": "1"}).said == (200, "home")
    assert world.everything() == before
    assert len(ledger(world, "TERMS#")) == 1


@pytest.mark.parametrize("version", ["2", "0", "1.0", "1066-10-14"])
def test_another_version_of_a_text_is_outdated(world: World, newcomer: Visitor, version: str) -> None:
    before = world.everything()
    assert newcomer.put(CONSENT, {"consents": True, "text_version": version}).said == (409, "outdated-version")
    assert newcomer.put(TERMS, {"version": version}).said == (409, "outdated-version")
    assert world.everything() == before


@pytest.mark.parametrize("stage", ["newcomer", "louis"])
def test_consent_may_be_withdrawn_at_any_time(request: pytest.FixtureRequest, world: World, stage: str) -> None:
    visitor: Visitor = request.getfixturevalue(stage)
    given = visitor.put(CONSENT, YES)
    withdrawn = visitor.put(CONSENT, NO)
    assert withdrawn.said == given.said
    assert withdrawn.status == 200
    assert any(entry["consents"]["BOOL"] is False for entry in ledger(world, "CONSENT#"))


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


def test_an_unproven_choice_writes_only_the_flow(world: World, newcomer: Visitor) -> None:
    newcomer.put(CONSENT, YES)
    before = world.rows("accounts")
    assert newcomer.put(CHANNEL, {"channel": "sms", "mobile": "0612345678"}).said == (202, "verify_contact")
    assert world.rows("accounts") == before
    assert newcomer.get(ACCOUNT).next_step == "choose_channel"


def test_a_new_address_typed_with_a_mistake_can_be_typed_again(world: World) -> None:
    visitor = in_session(world, AWA)
    visitor.put(CONSENT, YES)
    first = visitor.put(CHANNEL, {"channel": "email", "email": "awa@exmple.fr"})
    second = visitor.put(CHANNEL, {"channel": "email", "email": "awa@exemple.fr"})
    assert first.body["flow"] != second.body["flow"]
    [message] = [message for message in world.deliver() if message.to == "awa@exemple.fr"]
    assert visitor.post(f"{CONTACT}/verification", {"code": message.code}).said == (200, "accept_terms")


def test_the_same_address_again_is_a_resend(world: World) -> None:
    visitor = in_session(world, AWA)
    body = {"channel": "email", "email": "awa@exemple.fr"}
    first = visitor.put(CHANNEL, body)
    assert visitor.put(CHANNEL, body).body == first.body
    world.advance(60)
    again = visitor.put(CHANNEL, body).body
    assert (again["flow"], again["code"]["resends_left"]) == (first.body["flow"], 3)


def test_contact_codes_are_sent_again_in_their_session(world: World, newcomer: Visitor) -> None:
    newcomer.put(CHANNEL, {"channel": "sms", "mobile": "0612345678"})
    assert newcomer.post(f"{CONTACT}/code").said == (429, "resend-too-early")
    world.advance(60)
    assert newcomer.post(f"{CONTACT}/code").said == (202, "verify_contact")
    first, second = world.deliver()
    assert first.to == second.to == "+33612345678"
    assert newcomer.post(f"{CONTACT}/verification", {"code": first.code}).status == 200


def test_contacts_are_changed_three_times_an_hour_at_most(world: World, newcomer: Visitor) -> None:
    for number in range(3):
        answer = newcomer.put(CHANNEL, {"channel": "sms", "mobile": f"061234567{number}"})
        assert answer.said == (202, "verify_contact")
    refused = newcomer.put(CHANNEL, {"channel": "sms", "mobile": "0612345679"})
    assert (refused.said, refused.body["retry_at"]) == ((429, "too-many-codes"), world.in_(1_800))


def test_every_proven_contact_is_told_of_another_channel(world: World) -> None:
    louis = with_two_contacts(world)
    assert louis.put(CHANNEL, {"channel": "email"}).said == (200, "home")
    told = world.deliver()
    assert {message.to for message in told} == {LOUIS_MAIL, LOUIS_MOBILE}
    assert not any(message.has_code for message in told)


def test_the_password_and_the_sign_out_stand_outside_the_gate(newcomer: Visitor) -> None:
    body = {"current": "Girafe-Brumeuse-1987-quai", **both("Loutre58-Cuivre92-Balcon")}
    assert newcomer.put(OWN_PASSWORD, body).said == (200, "give_consent")
    assert newcomer.delete(SESSION).status == 204


def test_the_terms_are_there_for_everybody(visitor: Visitor) -> None:
    shown, terms = visitor.get("/api/terms"), current_texts().terms
    assert shown.body == {"version": terms.version, "date": terms.date, "sha256": terms.sha256, "url": terms.url}
