"""Signing in with a password and a code; signing out."""

from typing import Any

import pytest
from argon2 import PasswordHasher

from activation.domain.accounts import Account, PasswordRecord, Status
from activation.domain.contacts import Channel
from activation.domain.credentials import needs_rehash, pepper_message
from activation.domain.errors import ContactNotProvenError, CredentialsRejectedError, TooManyCodesError
from activation.domain.flows import Purpose
from activation.domain.limits import DAY_SECONDS, window
from tests.builders import MAIL, MOBILE, NOW, PASSWORD, active, invited
from tests.unit.in_memory import Browser, InMemoryService, outcome, password_record

RECORD = password_record("10000001")
BOTH = {Channel.EMAIL: MAIL, Channel.SMS: MOBILE}


def service_of(**more: Any) -> InMemoryService:
    return InMemoryService(active(**{"password": RECORD, **more}))


def test_a_right_password_sends_a_code_to_the_chosen_contact() -> None:
    app = service_of(proven=BOTH, channel=Channel.SMS, session_epoch=3)
    flow = Browser(app).sign_in()
    assert (flow.purpose, flow.recipients, flow.epoch) == (Purpose.SIGN_IN, {1: MOBILE}, 3)
    app.deliver()
    assert [sms.to for sms in app.sms.sent] == [MOBILE.value]


def test_a_sign_in_code_lives_ten_minutes() -> None:
    assert Browser(service_of()).sign_in().ends_at == NOW + 600


@pytest.mark.parametrize(
    "who",
    [None, invited(), active(status=Status.CLOSED, password=RECORD), invited(password=RECORD)],
    ids=["unknown", "invited", "closed", "invited, with a password"],
)
def test_only_somebody_active_signs_in_and_all_others_are_told_the_same(who: Account | None) -> None:
    app = InMemoryService(*([who] if who else []), wrong_passwords=3)
    said = []
    for _ in range(3):
        with pytest.raises(CredentialsRejectedError) as rejected:
            Browser(app).sign_in()
        said.append(rejected.value.attempts_left)
    assert said == [None, 1, None]
    assert outcome(Browser(app).sign_in) == "AccountLockedError"
    assert app.flows.rows == {}


@pytest.mark.parametrize("pause", [0, 59, 60])
def test_right_passwords_never_add_up_to_a_lock(pause: int) -> None:
    app = InMemoryService(active(password=RECORD), wrong_passwords=3)
    browser = Browser(app)
    answers = []
    for _ in range(4):
        answers.append(outcome(browser.sign_in))
        app.wait(pause)
    assert answers == ["ok"] * 4
    assert app.counters.passwords["10000001"].number == 0


def test_a_right_password_that_may_send_no_code_is_not_counted_as_wrong() -> None:
    app = InMemoryService(active(password=RECORD), sign_in_codes_per_day=1, wrong_passwords=3)
    Browser(app).sign_in()
    for _ in range(4):
        assert outcome(Browser(app).sign_in) == "TooManyCodesError"


def test_an_account_has_30_codes_a_day() -> None:
    app = service_of()
    for _ in range(30):
        Browser(app).sign_in()
    with pytest.raises(TooManyCodesError) as refused:
        Browser(app).sign_in()
    assert refused.value.retry_at == window("d", DAY_SECONDS, NOW).ends_at


def test_the_address_is_counted_before_any_hashing() -> None:
    app = InMemoryService(active(password=RECORD), starts_per_ip_per_5_minutes=1)
    Browser(app).sign_in()
    app.peppers.signed.clear()
    assert outcome(Browser(app).sign_in) == "TooManyRequestsError"
    assert app.peppers.signed == []


def test_signing_in_again_sends_the_code_again() -> None:
    app = service_of()
    browser = Browser(app)
    first = browser.sign_in()
    app.wait(60)
    again = browser.sign_in()
    assert (again.flow_id, again.code_number) == (first.flow_id, 2)
    assert again.recipients == {1: MAIL, 2: MAIL}
    app.change_account(session_epoch=1)
    assert browser.sign_in().flow_id != first.flow_id


def test_the_other_channel_must_be_proven() -> None:
    app = service_of()
    browser = Browser(app)
    browser.sign_in()
    app.wait(60)
    with pytest.raises(ContactNotProvenError):
        browser.resend_sign_in(Channel.SMS)
    assert browser.flow.code_number == 1


@pytest.mark.parametrize(
    "changed", [None, active(status=Status.CLOSED), active(session_epoch=1)], ids=["erased", "closed", "signed out"]
)
def test_a_code_is_not_sent_again_to_somebody_erased_closed_or_signed_out_everywhere(changed: Account | None) -> None:
    app = service_of()
    browser = Browser(app)
    browser.sign_in()
    app.accounts.rows.clear()
    app.accounts.add(*([changed] if changed else []))
    app.wait(60)
    assert outcome(lambda: browser.resend_sign_in(Channel.EMAIL)) == "FlowExpiredError"


def test_the_code_opens_the_session_and_the_password_alone_does_not() -> None:
    browser = Browser(service_of())
    browser.sign_in()
    assert browser.where().access is None
    browser.verify_sign_in(browser.code)
    assert browser.access.account.identifier == "10000001"


def test_a_browser_known_to_one_account_is_unknown_to_another() -> None:
    app = InMemoryService(active(password=RECORD), active("10000002"), wrong_passwords=1)
    browser = Browser(app)
    browser.enter()
    outcome(lambda: browser.sign_in("10000002", "wrong"))
    assert outcome(lambda: Browser(app).sign_in("10000002")) == "AccountLockedError"


def old_record() -> PasswordRecord:
    """What was kept when hashing had other parameters."""
    peppered = InMemoryService().peppers.mac(pepper_message("10000001", PASSWORD))
    return PasswordRecord(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(peppered), "pepper")


def test_an_old_hash_is_renewed_by_the_next_sign_in_and_a_new_one_left_alone() -> None:
    app = InMemoryService(active(password=old_record()))
    Browser(app).sign_in()
    renewed = app.account()
    assert renewed.password
    assert not needs_rehash(renewed.password.encoded)
    Browser(app).sign_in()
    assert app.account() == renewed


def test_whoever_loses_the_race_for_a_new_hash_signs_in_all_the_same() -> None:
    app = InMemoryService(active(password=old_record()))
    app.store.meanwhile += [lambda: None, lambda: None, app.change_account]
    browser = Browser(app)
    browser.enter()
    assert browser.access.account.password == app.account().password


def test_a_wrong_password_renews_no_hash() -> None:
    app = InMemoryService(active(password=old_record()))
    outcome(lambda: Browser(app).sign_in(password="wrong"))
    assert app.account() == active(password=app.account().password)
