"""What agents do with people's requests: each act told to the person, one's own case never, another agent to reopen."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.builders import ROSTER
from tests.functions.desk import CLAIRE, KARIM, Agent
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


@pytest.mark.parametrize("steps", [(), ("take",), ("take", "ask")], ids=["sent", "examined", "to complete"])
def test_what_a_person_writes_stands_in_the_queue_until_an_agent_answers(
    world: World, louis: Visitor, claim: Claim, steps: tuple[str, ...]
) -> None:
    for step in steps:
        more = {"field": "la date", "because": "incomplet", "before": IN_A_MONTH} if step == "ask" else {}
        assert handle(CLAIRE, claim, step, **more).status == 200
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


def test_what_was_completed_stands_before_what_an_agent_examines(world: World, louis: Visitor, claim: Claim) -> None:
    handle(CLAIRE, claim, "take")
    handle(CLAIRE, claim, "ask", field="la date", because="incomplet", before=IN_A_MONTH)
    world.advance(1)
    assert queue()["requests"] == []
    act(louis, claim, "completion", {"fields": {"depuis": "2026-10-01"}})
    world.advance(1)
    assert [(one["state"], one["news"]) for one in queue()["requests"]] == [("examined", "complete")]


def test_what_was_queued_before_there_were_two_queues_is_found_once(world: World, claim: Claim) -> None:
    handle(CLAIRE, claim, "take")
    [row] = [row for row in world.rows("requests") if "queue" in row]
    world.deployment.dynamodb.put_item(TableName="requests", Item={**row, "queue": {"S": "reclamation"}})
    world.advance(1)
    assert [(one["number"], one["state"]) for one in queue()["requests"]] == [(claim["number"], "examined")]


def test_a_request_waits_since_its_day_in_mainland_france(world: World, claim: Claim) -> None:
    [row] = [row for row in world.rows("requests") if "queue" in row]
    at_night = {"N": str(int(datetime(2026, 11, 24, 23, 30, tzinfo=UTC).timestamp()))}
    world.deployment.dynamodb.put_item(TableName="requests", Item={**row, "sent_at": at_night})
    world.advance(1)
    [one] = queue()["requests"]
    assert (one["number"], one["sent_at"], one["sent_on"]) == (claim["number"], "2026-11-24T23:30:00Z", "2026-11-25")


def test_a_refusal_is_reopened_by_another_agent_only(world: World, louis: Visitor, claim: Claim) -> None:
    handle(CLAIRE, claim, "take")
    assert handle(CLAIRE, claim, "refuse", words="Trop tard.").body["state"] == "refused"
    assert "contest" in louis.get(f"{REQUESTS}/{claim['id']}").body["acts"]
    assert handle(CLAIRE, claim, "reopen").said == (409, "second-agent-needed")
    assert handle(KARIM, claim, "reopen").body["state"] == "examined"
    assert handle(KARIM, claim, "drop", words="Déjà réglé.").body["state_label"] == "Classée sans suite"
    assert [mail.subject for mail in world.deliver()] == ["Une réponse à votre demande"] * 2


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
    assert handle(CLAIRE, claim, "look").status == 200
    handle(CLAIRE, claim, "take")
    labels = [line["label"] for line in louis.get("/api/account/history").body["events"]]
    assert any(label.startswith("Le CNAS a consulté une de vos demandes. Motif :") for label in labels)
    assert any(label.startswith("Le CNAS a traité une de vos demandes. Motif :") for label in labels)


def test_nobody_handles_their_own_case(world: World) -> None:
    request = sent(at_home(world, INES))
    before = world.everything()
    for what, more in (("look", {}), ("take", {}), ("accept", {}), ("refuse", {"words": "Non."})):
        assert handle(OWN, request, what, INES.identifier, **more).said == (403, "own-case")
    assert world.everything() == before
    assert handle(CLAIRE, request, "take", INES.identifier).status == 200


def test_a_number_and_an_identifier_must_belong_together(world: World, claim: Claim) -> None:
    before = world.everything()
    assert handle(CLAIRE, claim, "look", AWA.identifier).said == (404, "request-not-found")
    assert handle(CLAIRE, {"number": "100 000 000"}, "look").said == (404, "request-not-found")
    assert world.everything() == before


@pytest.mark.parametrize("is_erased", [False, True])
def test_what_was_never_sent_is_read_and_handled_by_no_agent(world: World, louis: Visitor, *, is_erased: bool) -> None:
    draft = opened(louis, "non-versement")
    saved(louis, draft, aide="la garde d'un enfant")
    if is_erased:
        act(louis, draft, "withdrawal")
        assert "garde d'un enfant" not in str(world.rows("requests"))
    before = world.everything()
    for what in ("look", "take", "accept", "reopen"):
        assert handle(CLAIRE, draft, what).said == (404, "request-not-found")
    assert world.everything() == before


def test_a_claim_is_answered_in_words(world: World, claim: Claim) -> None:
    handle(CLAIRE, claim, "take")
    before = world.everything()
    for words in ("", " \u200b "):
        assert handle(CLAIRE, claim, "accept", words=words).faults == {("#/words", "missing")}
    assert world.everything() == before


def test_a_choice_is_read_by_agents_in_its_own_words(claim: Claim) -> None:
    answers = handle(CLAIRE, claim, "look").body["fields"]
    assert answers[0]["value"] == "Je n'ai jamais reçu mes titres ou mon règlement."


def test_two_agents_at_once_are_one_act(world: World, claim: Claim) -> None:
    """Nor does an act out of its order change anything."""
    before = world.everything()
    assert {handle(CLAIRE, claim, what).said for what in ("settle", "accept", "reopen")} == {(409, "wrong-step")}
    assert world.everything() == before
    assert handle(CLAIRE, claim, "take").status == 200
    assert handle(KARIM, claim, "take").said == (409, "wrong-step")


@pytest.mark.parametrize("day", ["2026-12-01", "2027-02-30", "9999-12-31", "2026-00-10", "24/12/2026"])
def test_a_day_that_is_too_near_or_that_there_is_not_is_refused(world: World, claim: Claim, day: str) -> None:
    handle(CLAIRE, claim, "take")
    stored = world.everything()
    refused = handle(CLAIRE, claim, "ask", field="la date", because="perime", before=day)
    assert refused.faults == {("#/before", "too-soon" if day == "2026-12-01" else "invalid")}
    assert world.everything() == stored


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
