"""Step 2 of a new contact: what its code proves, and who is told."""

from activation.domain.accounts import FormerContacts
from activation.domain.contacts import Channel, Contact
from activation.domain.flows import FlowState
from activation.domain.verification import contact_code_request
from tests.builders import MAIL, MOBILE, NOW, active
from tests.unit.in_memory import Browser, InMemoryService, outcome, password_record

NEW_MAIL = Contact(Channel.EMAIL, "louis@exemple.fr")


def onboarding() -> Browser:
    """A browser at S5b that has asked for a code to a new mail."""
    app = InMemoryService(active(password=password_record("10000001"), channel=None, terms=None))
    browser = Browser(app)
    browser.enter()
    browser.choose(Channel.EMAIL, NEW_MAIL)
    app.deliver()
    return browser


def test_a_proven_contact_becomes_the_channel_before_home() -> None:
    browser = onboarding()
    assert browser.app.mail.sent[-1].to == NEW_MAIL.value
    browser.verify_contact(browser.code)
    proven = browser.app.account()
    assert (proven.proven, proven.channel) == ({Channel.EMAIL: NEW_MAIL}, Channel.EMAIL)
    assert (browser.flow.state, browser.flow.matched) == (FlowState.DONE, 1)
    assert browser.flow.verification_id
    assert browser.app.done() == ["signed_in", "email_proven", "channel_email"]
    assert {event.at for event in browser.app.accounts.events["10000001"]} == {NOW}


def test_a_contact_proven_from_home_leaves_the_channel_alone() -> None:
    browser = onboarding()
    browser.app.change_account(channel=Channel.SMS, terms=active().terms)
    browser.verify_contact(browser.code)
    assert browser.app.account().channel is Channel.SMS
    assert browser.app.account().former == (FormerContacts({Channel.EMAIL: MAIL}, NOW),)
    assert browser.app.done() == ["signed_in", "email_proven"]


def test_a_contacts_code_is_rejected_as_any_other() -> None:
    browser = onboarding()
    assert outcome(lambda: browser.verify_contact(browser.wrong_code)) == "CodeRejectedError"
    assert browser.app.account().proven == {Channel.EMAIL: MAIL}


def test_a_contact_is_proven_only_in_the_session_that_asked() -> None:
    browser = onboarding()
    elsewhere = Browser(browser.app)
    elsewhere.enter()
    elsewhere.flow_id, elsewhere.flow_token = browser.flow_id, browser.flow_token
    assert outcome(lambda: elsewhere.verify_contact(browser.code)) == "FlowExpiredError"
    assert browser.flow.attempts == 0


def test_a_contact_is_not_proven_once_every_session_has_ended() -> None:
    browser = onboarding()
    browser.app.change_account(session_epoch=1)
    assert outcome(lambda: browser.verify_contact(browser.code)) == "SessionExpiredError"
    assert browser.app.account().proven == {Channel.EMAIL: MAIL}


def test_a_contacts_flow_dies_when_every_session_ends_in_the_middle() -> None:
    browser = onboarding()
    browser.app.store.meanwhile.append(lambda: browser.app.change_account(session_epoch=1))
    assert outcome(lambda: browser.verify_contact(browser.code)) == "FlowExpiredError"


def test_a_contacts_code_that_two_resends_overtook_proves_nothing() -> None:
    browser = onboarding()
    browser.app.wait(60)
    browser.resend_contact()
    browser.app.wait(60)
    first = browser.app.code(browser.flow_id, 1)
    browser.app.store.meanwhile.append(browser.resend_contact)
    assert outcome(lambda: browser.verify_contact(first)) == "CodeRejectedError"
    assert browser.app.account().proven == {Channel.EMAIL: MAIL}
    assert browser.flow.state is FlowState.CODE_SENT


def test_before_home_the_contact_that_was_replaced_is_told() -> None:
    browser = onboarding()
    browser.app.mail.sent.clear()
    browser.verify_contact(browser.code)
    browser.app.deliver()
    assert [mail.to for mail in browser.app.mail.sent] == [MAIL.value]


def test_every_contact_proven_before_is_told_of_a_new_one() -> None:
    browser = onboarding()
    browser.app.change_account(proven={Channel.EMAIL: MAIL, Channel.SMS: MOBILE}, terms=active().terms)
    browser.app.mail.sent.clear()
    browser.verify_contact(browser.code)
    browser.app.deliver()
    assert sorted(mail.to for mail in browser.app.mail.sent) == sorted([MAIL.value, NEW_MAIL.value])
    assert [sms.to for sms in browser.app.sms.sent] == [MOBILE.value]


def test_every_spelling_of_a_contact_shares_the_wrong_codes() -> None:
    contacts = (Contact(Channel.EMAIL, "louis@exemple.fr"), Contact(Channel.EMAIL, "LOUIS@exemple.fr"))
    assert len({contact_code_request(active(), contact, session_id="s").throttle_key for contact in contacts}) == 1
