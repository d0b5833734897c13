"""Signing in: a password, then a code; signing out; and the browsers that no lock made elsewhere keeps out."""

import pytest

from tests.builders import PASSWORD
from tests.functions import people
from tests.functions.paths import ACCOUNT, RESET, SESSION
from tests.functions.people import DAY, LOUIS, NEW_PASSWORD, STRANGER, both, credentials, prove, sign_in, type_code
from tests.functions.visitor import Visitor
from tests.functions.world import World


def test_password_and_code_lead_home(world: World, louis: Visitor) -> None:
    assert louis
    world.advance(DAY)
    other = Visitor()
    assert other.post(SESSION, credentials(LOUIS)).body["code"]["expires_at"] == world.in_(600)
    assert type_code(world, other).said == (200, "home")
    assert "__Host-flow" not in other.cookies
    assert other.get(ACCOUNT).body["last_sign_in"] == world.in_(-DAY)


def test_a_sign_in_before_the_terms_resumes_there(world: World, newcomer: Visitor) -> None:
    other = Visitor()
    other.post(SESSION, credentials(LOUIS))
    answer = type_code(world, other)
    assert answer.said == (200, "give_consent")
    assert answer.body["consent"]["text_version"] == "1"
    assert newcomer.get(SESSION).body["who"] == "session"


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
    world.advance(60)
    other.post(f"{SESSION}/code")
    [again] = world.deliver()
    assert again.channel == "email"
    assert other.post(f"{SESSION}/verification", {"code": by_sms.code}).said == (422, "code-rejected")
    assert other.post(f"{SESSION}/verification", {"code": by_mail.code}).said == (200, "home")


def test_signing_out_ends_this_session_and_no_other(world: World, louis: Visitor) -> None:
    other = sign_in(world, LOUIS)
    twin = louis.twin()
    gone = louis.delete(SESSION)
    assert (gone.status, gone.text) == (204, "")
    assert not {"__Host-session", "__Host-flow"} & louis.cookies.keys()
    assert twin.get(ACCOUNT).said == (401, "session-expired")
    assert other.get(ACCOUNT).status == 200
    assert louis.delete(SESSION).status == 204


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


def test_signing_out_everywhere_ends_every_session_and_forgets_the_browsers(world: World, louis: Visitor) -> None:
    other, twin = sign_in(world, LOUIS), louis.twin()
    assert louis.delete(f"{ACCOUNT}/sessions").status == 204
    for visitor in (other, twin, louis):
        assert visitor.get(ACCOUNT).said == (401, "session-expired")
    assert louis.delete(f"{ACCOUNT}/sessions").said == (401, "session-expired")
    lock_out(Visitor())
    assert twin.post(SESSION, credentials(LOUIS)).said == (429, "account-locked")


def test_a_reset_lifts_the_lock_and_none_made_elsewhere_follows_it(world: World, louis: Visitor) -> None:
    lock_out(Visitor())
    stranger = Visitor()
    prove(world, stranger, LOUIS, RESET)
    assert stranger.get(SESSION).body["purpose"] == "password_reset"
    reset = stranger.post(f"{RESET}/password", both(NEW_PASSWORD))
    assert (reset.said, list(stranger.cookies)) == ((200, "sign_in"), ["__Host-device"])
    assert "Max-Age=31536000" in reset.cookies["__Host-device"]
    lock_out(Visitor())
    assert stranger.post(SESSION, credentials(LOUIS, NEW_PASSWORD)).status == 202
    assert louis.post(SESSION, credentials(LOUIS, NEW_PASSWORD)).said == (429, "account-locked")


def test_a_browser_is_known_for_a_year_once_a_session_opened_in_it(world: World, louis: Visitor) -> None:
    other = Visitor()
    other.post(SESSION, credentials(LOUIS))
    assert "__Host-device" not in other.cookies
    entered = type_code(world, other)
    assert "Max-Age=31536000" in entered.cookies["__Host-device"]
    assert len({len(visitor.cookies["__Host-device"]) for visitor in (louis, other)} | {43}) == 1
    assert other.cookies["__Host-device"] not in world.everything()
    assert other.cookies["__Host-device"] != louis.cookies["__Host-device"]
