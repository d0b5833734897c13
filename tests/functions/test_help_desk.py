"""The help desk over its own API: who may look, what they see and do, and what the person reads of it."""

import pytest

from activation.adapters.dynamodb import from_attributes
from tests.builders import ROSTER
from tests.functions import people
from tests.functions.desk import CLAIRE, GARCIA, KARIM, REASON, Agent, kinds
from tests.functions.paths import ACCOUNT, ACTIVATION, SESSION
from tests.functions.people import DAY, INES, LOUIS, LOUIS_MAIL, ROSE, Person, ask_code, credentials, wrong_codes
from tests.functions.reports import report_mail
from tests.functions.visitor import Visitor
from tests.functions.world import World

CONFIRMED = ("contact", "name", "closing")
ACTS = ("person", "code", "counters", "lock", "address", "closing", *(f"{what}/confirmation" for what in CONFIRMED))
ASKED = {act: dict[str, str]() for act in ACTS} | {act: {"email": "a@b.fr"} for act in ("contact", "contact/check")}
"""All that an agent may ask of one person, with what it takes."""


def test_a_file_shows_the_state_and_no_contact_whole(world: World) -> None:
    answer = CLAIRE.ask("person", GARCIA)
    assert (answer.status, len(world.wire.asked("TransactWriteItems"))) == (200, 1)
    body = answer.body
    assert (body["status"]["line"], body["structure"], body["state"]) == ("prêt", "Mairie de Mondomaine", "invited")
    masked = ["à l'adresse l•••@m•••.com", "au numéro se terminant par 78"]
    assert [contact["masked"] for contact in body["contacts"]] == masked
    assert [contact for contact in (LOUIS_MAIL, people.LOUIS_MOBILE) if contact in answer.text] == []
    assert [(line["kind"], line["agent"]) for line in body["timeline"]] == [("desk_looked", "claire")]
    assert body["timeline"][0]["when"] == "le 24/11 à 10 h 30"


def test_the_person_reads_that_an_agent_looked_and_why_and_not_who(louis: Visitor) -> None:
    assert "argon2" not in CLAIRE.ask("person", GARCIA, reason="Appel du 24/11").text
    for path in (f"{ACCOUNT}/history", f"{ACCOUNT}/export"):
        answer = louis.get(path)
        labels = [line["label"] for line in answer.body["events"]]
        assert "Le service d'assistance a consulté votre dossier. Motif : Appel du 24/11" in labels
        assert "claire" not in answer.text


@pytest.mark.parametrize("structure", ["S1", "MAIRIE mondo"])
@pytest.mark.parametrize(("typed", "found"), [("GAR", LOUIS), ("Petit", ROSE), ("St-Martin", ROSE), ("coeur", INES)])
def test_somebody_is_found_by_parts_of_names(world: World, structure: str, typed: str, found: Person) -> None:
    body = CLAIRE.ask("search", structure_id=structure, last_name=typed).body
    assert [(person["identifier"], person["structure_id"]) for person in body["people"]] == [(found.identifier, "S1")]
    assert [one["structure_id"] for one in body["structures"]] == ["S1"]
    assert (body["has_more"], body["has_more_structures"]) == (False, False)
    assert kinds(world, found.identifier) == ["desk_listed"]
    assert [scan for scan in world.wire.asked("Scan") if scan["TableName"] == "accounts"] == []


def test_a_search_shows_ten_people_and_says_that_there_are_more(world: World) -> None:
    crowd = [ROSTER[0] | {"identifier": f"3000000{n:02}", "last_name": f"Martin{'o' * n}"} for n in range(12)]
    world.import_rows(crowd)
    body = CLAIRE.ask("search", structure_id="S1", last_name="Martin").body
    assert (len(body["people"]), body["has_more"]) == (10, True)


NOBODY = [
    (CLAIRE, "29999999", (404, "person-not-found")),
    *((Agent(arn), GARCIA, (403, "not-signed")) for arn in (None, "", "arn:aws:iam::123456789012:root")),
]


@pytest.mark.parametrize(("agent", "identifier", "said"), NOBODY)
def test_nothing_is_done_about_or_by_nobody(world: World, agent: Agent, identifier: str, said: tuple[int, str]) -> None:
    before = world.everything()
    assert {agent.ask(path, identifier, **more).said for path, more in ASKED.items()} == {said}
    assert world.everything() == before


@pytest.mark.parametrize("reason", ["", "  ", "ab", "x" * 201, "a\nb\nc"])
def test_a_look_without_a_reason_is_refused(world: World, reason: str) -> None:
    refused = CLAIRE.ask("person", GARCIA, reason=reason)
    assert refused.said == (422, "invalid-request")
    [fault] = refused.body["errors"]
    assert fault["detail"] == "Écrivez un motif de 3 à 200 caractères, sur une seule ligne."
    assert CLAIRE.send("person", {"identifier": GARCIA}).said == (422, "invalid-request")
    assert kinds(world) == []


@pytest.mark.parametrize("name", ["", " ", "---", "1234", "Garc1a", "\u202e\x1b", "Gar\ue000cin", "x" * 201])
def test_what_is_no_name_corrects_none(world: World, name: str) -> None:
    assert CLAIRE.ask("name", GARCIA, last_name=name).said == (422, "invalid-request")
    assert kinds(world) == []


def test_the_same_contact_is_no_correction_and_the_agent_is_told_so(world: World) -> None:
    answer = CLAIRE.ask("contact", GARCIA, email=LOUIS_MAIL)
    assert (answer.said, answer.faults) == ((422, "invalid-request"), {("#/email", "unchanged")})
    [fault] = answer.body["errors"]
    said = ("Rien n'a été changé.", "C'est déjà ce que dit le dossier : il n'y a rien à corriger.")
    assert (answer.body["detail"], fault["detail"]) == said
    assert kinds(world) == []


def test_a_contact_is_checked_with_the_caller_without_being_shown(world: World) -> None:
    assert CLAIRE.ask("contact/check", GARCIA, email="autre@exemple.fr").body == {"matches": False}
    assert kinds(world) == ["desk_contact_checked"]
    for contacts in ({}, {"email": LOUIS_MAIL, "mobile": "0612345678"}):
        assert CLAIRE.ask("contact/check", GARCIA, **contacts).said == (422, "invalid-request")


def test_another_name_is_counted_for_known_and_unknown_people_by_the_same_work(world: World) -> None:
    work: dict[str, list[str]] = {GARCIA: [], "29999999": []}
    before = world.rows("accounts")
    for name, seconds in (("Autre", 60), ("Encore", DAY), ("Autre", 0)):
        for identifier, asked in work.items():
            Visitor().post(ACTIVATION, {"identifier": identifier, "last_name": name})
            heard = len(world.wire.done)
            world.deliver()
            asked += [operation for operation, _ in world.wire.done[heard:]]
        world.advance(seconds)
    assert (work[GARCIA], world.rows("accounts")) == (work["29999999"], before)
    counted = [str(row) for row in world.rows("limits") if row["scope"]["S"].startswith("other-name#")]
    assert len(counted) == len(work)
    assert [typed for typed in ("Autre", "autre", *work) if any(typed in row for row in counted)] == []
    assert CLAIRE.line(GARCIA) == "prêt ; 1 demande avec un autre nom, le 25/11 à 10 h 31"


def test_a_code_is_sent_again_to_the_page_that_waits_for_it(world: World, visitor: Visitor) -> None:
    assert CLAIRE.ask("code", GARCIA).said == (409, "no-code-out")
    ask_code(world, visitor, LOUIS)
    world.advance(1)
    early = CLAIRE.ask("code", GARCIA)
    assert early.said == (429, "resend-too-early")
    assert early.body["detail"].endswith("Ce sera possible dès le 24/11 à 10 h 31.")
    assert "10 h 31" not in visitor.post(f"{ACTIVATION}/code").body["detail"]
    world.advance(60)
    answer = CLAIRE.ask("code", GARCIA)
    assert (answer.status, answer.body["status"]["line"]) == (200, "code envoyé à nouveau (le 24/11 à 10 h 31)")
    [again] = world.deliver()
    shown = answer.text + CLAIRE.ask("person", GARCIA).text
    assert [secret for secret in (again.code, visitor.cookies["__Host-flow"][:36]) if secret in shown] == []
    assert visitor.post(f"{ACTIVATION}/verification", {"code": again.code}).said == (200, "set_password")


def test_clearing_ends_every_wait_under_every_name_and_keeps_codes_long(world: World) -> None:
    world.set(WRONG_CODES_PER_PERSON=12)
    guesses = wrong_codes()
    starts = [{"identifier": ROSE.identifier, "last_name": name} for name in ("Petit", "Saint-Martin")]
    for start in starts * 3:
        visitor = Visitor()
        visitor.post(ACTIVATION, start)
        for _ in range(5):
            visitor.post(f"{ACTIVATION}/verification", {"code": next(guesses)})
    assert CLAIRE.line(ROSE.identifier) == "bloqué jusqu'au 25/11 à 10 h 30 (trop de codes incorrects)"
    assert CLAIRE.ask("counters", ROSE.identifier).body["status"]["line"] == "prêt"
    for start in starts:
        answer = Visitor().post(ACTIVATION, start)
        assert (answer.status, answer.body["code"]["length"]) == (202, 8)


def test_every_act_is_done_and_written_with_agent_reason_and_time(world: World, visitor: Visitor) -> None:
    for path in ("counters", "lock", "address"):
        assert CLAIRE.ask(path, GARCIA).said == (409, "nothing-to-lift")
    visitor.post(ACTIVATION, LOUIS.start_body)
    [message_id] = world.pending()
    world.deliver()
    report_mail(message_id, "bounce", to=LOUIS_MAIL)
    for _ in range(10):
        Visitor().post(SESSION, credentials(LOUIS))
    for path in ("person", "counters", "lock", "address"):
        assert CLAIRE.ask(path, GARCIA).status == 200
    assert from_attributes(world.profile())["deliverability"] == {}
    corrected = CLAIRE.ask("contact", GARCIA, email="louis@exemple.fr").body
    assert corrected["contacts"][0]["held_until"] == "le 25/11 à 10 h 30"
    named = CLAIRE.ask("name", GARCIA, last_name=" Garcin ").body
    assert named["name_correction"] == {"last_name": "Garcin", "agent": "claire", "until": "le 01/12 à 10 h 30"}
    assert CLAIRE.ask("closing", GARCIA).body["closing_asked_by"] == "claire"
    for what in CONFIRMED:
        assert CLAIRE.ask(f"{what}/confirmation", GARCIA).said == (409, "second-agent-needed")
        assert KARIM.ask(f"{what}/confirmation", GARCIA).status == 200
    rows = [from_attributes(row) for row in world.rows("accounts")]
    events = [row for row in rows if row["record"].startswith("EVENT#") and row["kind"].startswith("desk_")]
    assert {(row["reason"], row["at"]) for row in events} == {(REASON, world.now)}
    by_claire = {"looked", "counters_cleared", "unlocked", "mark_lifted"}
    by_claire |= {"contact_corrected", "name_asked", "closing_asked"}
    by_karim = {"contact_confirmed", "name_corrected", "closed"}
    by = {row["kind"].removeprefix("desk_"): row["agent"] for row in events}
    assert by == dict.fromkeys(by_claire, "claire") | dict.fromkeys(by_karim, "karim")
