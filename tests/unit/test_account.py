"""Where a visitor is, and the account's home."""

from typing import Any

import pytest

from activation.domain.accounts import Account
from activation.domain.contacts import Channel, Contact
from activation.domain.employment import Structure
from activation.domain.errors import ContactUnchangedError
from activation.domain.events import Event, EventKind
from activation.domain.flows import Purpose
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, window
from activation.domain.outbox import MessageKind
from functions.account.service import Position
from tests.builders import MAIL, MOBILE, NOW, active, entry, invited
from tests.unit.in_memory import Browser, InMemoryService, outcome, password_record

HOUR_ENDS = window("h", HOUR_SECONDS, NOW).ends_at


def member(**more: Any) -> Account:
    return active(**{"password": password_record("10000001"), **more})


def test_without_cookies_a_visitor_is_nobody() -> None:
    assert Browser(InMemoryService()).where() == Position()


@pytest.mark.parametrize("purpose", [Purpose.ACTIVATION, Purpose.PASSWORD_RESET])
def test_a_proven_anonymous_flow_still_shows_no_destination(purpose: Purpose) -> None:
    browser = Browser(InMemoryService(invited() if purpose is Purpose.ACTIVATION else member()))
    browser.start(purpose=purpose)
    browser.app.deliver()
    browser.verify(browser.code, purpose)
    assert browser.where() == Position(flow=browser.flow)


def test_a_locked_flow_says_until_when() -> None:
    browser = Browser(InMemoryService(invited()))
    browser.start()
    browser.guess(5)
    assert browser.where().locked_until == NOW
    Browser(browser.app).start()
    Browser(browser.app).start()
    assert browser.where().locked_until == HOUR_ENDS


def test_a_spent_sign_in_is_started_again_at_once_as_long_as_the_day_has_starts() -> None:
    browser = Browser(InMemoryService(member()))
    for _ in range(3):
        browser.flow_id = ""
        browser.sign_in()
    for _ in range(5):
        outcome(lambda: browser.verify_sign_in(browser.wrong_code))
    assert browser.where().locked_until == NOW


def test_a_spent_flow_of_a_locked_throttle_key_says_until_when_it_is_locked() -> None:
    browser = Browser(InMemoryService(invited()))
    browser.start()
    browser.guess(5)
    app = browser.app
    app.counters.lock_throttle(browser.flow.throttle_key, until=NOW + DAY_SECONDS)
    assert browser.where().locked_until == NOW + DAY_SECONDS


def test_after_the_password_the_masked_destination_and_the_channels_are_shown() -> None:
    browser = Browser(InMemoryService(member(proven={Channel.EMAIL: MAIL, Channel.SMS: MOBILE})))
    browser.sign_in()
    assert browser.where().destination == "à l'adresse l•••@m•••.com"
    assert browser.where().channels == (Channel.EMAIL, Channel.SMS)
    browser.app.wait(60)
    browser.resend_sign_in(Channel.SMS)
    assert browser.where().destination == "au numéro se terminant par 78"
    browser.app.accounts.rows.clear()
    assert browser.where().channels == ()


def test_a_session_shows_its_person_and_looking_is_not_activity() -> None:
    browser = Browser(InMemoryService(member()))
    browser.enter()
    browser.app.wait(1_000)
    where = browser.where()
    assert where.access
    assert where.access.account.identifier == "10000001"
    assert browser.app.sessions.touched == 0
    assert where.flow is None


def test_with_both_cookies_the_session_answers() -> None:
    browser = Browser(InMemoryService(member()))
    browser.enter()
    browser.start()
    where = browser.where()
    assert where.access
    assert where.flow is None


def test_a_pending_contact_is_shown_beside_its_own_session_only() -> None:
    browser = Browser(InMemoryService(member(terms=None)))
    browser.enter()
    browser.choose(Channel.SMS, MOBILE)
    where = browser.where()
    assert (where.flow, where.access) == (browser.flow, browser.access)
    assert (where.destination, where.channels) == ("au numéro se terminant par 78", ())
    elsewhere = Browser(browser.app)
    elsewhere.enter()
    elsewhere.flow_id, elsewhere.flow_token = browser.flow_id, browser.flow_token
    assert elsewhere.where().flow is None
    browser.sign_out()
    assert browser.where() == Position()


def test_the_contacts_code_is_sent_again_in_its_session() -> None:
    browser = Browser(InMemoryService(member(terms=None)))
    browser.enter()
    browser.choose(Channel.SMS, MOBILE)
    browser.app.wait(60)
    assert browser.resend_contact().recipients == {1: MOBILE, 2: MOBILE}
    browser.app.wait(60)
    browser.session = None
    assert outcome(browser.resend_contact) == "SessionExpiredError"


def test_the_contacts_code_is_not_sent_again_in_another_session() -> None:
    browser = Browser(InMemoryService(member(terms=None)))
    browser.enter()
    browser.choose(Channel.SMS, MOBILE)
    flow_id, token = browser.flow_id, browser.flow_token
    browser.enter()
    browser.flow_id, browser.flow_token = flow_id, token
    browser.app.wait(60)
    assert outcome(browser.resend_contact) == "FlowExpiredError"


def test_home_shows_the_person_and_their_correspondent() -> None:
    app = InMemoryService(member(roster=entry(structure_id="S1")))
    structure = Structure("S1", "Mairie de Mondomaine", "Claire Fontaine")
    app.structures.save(structure)
    browser = Browser(app)
    browser.enter()
    home = browser.home()
    assert (home.access.account.identifier, home.structure) == ("10000001", structure)


def test_home_shows_the_new_correspondent_of_whoever_changed_employers_since_they_came() -> None:
    app = InMemoryService(member(roster=entry(structure_id="S1")))
    app.structures.save(Structure("S1", "Mairie de Mondomaine"))
    app.structures.save(Structure("S2", "Mairie de Villeneuve"))
    browser = Browser(app)
    browser.enter()
    app.change_account(roster=entry(structure_id="S2"))
    assert browser.home().structure == Structure("S2", "Mairie de Villeneuve")


def test_home_does_without_a_correspondent() -> None:
    browser = Browser(InMemoryService(member()))
    browser.enter()
    assert browser.home().structure is None


NEW_MAIL = Contact(Channel.EMAIL, "louis@exemple.fr")


def at_home(**more: Any) -> Browser:
    browser = Browser(InMemoryService(member(**more), wrong_passwords=3))
    browser.enter()
    browser.app.deliver()
    browser.app.mail.sent.clear()
    return browser


def test_the_old_contact_and_the_new_are_told_of_the_change() -> None:
    browser = at_home(proven={Channel.EMAIL: MAIL, Channel.SMS: MOBILE})
    browser.change_contact(NEW_MAIL)
    browser.app.deliver()
    browser.app.mail.sent.clear()
    browser.verify_contact(browser.code)
    assert {kind for kind, _ in browser.app.notices()} == {MessageKind.EMAIL_CHANGED}
    browser.app.deliver()
    assert sorted(mail.to for mail in browser.app.mail.sent) == sorted([MAIL.value, NEW_MAIL.value])
    assert [sms.to for sms in browser.app.sms.sent] == [MOBILE.value]


def test_a_first_contact_of_a_channel_replaces_none() -> None:
    browser = at_home()
    browser.change_contact(MOBILE)
    browser.app.deliver()
    browser.verify_contact(browser.code)
    assert sorted(browser.app.notices()) == [
        (MessageKind.MOBILE_CHANGED, Channel.EMAIL),
        (MessageKind.MOBILE_CHANGED, Channel.SMS),
    ]


def test_the_old_contact_is_told_for_a_day_and_then_no_more() -> None:
    browser = at_home()
    browser.change_contact(NEW_MAIL)
    browser.app.deliver()
    browser.app.mail.sent.clear()
    browser.verify_contact(browser.code)
    browser.app.wait(DAY_SECONDS)
    browser.app.deliver()
    assert browser.app.mail.sent == []


def test_the_same_contact_again_is_refused_by_the_requests_name_for_it() -> None:
    browser = at_home(proven={Channel.EMAIL: MAIL, Channel.SMS: MOBILE})
    for contact, field in ((MAIL, "email"), (MOBILE, "mobile")):
        with pytest.raises(ContactUnchangedError) as refused:
            browser.change_contact(contact)
        assert refused.value.field == field


def test_contact_changes_wait_for_home() -> None:
    browser = at_home(terms=None)
    assert outcome(lambda: browser.change_contact(NEW_MAIL)) == "WrongStepError accept_terms"


def test_a_known_browser_changes_a_contact_whatever_others_guessed() -> None:
    browser = at_home()
    stranger = Browser(browser.app)
    assert [outcome(lambda: stranger.sign_in(password="wrong")) for _ in range(4)][-1] == "AccountLockedError"
    assert browser.change_contact(NEW_MAIL).recipients == {1: NEW_MAIL}


def test_the_same_new_contact_again_sends_its_code_again() -> None:
    browser = at_home()
    browser.change_contact(NEW_MAIL)
    browser.app.wait(60)
    assert browser.change_contact(NEW_MAIL).code_number == 2


def test_contact_changes_have_three_starts_an_hour_for_the_account() -> None:
    browser = at_home()
    for number in range(3):
        browser.change_contact(Contact(Channel.EMAIL, f"louis{number}@exemple.fr"))
    assert outcome(lambda: browser.change_contact(NEW_MAIL)) == "TooManyCodesError"


def test_a_pending_contact_waits_beside_home() -> None:
    browser = at_home()
    browser.change_contact(NEW_MAIL)
    where = browser.where()
    assert (where.flow, where.destination) == (browser.flow, "à l'adresse l•••@e•••.fr")
    browser.home()


def test_signing_out_everywhere_ends_a_sign_in_that_is_under_way() -> None:
    browser = at_home()
    other = Browser(browser.app)
    other.sign_in()
    browser.sign_out_everywhere()
    assert outcome(lambda: other.verify_sign_in(other.code)) == "FlowExpiredError"
    assert browser.app.accounts.events["10000001"][-1] == Event(EventKind.SIGNED_OUT_EVERYWHERE, NOW)


def test_records_hold_everything_that_happened_oldest_first() -> None:
    browser = Browser(InMemoryService(invited()))
    browser.app.structures.save(structure := Structure("S1", "Mairie de Mondomaine"))
    browser.activate()
    for step in (browser.consent, lambda: browser.choose(Channel.EMAIL), browser.accept_terms):
        browser.app.wait(1)
        step()
    records = browser.records()
    assert (records.account, records.structure) == (browser.app.account(), structure)
    assert [type(line).__name__ for line in records.history] == [
        "Event",
        "Event",
        "ConsentEntry",
        "Event",
        "TermsEntry",
    ]
    assert [line.at - NOW for line in records.history] == [0, 0, 1, 2, 3]


def test_records_never_wait_for_the_terms() -> None:
    browser = at_home(terms=None)
    assert [line.at for line in browser.records().history] == [NOW]
    assert browser.records().structure is None
    browser.session = None
    assert outcome(browser.records) == outcome(browser.home) == "SessionExpiredError"
