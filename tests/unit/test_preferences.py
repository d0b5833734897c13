"""Consent, code channel and terms: before home, and later."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from activation.domain.accounts import Account
from activation.domain.contacts import Channel, Contact
from activation.domain.errors import ContactNotProvenError, NextStep, OutdatedVersionError, TooManyCodesError
from activation.domain.flows import Purpose, make_throttle_key
from activation.domain.ledger import Consent
from activation.domain.limits import HOUR_SECONDS, window
from activation.domain.outbox import MessageKind
from activation.domain.steps import step_of_account
from activation.domain.terms import TermsAcceptance
from tests.builders import MAIL, MOBILE, NOW, TEXTS, active, invited
from tests.in_memory import Browser, InMemoryService, outcome, password_record
from tests.unit.refusals import refused

NEW_MAIL = Contact(Channel.EMAIL, "louis@exemple.fr")
BOTH = {Channel.EMAIL: MAIL, Channel.SMS: MOBILE}
HOUR_ENDS = window("h", HOUR_SECONDS, NOW).ends_at


@pytest.fixture
def browser() -> Browser:
    browser = Browser(InMemoryService(invited()))
    browser.activate()
    browser.app.deliver()
    return browser


def member(**more: Any) -> Browser:
    browser = Browser(InMemoryService(active(**{"password": password_record("10000001"), **more})))
    browser.enter()
    browser.app.deliver()
    return browser


def next_step(who: Account) -> NextStep:
    return step_of_account(who, TEXTS).next_step


def test_onboarding_asks_for_consent_then_channel_then_terms_then_home(browser: Browser) -> None:
    steps = [next_step(browser.app.account())]
    assert outcome(browser.accept_terms) == "WrongStepError give_consent"
    browser.app.store.meanwhile.append(lambda: browser.app.change_account(signed_in_at=NOW + 7))
    steps.append(next_step(browser.consent()))  # decided again, once
    assert (len(browser.app.accounts.consents["10000001"]), browser.app.account().signed_in_at) == (1, NOW + 7)
    assert outcome(browser.accept_terms) == "WrongStepError choose_channel"
    steps.append(next_step(browser.choose(Channel.EMAIL).account))
    assert browser.app.accounts.terms == {}
    steps.append(next_step(browser.accept_terms()))
    assert steps == [NextStep.GIVE_CONSENT, NextStep.CHOOSE_CHANNEL, NextStep.ACCEPT_TERMS, NextStep.HOME]
    assert browser.home().access.account.terms == TermsAcceptance("1", NOW)


@pytest.mark.parametrize("consents", [True, False])
def test_a_decision_is_written_and_proven(browser: Browser, consents: bool) -> None:
    decided = browser.consent(consents=consents)
    assert decided.beneficiary.consent == Consent(consents, "1", NOW, "S1")
    [line] = browser.app.accounts.consents["10000001"]
    assert (line.consents, line.text_version, line.text_sha256) == (consents, "1", TEXTS.consent.sha256)
    assert line.session_id == browser.access.session.session_id


@pytest.mark.parametrize("terms", [TermsAcceptance("0", NOW), None, TermsAcceptance("1", NOW)])
def test_withdrawing_is_never_behind_the_gate(terms: TermsAcceptance | None) -> None:
    browser = member(terms=terms, channel=None)
    assert browser.consent(consents=False).beneficiary.consent
    [line] = browser.app.accounts.consents["10000001"]
    assert not line.consents


def test_a_proven_contact_is_chosen_at_once(browser: Browser) -> None:
    choice = browser.choose(Channel.EMAIL, MAIL)
    assert choice.opened is None
    assert choice.account.channel is Channel.EMAIL
    assert (browser.app.done(), browser.app.notices()) == (["activated", "channel_email"], [])


def test_an_unproven_contact_writes_only_the_flow(browser: Browser) -> None:
    browser.consent()
    before = browser.app.account()
    choice = browser.choose(Channel.SMS, MOBILE)
    assert choice.opened
    assert browser.app.account() == before == choice.account
    flow = choice.opened.flow
    assert (flow.purpose, flow.recipients, flow.epoch) == (Purpose.CONTACT, {1: MOBILE}, before.session_epoch)
    assert flow.session_id == browser.access.session.session_id


def test_a_channel_without_a_proven_contact_is_refused(browser: Browser) -> None:
    refused(ContactNotProvenError, browser.choose, Channel.SMS)
    assert browser.app.account().channel is None


def test_all_three_may_be_sent_again_before_home_and_none_without_a_session(browser: Browser) -> None:
    browser.consent()
    browser.choose(Channel.EMAIL)
    browser.app.wait(-5)  # a call that began before the one whose decision it replaces
    assert browser.consent(consents=False).beneficiary.consent == Consent(False, "1", NOW, "S1")
    browser.app.wait(5)
    assert browser.choose(Channel.EMAIL).account.channel is Channel.EMAIL
    browser.accept_terms()
    before = browser.app.account()
    assert browser.accept_terms() == before == browser.app.account()
    assert len(browser.app.accounts.terms["10000001"]) == 1
    browser.session = None
    calls = (browser.consent, browser.accept_terms, lambda: browser.choose(Channel.EMAIL))
    assert [outcome(call) for call in calls] == ["SessionExpiredError"] * 3


def test_contacts_of_one_account_have_three_starts_an_hour_together(browser: Browser) -> None:
    for number in range(3):
        browser.choose(Channel.EMAIL, Contact(Channel.EMAIL, f"louis{number}@exemple.fr"))
    assert refused(TooManyCodesError, browser.choose, Channel.EMAIL, NEW_MAIL).retry_at == HOUR_ENDS


def test_the_same_contact_chosen_again_sends_its_code_again(browser: Browser) -> None:
    browser.choose(Channel.EMAIL, NEW_MAIL)
    browser.app.wait(60)
    again = browser.choose(Channel.EMAIL, NEW_MAIL).opened
    assert again
    assert (again.flow.code_number, again.token, again.flow.recipients) == (2, None, {1: NEW_MAIL, 2: NEW_MAIL})
    counted = browser.app.counters.throttle(make_throttle_key(Purpose.CONTACT, "10000001", ""))
    assert set(counted.starts.values()) == {1}


def test_wrong_codes_are_counted_for_the_contact_and_lengthen_its_own_codes_only(browser: Browser) -> None:
    flow = browser.choose(Channel.EMAIL, NEW_MAIL).opened
    assert flow
    for _ in range(10):
        browser.app.counters.count_guess(flow.flow.throttle_key, now=NOW)
    longer = replace(browser, flow_id="").choose(Channel.EMAIL, NEW_MAIL).opened
    other = replace(browser, flow_id="").choose(Channel.SMS, MOBILE).opened
    assert longer
    assert other
    assert (longer.flow.latest_code.digits, other.flow.latest_code.digits) == (8, 6)


@pytest.mark.parametrize("terms", ["0", "1"])
def test_later_a_proven_contact_is_chosen_and_every_proven_contact_is_told(terms: str) -> None:
    browser = member(proven=BOTH, terms=TermsAcceptance(terms, NOW))
    assert outcome(lambda: browser.choose(Channel.EMAIL, NEW_MAIL)) == "ContactNotProvenError"
    assert browser.choose(Channel.EMAIL, MAIL).account.channel is Channel.EMAIL
    browser.app.outbox.rows.clear()
    assert browser.choose(Channel.SMS).account.channel is Channel.SMS
    assert browser.app.notices() == [(MessageKind.CHANNEL_CHANGED, channel) for channel in Channel]
    assert {message.identifier for message in browser.app.outbox.pending} == {"10000001"}
    by_sms = member(proven={Channel.SMS: MOBILE}, channel=Channel.SMS)
    for contact in (NEW_MAIL, None):
        assert outcome(partial(by_sms.choose, Channel.EMAIL, contact)) == "ContactNotProvenError"


def test_new_terms_are_asked_for_and_proven_apart() -> None:
    browser = member(terms=TermsAcceptance("0", NOW))
    assert outcome(browser.home) == "WrongStepError accept_terms"
    assert refused(OutdatedVersionError, browser.accept_terms, "0").current == "1"
    browser.accept_terms()
    [line] = browser.app.accounts.terms["10000001"]
    assert (line.version, line.document_sha256) == ("1", TEXTS.terms.sha256)
    assert line.session_id == browser.access.session.session_id
    browser.home()
