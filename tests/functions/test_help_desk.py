"""The help desk over its own API: who may look, what they see, and what the person reads of it."""

import pytest

from tests.builders import ROSTER
from tests.functions.desk import CLAIRE, GARCIA, Agent, kinds
from tests.functions.people import (
    ACCOUNT,
    ACTIVATION,
    DAY,
    INES,
    LOUIS,
    LOUIS_MAIL,
    LOUIS_MOBILE,
    ROSE,
    ask_code,
    at_home,
)
from tests.functions.reports import report_mail
from tests.functions.visitor import Visitor
from tests.functions.wire import aws_error
from tests.functions.world import World

ACTS = (
    "person",
    "code",
    "counters",
    "lock",
    "address",
    "closing",
    "contact/confirmation",
    "closing/confirmation",
    "name/confirmation",
)


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


@pytest.mark.parametrize("typed", ["almeida", "Cœur", "d'alm"])
def test_somebody_is_found_by_what_follows_a_particle(world: World, typed: str) -> None:
    assert world
    people = CLAIRE.ask("search", structure_id="S1", last_name=typed).body["people"]
    assert [person["identifier"] for person in people] == [INES.identifier]


@pytest.mark.parametrize("said", ["mondomaine", "MAIRIE mondo"])
def test_a_structure_is_found_by_a_part_of_its_name(world: World, said: str) -> None:
    assert world
    body = CLAIRE.ask("search", structure_id=said, last_name="garcia").body
    assert [structure["structure_id"] for structure in body["structures"]] == ["S1"]
    assert [(person["identifier"], person["structure_id"]) for person in body["people"]] == [(GARCIA, "S1")]


def test_a_structure_that_nobody_knows_is_none(world: World) -> None:
    before = world.everything()
    body = CLAIRE.ask("search", structure_id="Ville de Nulle-Part", last_name="garcia").body
    assert body == {"people": [], "has_more": False, "structures": [], "has_more_structures": False}
    assert world.everything() == before


def test_a_search_shows_ten_people_and_says_that_there_are_more(world: World) -> None:
    crowd = [ROSTER[0] | {"identifier": f"3000000{n:02}", "last_name": f"Martin{'o' * n}"} for n in range(12)]
    world.import_rows(crowd)
    body = CLAIRE.ask("search", structure_id="S1", last_name="Martin").body
    assert (len(body["people"]), body["has_more"]) == (10, True)


def test_a_person_who_changed_structure_is_found_in_the_new_one(world: World) -> None:
    world.import_rows([ROSTER[0] | {"structure_id": "S9", "structure_name": "Ville"}])
    world.advance(1)  # the index follows
    assert CLAIRE.ask("search", structure_id="S1", last_name="Garcia").body["people"] == []
    assert len(CLAIRE.ask("search", structure_id="S9", last_name="Garcia").body["people"]) == 1


def test_an_unknown_identifier_has_a_sentence_to_say(world: World) -> None:
    assert world
    detail = CLAIRE.ask("person", "29999999").body["detail"]
    assert "Dites : je ne trouve pas cet identifiant, relisez-le-moi chiffre par chiffre" in detail


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
    refused = CLAIRE.ask("person", GARCIA, reason=reason)
    assert refused.said == (422, "invalid-request")
    assert [fault["detail"] for fault in refused.body["errors"]] == [
        "Écrivez un motif de 3 à 200 caractères, sur une seule ligne."
    ]
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


def test_a_code_refused_by_its_provider_says_why_it_did_not_come(world: World, visitor: Visitor) -> None:
    world.wire.fail("SendEmail", aws_error("MessageRejected"), times=1)
    visitor.post(ACTIVATION, LOUIS.start_body)
    assert world.deliver() == []
    assert CLAIRE.line(GARCIA) == "non remis (message refusé par l'opérateur)"


def test_a_notice_that_came_back_leaves_the_code_s_page_waiting(world: World, visitor: Visitor) -> None:
    ask_code(world, visitor, LOUIS)
    world.advance(60)
    CLAIRE.ask("contact", GARCIA, mobile="0698765432")
    world.deliver()
    notice = world.wire.asked("SendEmail")[-1]["EmailTags"][0]["Value"]
    world.advance(1)
    report_mail(notice, "bounce", to=LOUIS_MAIL)
    assert CLAIRE.line(GARCIA) == "avis non remis (adresse refusée par la messagerie)"
    assert CLAIRE.ask("code", GARCIA).status == 200


def test_the_worker_writes_nothing_about_a_decoy(world: World, visitor: Visitor) -> None:
    before = world.rows("accounts")
    visitor.post(ACTIVATION, {"identifier": GARCIA, "last_name": "Autre"})
    visitor.post(ACTIVATION, {"identifier": "29999999", "last_name": "Autre"})
    world.deliver()
    assert world.rows("accounts") == before


def test_another_name_is_counted_for_known_and_unknown_people_by_the_same_work(world: World) -> None:
    work: dict[str, list[str]] = {GARCIA: [], "29999999": []}
    for name, seconds in (("Autre", 60), ("Encore", DAY), ("Autre", 0)):
        for identifier, asked in work.items():
            Visitor().post(ACTIVATION, {"identifier": identifier, "last_name": name})
            heard = len(world.wire.done)
            world.deliver()
            asked += [operation for operation, _ in world.wire.done[heard:]]
        world.advance(seconds)
    assert work[GARCIA] == work["29999999"]
    counted = [str(row) for row in world.rows("limits") if row["scope"]["S"].startswith("other-name#")]
    assert len(counted) == len(work)
    assert [typed for typed in ("Autre", "autre", *work) if any(typed in row for row in counted)] == []
    assert CLAIRE.line(GARCIA) == "prêt ; 1 demande avec un autre nom, le 25/11 à 10 h 31"


def test_no_answer_shows_a_code_a_password_or_a_flow(world: World, visitor: Visitor) -> None:
    code = ask_code(world, visitor, LOUIS).code
    answer = CLAIRE.ask("person", GARCIA)
    assert code not in answer.text
    assert visitor.cookies["__Host-flow"].partition(".")[0] not in answer.text
    at_home(world, LOUIS)
    assert "argon2" not in CLAIRE.ask("person", GARCIA).text
