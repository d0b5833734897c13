"""The breaker against one code tried at many people: past so many wrong codes everybody's have eight digits.

Whoever was sent a shorter one before is not kept out, and a crowd that mistypes now and then trips nothing.
"""

import pytest

from activation.domain.flows import FlowState, Purpose
from tests.builders import active, entry, invited
from tests.in_memory import Browser, InMemoryService, outcome, password_record

OTHERS = [invited(f"2000000{number}", roster=entry(mobile="")) for number in range(4)]


def app_after(wrong: int, *, limit: int = 6) -> InMemoryService:
    """An in-memory service in which so many wrong codes were typed, by strangers, for as many people as it takes."""
    app = InMemoryService(invited(), *OTHERS, wrong_codes_per_10_minutes=limit)
    for number in range(0, wrong, 5):
        stranger = Browser(app)
        stranger.start(f"2000000{number // 5}")
        stranger.guess(min(5, wrong - number))
    app.outbox.rows.clear()
    return app


@pytest.mark.parametrize("purpose", [Purpose.ACTIVATION, Purpose.PASSWORD_RESET])
@pytest.mark.parametrize("identifier", ["10000001", "29999999"])
@pytest.mark.parametrize(("wrong", "digits"), [(5, 6), (6, 8)])
def test_past_the_limit_everybodys_codes_have_eight(wrong: int, digits: int, identifier: str, purpose: Purpose) -> None:
    assert Browser(app_after(wrong)).start(identifier, purpose=purpose).latest_code.digits == digits


@pytest.mark.parametrize("purpose", [Purpose.ACTIVATION, Purpose.PASSWORD_RESET])
def test_whoever_got_eight_digits_gets_on_with_them(purpose: Purpose) -> None:
    app = app_after(6)
    if purpose is Purpose.PASSWORD_RESET:
        app.accounts.add(active())
    browser = Browser(app)
    browser.prove(purpose=purpose)
    assert browser.flow.state is FlowState.VERIFIED


def test_a_sign_in_gets_eight_digits_too_and_they_open_it() -> None:
    app = app_after(6)
    app.accounts.add(active(password=password_record("10000001")))
    browser = Browser(app)
    assert browser.sign_in().latest_code.digits == 8
    browser.verify_sign_in(browser.code)
    assert browser.session


def type_right_code(app: InMemoryService, number: int = 0, purpose: Purpose = Purpose.ACTIVATION) -> Browser:
    browser = Browser(app)
    browser.prove(f"3000000{number}", purpose=purpose)
    return browser


@pytest.mark.parametrize(("right", "wrong"), [(0, 6), (4, 6), (5, 7), (9, 7), (10, 8)])
def test_five_right_codes_allow_one_wrong_one_more(right: int, wrong: int) -> None:
    app = InMemoryService(wrong_codes_per_10_minutes=6)
    app.accounts.add(*(invited(f"3000000{number}") for number in range(right)))
    for number in range(right):
        type_right_code(app, number)
    for _ in range(wrong - 1):
        app.breaker.count_wrong_code(now=app.now)
    assert not app.breaker.is_tripped(now=app.now)
    app.breaker.count_wrong_code(now=app.now)
    assert app.breaker.is_tripped(now=app.now)


def right_codes(app: InMemoryService) -> int:
    return sum(typed.right for typed in app.breaker.counted.values())


def test_each_person_counts_as_one_right_code_a_day() -> None:
    app = InMemoryService(invited("30000000"))
    type_right_code(app).set_password("Perchoir-Cendre-4410-ruisseau")
    assert right_codes(app) == 1
    for days, counted in ((0, 1), (0, 1), (1, 2), (0, 2)):
        app.wait(days * 86_400 - app.now % 86_400 if days else 1)
        browser = Browser(app)
        browser.enter("30000000", password="Perchoir-Cendre-4410-ruisseau")
        assert right_codes(app) == counted


def test_a_right_code_after_a_wrong_one_or_of_a_reset_allows_for_none() -> None:
    app = InMemoryService(invited(), active("30000000"))
    browser = Browser(app)
    browser.start()
    app.deliver()
    assert outcome(lambda: browser.verify(browser.wrong_code)) == "CodeRejectedError"
    browser.verify(browser.code)
    type_right_code(app, purpose=Purpose.PASSWORD_RESET)
    assert right_codes(app) == 0


def opened_before(limit: int = 6) -> tuple[InMemoryService, Browser]:
    """A service just below its limit, and somebody who was sent a code then."""
    app = app_after(limit - 1, limit=limit)
    browser = Browser(app)
    browser.start()
    app.deliver()
    return app, browser


def test_it_is_good_for_no_second_guess() -> None:
    app, browser = opened_before()
    assert outcome(lambda: browser.verify(browser.wrong_code)) == "CodeRejectedError"
    assert app.breaker.is_tripped(now=app.now)
    assert outcome(lambda: browser.verify(browser.code)) == "CodeRejectedError"


@pytest.mark.parametrize(("more", "said"), [(6, "ok"), (7, "CodeRejectedError")])
def test_it_is_good_no_more_once_as_many_wrong_codes_came_again(more: int, said: str) -> None:
    app, browser = opened_before()
    for _ in range(more):
        app.breaker.count_wrong_code(now=app.now)
    assert outcome(lambda: browser.verify(browser.code)) == said


@pytest.mark.parametrize(("wrong", "sent"), [(1, 1), (7, 0)])
def test_a_code_that_still_waits_is_sent_for_as_long_as_it_is_good(wrong: int, sent: int) -> None:
    app = app_after(5)
    browser, guessed = Browser(app), Browser(app_after(5))
    browser.start()
    for _ in range(wrong):
        app.breaker.count_wrong_code(now=app.now)
    app.deliver()
    assert len(app.mail.sent) == sent
    guessed.start()
    assert outcome(lambda: guessed.verify("00000000")) == "CodeRejectedError"
    guessed.app.deliver()  # a second guess is worth no code
    assert guessed.app.mail.sent == []


def test_what_does_not_reach_a_comparison_does_not_count() -> None:
    app = app_after(5)
    browser = Browser(app)
    browser.start()
    browser.shown = "another"
    assert outcome(lambda: browser.verify(browser.wrong_code)) == "WrongStepError verify_code"
    assert [typed.wrong for typed in app.breaker.counted.values()] == [5]
