"""Signing in and out, where a reload resumes, what a browser is handed, and which browsers no lock keeps out."""

import re

import pytest

from activation.texts import current_texts
from tests.builders import PASSWORD
from tests.functions import people
from tests.functions.paths import ACCOUNT, ACTIVATION, CHANNEL, CONSENT, OWN_PASSWORD, RESET, SESSION, TERMS
from tests.functions.people import AWA, DAY, INES, LOUIS, NEW_PASSWORD, STRANGER, at_home, both, credentials, sign_in
from tests.functions.visitor import Visitor
from tests.functions.world import World


def test_password_and_code_lead_home(world: World, louis: Visitor) -> None:
    world.advance(DAY)
    other = Visitor()
    assert other.post(SESSION, credentials(LOUIS)).body["code"]["expires_at"] == world.in_(600)
    assert other.cookies.keys() == {"__Host-flow"}
    assert people.type_code(world, other).said == (200, "home")
    assert other.cookies.keys() == {"__Host-session", "__Host-device"}
    assert other.cookies["__Host-device"] != louis.cookies["__Host-device"]
    assert other.get(ACCOUNT).body["last_sign_in"] == world.in_(-DAY)
    seen = other.get(SESSION).body
    assert (seen["role"], seen["home"]) == ("beneficiary", "/compte")


@pytest.mark.usefixtures("louis")
def test_the_last_try_is_announced_and_the_eleventh_waits(world: World) -> None:
    asked = credentials(LOUIS, "Une-Autre-Phrase-77")
    told = [Visitor().post(SESSION, asked).body.get("attempts_left") for _ in range(10)]
    assert told == [None] * 8 + [1, None]
    world.advance(10)
    locked = Visitor().post(SESSION, asked)
    assert (locked.said, locked.body["retry_at"]) == ((429, "account-locked"), world.in_(890))
    assert Visitor().post(SESSION, asked | {"password": PASSWORD}).said == (429, "account-locked")
    world.advance(890)
    assert Visitor().post(SESSION, asked).said == (401, "credentials-rejected")


def test_the_code_may_take_the_other_proven_contact(world: World) -> None:
    people.with_two_contacts(world)
    other = Visitor()
    other.post(SESSION, credentials(LOUIS))
    [by_sms] = world.deliver()
    assert by_sms.channel == "sms"
    where = other.get(SESSION).body
    assert where["destination"] == "au numéro se terminant par 78"
    assert set(where["contacts"]["proven"]) == {"email", "sms"}
    world.advance(60)
    assert other.post(f"{SESSION}/code", {"channel": "email"}).said == (202, "verify_code")
    assert other.get(SESSION).body["destination"] == "à l'adresse l•••@m•••.com"
    [by_mail] = world.deliver()
    assert (by_mail.channel, by_mail.to) == ("email", people.LOUIS_MAIL)
    assert other.post(f"{SESSION}/verification", {"code": by_mail.code}).said == (200, "home")


def lock_out(visitor: Visitor) -> None:
    for _ in range(10):
        assert visitor.post(SESSION, credentials(LOUIS, "Une-Autre-Phrase-77")).code == "credentials-rejected"
    assert visitor.post(SESSION, credentials(LOUIS)).said == (429, "account-locked")


@pytest.mark.parametrize("signs_out", [False, True])
def test_a_lock_made_elsewhere_leaves_the_persons_own_browser_in(louis: Visitor, *, signs_out: bool) -> None:
    if signs_out:
        louis.delete(SESSION)
    lock_out(Visitor())
    assert louis.post(SESSION, credentials(LOUIS)).status == 202


def test_signing_out_ends_this_session_and_everywhere_every_one_and_forgets_browsers(
    world: World, louis: Visitor
) -> None:
    other, twin = sign_in(world, LOUIS), louis.twin()
    gone = louis.delete(SESSION)
    assert (gone.status, gone.text) == (204, "")
    assert not {"__Host-session", "__Host-flow"} & louis.cookies.keys()
    assert (twin.get(ACCOUNT).said, other.get(ACCOUNT).status) == ((401, "session-expired"), 200)
    assert louis.delete(SESSION).status == 204
    louis, twin = sign_in(world, LOUIS), other.twin()
    assert louis.delete(f"{ACCOUNT}/sessions").status == 204
    for visitor in (other, twin, louis):
        assert visitor.get(ACCOUNT).said == (401, "session-expired")
    assert louis.delete(f"{ACCOUNT}/sessions").said == (401, "session-expired")
    lock_out(Visitor())
    assert twin.post(SESSION, credentials(LOUIS)).said == (429, "account-locked")


def test_a_reset_lifts_the_lock_and_none_made_elsewhere_follows_it(world: World, louis: Visitor) -> None:
    lock_out(Visitor())
    stranger = Visitor()
    people.prove(world, stranger, LOUIS, RESET)
    assert stranger.get(SESSION).body["purpose"] == "password_reset"
    reset = stranger.post(f"{RESET}/password", both(NEW_PASSWORD))
    assert (reset.said, list(stranger.cookies)) == ((200, "sign_in"), ["__Host-device"])
    assert "Max-Age=31536000" in reset.cookies["__Host-device"]
    lock_out(Visitor())
    assert stranger.post(SESSION, credentials(LOUIS, NEW_PASSWORD)).status == 202
    assert louis.post(SESSION, credentials(LOUIS, NEW_PASSWORD)).said == (429, "account-locked")


FLOW = re.compile(r"__Host-flow=[0-9a-f-]{36}\.[A-Za-z0-9_-]{43}; ")


def test_over_https_cookies_are_bound_to_the_host(world: World, visitor: Visitor) -> None:
    started = visitor.post(ACTIVATION, LOUIS.start_body)
    assert FLOW.match(started.cookies["__Host-flow"])
    attributes = {part.strip() for part in started.cookies["__Host-flow"].split(";")[1:]}
    assert attributes == {"HttpOnly", "Secure", "SameSite=Strict", "Path=/"}
    assert started.cookies.keys() == {"__Host-flow"}
    people.type_code(world, visitor, ACTIVATION)
    entered = visitor.post(f"{ACTIVATION}/password", both(PASSWORD))
    assert entered.cookies.keys() == {"__Host-flow", "__Host-session", "__Host-device"}
    assert re.match(r"__Host-session=[A-Za-z0-9_-]{43}; ", entered.cookies["__Host-session"])
    assert "Max-Age=0" in entered.cookies["__Host-flow"]
    assert "Max-Age=31536000" in entered.cookies["__Host-device"]


def test_each_rise_has_a_token_of_its_own(world: World, visitor: Visitor) -> None:
    tokens = []
    code = people.ask_code(world, visitor, LOUIS).code
    tokens.append(visitor.cookies["__Host-flow"].partition(".")[2])
    visitor.post(f"{ACTIVATION}/verification", {"code": code})
    tokens.append(visitor.cookies["__Host-flow"].partition(".")[2])
    visitor.post(f"{ACTIVATION}/password", both(PASSWORD))
    tokens.append(visitor.cookies["__Host-session"])
    world.deliver()
    other = Visitor()
    other.post(SESSION, credentials(LOUIS))
    tokens.append(other.cookies["__Host-flow"].partition(".")[2])
    people.type_code(world, other)
    tokens.append(other.cookies["__Host-session"])
    other.put(OWN_PASSWORD, {"current": PASSWORD, **both(NEW_PASSWORD)})
    tokens.append(other.cookies["__Host-session"])
    assert len(set(tokens)) == len(tokens)
    assert all(len(token) == 43 for token in tokens)


def test_a_session_planted_in_a_browser_is_not_the_one_that_opens(world: World, visitor: Visitor) -> None:
    visitor.cookies["__Host-session"] = "A" * 43
    people.activate(world, visitor, LOUIS)
    assert visitor.cookies["__Host-session"] != "A" * 43
    assert Visitor({"__Host-session": "A" * 43}).get(ACCOUNT).status == 401


def test_the_session_that_a_browser_had_ends_with_the_next_one(world: World) -> None:
    visitor = at_home(world, LOUIS)
    before = Visitor({"__Host-session": visitor.cookies["__Host-session"]})
    assert before.get(ACCOUNT).status == 200
    visitor.post(SESSION, credentials(LOUIS))
    assert people.type_code(world, visitor).status == 200
    assert (before.get(ACCOUNT).status, visitor.get(ACCOUNT).status) == (401, 200)
    before = Visitor({"__Host-session": visitor.cookies["__Host-session"]})
    people.activate(world, visitor, AWA)  # somebody else
    assert before.get(ACCOUNT).status == 401


def test_no_refusal_no_look_and_no_resend_hands_out_a_cookie(world: World, visitor: Visitor) -> None:
    people.ask_code(world, visitor, LOUIS)
    steps = {"verification": {"code": "000000"}, "code": {}, "password": both(PASSWORD)}
    refused = [visitor.post(f"{ACTIVATION}/{step}", body) for step, body in steps.items()]
    refused += [visitor.post(SESSION, credentials(STRANGER)), visitor.get(ACCOUNT)]
    assert all(answer.status >= 400 and not answer.cookies for answer in refused)
    world.advance(60)
    again = visitor.post(f"{ACTIVATION}/code"), visitor.post(ACTIVATION, LOUIS.start_body)
    assert all(answer.status < 300 and not answer.cookies for answer in (visitor.get(SESSION), *again))


def test_another_session_s_page_changes_nothing_and_its_name_opens_nothing(world: World, louis: Visitor) -> None:
    before = louis.get(SESSION).body["session"]["id"]
    assert before not in world.everything()
    assert Visitor({"__Host-session": before}).get(ACCOUNT).status == 401
    louis.cookies |= sign_in(world, LOUIS).cookies
    rows, body = world.rows("accounts"), {"current": PASSWORD, **both(NEW_PASSWORD)}
    refused = louis.call("PUT", OWN_PASSWORD, body, headers={"X-Session": before})
    assert (refused.said, refused.next_step) == ((409, "wrong-step"), "home")
    assert world.rows("accounts") == rows
    assert Visitor().call("PUT", OWN_PASSWORD, body, headers={"X-Session": before}).said == (401, "session-expired")
    own = {"X-Session": louis.get(SESSION).body["session"]["id"]}
    assert louis.call("PUT", OWN_PASSWORD, body, headers=own).status == 200


@pytest.mark.parametrize("said", ["nonsense", f"{'0' * 8}-0000-4000-8000-{'0' * 12}.{'A' * 43}", "A" * 43, "=\x00;="])
def test_cookies_that_are_none_of_ours_make_nobody(world: World, said: str) -> None:
    nobody = {"who": "anonymous", "next_step": "sign_in", "server_time": world.in_(0)}
    for names in ((), ("__Host-flow", "__Host-session"), ("flow", "session"), ("", "a;b", "é")):
        assert Visitor(dict.fromkeys(names, said)).get(SESSION).body == nobody


def test_a_flow_says_which_code_is_out_and_no_contact(world: World, visitor: Visitor) -> None:
    people.ask_code(world, visitor, LOUIS)
    world.advance(30)
    seen = visitor.get(SESSION).body
    code = {"length": 6, "expires_at": world.in_(870), "resend_at": world.in_(30), "resends_left": 4}
    flow = {"purpose": "activation", "flow": visitor.cookies["__Host-flow"].partition(".")[0], "code": code}
    assert seen == {"who": "flow", "next_step": "verify_code", **flow, "server_time": world.in_(0)}


def test_each_step_of_a_newcomer_brings_what_its_page_needs(world: World, newcomer: Visitor) -> None:
    texts, seen = current_texts(), newcomer.get(SESSION).body
    assert (seen["who"], seen["next_step"]) == ("session", "give_consent")
    assert seen["consent"] == {"text_version": texts.consent.version, "text": texts.consent.text}
    other = Visitor()
    other.post(SESSION, credentials(LOUIS))
    assert people.type_code(world, other).body["consent"] == seen["consent"]  # a sign-in resumes there, too
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
    visitor = people.in_session(world, INES)
    visitor.put(CONSENT, {"consents": True, "text_version": "1"})
    asked = visitor.put(CHANNEL, {"channel": "sms", "mobile": "07 68 12 34 56"})
    seen = visitor.get(SESSION).body
    assert (seen["who"], seen["next_step"], seen["purpose"]) == ("session", "verify_contact", "contact")
    assert seen["destination"] == "au numéro se terminant par 56"
    assert seen["code"] == asked.body["code"]
    assert seen["code"]["expires_at"] == world.in_(600)
    assert "destination" not in asked.body


@pytest.mark.parametrize("path", [ACTIVATION, RESET])
def test_no_answer_before_verification_names_anybody(world: World, visitor: Visitor, path: str) -> None:
    shown = visitor.post(path, LOUIS.start_body).text + visitor.get(SESSION).text
    world.deliver()
    shown += visitor.get(SESSION).text + visitor.post(f"{path}/verification", {"code": next(people.wrong_codes())}).text
    assert not re.search(r"@|•|mondomaine|345678|garcia|10000001", shown, re.IGNORECASE)
