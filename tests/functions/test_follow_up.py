"""What a correspondent follows, over the real rows: consent given, seen, withdrawn, and the very next call."""

import pytest

from tests.builders import ROSTER
from tests.functions.correspondents import CLAIRE_FONTAINE, ELSEWHERE, at_home_as_correspondent, invite, link, unlink
from tests.functions.desk import CLAIRE as AGENT
from tests.functions.paths import CONSENT, FOLLOW_UP
from tests.functions.people import LOUIS
from tests.functions.requests import IN_A_MONTH, handle, sent
from tests.functions.visitor import Answer, Visitor
from tests.functions.wire import timeout
from tests.functions.world import World


@pytest.fixture
def claire(world: World, louis: Visitor) -> Visitor:
    """Claire at home, who answers for S1, Louis's employer; Louis consents, and has sent a claim."""
    world.import_rows([*ROSTER, ELSEWHERE])
    sent(louis)
    invite(world)
    return at_home_as_correspondent(world, CLAIRE_FONTAINE)


def follow(claire: Visitor, structure: str = "S1", **more: str) -> Answer:
    return claire.post(FOLLOW_UP, {"structure": structure, **more})


def decide(louis: Visitor, *, consents: bool) -> None:
    assert louis.put(CONSENT, {"consents": consents, "text_version": "1"}).status == 200


def looks(louis: Visitor) -> int:
    events = louis.get("/api/account/history").body["events"]
    return sum(event["kind"] == "correspondent_looked" for event in events)


def test_a_correspondent_sees_requests_of_who_consents_and_that_is_seen(claire: Visitor, louis: Visitor) -> None:
    for _ in range(2):
        [person] = follow(claire).body["people"]
    assert (person["last_name"], [one["state_label"] for one in person["requests"]]) == ("Garcia", ["Envoyée"])
    assert looks(louis) == 1
    said = [event["label"] for event in louis.get("/api/account/history").body["events"]]
    assert "Votre correspondant a consulté le suivi de vos demandes" in said


def test_what_is_asked_for_is_shown_and_no_words(world: World, claire: Visitor, louis: Visitor) -> None:
    [one] = louis.get("/api/requests").body["requests"]
    handle(AGENT, one, "take")
    handle(AGENT, one, "ask", field="la date", because="incomplet", before=IN_A_MONTH, words="Mots pour Louis seul")
    answer = follow(claire)
    [shown] = answer.body["people"][0]["requests"]
    assert (shown["asked"], shown["deadline"], shown["number"]) == ("la date", IN_A_MONTH, one["number"])
    for secret in ("Mots pour Louis seul", "jamais arrivés", LOUIS.identifier, one["id"]):
        assert secret not in answer.text
    assert world


def test_the_very_next_call_after_consent_is_withdrawn_shows_nobody(claire: Visitor, louis: Visitor) -> None:
    decide(louis, consents=False)
    assert follow(claire).body == {"people": []}
    decide(louis, consents=True)
    assert len(follow(claire).body["people"]) == 1


def test_the_very_next_call_after_an_unlinking_or_a_move_is_refused_or_shows_nobody(
    world: World, claire: Visitor, louis: Visitor
) -> None:
    moved = {"structure_id": "S2", "structure_name": "Ville d'ailleurs"}
    world.import_rows([{**ROSTER[0], **moved}, *ROSTER[1:]])
    assert follow(claire).body == {"people": []}
    assert follow(claire, "S2").said == follow(claire, "S9").said == (404, "not-found")
    link(world, "S2")
    unlink(world, "S1")
    assert follow(claire, "S2").body == {"people": []}
    assert follow(claire).said == (404, "not-found")
    assert looks(louis) == 0


def test_a_look_that_cannot_be_written_shows_nothing(world: World, claire: Visitor, louis: Visitor) -> None:
    world.wire.fail("TransactWriteItems", timeout)
    refused = follow(claire)
    world.wire.mend()
    assert (refused.said, "Garcia" in refused.text) == ((503, "unavailable"), False)
    assert looks(louis) == 0


def test_a_beneficiary_and_a_word_that_is_no_place_are_refused(claire: Visitor, louis: Visitor) -> None:
    assert follow(louis).said == (403, "not-your-account")
    assert follow(claire, after="x").said == (422, "invalid-request")
