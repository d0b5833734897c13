"""The help desk over its own API: what it sees, what it does, and what the person reads of it."""

from typing import Any

import pytest

from activation.adapters.dynamodb import from_attributes
from activation.domain.history import EVENT_WORDS
from activation.domain.people import EventKind
from tests.builders import ROSTER
from tests.functions.desk import CLAIRE, KARIM, REASON, Agent
from tests.functions.people import (
    ACCOUNT,
    ACTIVATION,
    DAY,
    LOUIS,
    LOUIS_MAIL,
    LOUIS_MOBILE,
    ROSE,
    SESSION,
    YANN,
    ask_code,
    at_home,
    credentials,
    settle,
    wrong_codes,
)
from tests.functions.reports import report_mail
from tests.functions.visitor import Visitor
from tests.functions.wire import aws_error
from tests.functions.world import World

GARCIA = LOUIS.identifier
ACTS = ("person", "code", "counters", "lock", "address", "closing", "contact/confirmation", "closing/confirmation")


def kinds(world: World, identifier: str = GARCIA) -> list[str]:
    """What the person's history holds, oldest first, moments of one second in any order."""
    rows = [from_attributes(row) for row in world.rows("accounts")]
    events = [row for row in rows if row["identifier"] == identifier and row["record"].startswith("EVENT#")]
    return [row["kind"] for row in sorted(events, key=lambda row: int(row["at"]))]


def profile(world: World, identifier: str = GARCIA) -> dict[str, Any]:
    return dict(from_attributes(world.row("accounts", identifier=identifier, record="PROFILE")))


def test_a_file_shows_the_state_and_no_contact_whole(world: World) -> None:
    answer = CLAIRE.ask("person", GARCIA)
    assert (answer.status, len(world.wire.asked("TransactWriteItems"))) == (200, 1)
    body = answer.body
    assert (body["status"]["line"], body["structure"], body["state"]) == ("prêt", "Mairie de Mondomaine", "invited")
    assert [contact["masked"] for contact in body["contacts"]] == [
        "à l'adresse l•••@m•••.com",
        "au numéro se terminant par 78",
    ]
    assert LOUIS_MAIL not in answer.text
    assert LOUIS_MOBILE not in answer.text
    assert [(line["kind"], line["agent"]) for line in body["timeline"]] == [("desk_looked", "claire")]
    assert body["timeline"][0]["when"] == "le 24/11 à 10 h 30"


def test_the_person_reads_that_an_agent_looked_and_why_and_not_who(world: World) -> None:
    louis = at_home(world, LOUIS)
    CLAIRE.ask("person", GARCIA, reason="Appel du 24/11")
    for path in (f"{ACCOUNT}/history", f"{ACCOUNT}/export"):
        answer = louis.get(path)
        labels = [line["label"] for line in answer.body["events"]]
        assert "Le service d'assistance a consulté votre dossier. Motif : Appel du 24/11" in labels
        assert "claire" not in answer.text


def test_every_kind_of_event_has_its_french_words() -> None:
    assert set(EVENT_WORDS) == set(EventKind)


@pytest.mark.parametrize("typed", ["garcia", "GAR", "Gárc"])
def test_somebody_is_found_by_structure_and_the_beginning_of_a_name(world: World, typed: str) -> None:
    answer = CLAIRE.ask("search", structure_id="S1", last_name=typed)
    [found] = answer.body["people"]
    assert (found["identifier"], found["first_name"], answer.body["has_more"]) == (GARCIA, "Louis", False)
    assert kinds(world) == ["desk_listed"]
    assert world.wire.asked("Scan") == []


@pytest.mark.parametrize("typed", ["Petit", "saint martin", "St-Martin"])
def test_somebody_is_found_by_usage_name_and_by_birth_name(world: World, typed: str) -> None:
    assert world
    people = CLAIRE.ask("search", structure_id="S1", last_name=typed).body["people"]
    assert [person["identifier"] for person in people] == [ROSE.identifier]


def test_a_search_in_another_structure_or_for_punctuation_finds_nobody(world: World) -> None:
    assert world
    for structure, name in (("S2", "Garcia"), ("S1", "Inconnu"), ("S1", "---")):
        assert CLAIRE.ask("search", structure_id=structure, last_name=name).body["people"] == []


def test_a_search_shows_ten_people_and_says_that_there_are_more(world: World) -> None:
    crowd = [ROSTER[0] | {"identifier": f"3000000{n:02}", "last_name": f"Martin{n:02}"} for n in range(12)]
    world.import_rows(crowd)
    body = CLAIRE.ask("search", structure_id="S1", last_name="Martin").body
    assert (len(body["people"]), body["has_more"]) == (10, True)


def test_a_person_who_changed_structure_is_found_in_the_new_one(world: World) -> None:
    world.import_rows([ROSTER[0] | {"structure_id": "S9", "structure_name": "Ville"}])
    assert CLAIRE.ask("search", structure_id="S1", last_name="Garcia").body["people"] == []
    assert len(CLAIRE.ask("search", structure_id="S9", last_name="Garcia").body["people"]) == 1


def test_nobody_has_an_unknown_identifier_and_nothing_is_written(world: World) -> None:
    before = world.everything()
    for path in ACTS:
        assert CLAIRE.ask(path, "29999999").said == (404, "person-not-found")
    assert CLAIRE.ask("contact/check", "29999999", email="a@b.fr").said == (404, "person-not-found")
    assert CLAIRE.ask("contact", "29999999", email="a@b.fr").said == (404, "person-not-found")
    assert world.everything() == before


@pytest.mark.parametrize("arn", [None, "", "arn:aws:iam::123456789012:root"])
def test_a_call_that_no_named_agent_signed_is_refused(world: World, arn: str | None) -> None:
    before = world.everything()
    for path in (*ACTS, "contact", "contact/check"):
        more = {"email": "a@b.fr"} if path in ("contact", "contact/check") else {}
        assert Agent(arn).ask(path, GARCIA, **more).said == (403, "not-signed")
    assert Agent(arn).ask("search", structure_id="S1", last_name="Garcia").said == (403, "not-signed")
    assert world.everything() == before


@pytest.mark.parametrize("reason", ["", "  ", "ab", "x" * 201, "a\nb\nc"])
def test_a_look_without_a_reason_is_refused(world: World, reason: str) -> None:
    assert CLAIRE.ask("person", GARCIA, reason=reason).said == (422, "invalid-request")
    assert CLAIRE.send("person", {"identifier": GARCIA}).said == (422, "invalid-request")
    assert kinds(world) == []


def test_nothing_is_shown_when_the_look_cannot_be_written_down(world: World) -> None:
    world.wire.fail("TransactWriteItems", aws_error("InternalServerError", 500))
    answer = CLAIRE.ask("person", GARCIA)
    assert answer.said == (503, "unavailable")
    assert "Louis" not in answer.text


def test_a_contact_is_checked_with_the_caller_without_being_shown(world: World) -> None:
    checks = [{"email": "Louis.Garcia@mondomaine.com"}, {"mobile": "06 12 34 56 78"}, {"email": "autre@exemple.fr"}]
    answers = [CLAIRE.ask("contact/check", GARCIA, **check).body for check in checks]
    assert [answer["matches"] for answer in answers] == [True, True, False]
    assert kinds(world) == ["desk_contact_checked"] * 3
    assert CLAIRE.ask("contact/check", GARCIA).said == (422, "invalid-request")
    both = CLAIRE.ask("contact/check", GARCIA, email="a@exemple.fr", mobile="0612345678")
    assert both.said == (422, "invalid-request")


def test_a_status_line_follows_the_code(world: World, visitor: Visitor) -> None:
    assert CLAIRE.line(YANN.identifier) == "sans contact"
    assert CLAIRE.line(GARCIA) == "prêt"
    visitor.post(ACTIVATION, LOUIS.pair)
    [message_id] = world.pending()
    world.deliver()
    assert CLAIRE.line(GARCIA) == "code envoyé (le 24/11 à 10 h 30, email)"
    report_mail(message_id, "bounce", to=LOUIS_MAIL)
    assert CLAIRE.line(GARCIA) == "non remis (adresse refusée par la messagerie)"
    world.deliver()
    file = CLAIRE.ask("person", GARCIA).body
    assert file["status"]["line"] == "code envoyé (le 24/11 à 10 h 30, SMS)"
    assert file["contacts"][0]["deliverability"] == "undeliverable"
    world.advance(DAY)
    assert CLAIRE.line(GARCIA) == "prêt"


def test_a_status_line_follows_the_account(world: World, visitor: Visitor, newcomer: Visitor) -> None:
    assert CLAIRE.line(GARCIA) == "mot de passe créé, préférences à finir"
    settle(newcomer)
    assert CLAIRE.line(GARCIA) == "activé"
    visitor.post(SESSION, credentials(LOUIS))
    world.advance(1)
    world.deliver()
    assert CLAIRE.line(GARCIA).startswith("code envoyé")


def test_a_code_is_sent_again_to_the_page_that_waits_for_it(world: World, visitor: Visitor) -> None:
    assert CLAIRE.ask("code", GARCIA).said == (409, "no-code-out")
    first = ask_code(world, visitor, LOUIS)
    assert CLAIRE.ask("code", GARCIA).said == (429, "resend-too-early")
    world.advance(60)
    answer = CLAIRE.ask("code", GARCIA)
    assert answer.status == 200
    [again] = world.deliver()
    assert (again.to, again.code != first.code) == (LOUIS_MAIL, True)
    assert again.code not in answer.text
    assert visitor.post(f"{ACTIVATION}/verification", {"code": again.code}).said == (200, "set_password")
    assert kinds(world).count("desk_code_sent_again") == 1
    assert CLAIRE.ask("code", GARCIA).said == (409, "no-code-out")


def test_the_desk_has_no_more_resends_than_the_person(world: World, visitor: Visitor) -> None:
    ask_code(world, visitor, LOUIS)
    for _ in range(4):
        world.advance(60)
        assert CLAIRE.ask("code", GARCIA).status == 200
    world.advance(60)
    assert CLAIRE.ask("code", GARCIA).said == (429, "too-many-codes")


def test_a_sign_in_s_code_is_sent_again_to_the_proven_contact(world: World, louis: Visitor) -> None:
    assert louis
    world.advance(1)
    visitor = Visitor()
    visitor.post(SESSION, credentials(LOUIS))
    world.deliver()
    world.advance(60)
    assert CLAIRE.ask("code", GARCIA).status == 200
    [again] = world.deliver()
    assert again.to == LOUIS_MAIL
    assert visitor.post(f"{SESSION}/verification", {"code": again.code}).status == 200


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


def test_correcting_the_other_contact_does_not_free_the_first(world: World, visitor: Visitor) -> None:
    CLAIRE.ask("contact", GARCIA, email="louis@exemple.fr")
    CLAIRE.ask("contact", GARCIA, mobile="0698765432")
    world.deliver()
    assert CLAIRE.line(GARCIA) == "bloqué jusqu'à 25/11 à 10 h 30 (contact corrigé, en attente d'un second agent)"
    assert visitor.post(ACTIVATION, LOUIS.pair).status == 202
    assert world.deliver() == []


def test_a_code_that_came_back_does_not_go_to_a_mobile_that_is_held(world: World, visitor: Visitor) -> None:
    CLAIRE.ask("contact", GARCIA, mobile="0698765432")
    world.deliver()
    visitor.post(ACTIVATION, LOUIS.pair)
    [message_id] = world.pending()
    world.deliver()
    report_mail(message_id, "bounce", to=LOUIS_MAIL)
    assert world.deliver() == []


def test_a_contact_is_not_corrected_once_the_account_is_active(world: World, louis: Visitor) -> None:
    assert louis
    before = profile(world)
    assert CLAIRE.ask("contact", GARCIA, email="louis@exemple.fr").said == (409, "past-activation")
    assert profile(world) == before


def test_the_same_contact_is_no_correction(world: World) -> None:
    answer = CLAIRE.ask("contact", GARCIA, email=LOUIS_MAIL)
    assert (answer.said, answer.faults) == ((422, "invalid-request"), {("#/email", "unchanged")})
    assert world.deliver() == []


def test_counters_are_cleared_under_every_name(world: World, visitor: Visitor) -> None:
    for name in ("Petit", "Saint-Martin"):
        for _ in range(3):
            Visitor().post(ACTIVATION, {"identifier": ROSE.identifier, "last_name": name})
    assert visitor.post(ACTIVATION, ROSE.pair).said == (429, "too-many-codes")
    assert CLAIRE.line(ROSE.identifier) == "bloqué jusqu'à 24/11 à 11 h 00 (trop de codes demandés)"
    assert CLAIRE.ask("counters", ROSE.identifier).status == 200
    assert CLAIRE.line(ROSE.identifier) == "prêt"
    assert world.pending() != []
    for name in ("Petit", "Saint-Martin"):
        pair = {"identifier": ROSE.identifier, "last_name": name}
        assert Visitor().post(ACTIVATION, pair).said == (202, "verify_code")


def test_clearing_ends_the_wait_of_a_pair_and_keeps_its_codes_long(world: World, visitor: Visitor) -> None:
    world.set(WRONG_CODES_PER_PERSON=12, STARTS_PER_PERSON_PER_HOUR=9, STARTS_PER_PERSON_PER_DAY=9)
    guesses = wrong_codes()
    for _ in range(3):
        visitor.post(ACTIVATION, LOUIS.pair)
        for _ in range(5):
            visitor.post(f"{ACTIVATION}/verification", {"code": next(guesses)})
        visitor = Visitor()
    assert visitor.post(ACTIVATION, LOUIS.pair).said == (429, "account-locked")
    assert CLAIRE.line(GARCIA) == "bloqué jusqu'à 25/11 à 10 h 30 (trop de codes incorrects)"
    CLAIRE.ask("counters", GARCIA)
    answer = visitor.post(ACTIVATION, LOUIS.pair)
    assert (answer.status, answer.body["code"]["length"]) == (202, 8)


def test_a_password_lock_is_lifted(world: World, louis: Visitor) -> None:
    assert louis
    for _ in range(10):
        Visitor().post(SESSION, credentials(LOUIS, "Phrase-Fausse-77"))
    assert Visitor().post(SESSION, credentials(LOUIS)).said == (429, "account-locked")
    assert CLAIRE.line(GARCIA) == "bloqué jusqu'à 24/11 à 10 h 45 (trop de mots de passe incorrects)"
    assert CLAIRE.ask("lock", GARCIA).body["status"]["line"] == "activé"
    assert Visitor().post(SESSION, credentials(LOUIS)).said == (202, "verify_code")
    assert world


def test_an_address_is_taken_for_reachable_again(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.pair)
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
    [farewell] = world.deliver()
    assert (farewell.to, farewell.subject) == (LOUIS_MAIL, "Votre compte en ligne CNAS est fermé")
    held = profile(world)
    assert (held["status"], held["proven"], held["roster"]["email"], held["closed_at"]) == ("closed", {}, "", world.now)
    assert "password" not in held
    assert LOUIS_MAIL not in str(world.rows("accounts"))
    assert CLAIRE.ask("closing", GARCIA).said == (409, "past-activation")


def test_a_closing_that_nobody_confirms_lapses(world: World) -> None:
    CLAIRE.ask("closing", GARCIA)
    world.advance(7 * DAY)
    assert KARIM.ask("closing/confirmation", GARCIA).said == (409, "nothing-to-confirm")
    assert "closing_asked_by" not in KARIM.ask("person", GARCIA).body


def test_an_act_that_is_refused_leaves_no_line(world: World) -> None:
    CLAIRE.ask("closing/confirmation", GARCIA)
    CLAIRE.ask("contact/confirmation", GARCIA)
    CLAIRE.ask("code", GARCIA)
    assert kinds(world) == []


def test_every_act_is_written_with_agent_reason_and_time(world: World) -> None:
    for path in ("person", "counters", "lock", "address", "closing"):
        CLAIRE.ask(path, GARCIA)
    rows = [from_attributes(row) for row in world.rows("accounts")]
    events = [row for row in rows if row["record"].startswith("EVENT#")]
    assert {(row["agent"], row["reason"], row["at"]) for row in events} == {("claire", REASON, world.now)}
    assert {row["kind"] for row in events} == {
        "desk_looked",
        "desk_counters_cleared",
        "desk_unlocked",
        "desk_mark_lifted",
        "desk_closing_asked",
    }


def test_a_code_refused_by_its_provider_says_why_it_did_not_come(world: World, visitor: Visitor) -> None:
    world.wire.fail("SendEmail", aws_error("MessageRejected"), times=1)
    visitor.post(ACTIVATION, LOUIS.pair)
    assert world.deliver() == []
    assert CLAIRE.line(GARCIA) == "non remis (message refusé par l'opérateur)"


def test_the_worker_writes_nothing_about_a_decoy(world: World, visitor: Visitor) -> None:
    before = world.rows("accounts")
    visitor.post(ACTIVATION, {"identifier": GARCIA, "last_name": "Autre"})
    visitor.post(ACTIVATION, {"identifier": "29999999", "last_name": "Autre"})
    world.deliver()
    assert world.rows("accounts") == before


def test_the_worker_adds_events_to_the_accounts_and_changes_nothing_there(world: World, visitor: Visitor) -> None:
    before = world.rows("accounts")
    ask_code(world, visitor, LOUIS)
    added = [row for row in world.rows("accounts") if row not in before]
    assert [row["record"]["S"].partition("#")[0] for row in added] == ["EVENT"]
    assert [row for row in before if row not in world.rows("accounts")] == []


def test_no_answer_shows_a_code_a_password_or_a_flow(world: World, visitor: Visitor) -> None:
    code = ask_code(world, visitor, LOUIS).code
    answer = CLAIRE.ask("person", GARCIA)
    assert code not in answer.text
    assert visitor.cookies["__Host-flow"].partition(".")[0] not in answer.text
    at_home(world, LOUIS)
    assert "argon2" not in CLAIRE.ask("person", GARCIA).text
