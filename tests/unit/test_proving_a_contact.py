"""Step 2 of a new contact: what its code proves, and who is told."""

from activation.domain.contacts import Channel, Contact
from activation.domain.flows import FlowState
from tests.builders import MAIL, MOBILE, active
from tests.unit.house import Browser, House, outcome, password_record

NEW_MAIL = Contact(Channel.EMAIL, "louis@exemple.fr")


def onboarding() -> Browser:
    """A browser at S5b that has asked for a code to a new mail."""
    house = House(active(password=password_record("10000001"), channel=None, terms=None))
    browser = Browser(house)
    browser.enter()
    browser.choose(Channel.EMAIL, NEW_MAIL)
    house.deliver()
    return browser


def test_a_proven_contact_becomes_the_channel_before_home() -> None:
    browser = onboarding()
    assert browser.house.mail.sent[-1].to == NEW_MAIL.value
    browser.verify_contact(browser.code)
    proven = browser.house.person()
    assert (proven.proven, proven.channel) == ({Channel.EMAIL: NEW_MAIL}, Channel.EMAIL)
    assert browser.flow.state is FlowState.DONE
    assert browser.house.done() == ["signed_in", "email_proven", "channel_email"]


def test_a_contact_proven_from_home_leaves_the_channel_alone() -> None:
    browser = onboarding()
    browser.house.change_person(channel=Channel.SMS, terms=active().terms)
    browser.verify_contact(browser.code)
    assert browser.house.person().channel is Channel.SMS


def test_a_contacts_code_is_rejected_as_any_other() -> None:
    browser = onboarding()
    assert outcome(lambda: browser.verify_contact(browser.wrong_code)) == "CodeRejectedError"
    assert browser.house.person().proven == {Channel.EMAIL: MAIL}


def test_a_contact_is_proven_only_in_the_session_that_asked() -> None:
    browser = onboarding()
    elsewhere = Browser(browser.house)
    elsewhere.enter()
    elsewhere.flow_id, elsewhere.flow_token = browser.flow_id, browser.flow_token
    assert outcome(lambda: elsewhere.verify_contact(browser.code)) == "FlowExpiredError"
    assert browser.flow.attempts == 0


def test_a_contact_is_not_proven_once_every_session_has_ended() -> None:
    browser = onboarding()
    browser.house.change_person(session_epoch=1)
    assert outcome(lambda: browser.verify_contact(browser.code)) == "SessionExpiredError"
    assert browser.house.person().proven == {Channel.EMAIL: MAIL}


def test_a_contacts_flow_dies_when_every_session_ends_in_the_middle() -> None:
    browser = onboarding()
    browser.house.store.meanwhile.append(lambda: browser.house.change_person(session_epoch=1))
    assert outcome(lambda: browser.verify_contact(browser.code)) == "FlowExpiredError"


def test_a_contacts_code_that_two_resends_overtook_proves_nothing() -> None:
    browser = onboarding()
    browser.house.wait(60)
    browser.resend_contact()
    browser.house.wait(60)
    first = browser.house.code(browser.flow_id, 1)
    browser.house.store.meanwhile.append(browser.resend_contact)
    assert outcome(lambda: browser.verify_contact(first)) == "CodeRejectedError"
    assert browser.house.person().proven == {Channel.EMAIL: MAIL}
    assert browser.flow.state is FlowState.CODE_SENT


def test_before_home_the_contact_that_was_replaced_is_told() -> None:
    browser = onboarding()
    browser.house.mail.sent.clear()
    browser.verify_contact(browser.code)
    browser.house.deliver()
    assert [mail.to for mail in browser.house.mail.sent] == [MAIL.value]


def test_every_contact_proven_before_is_told_of_a_new_one() -> None:
    browser = onboarding()
    browser.house.change_person(proven={Channel.EMAIL: MAIL, Channel.SMS: MOBILE}, terms=active().terms)
    browser.house.mail.sent.clear()
    browser.verify_contact(browser.code)
    browser.house.deliver()
    assert sorted(mail.to for mail in browser.house.mail.sent) == sorted([MAIL.value, NEW_MAIL.value])
    assert [sms.to for sms in browser.house.sms.sent] == [MOBILE.value]
