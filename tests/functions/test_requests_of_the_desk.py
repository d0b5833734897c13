"""What agents do with people's requests: each act told to the person, one's own case never, another agent to reopen."""

from typing import Any

import pytest

from tests.builders import ROSTER
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
    asked = handle(CLAIRE, claim, "ask", field="la date", because="incomplet", before=IN_A_MONTH, words="Quel jour ?")
    assert asked.body["state"] == "to_complete"
    assert [mail.subject for mail in world.deliver()] == ["À vous\u00a0: une demande est à compléter"]
    shown = louis.get(f"{REQUESTS}/{claim['id']}").body
    assert (shown["deadline"], shown["yours"]) == (IN_A_MONTH, True)
    assert shown["sentence"] == "À vous, avant le 24/12/2026 : la date, il manque quelque chose."
    assert act(louis, claim, "completion", {"fields": {"depuis": "2026-10-01"}}).body["state"] == "examined"
    assert handle(CLAIRE, claim, "accept", words="Vos chèques repartent demain.").body["state"] == "settled"
    assert [mail.subject for mail in world.deliver()] == ["Une réponse à votre demande"]
    answered = louis.get(f"{REQUESTS}/{claim['id']}").body
    assert (answered["state_label"], answered["timeline"][-1]["words"]) == ("Répondue", "Vos chèques repartent demain.")
    assert queue() == {"requests": [], "next": 0, "examined": 0}


def test_the_oldest_that_no_agent_is_at_come_first(
    world: World, louis: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.support.requests.MOST_QUEUED", 2)
    numbers = []
    for taken in (True, True, True, False, False, False):
        request = sent(louis)
        numbers.append(request["number"])
        if taken:
            handle(CLAIRE, request, "take")
        world.advance(60)
    shown = queue()
    assert [one["number"] for one in shown["requests"]] == [*numbers[3:5], *numbers[:2]]
    assert (shown["next"], shown["examined"]) == (3, 3)


def test_what_a_person_writes_stands_in_the_queue_until_an_agent_answers(
    world: World, louis: Visitor, claim: Claim
) -> None:
    handle(CLAIRE, claim, "take")
    act(louis, claim, "message", {"text": "Avez-vous des nouvelles ?"})
    world.deliver()
    world.advance(1)
    assert [one.get("news") for one in queue()["requests"]] == ["message"]
    assert queue()["next"] == 1
    assert handle(CLAIRE, claim, "message", words="Oui : demain.").status == 200
    told = world.deliver()
    assert [(mail.channel, mail.subject) for mail in told] == [("email", "Le CNAS vous a écrit")]
    assert "demain" not in told[0].text
    world.advance(1)
    assert "news" not in str(queue()["requests"])


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


def test_a_look_and_an_act_are_lines_of_the_person_s_history(louis: Visitor, claim: Claim) -> None:
    handle(CLAIRE, claim, "look")
    handle(CLAIRE, claim, "take")
    labels = [line["label"] for line in louis.get("/api/account/history").body["events"]]
    assert any(label.startswith("Le CNAS a consulté une de vos demandes. Motif :") for label in labels)
    assert any(label.startswith("Le CNAS a traité une de vos demandes. Motif :") for label in labels)


def test_nobody_handles_their_own_case(world: World) -> None:
    request = sent(at_home(world, INES))
    assert handle(OWN, request, "look", INES.identifier).said == (403, "own-case")


def test_a_number_and_an_identifier_must_belong_together(claim: Claim) -> None:
    """However the number is written."""
    number = claim["number"]
    spaced = {"number": f"{number[:3]} {number[3:6]} {number[6:]}"}
    assert handle(CLAIRE, spaced, "look", AWA.identifier).said == (404, "request-not-found")
    assert handle(CLAIRE, spaced, "look").body["number"] == number


def test_a_claim_is_answered_in_words(claim: Claim) -> None:
    handle(CLAIRE, claim, "take")
    assert handle(CLAIRE, claim, "accept", words="").faults == {("#/words", "missing")}


def test_what_was_not_accepted_is_not_settled(claim: Claim) -> None:
    assert handle(CLAIRE, claim, "settle").said == (409, "wrong-step")
    handle(CLAIRE, claim, "take")
    assert handle(CLAIRE, claim, "settle").said == (409, "wrong-step")


@pytest.mark.parametrize(("day", "code"), [("2026-12-01", "too-soon"), ("2027-02-30", "invalid")])
def test_a_day_that_is_too_near_or_that_there_is_not_is_refused(claim: Claim, day: str, code: str) -> None:
    handle(CLAIRE, claim, "take")
    refused = handle(CLAIRE, claim, "ask", field="la date", because="perime", before=day)
    assert refused.faults == {("#/before", code)}


def test_only_what_cannot_wait_goes_by_sms_to_somebody_without_a_mail(world: World) -> None:
    awa = at_home(world, AWA)
    request = sent(awa)
    assert world.deliver() == []
    handle(CLAIRE, request, "take", AWA.identifier)
    handle(CLAIRE, request, "refuse", AWA.identifier, words="Trop tard.")
    [told] = world.deliver()
    assert told.channel == "sms"
    assert "réclamation" not in told.text.lower()
    assert ROSTER[1]["last_name"] not in told.text
