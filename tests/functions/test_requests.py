"""The requests of a person, over HTTP: opened, saved, sent, taken back; documents, verified by anybody."""

import json
import re

import pytest

from activation.adapters.requests import DynamoRequests
from activation.domain.requests.request import Request
from tests.builders import ROSTER
from tests.functions.desk import CLAIRE
from tests.functions.paths import ACCOUNT, REQUESTS, VERIFICATION
from tests.functions.people import LOUIS
from tests.functions.requests import CLAIM, act, handle, opened, saved, sent
from tests.functions.roster_steps import take_in_states
from tests.functions.visitor import Visitor
from tests.functions.world import World
from tests.unit.in_memory_states import said


def test_a_person_without_requests_sees_what_may_be_asked(louis: Visitor) -> None:
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
    body = Visitor().post(VERIFICATION, {"code": document["code"]}).body
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


def test_codes_are_not_guessed_from_one_address(world: World) -> None:
    world.set(VERIFICATIONS_PER_IP_PER_5_MINUTES="2")
    anybody = Visitor()
    for code in ("0000-0000-0000", "1" * 100):
        assert anybody.post(VERIFICATION, {"code": code}).text == '{"state":"unknown"}'
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


def test_who_works_at_their_requests_stays_signed_in(world: World, louis: Visitor) -> None:
    for _ in range(3):
        world.advance(20 * 60)
        assert louis.get(REQUESTS).status == 200


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


def test_each_wrong_answer_is_named(louis: Visitor) -> None:
    draft = opened(louis)
    refused = saved(louis, draft, objet="rien", explication="court", depuis="hier", autre="x")
    codes = {"objet": "unknown", "explication": "too-small", "depuis": "format", "autre": "unknown"}
    assert refused.faults == {(f"#/fields/{field}", code) for field, code in codes.items()}
    assert saved(louis, draft, explication="x" * 2_001).faults == {("#/fields/explication", "too-large")}
    saved(louis, draft, **(CLAIM | {"objet": "perdu-ou-vole"}))
    assert act(louis, draft, "sending").faults == {("#/fields/objet", "not-sent")}
