"""Every call on a flow in every state: one table for real flows and decoys, activation and reset."""

from collections.abc import Callable

import pytest

from activation.domain.accounts import Account
from activation.domain.flows import Purpose, make_throttle_key
from tests.builders import active, invited
from tests.in_memory import OTHER_PASSWORD, Browser, InMemoryService, outcome, password_record

STATES = ("code_sent", "5 wrong", "verified", "done", "past its end", "none")
REACHED_BY_DECOYS = ("code_sent", "5 wrong", "past its end", "none")
PURPOSES = (Purpose.ACTIVATION, Purpose.PASSWORD_RESET)
PROVEN = "WrongStepError set_password"
DONE = "WrongStepError sign_in"
WAITS = "WrongStepError verify_code"
SPENT = "FlowLockedError"
GONE = "FlowExpiredError"

TABLE = {
    "start, same throttle key": ("sent again", "new", "new", "new", "new", "new"),
    "start, other throttle key": ("new", "new", "new", "new", "new", "new"),
    "resend": ("ok", SPENT, PROVEN, DONE, GONE, GONE),
    "right code": ("ok", SPENT, PROVEN, DONE, GONE, GONE),
    "wrong code": ("CodeRejectedError", SPENT, PROVEN, DONE, GONE, GONE),
    "password": (WAITS, WAITS, "ok", DONE, GONE, GONE),
    "bad password": (WAITS, WAITS, "PasswordRejectedError", DONE, GONE, GONE),
    "where am I": ("verify_code", "verify_code, locked", "set_password", "anonymous", "anonymous", "anonymous"),
    "resend of the other purpose": (WAITS, WAITS, PROVEN, DONE, GONE, GONE),
    "code of the other purpose": (WAITS, WAITS, PROVEN, DONE, GONE, GONE),
    "password of the other purpose": (WAITS, WAITS, PROVEN, DONE, GONE, GONE),
    "code of a sign-in": (WAITS, WAITS, PROVEN, DONE, GONE, GONE),
    "resend of a sign-in": (WAITS, WAITS, PROVEN, DONE, GONE, GONE),
}
DECOY_TABLE = {**TABLE, "right code": ("CodeRejectedError", *TABLE["right code"][1:])}
LOCKED = [
    *(("start, same throttle key", state) for state in ("code_sent", "5 wrong", "none")),
    *((call, state) for call in ("resend", "right code") for state in ("code_sent", "5 wrong")),
    ("wrong code", "code_sent"),
    ("password", "verified"),
    ("bad password", "verified"),
]


def reach(state: str, purpose: Purpose, *people: Account) -> Browser:
    """A browser whose flow has come to that state, a minute after its code went out."""
    browser = Browser(InMemoryService(*people))
    if state == "none":
        browser.flow_id, browser.flow_token = "unknown", "token"
        return browser
    browser.start(purpose=purpose)
    browser.app.deliver()
    if state == "5 wrong":
        browser.guess(5, purpose)
    if state in ("verified", "done"):
        browser.verify(browser.code, purpose)
    if state == "done":
        set_password(browser, purpose)
        browser.session = None
    browser.app.wait(900 if state == "past its end" else 60)
    return browser


def set_password(browser: Browser, purpose: Purpose, password: str = OTHER_PASSWORD) -> None:
    if purpose is Purpose.ACTIVATION:
        browser.set_password(password)
    else:
        browser.reset_password(password)


def started(browser: Browser, purpose: Purpose, last_name: str) -> str:
    before, token = browser.flow_id, browser.flow_token
    flow = browser.start(last_name=last_name, purpose=purpose)
    if flow.flow_id == before:
        return "sent again" if flow.code_number == 2 and browser.flow_token == token else "?"
    return "new" if flow.code_number == 1 and browser.flow_token != token else "?"


def position(browser: Browser) -> str:
    where = browser.where()
    if where.flow is None:
        return "anonymous"
    return f"{where.flow.next_step}, locked" if where.locked_until else f"{where.flow.next_step}"


def typed(browser: Browser, *, right: bool) -> str:
    if browser.flow_id not in browser.app.flows.rows:
        return "123456"
    return browser.code if right else browser.wrong_code


def other(purpose: Purpose) -> Purpose:
    return PURPOSES[1 - PURPOSES.index(purpose)]


def answer(call: str, browser: Browser, purpose: Purpose) -> str:
    if call == "where am I":
        return position(browser)
    if call.startswith("start"):
        return started(browser, purpose, "Garcia" if call == "start, same throttle key" else "Petit")
    return outcome(calls(browser, purpose)[call])


def calls(browser: Browser, purpose: Purpose) -> dict[str, Callable[[], object]]:
    return {
        "resend": lambda: browser.resend(purpose),
        "right code": lambda: browser.verify(typed(browser, right=True), purpose),
        "wrong code": lambda: browser.verify(typed(browser, right=False), purpose),
        "password": lambda: set_password(browser, purpose),
        "bad password": lambda: set_password(browser, purpose, "short"),
        "resend of the other purpose": lambda: browser.resend(other(purpose)),
        "code of the other purpose": lambda: browser.verify(typed(browser, right=True), other(purpose)),
        "password of the other purpose": lambda: set_password(browser, other(purpose)),
        "code of a sign-in": lambda: browser.verify_sign_in(typed(browser, right=True)),
        "resend of a sign-in": browser.resend_sign_in,
    }


def the_person(purpose: Purpose) -> Account:
    return invited() if purpose is Purpose.ACTIVATION else active(password=password_record("10000001"))


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("call", TABLE)
def test_a_call_on_a_flow_answers_as_its_state_says(call: str, state: str, purpose: Purpose) -> None:
    browser = reach(state, purpose, the_person(purpose))
    assert answer(call, browser, purpose) == TABLE[call][STATES.index(state)]


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("state", REACHED_BY_DECOYS)
@pytest.mark.parametrize("call", TABLE)
def test_a_call_on_a_decoy_answers_alike_and_its_right_code_fails(call: str, state: str, purpose: Purpose) -> None:
    browser = reach(state, purpose)
    assert answer(call, browser, purpose) == DECOY_TABLE[call][STATES.index(state)]


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize(("call", "state"), LOCKED)
def test_a_call_for_a_locked_throttle_key_answers_that_it_is_locked(call: str, state: str, purpose: Purpose) -> None:
    browser = reach(state, purpose, the_person(purpose))
    app, throttle_key = browser.app, make_throttle_key(purpose, "10000001", "garcia")
    app.counters.lock_throttle(throttle_key, until=app.now + 1)
    answers: list[str] = []
    refusal = outcome(lambda: answers.append(answer(call, browser, purpose)))
    assert (answers or [refusal]) == ["AccountLockedError"]


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("call", ["resend", "right code", "password"])
@pytest.mark.parametrize("state", ["code_sent", "verified"])
def test_a_form_left_open_on_another_flow_changes_nothing(call: str, state: str, purpose: Purpose) -> None:
    browser = reach(state, purpose, the_person(purpose))
    browser.shown, before = "another-flow", browser.flow
    assert (answer(call, browser, purpose), browser.flow) == (f"WrongStepError {before.next_step}", before)


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("call", ["resend", "right code", "wrong code", "password", "where am I"])
@pytest.mark.parametrize("state", ["code_sent", "verified", "done"])
def test_without_its_token_a_flow_is_nobodys(call: str, state: str, purpose: Purpose) -> None:
    browser = reach(state, purpose, the_person(purpose))
    browser.flow_token, before = "guessed", browser.flow
    assert answer(call, browser, purpose) == ("anonymous" if call == "where am I" else GONE)
    assert browser.flow == before
