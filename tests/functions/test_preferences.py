"""Consent, channel and terms: the gate before home, what may be said again, and what is kept as proof."""

from typing import Any

import pytest

from activation.texts import current_texts
from tests.functions.people import ACCOUNT, CHANNEL, CONSENT, CONTACT, OWN_PASSWORD, SESSION, TERMS, both
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


def test_the_same_answers_may_be_given_again_before_the_terms(world: World, newcomer: Visitor) -> None:
    for consents in (YES, NO, YES):
        assert newcomer.put(CONSENT, consents).said == (200, "choose_channel")
    for _ in range(2):
        assert newcomer.put(CHANNEL, {"channel": "email"}).said == (200, "accept_terms")
    assert newcomer.put(CONSENT, NO).said == (200, "accept_terms")
    assert [entry["consents"]["BOOL"] for entry in ledger(world, "CONSENT#")].count(False) == 2
    assert len(ledger(world, "CONSENT#")) == 4


@pytest.mark.parametrize("version", ["2", "0", "1.0", "1066-10-14"])
def test_another_version_of_a_text_is_outdated(world: World, newcomer: Visitor, version: str) -> None:
    before = world.everything()
    assert newcomer.put(CONSENT, {"consents": True, "text_version": version}).said == (409, "outdated-version")
    assert newcomer.put(TERMS, {"version": version}).said == (409, "outdated-version")
    assert world.everything() == before


def test_a_channel_without_a_proven_contact_is_refused(world: World, louis: Visitor) -> None:
    before = world.everything()
    assert louis.put(CHANNEL, {"channel": "sms"}).said == (409, "contact-not-proven")
    assert louis.put(CHANNEL, {"channel": "sms", "mobile": "0612345678"}).said == (409, "contact-not-proven")
    assert louis.put(CHANNEL, {"channel": "email", "email": "autre@exemple.fr"}).said == (409, "contact-not-proven")
    assert world.everything() == before


def test_a_new_contact_before_home_is_proven_by_a_code_which_may_be_asked_for_again(
    world: World, newcomer: Visitor
) -> None:
    newcomer.put(CONSENT, YES)
    typed = {"channel": "sms", "mobile": "0612345678"}
    codes = []
    for _ in range(2):
        assert newcomer.put(CHANNEL, typed).said == (202, "verify_contact")
        [message] = world.deliver()
        assert message.to == "+33612345678"
        codes.append(message.code)
        world.advance(61)
    assert newcomer.post(f"{CONTACT}/verification", {"code": codes[-1]}).said == (200, "accept_terms")


def test_only_the_chosen_channels_contact_is_taken(world: World, newcomer: Visitor) -> None:
    newcomer.put(CONSENT, YES)
    body = {"channel": "email", "email": "louis.garcia@mondomaine.com", "mobile": "0699999999"}
    assert newcomer.put(CHANNEL, body).said == (200, "accept_terms")
    assert world.deliver() == []
    assert "+33699999999" not in world.everything()


def test_the_password_and_the_sign_out_stand_outside_the_gate(newcomer: Visitor) -> None:
    body = {"current": "Girafe-Brumeuse-1987-quai", **both("Loutre58-Cuivre92-Balcon")}
    assert newcomer.put(OWN_PASSWORD, body).said == (200, "give_consent")
    assert newcomer.delete(SESSION).status == 204


def test_the_terms_are_there_for_everybody(visitor: Visitor) -> None:
    shown, terms = visitor.get("/api/terms"), current_texts().terms
    assert shown.body == {"version": terms.version, "date": terms.date, "sha256": terms.sha256, "url": terms.url}
