"""Step 2: whose code opens what, and what guessing costs."""

from dataclasses import replace
from typing import Any

import pytest

from activation.domain.accounts import Account, Status
from activation.domain.contacts import Channel
from activation.domain.errors import AccountLockedError, CodeRejectedError, FlowLockedError, WrongStepError
from activation.domain.flows import FlowState, Purpose, make_throttle_key
from activation.domain.limits import DAY_SECONDS, ThrottleState
from activation.domain.outbox import MessageKind
from tests.builders import MAIL, NOW, active, entry, invited
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
    assert flow.belongs_to(browser.reference, NOW)
    assert not flow.belongs_to(before, NOW)


def test_the_right_code_is_the_one_that_was_sent() -> None:
    browser = with_code(invited())
    [mail] = browser.app.mail.sent
    assert browser.code in mail.text


@pytest.mark.parametrize(
    "people",
    [
        [],
        [invited(roster=entry(last_name="Petit"))],
        [active()],
        [invited(roster=entry(email="", mobile=""))],
        [invited(roster=entry(end_date="2020-01-01"))],
        [invited(status=Status.CLOSED)],
    ],
    ids=["unknown", "another name", "active", "without contact", "left", "closed"],
)
def test_a_decoys_right_code_is_rejected_and_counts_as_wrong(people: list[Account]) -> None:
    browser = with_code(*people)
    with pytest.raises(CodeRejectedError) as refused:
        browser.verify(browser.code)
    assert refused.value.attempts_left == 4
    assert browser.flow.state is FlowState.CODE_SENT
    assert browser.app.counters.throttle(THROTTLE_KEY).wrong == 1


def test_a_right_code_before_the_worker_named_a_recipient_is_rejected() -> None:
    browser = Browser(InMemoryService(invited()))
    browser.start()
    assert outcome(lambda: browser.verify(browser.code)) == "CodeRejectedError"


def test_each_wrong_code_says_how_many_tries_are_left_and_the_sixth_is_not_looked_at() -> None:
    browser = with_code(invited())
    left = []
    for _ in range(5):
        with pytest.raises(CodeRejectedError) as refused:
            browser.verify(browser.wrong_code)
        left.append(refused.value.attempts_left)
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(FlowLockedError):
        browser.verify(browser.code)


def test_the_fifth_try_may_be_the_right_one() -> None:
    browser = with_code(invited())
    browser.guess(4)
    assert browser.verify(browser.code).attempts == 5


@pytest.mark.parametrize("code_number", [1, 2])
def test_the_last_two_codes_are_both_good(code_number: int) -> None:
    browser = with_code(invited())
    browser.app.wait(60)
    browser.resend()
    browser.app.deliver()
    assert browser.verify(browser.app.code(browser.flow_id, code_number)).matched == code_number


def test_the_code_before_the_last_two_is_rejected() -> None:
    browser = with_code(invited())
    first = browser.code
    for _ in range(2):
        browser.app.wait(60)
        browser.resend()
        browser.app.deliver()
    assert outcome(lambda: browser.verify(first)) == "CodeRejectedError"
    browser.verify(browser.code)


def test_a_first_code_is_rejected_once_its_own_life_is_over() -> None:
    browser = with_code(invited())
    browser.app.wait(60)
    browser.resend()
    browser.app.deliver()
    browser.app.now = NOW + 900
    assert outcome(lambda: browser.verify(browser.app.code(browser.flow_id, 1))) == "CodeRejectedError"
    browser.verify(browser.code)


def test_two_live_codes_share_five_attempts() -> None:
    browser = with_code(invited())
    browser.guess(3)
    browser.app.wait(60)
    browser.resend()
    browser.app.deliver()
    assert browser.guess(3) == ["CodeRejectedError"] * 2 + ["FlowLockedError"]


@pytest.mark.parametrize(("seconds", "answer"), [(899, "ok"), (900, "FlowExpiredError")])
def test_a_code_is_good_for_a_quarter_of_an_hour(seconds: int, answer: str) -> None:
    browser = with_code(invited())
    browser.app.wait(seconds)
    assert outcome(lambda: browser.verify(browser.code)) == answer


def test_a_code_of_another_flow_is_rejected() -> None:
    app = InMemoryService(invited())
    mine, other = Browser(app), Browser(app)
    mine.start()
    other.start()
    app.deliver()
    assert mine.code != other.code
    assert outcome(lambda: mine.verify(other.code)) == "CodeRejectedError"


def test_a_flow_that_is_not_shown_spends_no_attempt() -> None:
    browser = with_code(invited())
    browser.shown = "another"
    with pytest.raises(WrongStepError):
        browser.verify(browser.code)
    assert browser.flow.attempts == 0


def test_of_parallel_guesses_exactly_five_are_compared() -> None:
    browser = with_code(invited())
    answers = browser.guess(200)
    assert answers == ["CodeRejectedError"] * 5 + ["FlowLockedError"] * 195
    assert outcome(lambda: browser.verify(browser.code)) == "FlowLockedError"


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


def test_a_right_code_of_8_digits_makes_the_next_ones_short_again() -> None:
    app = InMemoryService(invited())
    remember_wrong_codes(app, 10)
    browser = Browser(app)
    browser.start()
    app.deliver()
    assert len(browser.code) == 8
    assert outcome(lambda: browser.verify(browser.code[-6:])) == "CodeRejectedError"
    browser.verify(browser.code)
    assert app.counters.throttle(THROTTLE_KEY).wrong == 0
    assert Browser(app).start().latest_code.digits == 6


def test_the_longer_code_waits_in_the_message_too() -> None:
    app = InMemoryService(invited())
    remember_wrong_codes(app, 10)
    browser = Browser(app)
    browser.start()
    app.deliver()
    assert browser.code in app.mail.sent[0].text


def test_a_right_code_forgives_the_wrong_ones() -> None:
    browser = with_code(invited())
    remember_wrong_codes(browser.app, 5)
    browser.verify(browser.code)
    assert browser.app.counters.throttle(THROTTLE_KEY).wrong == 0


@pytest.mark.parametrize(("wrong", "locked_until"), [(98, 0), (99, NOW + DAY_SECONDS), (150, NOW + DAY_SECONDS)])
def test_from_the_hundredth_wrong_code_on_each_locks_the_throttle_key_for_a_day(wrong: int, locked_until: int) -> None:
    browser = with_code(invited())
    remember_wrong_codes(browser.app, wrong)
    assert browser.guess(1) == ["CodeRejectedError"]
    assert browser.app.counters.throttle(THROTTLE_KEY).locked_until == locked_until
    waiting = [message.kind for message in browser.app.outbox.pending]
    assert waiting == ([MessageKind.TOO_MANY_WRONG_CODES] if locked_until else [])


def test_the_person_is_told_that_too_many_wrong_codes_were_typed() -> None:
    browser = with_code(invited())
    remember_wrong_codes(browser.app, 99)
    browser.guess(1)
    browser.app.deliver()
    assert [mail.to for mail in browser.app.mail.sent] == [MAIL.value] * 2


def test_a_locked_throttle_key_takes_no_code_until_the_day_is_over() -> None:
    browser = with_code(invited(), activation_code_life_seconds=2 * DAY_SECONDS)
    remember_wrong_codes(browser.app, 99)
    browser.guess(1)
    with pytest.raises(AccountLockedError) as refused:
        browser.verify(browser.code)
    assert refused.value.retry_at == NOW + DAY_SECONDS
    browser.app.wait(DAY_SECONDS)
    assert browser.guess(1) == ["CodeRejectedError"]
    assert browser.app.counters.throttle(THROTTLE_KEY).locked_until == NOW + 2 * DAY_SECONDS


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


def test_wrong_codes_for_one_throttle_key_do_not_touch_another() -> None:
    app = InMemoryService(invited())
    stranger, mine = Browser(app), Browser(app)
    stranger.start(last_name="Petit")
    stranger.guess(5)
    mine.start()
    app.deliver()
    assert len(mine.code) == 6
    mine.verify(mine.code)


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
    assert browser.flow.state is FlowState.DONE
    assert app.done() == ["signed_in"]
    assert outcome(lambda: browser.verify_sign_in(browser.code)) == "WrongStepError sign_in"


def test_a_sign_in_ends_the_browsers_session_of_before_and_no_other() -> None:
    app = InMemoryService(active(password=password_record("10000001")))
    browser, other = Browser(app), Browser(app)
    for signing_in in (other, browser, browser):
        signing_in.enter()
    assert set(app.sessions.rows) == {other.session_hash, browser.session_hash}


@pytest.mark.parametrize("change", [{"session_epoch": 1}, {"status": Status.CLOSED}, {"status": Status.INVITED}])
def test_a_sign_in_begun_before_everything_ended_opens_nothing(change: dict[str, Any]) -> None:
    app = InMemoryService(active(password=password_record("10000001")))
    browser = Browser(app)
    browser.sign_in()
    app.change_account(**change)
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
