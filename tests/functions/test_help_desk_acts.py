"""What an agent does for a person: within the same limits, written down, and where it counts by two."""

import pytest

from activation.adapters.dynamodb import from_attributes
from tests.builders import ROSTER
from tests.functions.desk import CLAIRE, GARCIA, KARIM, REASON, kinds, profile
from tests.functions.people import (
    ACTIVATION,
    DAY,
    LOUIS,
    LOUIS_MAIL,
    LOUIS_MOBILE,
    ROSE,
    SESSION,
    ask_code,
    credentials,
    wrong_codes,
)
from tests.functions.reports import report_mail
from tests.functions.visitor import Visitor
from tests.functions.world import World


def test_a_code_is_sent_again_to_the_page_that_waits_for_it(world: World, visitor: Visitor) -> None:
    none_out = CLAIRE.ask("code", GARCIA)
    assert none_out.said == (409, "no-code-out")
    assert "si votre compte est activé, connectez-vous" in none_out.body["detail"]
    assert "« Renvoyer le code »" in none_out.body["detail"]
    first = ask_code(world, visitor, LOUIS)
    world.advance(1)
    early = CLAIRE.ask("code", GARCIA)
    assert early.said == (429, "resend-too-early")
    assert early.body["detail"].endswith("Ce sera possible dès le 24/11 à 10 h 31.")
    assert "10 h 31" not in visitor.post(f"{ACTIVATION}/code").body["detail"]
    world.advance(60)
    answer = CLAIRE.ask("code", GARCIA)
    assert (answer.status, answer.body["status"]["line"]) == (200, "code envoyé à nouveau (le 24/11 à 10 h 31)")
    [again] = world.deliver()
    assert (again.to, again.code != first.code) == (LOUIS_MAIL, True)
    assert again.code not in answer.text
    assert visitor.post(f"{ACTIVATION}/verification", {"code": again.code}).said == (200, "set_password")
    assert kinds(world).count("desk_code_sent_again") == 1
    assert CLAIRE.ask("code", GARCIA).said == (409, "no-code-out")


def test_a_corrected_contact_gets_no_code_for_a_day_and_the_old_ones_are_told(world: World, visitor: Visitor) -> None:
    answer = CLAIRE.ask("contact", GARCIA, email="louis@exemple.fr")
    assert answer.status == 200
    told = world.deliver()
    assert {message.to for message in told} == {LOUIS_MAIL, LOUIS_MOBILE}
    assert all("coordonnées" in message.text and not message.has_code for message in told)
    assert answer.body["contacts"][0]["held_until"] == "le 25/11 à 10 h 30"
    assert ask_code(world, visitor, LOUIS).to == LOUIS_MOBILE
    world.advance(DAY)
    assert ask_code(world, Visitor(), LOUIS).to == "louis@exemple.fr"


def test_a_second_agent_frees_a_corrected_contact_and_the_first_cannot(world: World, visitor: Visitor) -> None:
    CLAIRE.ask("contact", GARCIA, email="louis@exemple.fr")
    world.deliver()
    assert CLAIRE.ask("contact/confirmation", GARCIA).said == (409, "second-agent-needed")
    assert KARIM.ask("contact/confirmation", GARCIA).status == 200
    assert ask_code(world, visitor, LOUIS).to == "louis@exemple.fr"
    assert KARIM.ask("contact/confirmation", GARCIA).said == (409, "nothing-to-confirm")


def test_a_name_is_corrected_by_two_agents_and_the_next_roster_overwrites_it(world: World, visitor: Visitor) -> None:
    asked = CLAIRE.ask("name", GARCIA, last_name=" Garcin ").body["name_correction"]
    assert asked == {"last_name": "Garcin", "agent": "claire", "until": "le 01/12 à 10 h 30"}
    assert CLAIRE.ask("name/confirmation", GARCIA).said == (409, "second-agent-needed")
    body = KARIM.ask("name/confirmation", GARCIA).body
    assert (body["birth_name"], "name_correction" in body) == ("Garcin", False)
    assert [who["identifier"] for who in KARIM.ask("search", structure_id="S1", last_name="garcin").body["people"]] == [
        GARCIA
    ]
    visitor.post(ACTIVATION, {"identifier": GARCIA, "last_name": "garcin"})
    assert [message.to for message in world.deliver()] == [LOUIS_MAIL]
    world.import_rows(ROSTER)
    assert profile(world)["roster"]["last_name"] == "Garcia"
    assert CLAIRE.ask("name/confirmation", GARCIA).said == (409, "nothing-to-confirm")


@pytest.mark.parametrize("name", ["", " ", "---", "1234", "Garc1a", "\u202e\x1b", "Gar\ue000cin", "x" * 201])
def test_a_correction_that_is_no_name_is_refused(world: World, name: str) -> None:
    assert CLAIRE.ask("name", GARCIA, last_name=name).said == (422, "invalid-request")
    assert kinds(world) == []


def test_a_code_that_came_back_does_not_go_to_a_mobile_in_quarantine(world: World, visitor: Visitor) -> None:
    CLAIRE.ask("contact", GARCIA, mobile="0698765432")
    world.deliver()
    visitor.post(ACTIVATION, LOUIS.start_body)
    [message_id] = world.pending()
    world.deliver()
    report_mail(message_id, "bounce", to=LOUIS_MAIL)
    assert world.deliver() == []


def test_the_same_contact_or_name_is_no_correction_and_the_agent_is_told_so(world: World) -> None:
    answer = CLAIRE.ask("contact", GARCIA, email=LOUIS_MAIL)
    assert (answer.said, answer.faults) == ((422, "invalid-request"), {("#/email", "unchanged")})
    assert answer.body["detail"] == "Rien n'a été changé."
    assert [fault["detail"] for fault in answer.body["errors"]] == [
        "C'est déjà ce que dit le dossier : il n'y a rien à corriger."
    ]
    same = CLAIRE.ask("name", GARCIA, last_name="Garcia")
    assert (same.said, same.faults) == ((422, "invalid-request"), {("#/last_name", "unchanged")})
    assert world.deliver() == []


def test_counters_are_cleared_under_every_name(world: World, visitor: Visitor) -> None:
    for name in ("Petit", "Saint-Martin"):
        for _ in range(3):
            Visitor().post(ACTIVATION, {"identifier": ROSE.identifier, "last_name": name})
    assert visitor.post(ACTIVATION, ROSE.start_body).said == (429, "too-many-codes")
    assert CLAIRE.line(ROSE.identifier) == "bloqué jusqu'au 24/11 à 11 h 00 (trop de codes demandés)"
    assert CLAIRE.ask("counters", ROSE.identifier).status == 200
    assert CLAIRE.line(ROSE.identifier) == "prêt"
    assert world.pending() != []
    for name in ("Petit", "Saint-Martin"):
        pair = {"identifier": ROSE.identifier, "last_name": name}
        assert Visitor().post(ACTIVATION, pair).said == (202, "verify_code")


def test_clearing_ends_the_wait_of_a_throttle_key_and_keeps_its_codes_long(world: World, visitor: Visitor) -> None:
    world.set(WRONG_CODES_PER_PERSON=12, STARTS_PER_PERSON_PER_HOUR=9, STARTS_PER_PERSON_PER_DAY=9)
    guesses = wrong_codes()
    for _ in range(3):
        visitor.post(ACTIVATION, LOUIS.start_body)
        for _ in range(5):
            visitor.post(f"{ACTIVATION}/verification", {"code": next(guesses)})
        visitor = Visitor()
    assert visitor.post(ACTIVATION, LOUIS.start_body).said == (429, "account-locked")
    assert CLAIRE.line(GARCIA) == "bloqué jusqu'au 25/11 à 10 h 30 (trop de codes incorrects)"
    CLAIRE.ask("counters", GARCIA)
    answer = visitor.post(ACTIVATION, LOUIS.start_body)
    assert (answer.status, answer.body["code"]["length"]) == (202, 8)


def test_a_password_lock_is_lifted(world: World, louis: Visitor) -> None:
    assert louis
    for _ in range(10):
        Visitor().post(SESSION, credentials(LOUIS, "Phrase-Fausse-77"))
    assert Visitor().post(SESSION, credentials(LOUIS)).said == (429, "account-locked")
    assert CLAIRE.line(GARCIA) == "bloqué jusqu'au 24/11 à 10 h 45 (trop de mots de passe incorrects)"
    assert CLAIRE.ask("lock", GARCIA).body["status"]["line"] == "activé"
    assert Visitor().post(SESSION, credentials(LOUIS)).said == (202, "verify_code")
    assert world


def test_an_address_is_taken_for_reachable_again(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    [message_id] = world.pending()
    world.deliver()
    report_mail(message_id, "bounce", to=LOUIS_MAIL)
    world.deliver()
    assert CLAIRE.ask("address", GARCIA).status == 200
    assert profile(world)["deliverability"] == {}
    assert ask_code(world, Visitor(), LOUIS).to == LOUIS_MAIL


def test_closing_takes_two_agents_and_erases_contacts_and_password(world: World, louis: Visitor) -> None:
    assert CLAIRE.ask("closing/confirmation", GARCIA).said == (409, "nothing-to-confirm")
    assert CLAIRE.ask("closing", GARCIA).body["closing_asked_by"] == "claire"
    assert CLAIRE.ask("closing/confirmation", GARCIA).said == (409, "second-agent-needed")
    assert louis.get(SESSION).body["who"] == "session"
    assert KARIM.ask("closing/confirmation", GARCIA).body["status"]["line"] == "fermé"
    assert louis.get(SESSION).body["who"] == "anonymous"
    [notify_removed_contacts] = world.deliver()
    assert (notify_removed_contacts.to, notify_removed_contacts.subject) == (
        LOUIS_MAIL,
        "Votre compte en ligne CNAS est fermé",
    )
    held = profile(world)
    assert (held["status"], held["proven"], held["roster"]["email"], held["closed_at"]) == ("closed", {}, "", world.now)
    assert "password" not in held
    assert LOUIS_MAIL not in str(world.rows("accounts"))
    assert CLAIRE.ask("closing", GARCIA).said == (409, "past-activation")


def test_an_act_that_is_refused_leaves_no_line(world: World) -> None:
    CLAIRE.ask("closing/confirmation", GARCIA)
    CLAIRE.ask("contact/confirmation", GARCIA)
    CLAIRE.ask("code", GARCIA)
    for path in ("counters", "lock", "address"):
        refused = CLAIRE.ask(path, GARCIA)
        assert refused.said == (409, "nothing-to-lift")
        assert "avec le bon nom, la personne peut recommencer tout de suite" in refused.body["detail"]
    assert kinds(world) == []


def test_every_act_is_written_with_agent_reason_and_time(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    [message_id] = world.pending()
    world.deliver()
    report_mail(message_id, "bounce", to=LOUIS_MAIL)
    for _ in range(10):
        Visitor().post(SESSION, credentials(LOUIS))
    for path in ("person", "counters", "lock", "address", "closing"):
        assert CLAIRE.ask(path, GARCIA).status == 200
    rows = [from_attributes(row) for row in world.rows("accounts")]
    events = [row for row in rows if row["record"].startswith("EVENT#") and row["kind"].startswith("desk_")]
    assert {(row["agent"], row["reason"], row["at"]) for row in events} == {("claire", REASON, world.now)}
    assert {row["kind"] for row in events} == {
        "desk_looked",
        "desk_counters_cleared",
        "desk_unlocked",
        "desk_mark_lifted",
        "desk_closing_asked",
    }
