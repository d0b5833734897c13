"""Requests over HTTP, with an agent's client and the back office's file beside: answered, followed, shown, verified."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activation.domain.roster.imports import STATES, UploadOption
from local.roster import Rosters
from local.running import running_on
from tests.builders import row
from tests.desk import run, trust
from tests.journeys.test_files_of_correspondents import invited
from tests.people import Someone, come_home, import_rows, invite
from tests.stack import Stack
from tests.tables import wait_until
from tests.unit.in_memory_states import as_states, said
from tests.visitor import Answer, Visitor, await_message

REQUESTS, CONSENT = "/api/requests", "/api/account/consent"
CLAIM = {"objet": "jamais-arrive", "explication": "Mes chèques ne sont jamais arrivés."}
MAIL = "lea.moulin@hameau.example"
HAMLET = {
    "structure_id": "V3000",
    "structure_name": "Mairie du Hameau",
    "correspondent_name": "Léa MOULIN",
    "correspondent_email": MAIL,
}


@pytest.fixture(autouse=True)
def trusted(product: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's certificate, as the agent's shell has it."""
    trust(product, monkeypatch)


@pytest.fixture
def states(product: Stack) -> Rosters:
    """What `make request-states` works with."""
    return Rosters(running_on(product.deployment), folder=STATES)


def day(days: int) -> str:
    """So many days from today; those before are negative."""
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def listed(visitor: Visitor) -> list[tuple[str, str]]:
    answer = visitor.get(REQUESTS)
    return [(each["kind"], each["state"]) for each in answer.body["requests"]]


def sent(visitor: Visitor) -> Any:
    """A claim, opened, filled in and sent."""
    draft = visitor.post(REQUESTS, {"kind": "reclamation"}).body
    saved = visitor.put(f"{REQUESTS}/{draft['id']}", {"version": draft["version"], "fields": CLAIM})
    assert saved.status == 200, saved
    answer = visitor.post(f"{REQUESTS}/{draft['id']}/sending", {})
    assert (answer.status, answer.body["state"]) == (200, "sent"), answer
    return answer.body


def test_a_file_of_states_is_checked_applied_seen_the_same_again_and_undone(product: Stack, states: Rosters) -> None:
    someone = invite(product)
    visitor = come_home(product, someone)
    rows = [
        said("settled", day(-2), identifier=someone.identifier, sent_on=day(-20), words="Par virement."),
        said(identifier="59999999"),
    ]

    def send(**options: str) -> Any:
        wishes = {UploadOption[name.upper()]: value for name, value in options.items()}
        return states.send("etats.csv", as_states(rows), wishes)

    checked = states.report(send())
    assert (checked["state"], listed(visitor)) == ("checked", [])
    assert checked["lines"][0] == "1 demande ouverte, 0 demande change d'état, 0 inchangée"
    before = {message.id for message in product.messages()}
    applied = send(apply="yes")
    assert states.report(applied)["state"] == "applied"
    assert listed(visitor) == [("rentree-11-18", "settled")]
    notice = await_message(product, before, to=someone.contact, with_code=False)
    assert notice.subject == "Votre demande est terminée"
    again = states.report(send(apply="yes"))
    assert again["lines"][0] == "0 demande ouverte, 0 demande change d'état, 1 inchangée"
    states.undo(applied)
    assert states.report(applied)["lines"][0] == "1 demande remise comme avant."
    assert listed(visitor) == []


def test_a_claim_is_asked_about_completed_answered_and_contested(product: Stack) -> None:
    someone = invite(product)
    visitor = come_home(product, someone)
    claim = sent(visitor)
    named = (someone.identifier, claim["number"])
    run(product, "claire", "requests", "take", *named)
    asked = ("--field", "la date", "--because", "incomplet", "--before", day(20), "--words", "Quel jour ?")
    before = {message.id for message in product.messages()}
    run(product, "claire", "requests", "ask", *named, *asked)
    assert "compléter" in await_message(product, before, to=someone.contact, with_code=False).subject
    path = f"{REQUESTS}/{claim['id']}"
    assert visitor.get(path).body["state"] == "to_complete"
    completed = visitor.post(f"{path}/completion", {"fields": {"depuis": day(-30)}})
    assert completed.body["state"] == "examined", completed
    run(product, "claire", "requests", "accept", *named, "--words", "Vos chèques ont été remis à votre voisine.")
    answered = visitor.get(path).body
    assert (answered["state_label"], answered["timeline"][-1]["words"]) == (
        "Répondue",
        "Vos chèques ont été remis à votre voisine.",
    )
    contested = visitor.post(REQUESTS, {"kind": "reclamation", "about": claim["id"]})
    assert (contested.status, contested.body["about"]) == (201, claim["id"])


def test_a_correspondent_sees_what_is_consented_to_and_nothing_from_the_very_next_call_on(product: Stack) -> None:
    rows = [row("63000001", "Roux", "Camille", email="camille@chez-elle.example", **HAMLET)]
    import_rows(product, rows)
    visitor = come_home(product, Someone("63000001", "Roux", "camille@chez-elle.example"))
    claim = sent(visitor)
    correspondent = invited(product, "V3000", "Moulin", MAIL)

    def follow() -> Answer:
        return correspondent.post("/api/correspondent/requests/search", {"structure": "V3000"})

    wait_until(lambda: bool(follow().body["people"]))  # the index has them a moment later
    [person] = follow().body["people"]
    assert [request["number"] for request in person["requests"]] == [claim["number"]]
    assert visitor.put(CONSENT, {"consents": False, "text_version": "1"}).status == 200
    assert follow().body == {"people": []}
    assert visitor.put(CONSENT, {"consents": True, "text_version": "1"}).status == 200
    assert len(follow().body["people"]) == 1
    looked = [event for event in visitor.get("/api/account/history").body["events"] if "consulté" in event["label"]]
    assert len(looked) == 1


def test_an_attestation_is_shown_verified_by_anybody_and_withdrawn_after_a_roster(product: Stack) -> None:
    person = row("63000009", "Roux", "Dominique", email="dominique@chez-eux.example", start_date="2020-09-01")
    person |= {"structure_id": "V3001", "structure_name": "Mairie du Bourg"}
    import_rows(product, [person])
    visitor = come_home(product, Someone("63000009", "Roux", "dominique@chez-eux.example"))
    issued = visitor.post(REQUESTS, {"kind": "attestation-de-droits"})
    assert issued.body["state"] == "settled", issued
    document = visitor.get(f"{REQUESTS}/{issued.body['id']}/document").body
    assert (document["since"], document["employer"], document["state"]) == ("2020-09-01", "Mairie du Bourg", "valid")
    anybody = Visitor(product)

    def verified() -> Any:
        return anybody.post("/api/documents/verification", {"code": document["code"]}).body

    assert verified()["shown"]["last_name"] == "Roux"
    import_rows(product, [person | {"end_date": day(-3)}])
    assert verified() == {"state": "withdrawn"}
