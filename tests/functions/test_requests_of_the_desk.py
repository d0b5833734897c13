"""What agents do with people's requests: each act told to the person, one's own case never, another agent to reopen."""

from typing import Any

import pytest

from tests.functions.desk import CLAIRE, KARIM, REASON, Agent
from tests.functions.paths import REQUESTS
from tests.functions.people import AWA, INES, LOUIS, at_home
from tests.functions.requests import IN_A_MONTH, act, handle, opened, saved, sent
from tests.functions.visitor import Visitor
from tests.functions.world import World

Claim = dict[str, Any]
OWN = Agent("arn:aws:sts::123456789012:assumed-role/HelpDesk/ines")


def queue() -> dict[str, Any]:
    return dict(CLAIRE.ask("requests/queue").body)


@pytest.fixture
def claim(world: World, louis: Visitor) -> Claim:
    """Louis's claim, sent; what was told of it is out."""
    request = sent(louis)
    world.deliver()
    return request


def test_a_claim_is_taken_asked_about_completed_and_answered(world: World, louis: Visitor, claim: Claim) -> None:
    world.advance(1)  # an index is a moment late
    queued = queue()["requests"]
    assert [(one["number"], one["identifier"]) for one in queued] == [(claim["number"], LOUIS.identifier)]
    assert handle(CLAIRE, claim, "take").body["state"] == "examined"
    assert handle(CLAIRE, claim, "settle").said == (409, "wrong-step")
    assert handle(CLAIRE, claim, "message", words="Bonjour.").body["timeline"][-1]["words"] == "Bonjour."
    assert [mail.subject for mail in world.deliver()] == ["Le CNAS vous a écrit"]
    ask = {"field": "la date", "because": "incomplet", "words": "Quel jour ?"}
    assert handle(CLAIRE, claim, "ask", **ask, before="2026-12-01").faults == {("#/before", "too-soon")}
    assert handle(CLAIRE, claim, "ask", **ask, before=IN_A_MONTH).body["state"] == "to_complete"
    assert [mail.subject for mail in world.deliver()] == ["À vous\u00a0: une demande est à compléter"]
    shown = louis.get(f"{REQUESTS}/{claim['id']}").body
    assert (shown["deadline"], shown["yours"]) == (IN_A_MONTH, True)
    assert shown["sentence"] == "À vous, avant le 24/12/2026 : la date, il manque quelque chose."
    assert act(louis, claim, "completion", {"fields": {"depuis": "2026-10-01"}}).body["state"] == "examined"
    assert handle(CLAIRE, claim, "accept", words="").faults == {("#/words", "missing")}
    assert handle(CLAIRE, claim, "accept", words="Vos chèques repartent demain.").body["state"] == "settled"
    assert [mail.subject for mail in world.deliver()] == ["Une réponse à votre demande"]
    answered = louis.get(f"{REQUESTS}/{claim['id']}").body
    assert (answered["state_label"], answered["timeline"][-1]["words"]) == ("Répondue", "Vos chèques repartent demain.")
    assert queue() == {"requests": [], "next": 0, "examined": 0}


def test_the_oldest_that_no_agent_is_at_come_first(
    world: World, louis: Visitor, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.support.requests.MOST_QUEUED", 1)
    world.advance(60)
    older = sent(louis)
    world.advance(60)
    sent(louis)
    handle(CLAIRE, claim, "take")
    world.advance(1)
    shown = queue()
    assert [one["number"] for one in shown["requests"]] == [older["number"], claim["number"]]
    assert (shown["next"], shown["examined"]) == (2, 1)


def test_what_was_queued_before_there_were_two_queues_is_found_once(world: World, claim: Claim) -> None:
    handle(CLAIRE, claim, "take")
    [row] = [row for row in world.rows("requests") if "queue" in row]
    world.deployment.dynamodb.put_item(TableName="requests", Item={**row, "queue": {"S": "reclamation"}})
    world.advance(1)
    assert [(one["number"], one["state"]) for one in queue()["requests"]] == [(claim["number"], "examined")]


def test_a_refusal_is_reopened_by_another_agent_only(claim: Claim) -> None:
    handle(CLAIRE, claim, "take")
    handle(CLAIRE, claim, "refuse", words="Trop tard.")
    assert handle(CLAIRE, claim, "reopen").said == (409, "second-agent-needed")
    reopened = handle(KARIM, claim, "reopen").body
    assert (reopened["state"], reopened["timeline"][-1]["words"]) == ("examined", REASON)
    assert handle(KARIM, claim, "drop", words="Déjà réglé.").body["state_label"] == "Classée sans suite"


def test_an_agent_issues_a_non_versement_that_anybody_verifies(louis: Visitor) -> None:
    draft = opened(louis, "non-versement")
    saved(louis, draft, attention="la CAF", aide="la garde d'un enfant", annee="2026")
    act(louis, draft, "sending")
    handle(CLAIRE, draft, "take")
    assert handle(CLAIRE, draft, "accept").body["state_label"] == "Délivrée"
    document = louis.get(f"{REQUESTS}/{draft['id']}/document").body
    assert document["attention"] == "la CAF"
    assert document["attests"] == "En 2026, le CNAS n'a pas versé à cette personne : la garde d'un enfant."
    assert Visitor().post("/api/documents/verification", {"code": document["code"]}).body["state"] == "valid"


def test_nobody_handles_their_own_case(world: World) -> None:
    request = sent(at_home(world, INES))
    assert handle(OWN, request, "look", INES.identifier).said == (403, "own-case")


def test_a_number_and_an_identifier_must_belong_together(claim: Claim) -> None:
    """However the number is written."""
    number = claim["number"]
    spaced = {"number": f"{number[:3]} {number[3:6]} {number[6:]}"}
    assert handle(CLAIRE, spaced, "look", AWA.identifier).said == (404, "request-not-found")
    assert handle(CLAIRE, spaced, "look").body["number"] == number
