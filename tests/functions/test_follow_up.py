"""What a correspondent follows, over the real rows: consent given, seen, withdrawn, and the very next call."""

import pytest

from tests.builders import ROSTER
from tests.functions.correspondents import CLAIRE_FONTAINE, ELSEWHERE, at_home_as_correspondent, invite, link, unlink
from tests.functions.paths import CONSENT, FOLLOW_UP
from tests.functions.requests import sent
from tests.functions.visitor import Answer, Visitor
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


def looks(louis: Visitor) -> list[str]:
    events = louis.get("/api/account/history").body["events"]
    return [event["label"] for event in events if event["kind"] == "correspondent_looked"]


def test_a_correspondent_sees_requests_of_who_consents_and_that_is_seen(claire: Visitor, louis: Visitor) -> None:
    for _ in range(2):
        [person] = follow(claire).body["people"]
    assert (person["last_name"], [one["state_label"] for one in person["requests"]]) == ("Garcia", ["Envoyée"])
    assert looks(louis) == ["Votre correspondant a consulté le suivi de vos demandes"]
    assert follow(claire, after="x").said == (422, "invalid-request")


def test_the_very_next_call_after_consent_is_withdrawn_shows_nobody(claire: Visitor, louis: Visitor) -> None:
    for consents, shown in ((False, 0), (True, 1)):
        assert louis.put(CONSENT, {"consents": consents, "text_version": "1"}).status == 200
        assert len(follow(claire).body["people"]) == shown


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
    assert looks(louis) == []
