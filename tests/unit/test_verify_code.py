"""Step 2: whose code opens what, and what guessing costs."""

from dataclasses import replace
from typing import Any

import pytest

from activation.domain.accounts import FRESH_CONTACT_SECONDS, Account, FormerContacts, Status
from activation.domain.contacts import Channel
from activation.domain.errors import CodeRejectedError, WrongStepError
from activation.domain.flows import FlowState, Purpose, make_throttle_key
from activation.domain.limits import DAY_SECONDS, ThrottleState
from activation.domain.outbox import MessageKind
from tests.builders import NOW, active, invited
from tests.unit.in_memory import Browser, InMemoryService, outcome, password_record

THROTTLE_KEY = make_throttle_key(Purpose.ACTIVATION, "10000001", "garcia")


def with_code(*people: Account, purpose: Purpose = Purpose.ACTIVATION, **limits: int) -> Browser:
    """A browser whose code went out, if somebody gets it."""
    browser = Browser(InMemoryService(*people, **limits))
    browser.start(purpose=purpose)
    browser.app.deliver()
    return browser


def remember_wrong_codes(app: InMemoryService, wrong: int) -> None:
    app.counters.throttles[THROTTLE_KEY] = replace(app.counters.throttle(THROTTLE_KEY), wrong=wrong)


def test_the_right_code_proves_the_flow_under_a_new_token() -> None:
    browser = with_code(invited())
    before = browser.reference
    flow = browser.verify(browser.code)
    assert browser.flow == flow
    assert (flow.state, flow.matched, flow.ends_at) == (FlowState.VERIFIED, 1, NOW + 1_800)
    assert flow.verification_id
    assert flow.belongs_to(browser.reference, NOW)
    assert not flow.belongs_to(before, NOW)


def test_the_fifth_try_may_be_the_right_one() -> None:
    browser = with_code(invited())
    browser.guess(3)
    with pytest.raises(CodeRejectedError) as refused:
        browser.verify(browser.wrong_code)
    assert refused.value.attempts_left == 1
    assert browser.verify(browser.code).attempts == 5


def test_a_first_code_is_rejected_once_its_own_life_is_over() -> None:
    browser = with_code(invited())
    browser.app.wait(60)
    browser.resend()
    browser.app.deliver()
    browser.app.now = NOW + 900
    assert outcome(lambda: browser.verify(browser.app.code(browser.flow_id, 1))) == "CodeRejectedError"
    browser.verify(browser.code)


def test_known_and_unknown_people_cost_the_same_work_to_verify() -> None:
    known, unknown = with_code(invited()), with_code()
    for browser in (known, unknown):
        browser.app.codes.signed.clear()
        browser.guess(1)
    assert len(known.app.codes.signed) == len(unknown.app.codes.signed) == 1


@pytest.mark.parametrize(("wrong", "answer"), [(9, "ok"), (10, "CodeRejectedError"), (99, "CodeRejectedError")])
def test_once_codes_are_longer_a_right_one_of_6_digits_is_rejected(wrong: int, answer: str) -> None:
    browser = with_code(invited())
    remember_wrong_codes(browser.app, wrong)
    assert outcome(lambda: browser.verify(browser.code)) == answer
    assert browser.flow.attempts == 1


@pytest.mark.parametrize(("wrong", "locked_until"), [(98, 0), (99, NOW + DAY_SECONDS), (150, NOW + DAY_SECONDS)])
def test_from_the_hundredth_wrong_code_on_each_locks_the_throttle_key_for_a_day(wrong: int, locked_until: int) -> None:
    browser = with_code(invited())
    remember_wrong_codes(browser.app, wrong)
    assert browser.guess(1) == ["CodeRejectedError"]
    assert browser.app.counters.throttle(THROTTLE_KEY).locked_until == locked_until
    waiting = [(message.kind, message.message_id is None) for message in browser.app.outbox.pending]
    assert waiting == ([(MessageKind.TOO_MANY_WRONG_CODES, False)] if locked_until else [])


def test_the_hundredth_code_in_a_row_may_be_the_right_one() -> None:
    browser = with_code(invited(), wrong_codes_per_person=5)
    assert browser.guess(4) == ["CodeRejectedError"] * 4
    browser.verify(browser.code)
    assert browser.app.counters.throttle(THROTTLE_KEY) == ThrottleState(
        starts=browser.app.counters.throttle(THROTTLE_KEY).starts
    )
    assert browser.app.notices() == []


def test_while_a_guess_is_looked_at_that_may_lock_the_throttle_key_no_other_is() -> None:
    app = InMemoryService(invited(), wrong_codes_per_person=1)
    browser, other = Browser(app), Browser(app)
    for each in (browser, other):
        each.start()
    app.deliver()
    answers = list[str]()
    app.store.meanwhile.append(lambda: answers.append(outcome(lambda: other.verify(other.code))))
    browser.verify(browser.code)
    assert answers == ["AccountLockedError"]


def test_of_two_right_codes_at_once_one_proves_the_flow() -> None:
    browser = with_code(invited())
    twin = replace(browser)
    browser.app.store.meanwhile.append(lambda: twin.verify(twin.code))
    with pytest.raises(WrongStepError):
        browser.verify(browser.code)
    assert browser.flow.belongs_to(twin.reference, NOW)


def test_a_sign_in_opens_a_session_and_ends_its_flow() -> None:
    app = InMemoryService(active(password=password_record("10000001"), session_epoch=4))
    browser = Browser(app)
    browser.sign_in()
    app.wait(5)
    signed_in = browser.verify_sign_in(browser.code)
    assert signed_in.signed_in_at == app.account().signed_in_at == NOW + 5
    assert (browser.access.account.identifier, browser.access.session.epoch) == ("10000001", 4)
    assert (browser.flow.state, browser.flow.matched) == (FlowState.DONE, 1)
    assert browser.flow.verification_id
    assert app.done() == ["signed_in"]
    assert outcome(lambda: browser.verify_sign_in(browser.code)) == "WrongStepError sign_in"


def test_a_sign_in_takes_the_place_of_the_browsers_session_and_remembers_the_one_before() -> None:
    old, fresh = FormerContacts({}, NOW + 5 - FRESH_CONTACT_SECONDS), FormerContacts({}, NOW)
    app = InMemoryService(active(password=password_record("10000001"), former=(old, fresh)))
    browser = Browser(app)
    browser.enter()
    app.wait(5)
    signed_in = browser.enter()
    assert (signed_in.signed_in_at, signed_in.previously_signed_in_at) == (NOW + 5, NOW)
    assert (signed_in.former, len(signed_in.devices)) == ((fresh,), 1)
    assert [session.created_at for session in app.sessions.rows.values()] == [NOW + 5]
    assert [event.at for event in app.accounts.events["10000001"]] == [NOW, NOW + 5]


@pytest.mark.parametrize(
    "change", [{"session_epoch": 1}, {"status": Status.CLOSED}, {"status": Status.INVITED}, {"proven": {}}]
)
def test_a_sign_in_begun_before_everything_ended_opens_nothing(change: dict[str, Any]) -> None:
    app = InMemoryService(active(password=password_record("10000001")))
    browser = Browser(app)
    browser.sign_in()
    app.change_account(**change)
    assert outcome(lambda: browser.verify_sign_in(browser.code)) == "FlowExpiredError"
    app.accounts.rows.clear()
    assert outcome(lambda: browser.verify_sign_in(browser.code)) == "FlowExpiredError"
    assert app.sessions.rows == {}


def test_a_sign_in_is_decided_again_when_the_person_changed_meanwhile() -> None:
    app = InMemoryService(active(password=password_record("10000001")))
    browser = Browser(app)
    browser.sign_in()
    app.store.meanwhile.append(lambda: app.change_account(channel=Channel.SMS))
    assert browser.verify_sign_in(browser.code).channel is Channel.SMS
    assert len(app.sessions.rows) == 1


def test_a_sign_in_dies_with_a_reset_in_the_middle_of_it() -> None:
    app = InMemoryService(active(password=password_record("10000001")))
    browser = Browser(app)
    browser.sign_in()
    app.store.meanwhile.append(lambda: app.change_account(session_epoch=1))
    assert outcome(lambda: browser.verify_sign_in(browser.code)) == "FlowExpiredError"
    assert app.sessions.rows == {}
