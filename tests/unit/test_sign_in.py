"""Signing in with a password and a code; signing out."""

from typing import Any

import pytest
from argon2 import PasswordHasher

from activation.domain.contacts import Channel
from activation.domain.errors import ContactNotProvenError, CredentialsRejectedError, TooManyCodesError
from activation.domain.flows import Purpose
from activation.domain.hashing import needs_rehash, pepper_message
from activation.domain.limits import DAY_SECONDS, window
from activation.domain.people import PasswordRecord, Person, Status
from tests.builders import MAIL, MOBILE, NOW, PASSWORD, active, person
from tests.unit.house import Browser, House, outcome, password_record

RECORD = password_record("10000001")
BOTH = {Channel.EMAIL: MAIL, Channel.SMS: MOBILE}


def house_of(**more: Any) -> House:
    return House(active(**{"password": RECORD, **more}))


def test_a_right_password_sends_a_code_to_the_chosen_contact() -> None:
    house = house_of(proven=BOTH, channel=Channel.SMS, session_epoch=3)
    flow = Browser(house).sign_in()
    assert (flow.purpose, flow.recipients, flow.epoch) == (Purpose.SIGN_IN, {1: MOBILE}, 3)
    house.deliver()
    assert [sms.to for sms in house.sms.sent] == [MOBILE.value]


def test_a_sign_in_code_lives_ten_minutes() -> None:
    assert Browser(house_of()).sign_in().ends_at == NOW + 600


@pytest.mark.parametrize(
    "who",
    [None, person(), active(status=Status.CLOSED, password=RECORD), person(password=RECORD)],
    ids=["unknown", "invited", "closed", "invited, with a password"],
)
def test_only_somebody_active_signs_in_and_all_others_are_told_the_same(who: Person | None) -> None:
    house = House(*([who] if who else []), wrong_passwords=3)
    said = []
    for _ in range(3):
        with pytest.raises(CredentialsRejectedError) as rejected:
            Browser(house).sign_in()
        said.append(rejected.value.attempts_left)
    assert said == [None, 1, None]
    assert outcome(Browser(house).sign_in) == "AccountLockedError"
    assert house.flows.rows == {}


def test_a_wrong_password_sends_nothing() -> None:
    house = house_of()
    assert outcome(lambda: Browser(house).sign_in(password="wrong")) == "CredentialsRejectedError"
    assert (house.outbox.rows, house.flows.rows) == ({}, {})


@pytest.mark.parametrize("pause", [0, 59, 60])
def test_right_passwords_never_add_up_to_a_lock(pause: int) -> None:
    house = House(active(password=RECORD), wrong_passwords=3)
    browser = Browser(house)
    answers = []
    for _ in range(4):
        answers.append(outcome(browser.sign_in))
        house.wait(pause)
    assert answers == ["ok"] * 4
    assert house.counters.passwords["10000001"].number == 0


def test_a_right_password_that_may_send_no_code_is_not_counted_as_wrong() -> None:
    house = House(active(password=RECORD), sign_in_codes_per_day=1, wrong_passwords=3)
    Browser(house).sign_in()
    for _ in range(4):
        assert outcome(Browser(house).sign_in) == "TooManyCodesError"


def test_an_account_has_30_codes_a_day() -> None:
    house = house_of()
    for _ in range(30):
        Browser(house).sign_in()
    with pytest.raises(TooManyCodesError) as refused:
        Browser(house).sign_in()
    assert refused.value.retry_at == window("d", DAY_SECONDS, NOW).ends_at


def test_the_address_is_counted_before_any_hashing() -> None:
    house = House(active(password=RECORD), starts_per_ip_per_5_minutes=1)
    Browser(house).sign_in()
    house.peppers.signed.clear()
    assert outcome(Browser(house).sign_in) == "TooManyRequestsError"
    assert house.peppers.signed == []


def test_failures_elsewhere_stop_at_ten_whatever_they_try() -> None:
    house = house_of()
    answers = [outcome(lambda: Browser(house).sign_in(password="wrong")) for _ in range(12)]
    assert answers == ["CredentialsRejectedError"] * 10 + ["AccountLockedError"] * 2
    house.wait(900)
    Browser(house).sign_in()


def test_signing_in_again_sends_the_code_again() -> None:
    house = house_of()
    browser = Browser(house)
    first = browser.sign_in()
    house.wait(60)
    again = browser.sign_in()
    assert (again.flow_id, again.issue) == (first.flow_id, 2)
    assert again.recipients == {1: MAIL, 2: MAIL}


def test_the_code_may_be_sent_again_the_same_way_or_the_other() -> None:
    house = house_of(proven=BOTH)
    browser = Browser(house)
    browser.sign_in()
    house.wait(60)
    assert browser.resend_sign_in().recipients == {1: MAIL, 2: MAIL}
    house.wait(60)
    assert browser.resend_sign_in(Channel.SMS).recipients == {2: MAIL, 3: MOBILE}
    house.wait(60)
    assert browser.resend_sign_in().recipients[4] == MOBILE


def test_the_other_channel_must_be_proven() -> None:
    house = house_of()
    browser = Browser(house)
    browser.sign_in()
    house.wait(60)
    with pytest.raises(ContactNotProvenError):
        browser.resend_sign_in(Channel.SMS)
    assert browser.flow.issue == 1


def test_a_code_is_not_sent_again_to_somebody_erased() -> None:
    house = house_of()
    browser = Browser(house)
    browser.sign_in()
    house.accounts.rows.clear()
    house.wait(60)
    assert outcome(lambda: browser.resend_sign_in(Channel.EMAIL)) == "FlowExpiredError"


def test_the_code_opens_the_session_and_the_password_alone_does_not() -> None:
    browser = Browser(house_of())
    browser.sign_in()
    assert browser.where().access is None
    browser.verify_sign_in(browser.code)
    assert browser.access.person.identifier == "10000001"


def test_after_activation_the_password_signs_in() -> None:
    house = House(person())
    Browser(house).activate()
    browser = Browser(house)
    browser.sign_in(password=PASSWORD)
    assert browser.verify_sign_in(browser.code).status is Status.ACTIVE


def test_signing_out_ends_this_session_only() -> None:
    house = house_of()
    here, elsewhere, nowhere = Browser(house), Browser(house), Browser(house)
    here.enter()
    elsewhere.enter()
    nowhere.sign_out()
    here.sign_out()
    assert here.where().access is None
    assert elsewhere.where().access


@pytest.mark.parametrize(("wrong", "locked"), [(98, False), (99, True)])
def test_a_hundred_wrong_sign_in_codes_lock_and_are_told_to_the_person(wrong: int, locked: bool) -> None:
    house = house_of()
    browser = Browser(house)
    pair = browser.sign_in().pair
    house.deliver()
    for _ in range(wrong):
        house.counters.count_guess(pair, now=NOW)
    assert outcome(lambda: browser.verify_sign_in(browser.wrong_code)) == "CodeRejectedError"
    house.deliver()
    assert len(house.mail.sent) == 1 + locked
    assert outcome(Browser(house).sign_in) == ("AccountLockedError" if locked else "ok")


def test_a_lock_made_elsewhere_does_not_stop_the_persons_own_browser() -> None:
    house = House(active(password=RECORD), wrong_passwords=2)
    own, stranger = Browser(house), Browser(house)
    own.enter()
    for _ in range(2):
        outcome(lambda: stranger.sign_in(password="wrong"))
    assert outcome(stranger.sign_in) == "AccountLockedError"
    own.sign_in()


def test_a_browser_known_to_one_account_is_unknown_to_another() -> None:
    house = House(active(password=RECORD), active("10000002"), wrong_passwords=1)
    browser = Browser(house)
    browser.enter()
    outcome(lambda: browser.sign_in("10000002", "wrong"))
    assert outcome(lambda: Browser(house).sign_in("10000002")) == "AccountLockedError"


def old_record() -> PasswordRecord:
    """What was kept when hashing was cheaper."""
    peppered = House().peppers.mac(pepper_message("10000001", PASSWORD))
    return PasswordRecord(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(peppered), "pepper")


def test_a_hash_made_with_older_parameters_is_made_anew() -> None:
    house = House(active(password=old_record()))
    Browser(house).sign_in()
    renewed = house.person().password
    assert renewed
    assert not needs_rehash(renewed.encoded)
    Browser(house).sign_in()
    assert house.person().password == renewed


def test_whoever_loses_the_race_for_a_new_hash_signs_in_all_the_same() -> None:
    house = House(active(password=old_record()))
    house.store.meanwhile += [lambda: None, lambda: None, house.change_person]
    browser = Browser(house)
    browser.enter()
    assert browser.access.person.password == house.person().password


def test_a_wrong_password_renews_no_hash() -> None:
    house = House(active(password=old_record()))
    outcome(lambda: Browser(house).sign_in(password="wrong"))
    assert house.person() == active(password=house.person().password)
