"""Requests over HTTP: of a person, of agents, of a file of states, and what becomes of them as time goes by."""

import json
import re
from typing import Any

import pytest

from activation.adapters.requests import DynamoRequests
from activation.domain.requests.request import Request
from tests.builders import ROSTER
from tests.functions.desk import CLAIRE, KARIM, REASON, Agent, close
from tests.functions.paths import ACCOUNT, REQUESTS, VERIFICATION
from tests.functions.people import AWA, DAY, INES, LOUIS, at_home
from tests.functions.printed import Printed, events, metrics_in
from tests.functions.requests import CLAIM, IN_A_MONTH, act, handle, opened, saved, sent
from tests.functions.roster_steps import prepare, report, take_in_states, undo, upload, work_through
from tests.functions.test_purge import purge
from tests.functions.visitor import Visitor
from tests.functions.world import World
from tests.in_memory.states import as_states, by_number, said


def test_a_person_without_requests_sees_what_may_be_asked(world: World, louis: Visitor) -> None:
    for _ in range(3):  # and whoever works at their requests stays signed in
        world.advance(20 * 60)
        body = louis.get(REQUESTS).body
    assert body["requests"] == []
    assert louis.post(REQUESTS, {"kind": "rien"}).faults == {("#/kind", "unknown")}
    assert [kind["id"] for kind in body["kinds"]] == ["attestation-de-droits", "non-versement", "reclamation"]


def test_a_claim_is_opened_saved_sent_and_told_by_mail_with_its_number(world: World, louis: Visitor) -> None:
    draft = opened(louis)
    assert (draft["state"], draft["acts"], draft["version"]) == ("draft", ["save", "send", "withdraw"], 1)
    [door] = [choice for choice in draft["fields"][0]["choices"] if not choice["sends"]]
    assert (door["id"], door["advice"].startswith("Le CNAS ne peut pas")) == ("perdu-ou-vole", True)
    again = louis.post(REQUESTS, {"kind": "reclamation"})
    assert (again.status, again.body["id"]) == (200, draft["id"])
    assert [kind.get("draft") for kind in louis.get(REQUESTS).body["kinds"]] == [None, None, draft["id"]]
    missing = {("#/fields/objet", "missing"), ("#/fields/explication", "missing")}
    assert act(louis, draft, "sending").faults == missing
    kept = saved(louis, draft, **CLAIM).body
    assert {field["id"]: field.get("value") for field in kept["fields"]} == {**CLAIM, "depuis": None}
    request = act(louis, draft, "sending").body
    assert (request["state"], request["state_label"], request["number"]) == ("sent", "Envoyée", draft["number"])
    assert [line["act"] for line in request["timeline"]] == ["open", "save", "send"]
    assert [one["id"] for one in louis.get(REQUESTS).body["requests"]] == [draft["id"]]
    [mail] = world.deliver()
    number = request["number"]
    assert f"n° {number[:3]} {number[3:6]} {number[6:]}" in mail.text.replace("\N{NO-BREAK SPACE}", " ")


def test_each_wrong_answer_is_named(louis: Visitor) -> None:
    draft = opened(louis)
    codes = {"objet": "unknown", "explication": "too-small", "depuis": "format", "autre": "unknown"}
    refused = saved(louis, draft, objet="rien", explication="court", depuis="hier", autre="x")
    assert refused.faults == {(f"#/fields/{field}", code) for field, code in codes.items()}
    saved(louis, draft, **(CLAIM | {"objet": "perdu-ou-vole"}))
    assert act(louis, draft, "sending").faults == {("#/fields/objet", "not-sent")}


def test_a_person_has_twenty_requests_open_at_most(world: World, louis: Visitor) -> None:
    claims = [sent(louis) for _ in range(20)]
    assert louis.post(REQUESTS, {"kind": "reclamation"}).said == (409, "too-many-requests-open")
    assert act(louis, claims[0], "withdrawal").status == 200
    assert louis.post(REQUESTS, {"kind": "reclamation"}).status == 201
    [counted] = [row for row in world.rows("requests") if row["record"]["S"] == "OPEN"]
    assert counted["open_requests"]["N"] == "20"


@pytest.mark.parametrize("switch", ["actif", "masqué", "information", "lien https://demandes.cnas.example/"])
def test_a_way_to_a_claim_is_offered_while_claims_are_taken(world: World, louis: Visitor, switch: str) -> None:
    refused = sent(louis)
    handle(CLAIRE, refused, "take")
    handle(CLAIRE, refused, "refuse", words="Trop tard.")
    take_in_states(world, [said("settled")])
    world.set(MENU=json.dumps({"reclamation": switch}))
    menu = {entry["id"]: entry["state"] for entry in louis.get(ACCOUNT).body["menu"]}
    assert menu.get("reclamation", "masqué") == switch.partition(" ")[0]
    listed = louis.get(REQUESTS).body
    assert ("reclamation" in {kind["id"] for kind in listed["kinds"]}) == (switch == "actif")
    shown = [louis.get(f"{REQUESTS}/{one['id']}").body for one in listed["requests"]]
    offered = {way for one in shown for way in one["acts"]} & {"contest", "not_received"}
    assert offered == ({"contest", "not_received"} if switch == "actif" else set())
    assert "contest" not in str([one["sentence"] for one in shown])


def test_rights_are_attested_at_once_and_anybody_verifies_the_document(world: World, louis: Visitor) -> None:
    world.import_rows([{**row, "start_date": "2020-09-01"} for row in ROSTER])
    request = opened(louis, "attestation-de-droits")
    assert (request["state"], request["state_label"], request["acts"]) == ("settled", "Délivrée", ["document"])
    document = louis.get(f"{REQUESTS}/{request['id']}/document").body
    assert (document["since"], document["until"], document["state"]) == ("2020-09-01", "2026-12-31", "valid")
    assert (document["employer"], document["identifier"]) == ("Mairie de Mondomaine", LOUIS.identifier)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", document["code"])
    assert document["url"].endswith(f"/verifier#{document['code']}")
    assert document["qr"]["size"] > 21
    assert re.fullmatch(r"[MmhHvVzZ0-9. -]+", document["qr"]["path"])
    assert Visitor().post(VERIFICATION, {"code": "1" * 100}).body == {"state": "unknown"}
    world.set(VERIFICATIONS_PER_IP_PER_5_MINUTES=1)
    world.advance(300)
    body = Visitor().post(VERIFICATION, {"code": document["code"]}).body
    for address, status in (("203.0.113.7", 429), ("203.0.113.8", 200)):  # codes are not guessed from one address
        assert Visitor(address=address).post(VERIFICATION, {"code": "0000-0000-0000"}).status == status
    said = {"kind", "attests", "last_name", "first_name", "identifier", "employer", "attention"}
    shown = {name: document[name] for name in said | {"since", "until", "issued_at"}}
    assert body == {"state": "valid", "shown": shown}
    assert document["code"].replace("-", "") not in str(world.rows("requests")).replace("-", "")


def test_two_attestations_at_once_are_one(world: World, louis: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    world.import_rows([{**row, "start_date": "2020-09-01"} for row in ROSTER])
    read, first = DynamoRequests.of, []

    def meanwhile(requests: DynamoRequests, identifier: str) -> list[Request]:
        found = read(requests, identifier)
        monkeypatch.setattr(DynamoRequests, "of", read)
        first.append(louis.post(REQUESTS, {"kind": "attestation-de-droits"}).body["id"])
        return found

    monkeypatch.setattr(DynamoRequests, "of", meanwhile)
    second = louis.post(REQUESTS, {"kind": "attestation-de-droits"})
    assert (second.status, [second.body["id"]]) == (200, first)
    assert len(louis.get(REQUESTS).body["requests"]) == 1


def test_markup_and_links_in_what_people_write_stay_text(louis: Visitor) -> None:
    written = "<b>Vite</b>\u202e https://exemple.fr [ici](javascript:alert(1)) \U0001f600\ud83d"
    draft = opened(louis)
    shown = saved(louis, draft, objet="autre", explication=written).body
    [answer] = [field["value"] for field in shown["fields"] if field["id"] == "explication"]
    act(louis, draft, "sending")
    line = act(louis, draft, "message", {"text": written}).body["timeline"][-1]
    assert answer == line["words"] == written.replace("\u202e", "").rstrip("\ud83d")


def test_an_act_does_not_write_over_what_another_did_a_second_later(
    world: World, louis: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, read = sent(louis), DynamoRequests.get

    def meanwhile(requests: DynamoRequests, *key: str) -> Request | None:
        found = read(requests, *key)
        monkeypatch.setattr(DynamoRequests, "get", read)
        world.advance(1)  # in the same second the two lines would have one key
        assert handle(CLAIRE, request, "take").status == 200
        return found

    monkeypatch.setattr(DynamoRequests, "get", meanwhile)
    assert act(louis, request, "message", {"text": "Bonjour"}).body["state"] == "examined"


Claim = dict[str, Any]
OWN = Agent("arn:aws:sts::123456789012:assumed-role/HelpDesk/ines")


def queue() -> dict[str, Any]:
    return dict(CLAIRE.ask("requests/queue").body)


@pytest.fixture
def claim(world: World, louis: Visitor) -> Claim:
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


def rows_of(world: World, beginning: str) -> list[dict[str, Any]]:
    return [row for row in world.rows("requests") if row["record"]["S"].startswith(beginning)]


def listed(visitor: Visitor) -> list[tuple[str, str]]:
    return [(each["kind"], each["state_label"]) for each in visitor.get(REQUESTS).body["requests"]]


def test_two_files_checked_at_once_open_one_request_and_tell_once(world: World, louis: Visitor) -> None:
    key = "states/deux.csv"
    both = [prepare(key, upload(world, as_states([said("settled")]), key, apply="yes")) for _ in range(2)]
    for prepared in (*both, *both):
        work_through(world, prepared)
    assert (len(rows_of(world, "R#")), len(rows_of(world, "L#")), len(rows_of(world, "POINTER"))) == (1, 2, 1)
    assert len(world.deliver()) == 1
    assert listed(louis) == [("rentree-11-18", "Réglée")]


def test_a_claim_ends_by_a_file_and_its_place_is_free_until_it_is_undone(world: World, louis: Visitor) -> None:
    claim = sent(louis)
    prepared = take_in_states(world, [by_number(claim["number"], "settled", words="Vos titres sont repartis.")])
    assert (listed(louis), rows_of(world, "OPEN")[0]["open_requests"]["N"]) == ([("reclamation", "Répondue")], "0")
    assert [row for row in rows_of(world, "R#") if "queue" in row] == []
    told = louis.get(f"{REQUESTS}/{claim['id']}").body["timeline"][-1]
    assert (told["by"], told["words"]) == ("back_office", "Vos titres sont repartis.")
    assert report(world, prepared)["state"] == "applied"
    heard = len(world.messages())
    assert undo(world, prepared)["lines"][0] == "1 demande remise comme avant."
    assert (listed(louis), rows_of(world, "OPEN")[0]["open_requests"]["N"]) == ([("reclamation", "Envoyée")], "1")
    assert [row["queue"]["S"] for row in rows_of(world, "R#")] == ["reclamation"]
    assert handle(CLAIRE, claim, "take").status == 200
    assert len(world.messages()) == heard


def test_a_request_of_the_back_office_takes_no_place_and_no_agents_time(world: World, louis: Visitor) -> None:
    prepared = take_in_states(world, [said(sent_on=f"2026-10-{day:02}") for day in range(1, 22)])
    assert len(rows_of(world, "R#")) == 21
    assert rows_of(world, "OPEN") == []
    assert CLAIRE.ask("requests/queue").body["requests"] == []
    assert undo(world, prepared)["lines"][0] == "21 demandes remises comme avant."
    assert world.rows("requests") == []
    take_in_states(world, [said("settled")])
    assert listed(louis) == [("rentree-11-18", "Réglée")]
    assert opened(louis)["state"] == "draft"


def test_answers_of_a_file_are_counted_as_those_of_agents(world: World, printed: Printed) -> None:
    world.import_rows(ROSTER)
    rows = [said("settled"), said("refused", kind="permis", words="Hors délai."), said(kind="depart-retraite")]
    take_in_states(world, rows)
    assert metrics_in(printed.getvalue())["RequestsAnswered"] == 2


def test_a_draft_is_told_of_a_week_before_and_erased_after_30_days(world: World, louis: Visitor) -> None:
    draft = opened(louis)
    saved(louis, draft, explication="Mes chèques ne sont jamais arrivés.")
    world.advance(23 * DAY)
    assert purge()["requests_reminded"] == 1
    assert [mail.subject for mail in world.deliver()] == ["Votre brouillon sera bientôt effacé"]
    world.advance(7 * DAY)
    for is_dry_run in (True, False):  # which only counts
        assert purge(dry_run=is_dry_run)["requests_lapsed"] == 1
    assert "jamais arrivés" not in str(world.rows("requests"))
    [counted] = [row for row in world.rows("requests") if row["record"]["S"] == "OPEN"]
    assert counted["open_requests"]["N"] == "0"
    assert "draft_reclamation" not in counted


def test_what_ended_long_ago_is_erased_and_a_broken_row_told(world: World, louis: Visitor, printed: Printed) -> None:
    for claim in (sent(louis), sent(louis)):
        louis.post(f"{REQUESTS}/{claim['id']}/withdrawal", {})
    broken, other = (row for row in world.rows("requests") if row["record"]["S"].startswith("R#"))
    world.deployment.dynamodb.put_item(TableName="requests", Item=broken | {"state": {"S": "of another version"}})
    world.advance(404 * DAY)
    assert purge()["requests_erased"] == 1
    assert [name for name in ("request_id", "number") if other[name]["S"] in str(world.rows("requests"))] == []
    [told] = [event for event in events(printed) if event["message"] == "row_failed"]
    assert (told["table"], told["identifier"], told["error"]) == ("requests", LOUIS.identifier, "ValueError")


def test_a_request_that_no_agent_takes_for_five_days_is_counted(world: World, louis: Visitor, printed: Printed) -> None:
    request = sent(louis)
    world.advance(5 * DAY)
    purge()
    handle(CLAIRE, request, "take")
    handle(CLAIRE, request, "refuse", words="Elle est arrivée.")
    told = metrics_in(printed.getvalue())
    assert (told["RequestsNotTaken"], told["RequestsWaiting"], told["OldestRequestHours"]) == (1, 1, 120)
    assert (told["RequestsSent"], told["RequestsAnswered"]) == (1, 1)


def test_the_draft_of_a_closed_account_takes_no_place_when_its_person_is_back(world: World, louis: Visitor) -> None:
    opened(louis)
    close()
    purge()
    [counted] = world.rows("requests")
    assert (counted["record"]["S"], counted["open_requests"]["N"]) == ("OPEN", "0")
    assert "draft_reclamation" not in counted


def test_accounts_leave_time_for_requests(
    world: World, louis: Visitor, printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.purge_expired.segments.SEGMENTS", 1)  # one person after the other
    opened(louis)
    world.import_rows([row | {"end_date": "2026-11-23"} for row in ROSTER[1:]])
    world.advance(31 * DAY)
    left = [900_000]

    def take_400_seconds(*_: object) -> None:
        left[0] -= 400_000

    world.wire.fail("TransactWriteItems", take_400_seconds)
    done = purge(left)
    assert (done["accounts_closed"], done["requests_lapsed"]) == (2, 1)
    assert metrics_in(printed.getvalue())["TablesLeftUnfinished"] == 1
