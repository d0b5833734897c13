"""The breaker against one code tried at many people: past so many wrong codes everybody's have eight digits."""

import pytest

from activation.domain.flows import Purpose
from tests.builders import active, entry, invited
from tests.unit.in_memory import Browser, InMemoryService, outcome, password_record

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


def test_below_the_limit_codes_have_six_digits() -> None:
    assert Browser(app_after(5)).start().latest_code.digits == 6


@pytest.mark.parametrize("purpose", [Purpose.ACTIVATION, Purpose.PASSWORD_RESET])
@pytest.mark.parametrize("identifier", ["10000001", "29999999"])
def test_past_it_everybodys_codes_have_eight(purpose: Purpose, identifier: str) -> None:
    assert Browser(app_after(6)).start(identifier, purpose=purpose).latest_code.digits == 8


def test_a_sign_in_gets_eight_digits_too_and_they_open_it() -> None:
    app = app_after(6)
    app.accounts.add(active(password=password_record("10000001")))
    browser = Browser(app)
    assert browser.sign_in().latest_code.digits == 8
    browser.verify_sign_in(browser.code)
    assert browser.session


def test_right_codes_do_not_count() -> None:
    app = app_after(5)
    browser = Browser(app)
    browser.start()
    app.deliver()
    browser.verify(browser.code)
    assert Browser(app).start("20000003").latest_code.digits == 6


def test_what_does_not_reach_a_comparison_does_not_count() -> None:
    app = app_after(5)
    browser = Browser(app)
    browser.start()
    browser.shown = "another"
    assert outcome(lambda: browser.verify(browser.wrong_code)) == "WrongStepError verify_code"
    assert sum(app.breaker.counted.values()) == 5
