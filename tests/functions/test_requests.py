"""The requests of a person, over HTTP: opened, saved, sent, taken back; documents, verified by anybody."""

import json
import re

import pytest

from activation.adapters.requests import DynamoRequests
from activation.domain.requests.acts import Request
from tests.builders import ROSTER
from tests.functions.desk import CLAIRE
from tests.functions.paths import ACCOUNT, REQUESTS, SESSION, VERIFICATION
from tests.functions.people import AWA, DAY, LOUIS, at_home, sign_in
from tests.functions.requests import CLAIM, act, handle, opened, saved, sent
from tests.functions.roster_steps import take_in_states
from tests.functions.visitor import Visitor
from tests.functions.world import World
from tests.unit.in_memory_states import said

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}")


@pytest.fixture
def dated(world: World, louis: Visitor) -> World:
    """A roster has said since when the demo people have rights."""
    assert louis
    world.import_rows([{**row, "start_date": "2020-09-01"} for row in ROSTER])
    return world


def test_a_person_without_requests_sees_what_may_be_asked(louis: Visitor) -> None:
    body = louis.get(REQUESTS).body
    assert body["requests"] == []
    assert [kind["id"] for kind in body["kinds"]] == ["attestation-de-droits", "non-versement", "reclamation"]


def test_a_claim_is_opened_saved_sent_and_told_by_mail_with_its_number(world: World, louis: Visitor) -> None:
    draft = opened(louis)
    assert (draft["state"], draft["acts"], draft["version"]) == ("draft", ["save", "send", "withdraw"], 1)
    kept = saved(louis, draft, **CLAIM).body
    assert {field["id"]: field.get("value") for field in kept["fields"]} == {**CLAIM, "depuis": None}
    request = act(louis, draft, "sending").body
    assert (request["state"], request["state_label"], request["number"]) == ("sent", "Envoyée", draft["number"])
    assert [line["act"] for line in request["timeline"]] == ["open", "save", "send"]
    assert [one["id"] for one in louis.get(REQUESTS).body["requests"]] == [draft["id"]]
    [mail] = world.deliver()
    number = request["number"]
    assert f"n° {number[:3]} {number[3:6]} {number[6:]}" in mail.text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_draft_that_is_there_is_shown_again(louis: Visitor) -> None:
    draft = opened(louis)
    again = louis.post(REQUESTS, {"kind": "reclamation"})
    assert (again.status, again.body["id"]) == (200, draft["id"])
    kinds = {kind["id"]: kind.get("draft") for kind in louis.get(REQUESTS).body["kinds"]}
    assert kinds == {"attestation-de-droits": None, "non-versement": None, "reclamation": draft["id"]}


def test_of_two_tabs_the_later_is_told_that_the_draft_has_changed(world: World, louis: Visitor) -> None:
    draft = opened(louis)
    assert saved(louis, draft, **CLAIM).status == 200
    before = world.rows("requests")
    assert saved(louis, draft, explication="Autre chose encore").said == (409, "outdated-version")
    assert world.rows("requests") == before


def test_each_wrong_answer_is_named(louis: Visitor) -> None:
    draft = opened(louis)
    refused = saved(louis, draft, objet="rien", explication="court", depuis="hier", autre="x")
    codes = {"objet": "unknown", "explication": "too-small", "depuis": "format", "autre": "unknown"}
    assert refused.said == (422, "invalid-request")
    assert refused.faults == {(f"#/fields/{field}", code) for field, code in codes.items()}
    assert act(louis, draft, "sending").faults == {("#/fields/objet", "missing"), ("#/fields/explication", "missing")}


def test_a_day_to_come_is_refused_but_in_a_draft_of_the_version_before(world: World, louis: Visitor) -> None:
    before = opened(louis)
    world.advance(6 * DAY)
    louis = sign_in(world, LOUIS)
    assert saved(louis, before, depuis="9999-12-31").status == 200
    assert act(louis, before, "withdrawal").status == 200
    draft = opened(louis)
    [bounds] = [(field["min"], field["max"]) for field in draft["fields"] if field["id"] == "depuis"]
    assert bounds == ("2000-01-01", "2026-11-30")
    assert saved(louis, draft, depuis="2026-12-01").faults == {("#/fields/depuis", "too-large")}


def test_behind_lost_or_stolen_nothing_is_sent(louis: Visitor) -> None:
    draft = opened(louis)
    saved(louis, draft, **(CLAIM | {"objet": "perdu-ou-vole"}))
    assert act(louis, draft, "sending").faults == {("#/fields/objet", "not-sent")}
    door = louis.get(f"{REQUESTS}/{draft['id']}").body["fields"][0]["choices"][1]
    assert (door["sends"], door["advice"].startswith("Le CNAS ne peut pas")) == (False, True)


def test_a_double_click_is_one_act(world: World, louis: Visitor) -> None:
    request = sent(louis)
    world.deliver()
    again = act(louis, request, "sending")
    assert (again.status, again.body["version"]) == (200, request["version"])
    assert world.deliver() == []
    for _ in range(2):
        written = act(louis, request, "message", {"text": "Bonjour"})
    assert [line["act"] for line in written.body["timeline"]].count("message") == 1
    for _ in range(2):
        assert act(louis, request, "withdrawal").body["state"] == "closed"


def test_what_was_sent_is_final(world: World, louis: Visitor) -> None:
    request = sent(louis)
    before = world.rows("requests")
    for refused in (saved(louis, request, **CLAIM), act(louis, request, "completion", {"fields": {}})):
        assert refused.said == (409, "wrong-step")
        assert refused.body["next_step"] == "home"
    assert world.rows("requests") == before


def test_a_person_has_twenty_requests_open_at_most(world: World, louis: Visitor) -> None:
    for _ in range(20):
        sent(louis)
    assert louis.post(REQUESTS, {"kind": "reclamation"}).said == (409, "too-many-requests-open")
    first = louis.get(REQUESTS).body["requests"][0]
    assert act(louis, first, "withdrawal").status == 200
    assert louis.post(REQUESTS, {"kind": "reclamation"}).status == 201
    [counted] = [row for row in world.rows("requests") if row["record"]["S"] == "OPEN"]
    assert counted["open_requests"]["N"] == "20"


@pytest.mark.parametrize("kind", ["naissance-adoption", "inconnu"])
def test_what_is_asked_elsewhere_is_not_opened_here(louis: Visitor, kind: str) -> None:
    assert louis.post(REQUESTS, {"kind": kind}).faults == {("#/kind", "unknown")}


@pytest.mark.parametrize("switch", ["masqué", "information", "lien https://demandes.cnas.example/"])
def test_a_kind_switched_off_is_not_opened_and_what_was_asked_stays(world: World, louis: Visitor, switch: str) -> None:
    request, draft = sent(louis), opened(louis)
    world.set(MENU=json.dumps({"reclamation": switch}))
    listed = louis.get(REQUESTS).body
    assert [kind["id"] for kind in listed["kinds"]] == ["attestation-de-droits", "non-versement"]
    assert {one["id"] for one in listed["requests"]} == {request["id"], draft["id"]}
    before = world.rows("requests")
    refused = louis.post(REQUESTS, {"kind": "reclamation"})
    assert refused.said == (422, "invalid-request")
    assert refused.body["errors"] == louis.post(REQUESTS, {"kind": "inconnu"}).body["errors"]
    assert world.rows("requests") == before
    assert louis.get(f"{REQUESTS}/{request['id']}").status == 200
    assert act(louis, request, "withdrawal").status == 200


@pytest.mark.parametrize("switch", ["actif", "masqué", "information", "lien https://demandes.cnas.example/"])
def test_a_way_to_a_claim_is_offered_while_claims_are_taken(world: World, louis: Visitor, switch: str) -> None:
    refused = sent(louis)
    handle(CLAIRE, refused, "take")
    handle(CLAIRE, refused, "refuse", words="Trop tard.")
    take_in_states(world, [said("settled")])
    world.set(MENU=json.dumps({"reclamation": switch}))
    shown = [louis.get(f"{REQUESTS}/{one['id']}").body for one in louis.get(REQUESTS).body["requests"]]
    offered = {way for one in shown for way in one["acts"]} & {"contest", "not_received"}
    assert offered == ({"contest", "not_received"} if switch == "actif" else set())
    assert "contest" not in str([one["sentence"] for one in shown])


def test_the_menu_is_as_the_stage_switches_it(world: World, louis: Visitor) -> None:
    elsewhere = "https://demandes.cnas.example/"
    world.set(MENU=json.dumps({"budget": "masqué", "suivi": "information", "reclamation": f"lien {elsewhere}"}))
    menu = {entry["id"]: (entry["state"], entry["url"]) for entry in louis.get(ACCOUNT).body["menu"]}
    assert "budget" not in menu
    assert (menu["suivi"], menu["reclamation"]) == (("information", "/compte/suivi"), ("lien", elsewhere))


def test_nobody_sees_or_names_another_s_request(world: World, louis: Visitor) -> None:
    request = sent(louis)
    other = at_home(world, AWA)
    for answer in (
        other.get(f"{REQUESTS}/{request['id']}"),
        other.get(f"{REQUESTS}/{request['id']}/document"),
        saved(other, request, **CLAIM),
        act(other, request, "withdrawal"),
        act(other, request, "message", {"text": "x"}),
        other.post(REQUESTS, {"kind": "reclamation", "about": request["id"]}),
        other.get(f"{REQUESTS}/01ARZ3NDEKTSV4RRFFQ69G5FAV"),
    ):
        assert answer.said == (404, "not-found")
    assert other.get(REQUESTS).body["requests"] == []


def test_a_draft_that_is_there_is_about_what_its_person_contests_now(louis: Visitor) -> None:
    first, later = sent(louis), sent(louis)
    draft = opened(louis, about=first["id"])
    again = louis.post(REQUESTS, {"kind": "reclamation", "about": later["id"]})
    assert (again.status, again.body["id"], again.body["about"]) == (200, draft["id"], later["id"])
    assert saved(louis, again.body, **CLAIM).body["about"] == later["id"]
    assert opened(louis)["about"] == later["id"]


def test_a_claim_is_about_nothing_that_was_not_sent(world: World, louis: Visitor) -> None:
    draft = opened(louis)
    before = world.rows("requests")
    for kind in ("reclamation", "non-versement"):
        assert louis.post(REQUESTS, {"kind": kind, "about": draft["id"]}).said == (404, "not-found")
    assert world.rows("requests") == before


def test_requests_need_a_session_at_home(visitor: Visitor, newcomer: Visitor) -> None:
    for path in (REQUESTS, f"{REQUESTS}/unknown", f"{REQUESTS}/unknown/document"):
        assert Visitor().get(path).said == (401, "session-expired")
        assert newcomer.get(path).said == (409, "wrong-step")
    assert visitor


def test_what_was_read_beside_an_account_that_ended_its_sessions_is_not_told(world: World, louis: Visitor) -> None:
    request = sent(louis)
    row = world.profile()
    world.deployment.dynamodb.put_item(TableName="accounts", Item={**row, "session_epoch": {"N": "9"}})
    for path in (REQUESTS, f"{REQUESTS}/{request['id']}", f"{REQUESTS}/{request['id']}/document"):
        assert louis.get(path).said == (401, "session-expired")
    stored = world.rows("requests")
    for what, body in (("withdrawal", {}), ("message", {"text": "Bonjour"})):
        assert act(louis, request, what, body).said == (401, "session-expired")
    assert world.rows("requests") == stored


@pytest.mark.usefixtures("dated")
def test_rights_are_attested_at_once_and_the_document_that_holds_is_shown_again(louis: Visitor) -> None:
    first = louis.post(REQUESTS, {"kind": "attestation-de-droits"})
    assert (first.status, first.body["state"], first.body["state_label"]) == (201, "settled", "Délivrée")
    again = louis.post(REQUESTS, {"kind": "attestation-de-droits"})
    assert (again.status, again.body["id"]) == (200, first.body["id"])
    document = louis.get(f"{REQUESTS}/{first.body['id']}/document").body
    assert (document["since"], document["until"], document["state"]) == ("2020-09-01", "2026-12-31", "valid")
    assert (document["employer"], document["identifier"]) == ("Mairie de Mondomaine", LOUIS.identifier)
    assert CODE.fullmatch(document["code"])
    assert document["url"].endswith(f"/verifier#{document['code']}")
    assert document["qr"]["size"] > 21
    assert re.fullmatch(r"[MmhHvVzZ0-9. -]+", document["qr"]["path"])


@pytest.mark.usefixtures("dated")
def test_two_attestations_at_once_are_one(louis: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_without_the_beginning_of_the_rights_nothing_is_attested(world: World, louis: Visitor) -> None:
    before = world.rows("requests")
    assert louis.post(REQUESTS, {"kind": "attestation-de-droits"}).said == (409, "rights-not-dated")
    assert world.rows("requests") == before


def test_anybody_verifies_a_document_and_reads_what_it_shows(dated: World, louis: Visitor) -> None:
    request = opened(louis, "attestation-de-droits")
    document = louis.get(f"{REQUESTS}/{request['id']}/document").body
    for typed in (document["code"], document["code"].lower().replace("-", " ")):
        body = Visitor().post(VERIFICATION, {"code": typed}).body
        assert body["state"] == "valid"
        said = {"kind", "attests", "last_name", "first_name", "identifier", "employer", "attention"}
        assert body["shown"] == {name: document[name] for name in said | {"since", "until", "issued_at"}}
    stored = str(dated.rows("requests"))
    assert document["code"] not in stored
    assert document["code"].replace("-", "") not in stored


@pytest.mark.parametrize("change", [{"end_date": "2026-11-20"}, {"structure_id": "S2", "structure_name": "Autre"}])
def test_a_document_is_withdrawn_when_its_owner_leaves_or_moves(
    dated: World, louis: Visitor, change: dict[str, str]
) -> None:
    request = opened(louis, "attestation-de-droits")
    code = louis.get(f"{REQUESTS}/{request['id']}/document").body["code"]
    dated.import_rows([{**ROSTER[0], "start_date": "2020-09-01", **change}])
    assert Visitor().post(VERIFICATION, {"code": code}).body == {"state": "withdrawn"}


def test_an_unknown_code_and_no_code_say_the_same(world: World) -> None:
    assert world
    answers = {Visitor().post(VERIFICATION, {"code": code}).text for code in ("0000-0000-0000", "rien", "1" * 100)}
    assert answers == {'{"state":"unknown"}'}


def test_codes_are_not_guessed_from_one_address(world: World) -> None:
    world.set(VERIFICATIONS_PER_IP_PER_5_MINUTES="2")
    anybody = Visitor()
    for _ in range(2):
        assert anybody.post(VERIFICATION, {"code": "0000-0000-0000"}).status == 200
    refused = anybody.post(VERIFICATION, {"code": "0000-0000-0000"})
    assert refused.said == (429, "too-many-requests")
    assert Visitor(address="203.0.113.8").post(VERIFICATION, {"code": "0000-0000-0000"}).status == 200


def test_markup_and_links_in_what_people_write_stay_text(louis: Visitor) -> None:
    written = "<b>Vite</b>\u202e https://exemple.fr [ici](javascript:alert(1)) \U0001f600\ud83d"
    draft = opened(louis)
    shown = saved(louis, draft, objet="autre", explication=written).body
    [answer] = [field["value"] for field in shown["fields"] if field["id"] == "explication"]
    act(louis, draft, "sending")
    line = act(louis, draft, "message", {"text": written}).body["timeline"][-1]
    assert answer == line["words"] == written.replace("\u202e", "").rstrip("\ud83d")


def test_a_session_that_ends_sends_nothing_and_loses_nothing_that_was_saved(world: World, louis: Visitor) -> None:
    draft = opened(louis)
    saved(louis, draft, **CLAIM)
    held = dict(louis.cookies)
    louis.delete(SESSION)
    louis.cookies = held
    assert act(louis, draft, "sending").said == (401, "session-expired")
    again = sign_in(world, LOUIS)
    world.deliver()
    shown = again.get(f"{REQUESTS}/{draft['id']}").body
    assert shown["state"] == "draft"
    assert {field["id"]: field["value"] for field in shown["fields"] if "value" in field} == CLAIM


def test_who_works_at_their_requests_stays_signed_in(world: World, louis: Visitor) -> None:
    for _ in range(3):
        world.advance(20 * 60)
        assert louis.get(REQUESTS).status == 200
