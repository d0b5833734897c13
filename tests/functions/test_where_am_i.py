"""GET /api/session: a reload resumes, at every step."""

import re

import pytest

from activation.texts import current_texts
from tests.functions.paths import ACCOUNT, ACTIVATION, CHANNEL, CONSENT, RESET, SESSION, TERMS
from tests.functions.people import INES, LOUIS, ask_code, in_session, wrong_codes
from tests.functions.visitor import Visitor
from tests.functions.world import World


def test_nobody_is_an_answer(world: World, visitor: Visitor) -> None:
    assert visitor.get(SESSION).body == {"who": "anonymous", "next_step": "sign_in", "server_time": world.in_(0)}


@pytest.mark.parametrize("said", ["nonsense", f"{'0' * 8}-0000-4000-8000-{'0' * 12}.{'A' * 43}", "A" * 43, "=\x00;="])
def test_cookies_that_are_none_of_ours_make_nobody(world: World, said: str) -> None:
    assert world
    for names in (("__Host-flow", "__Host-session"), ("flow", "session"), ("", "a;b", "é")):
        assert Visitor(dict.fromkeys(names, said)).get(SESSION).body["who"] == "anonymous"


def test_a_flow_says_which_code_is_out_and_no_contact(world: World, visitor: Visitor) -> None:
    ask_code(world, visitor, LOUIS)
    world.advance(30)
    seen = visitor.get(SESSION).body
    code = {"length": 6, "expires_at": world.in_(870), "resend_at": world.in_(30), "resends_left": 4}
    flow = {"purpose": "activation", "flow": visitor.cookies["__Host-flow"].partition(".")[0], "code": code}
    assert seen == {"who": "flow", "next_step": "verify_code", **flow, "server_time": world.in_(0)}


def test_each_step_of_a_newcomer_brings_what_its_page_needs(world: World, newcomer: Visitor) -> None:
    texts, seen = current_texts(), newcomer.get(SESSION).body
    assert (seen["who"], seen["next_step"]) == ("session", "give_consent")
    assert seen["consent"] == {"text_version": texts.consent.version, "text": texts.consent.text}
    assert seen["session"].pop("id")
    assert seen["session"] == {"expires_at": world.in_(1_800), "ends_at": world.in_(43_200)}
    answered = newcomer.put(CONSENT, {"consents": True, "text_version": "1"}).body
    seen = newcomer.get(SESSION).body
    assert seen["next_step"] == "choose_channel"
    contacts = {"email": "louis.garcia@mondomaine.com", "mobile": "+33612345678", "proven": ["email"]}
    assert seen["contacts"] == answered["contacts"] == contacts
    newcomer.put(CHANNEL, {"channel": "email"})
    seen = newcomer.get(SESSION).body
    assert (seen["next_step"], seen["terms"]) == ("accept_terms", {"version": "1", "url": texts.terms.url})
    newcomer.put(TERMS, {"version": "1"})
    seen = newcomer.get(SESSION).body
    assert seen["next_step"] == "home"
    assert not {"consent", "contacts", "terms", "code", "destination", "flow"} & seen.keys()


def test_a_contact_that_waits_for_its_code_is_resumed_masked(world: World) -> None:
    visitor = in_session(world, INES)
    visitor.put(CONSENT, {"consents": True, "text_version": "1"})
    asked = visitor.put(CHANNEL, {"channel": "sms", "mobile": "07 68 12 34 56"})
    seen = visitor.get(SESSION).body
    assert (seen["who"], seen["next_step"], seen["purpose"]) == ("session", "verify_contact", "contact")
    assert seen["destination"] == "au numéro se terminant par 56"
    assert seen["code"] == asked.body["code"]
    assert seen["code"]["expires_at"] == world.in_(600)
    assert "destination" not in asked.body


def test_looking_is_no_activity_and_staying_connected_is(world: World, louis: Visitor) -> None:
    world.advance(1_700)
    assert louis.get(SESSION).body["session"]["expires_at"] == world.in_(100)
    assert louis.get(ACCOUNT).status == 200
    assert louis.get(SESSION).body["session"]["expires_at"] == world.in_(1_800)
    world.advance(1_800)
    assert louis.get(SESSION).body["who"] == "anonymous"
    assert louis.get(ACCOUNT).said == (401, "session-expired")


@pytest.mark.parametrize("path", [ACTIVATION, RESET])
def test_no_answer_before_verification_names_anybody(world: World, visitor: Visitor, path: str) -> None:
    shown = visitor.post(path, LOUIS.start_body).text + visitor.get(SESSION).text
    world.deliver()
    shown += visitor.get(SESSION).text + visitor.post(f"{path}/verification", {"code": next(wrong_codes())}).text
    assert not re.search(r"@|•|mondomaine|345678|garcia|10000001", shown, re.IGNORECASE)
