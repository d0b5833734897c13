"""Signing in: a password, then a code; and signing out."""

import pytest

from tests.builders import PASSWORD
from tests.functions.people import (
    ACCOUNT,
    AWA,
    CONSENT,
    DAY,
    LOUIS,
    LOUIS_MAIL,
    NEW_PASSWORD,
    RESET,
    SESSION,
    STRANGER,
    activate,
    ask_code,
    both,
    credentials,
    in_session,
    sign_in,
    with_two_contacts,
    wrong_codes,
)
from tests.functions.visitor import Visitor
from tests.functions.world import World


def test_password_and_code_lead_home(world: World, louis: Visitor) -> None:
    world.advance(DAY)
    other = Visitor()
    asked = other.post(SESSION, credentials(LOUIS))
    assert asked.said == (202, "verify_code")
    assert asked.body["code"]["expires_at"] == world.in_(600)
    [message] = world.deliver()
    assert message.to == LOUIS_MAIL
    entered = other.post(f"{SESSION}/verification", {"code": message.code})
    assert entered.said == (200, "home")
    assert "__Host-flow" not in other.cookies
    home = other.get(ACCOUNT)
    assert home.body["last_sign_in"] == world.in_(-DAY)
    assert louis.get(SESSION).body["who"] == "anonymous"


def test_a_sign_in_before_the_terms_resumes_there(world: World, newcomer: Visitor) -> None:
    other = Visitor()
    other.post(SESSION, credentials(LOUIS))
    [message] = world.deliver()
    answer = other.post(f"{SESSION}/verification", {"code": message.code})
    assert answer.said == (200, "give_consent")
    assert answer.body["consent"]["text_version"] == "1"
    assert newcomer.get(SESSION).body["who"] == "session"


@pytest.mark.parametrize(
    "body",
    [
        credentials(LOUIS, "Girafe-Brumeuse-1987-Quai"),
        credentials(LOUIS, PASSWORD + " "),
        credentials(AWA),
        credentials(STRANGER),
    ],
)
def test_a_wrong_password_an_unknown_person_and_one_not_active_look_alike(
    world: World, louis: Visitor, body: dict[str, str]
) -> None:
    answers = []
    for asked in (credentials(LOUIS, "Une-Autre-Phrase-77"), body):
        visitor = Visitor()
        answer = visitor.post(SESSION, asked, {"X-Correlation-Id": "00000000-0000-4000-8000-000000000000"})
        answers.append((answer.status, answer.headers, answer.text))
        assert visitor.cookies == {}
    assert answers[0] == answers[1]
    assert answers[0][0] == 401
    assert world.deliver() == []
    assert louis


@pytest.mark.parametrize("person", [LOUIS, STRANGER])
def test_the_last_try_is_announced_and_the_eleventh_waits(world: World, louis: Visitor, person: object) -> None:
    asked = credentials(LOUIS if person is LOUIS else STRANGER, "Une-Autre-Phrase-77")
    told = [Visitor().post(SESSION, asked).body.get("attempts_left") for _ in range(10)]
    assert told == [None] * 8 + [1, None]
    world.advance(10)
    locked = Visitor().post(SESSION, asked)
    assert (locked.said, locked.body["retry_at"]) == ((429, "account-locked"), world.in_(890))
    assert Visitor().post(SESSION, asked | {"password": PASSWORD}).said == (429, "account-locked")
    world.advance(890)
    assert Visitor().post(SESSION, asked).said == (401, "credentials-rejected")
    assert louis


def test_a_right_password_costs_no_try(world: World, louis: Visitor) -> None:
    wrong = credentials(LOUIS, "Une-Autre-Phrase-77")
    for _ in range(8):
        assert "attempts_left" not in Visitor().post(SESSION, wrong).body
    for _ in range(3):
        assert Visitor().post(SESSION, credentials(LOUIS)).status == 202
    assert Visitor().post(SESSION, wrong).body["attempts_left"] == 1
    assert louis
    assert world


def test_the_codes_of_a_day_run_out_without_locking_the_password(world: World, louis: Visitor) -> None:
    world.set(SIGN_IN_CODES_PER_DAY=2, WRONG_PASSWORDS=3)
    for _ in range(2):
        assert Visitor().post(SESSION, credentials(LOUIS)).status == 202
    for _ in range(5):
        refused = Visitor().post(SESSION, credentials(LOUIS))
        assert (refused.said, refused.body["retry_at"]) == ((429, "too-many-codes"), "2026-11-25T00:00:00Z")
    assert louis


def test_the_code_may_take_the_other_proven_contact(world: World) -> None:
    with_two_contacts(world)
    other = Visitor()
    other.post(SESSION, credentials(LOUIS))
    [by_sms] = world.deliver()
    assert by_sms.channel == "sms"
    world.advance(60)
    assert other.post(f"{SESSION}/code", {"channel": "email"}).said == (202, "verify_code")
    assert other.get(SESSION).body["destination"] == "à l'adresse l•••@m•••.com"
    [by_mail] = world.deliver()
    assert (by_mail.channel, by_mail.to) == ("email", LOUIS_MAIL)
    world.advance(60)
    other.post(f"{SESSION}/code")
    [again] = world.deliver()
    assert again.channel == "email"
    assert other.post(f"{SESSION}/verification", {"code": by_sms.code}).said == (422, "code-rejected")
    assert other.post(f"{SESSION}/verification", {"code": by_mail.code}).said == (200, "home")


def test_the_other_contact_must_be_proven(world: World, louis: Visitor) -> None:
    other = Visitor()
    other.post(SESSION, credentials(LOUIS))
    world.advance(60)
    before = world.everything()
    assert other.post(f"{SESSION}/code", {"channel": "sms"}).said == (409, "contact-not-proven")
    assert world.everything() == before
    assert louis


def test_signing_in_again_in_the_same_browser_sends_the_same_flows_code_again(world: World, louis: Visitor) -> None:
    other = Visitor()
    first = other.post(SESSION, credentials(LOUIS)).body
    assert other.post(SESSION, credentials(LOUIS)).body == first
    world.advance(60)
    assert other.post(SESSION, credentials(LOUIS)).body["code"]["resends_left"] == 3
    assert other.post(SESSION, credentials(LOUIS, "Une-Autre-Phrase-77")).said == (401, "credentials-rejected")
    assert louis


def test_a_wrong_code_counts_down_here_too(world: World, louis: Visitor) -> None:
    other = Visitor()
    other.post(SESSION, credentials(LOUIS))
    [message] = world.deliver()
    guess = wrong_codes(message.code)
    left = [other.post(f"{SESSION}/verification", {"code": next(guess)}).body["attempts_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert other.post(f"{SESSION}/verification", {"code": message.code}).said == (429, "flow-locked")
    assert louis


def test_a_sign_in_begun_before_a_reset_opens_nothing(world: World, louis: Visitor) -> None:
    other, owner = Visitor(), Visitor()
    other.post(SESSION, credentials(LOUIS))
    [message] = world.deliver()
    code = ask_code(world, owner, LOUIS, RESET).code
    owner.post(f"{RESET}/verification", {"code": code})
    assert owner.post(f"{RESET}/password", both(NEW_PASSWORD)).said == (200, "sign_in")
    assert other.post(f"{SESSION}/verification", {"code": message.code}).said == (401, "flow-expired")
    assert other.get(SESSION).body["who"] != "session"
    assert louis


def test_signing_out_ends_this_session_and_no_other(world: World, louis: Visitor) -> None:
    other = sign_in(world, LOUIS)
    twin = louis.twin()
    gone = louis.delete(SESSION)
    assert (gone.status, gone.text) == (204, "")
    assert not {"__Host-session", "__Host-flow"} & louis.cookies.keys()
    assert twin.get(ACCOUNT).said == (401, "session-expired")
    assert other.get(ACCOUNT).status == 200
    assert louis.delete(SESSION).status == 204


def test_two_people_share_a_browser(world: World) -> None:
    visitor = in_session(world, LOUIS)
    awa = Visitor(dict(visitor.cookies))
    activate(world, awa, AWA)
    assert awa.cookies["__Host-session"] != visitor.cookies["__Host-session"]
    awa.put(CONSENT, {"consents": True, "text_version": "1"})
    assert awa.get(SESSION).body["contacts"]["proven"] == ["sms"]
