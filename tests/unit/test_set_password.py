"""Step 3: a password chosen, reset or changed, all or nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from activation.domain.accounts import Account, FormerContacts, Status
from activation.domain.beneficiaries import QuarantinedContact
from activation.domain.contacts import Channel, Contact
from activation.domain.credentials import fits, pepper
from activation.domain.employment import RosterEntry
from activation.domain.errors import AccountLockedError
from activation.domain.events import Event, EventKind
from activation.domain.flows import FlowState, Purpose
from activation.domain.outbox import MessageKind
from activation.domain.passwords import PasswordFault, PasswordRejectedError
from tests.builders import MAIL, MOBILE, NOW, PASSWORD, active, entry, invited, session
from tests.in_memory import OTHER_PASSWORD, Browser, InMemoryService, outcome, password_record
from tests.unit.refusals import refused

RESET = Purpose.PASSWORD_RESET
BOTH = {Channel.EMAIL: MAIL, Channel.SMS: MOBILE}
CHANGED_BOTH = [(MessageKind.PASSWORD_CHANGED, Channel.EMAIL), (MessageKind.PASSWORD_CHANGED, Channel.SMS)]


def has_password(app: InMemoryService, password: str) -> bool:
    return fits(pepper(app.peppers, identifier="10000001", password=password), app.account())


def proven(*people: Account, purpose: Purpose = Purpose.ACTIVATION, **limits: int) -> Browser:
    browser = Browser(InMemoryService(*people, **limits))
    browser.prove(purpose=purpose)
    return browser


def member(**more: Any) -> Account:
    return active(**{"password": password_record("10000001"), **more})


def test_a_password_makes_the_account_active_and_opens_a_session_in_place_of_the_browsers() -> None:
    browser = proven(invited(session_epoch=2))
    app, browser.session = browser.app, "of whoever was there before"
    app.sessions.rows[str(browser.session_hash)] = session()
    app.wait(5)
    made = browser.set_password()
    assert (made.status, made.proven, made.signed_in_at) == (Status.ACTIVE, {Channel.EMAIL: MAIL}, NOW + 5)
    assert app.account().status is Status.ACTIVE
    assert has_password(app, PASSWORD)
    assert browser.flow.state is FlowState.DONE
    assert app.done() == ["activated"]
    assert (browser.access.account.identifier, browser.access.session.epoch) == ("10000001", 2)
    assert list(app.sessions.rows) == [browser.session_hash]


@pytest.mark.parametrize(("roster", "channel"), [(entry(), Channel.EMAIL), (entry(email=""), Channel.SMS)])
def test_activation_is_confirmed_to_the_contact_that_it_proved_alone(roster: RosterEntry, channel: Channel) -> None:
    browser = proven(invited(roster=roster))
    browser.set_password()
    assert browser.app.notices() == [(MessageKind.ACTIVATED, channel)]


def test_where_others_read_the_mailbox_an_activation_is_told_to_the_mobile_too() -> None:
    browser = proven(invited(roster=entry(shared=True)))
    browser.set_password()
    browser.app.deliver()
    [told] = browser.app.sms.sent
    assert told.to == MOBILE.value
    assert "activé" in told.text
    assert browser.app.mail.sent[-1].subject == "Votre compte en ligne CNAS est activé"
    assert browser.app.account().proven == {Channel.EMAIL: MAIL}
    put_right_just_now = (QuarantinedContact(MOBILE, NOW + 1, "claire"),)
    browser = proven(invited(roster=entry(shared=True), quarantine=put_right_just_now))
    browser.set_password()
    browser.app.deliver()
    assert browser.app.sms.sent == []


BAD = [
    ("Court-1", "Court-1", PasswordFault.TOO_SHORT),
    (PASSWORD, PASSWORD + "!", PasswordFault.MISMATCH),
    ("Louis-Garcia-10000001", "Louis-Garcia-10000001", PasswordFault.TOO_COMMON),
]


@pytest.mark.parametrize(("typed", "confirmation", "fault"), BAD)
def test_after_a_bad_password_the_flow_waits_for_another(typed: str, confirmation: str, fault: PasswordFault) -> None:
    browser = proven(invited())
    assert fault in refused(PasswordRejectedError, browser.set_password, typed, confirmation).faults
    assert browser.app.account() == invited()
    browser.set_password()


@pytest.mark.parametrize(("seconds", "answer"), [(1_799, "ok"), (1_800, "FlowExpiredError")])
def test_a_proven_flow_waits_half_an_hour_for_its_password(seconds: int, answer: str) -> None:
    browser = proven(invited())
    browser.app.wait(seconds)
    assert outcome(browser.set_password) == answer


def test_of_two_flows_at_the_same_moment_one_wins_whole() -> None:
    app = InMemoryService(invited())
    first, second = Browser(app), Browser(app)
    for browser in (first, second):
        browser.prove()
    app.store.meanwhile.append(first.set_password)
    assert outcome(lambda: second.set_password(OTHER_PASSWORD)) == "WrongStepError sign_in"
    assert has_password(app, PASSWORD)
    assert len(app.sessions.rows) == len(app.done()) == 1
    twice = proven(invited())
    twice.app.store.meanwhile.append(twice.set_password)
    assert (outcome(twice.set_password), len(twice.app.sessions.rows)) == ("WrongStepError sign_in", 1)


def test_a_roster_change_in_the_middle_is_kept() -> None:
    browser = proven(invited())
    renamed = entry(usage_name="Petit")
    browser.app.store.meanwhile.append(lambda: browser.app.change_account(roster=renamed))
    assert browser.set_password().beneficiary.roster == renamed
    assert browser.app.account().status is Status.ACTIVE


@pytest.mark.parametrize("corrected", [{"email": "rose@exemple.fr"}, {"email": ""}])
def test_a_contact_that_was_corrected_since_its_code_went_out_activates_nothing(corrected: dict[str, str]) -> None:
    browser = proven(invited())
    browser.app.change_account(roster=entry(**corrected))
    assert outcome(browser.set_password) == "FlowExpiredError"
    assert browser.app.account().status is Status.INVITED


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.CLOSED, None])
def test_only_somebody_invited_is_activated(status: Status | None) -> None:
    browser = proven(invited())
    flow = browser.flow
    if status:
        browser.app.change_account(status=status)
    else:
        browser.app.accounts.rows.clear()
    assert (outcome(browser.set_password), browser.flow) == ("WrongStepError sign_in", flow)


@pytest.mark.parametrize("device", [None, "device"])
def test_after_a_reset_the_account_knows_the_browser_it_was_made_in_and_no_other(device: str | None) -> None:
    app = InMemoryService(member(devices={"elsewhere": NOW}))
    browser = Browser(app, device=device)
    browser.prove(purpose=RESET)
    browser.reset_password()
    assert app.account().devices == {browser.device_hash: NOW}
    assert device in (None, browser.device)


def test_a_reset_lifts_the_lock_of_the_persons_own_browser_too() -> None:
    browser = Browser(InMemoryService(member(), wrong_passwords=2))
    browser.enter()
    answers = [outcome(lambda: replace(browser).sign_in(password="wrong")) for _ in range(3)]
    assert answers[-1] == "AccountLockedError"
    browser.prove(purpose=RESET)
    browser.reset_password()
    browser.enter(password=OTHER_PASSWORD)
    browser.change_password(current=OTHER_PASSWORD, password=PASSWORD)


def test_a_reset_brings_back_the_contacts_of_before_a_change_and_tells_the_one_it_removes() -> None:
    thief = Contact(Channel.EMAIL, "voleur@exemple.fr")
    before = FormerContacts(BOTH, NOW - 60)
    browser = proven(member(proven={Channel.EMAIL: thief, Channel.SMS: MOBILE}, former=(before,)), purpose=RESET)
    browser.app.wait(5)
    browser.reset_password()
    assert browser.app.account().proven == BOTH
    removed = [(MessageKind.PASSWORD_CHANGED, Channel.EMAIL), (MessageKind.EMAIL_CHANGED, Channel.EMAIL)]
    assert sorted(browser.app.notices()) == sorted(CHANGED_BOTH + removed)
    browser.app.deliver()
    assert [sent.to for sent in browser.app.mail.sent].count(thief.value) == 2
    written = browser.app.accounts.events["10000001"][-2:]
    assert written == [Event(kind, NOW + 5) for kind in (EventKind.PASSWORD_RESET, EventKind.CONTACTS_RESTORED)]


@pytest.mark.parametrize("what", [Purpose.ACTIVATION, RESET])
def test_a_lock_that_comes_in_the_middle_is_found_by_the_transaction(what: Purpose) -> None:
    browser = proven(invited() if what is Purpose.ACTIVATION else member(), purpose=what, wrong_codes_per_person=1)
    counters, throttle_key = browser.app.counters, browser.flow.throttle_key
    browser.app.store.meanwhile.append(lambda: counters.count_guess(throttle_key, now=browser.app.now))
    finish = browser.set_password if what is Purpose.ACTIVATION else browser.reset_password
    assert outcome(finish) == "AccountLockedError"
    assert browser.flow.state is FlowState.VERIFIED
    lock = counters.throttles[throttle_key]
    assert refused(AccountLockedError, finish).retry_at == lock.locked_until
    counters.throttles[throttle_key] = replace(lock, locked_until=browser.app.now)
    assert outcome(finish) == "ok"


@pytest.mark.parametrize("finish", [Browser.set_password, Browser.reset_password])
def test_after_thirty_passwords_a_flow_is_over(finish: Callable[[Browser, str], object]) -> None:
    is_activation = finish is Browser.set_password
    browser = proven(invited() if is_activation else member(), purpose=Purpose.ACTIVATION if is_activation else RESET)
    answers = [outcome(lambda: finish(browser, "Court-1")) for _ in range(31)]
    assert answers == ["PasswordRejectedError"] * 30 + ["FlowExpiredError"]


def test_a_reset_takes_no_password_that_is_the_current_one_restores_nothing_and_is_told_to_every_contact() -> None:
    browser = proven(member(proven=BOTH), purpose=RESET)
    assert refused(PasswordRejectedError, browser.reset_password, PASSWORD).faults == (PasswordFault.UNCHANGED,)
    browser.reset_password()
    assert (browser.app.done(), browser.app.account().proven) == ([EventKind.PASSWORD_RESET], BOTH)
    assert browser.app.notices() == CHANGED_BOTH


@pytest.mark.parametrize("change", [{"session_epoch": 1}, {"status": Status.CLOSED}])
@pytest.mark.parametrize("when", ["before", "in the middle"])
def test_a_reset_dies_with_what_it_stood_on(change: dict[str, Any], when: str) -> None:
    browser = proven(member(), purpose=RESET)
    if when == "before":
        browser.app.change_account(**change)
    else:
        browser.app.store.meanwhile.append(lambda: browser.app.change_account(**change))
    assert outcome(browser.reset_password) == "FlowExpiredError"
    assert has_password(browser.app, PASSWORD)


def signed_in(**more: Any) -> Browser:
    browser = Browser(InMemoryService(member(**more), wrong_passwords=3))
    browser.enter()
    return browser


def test_a_change_is_told_to_every_proven_contact() -> None:
    browser = signed_in(proven=BOTH)
    browser.app.deliver()
    browser.change_password()
    assert browser.app.notices() == CHANGED_BOTH


def test_a_known_browser_changes_it_though_wrong_passwords_lock_unknown_ones() -> None:
    browser = signed_in()
    for _ in range(browser.app.limits.wrong_passwords):
        browser.app.counters.count_wrong_password("10000001", now=browser.app.now)
    assert browser.change_password()


def test_a_change_to_the_same_password_or_a_weak_one_is_refused_and_the_right_current_one_never_locks() -> None:
    browser = signed_in()
    error = refused(PasswordRejectedError, browser.change_password, password=PASSWORD)
    assert error.faults == (PasswordFault.UNCHANGED,)
    answers = [outcome(lambda: browser.change_password(password="short")) for _ in range(4)]
    assert answers == ["PasswordRejectedError"] * 4


def test_a_change_keeps_its_own_session_alone_in_the_same_browser() -> None:
    browser = signed_in()
    elsewhere = replace(browser)
    browser.app.wait(5)
    browser.change_password()
    app = browser.app
    assert has_password(app, OTHER_PASSWORD)
    assert (browser.access.session.epoch, app.account().session_epoch) == (1, 1)
    assert outcome(lambda: elsewhere.access) == "SessionExpiredError"
    assert app.accounts.events["10000001"][-1] == Event(EventKind.PASSWORD_CHANGED, NOW + 5)
    assert (list(app.account().devices), elsewhere.device) == ([browser.device_hash], browser.device)


def test_a_change_in_a_session_that_ends_meanwhile_changes_nothing() -> None:
    browser = signed_in()
    browser.app.store.meanwhile += [lambda: None, lambda: browser.app.change_account(session_epoch=1)]
    assert outcome(browser.change_password) == "SessionExpiredError"
    assert has_password(browser.app, PASSWORD)
