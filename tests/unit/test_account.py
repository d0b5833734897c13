"""Where a visitor is, and the account's home."""

from dataclasses import replace
from typing import Any

import pytest

from activation.domain.accounts import Account
from activation.domain.contacts import Channel, Contact
from activation.domain.employment import Structure
from activation.domain.errors import ContactUnchangedError
from activation.domain.events import Event, EventKind
from activation.domain.flows import Purpose
from activation.domain.identifiers import Role
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, window
from activation.domain.outbox import MessageKind
from activation.domain.uploads import Upload
from functions.account.service import ExportPorts, Position
from tests.builders import MAIL, MOBILE, NOW, active, active_correspondent, entry, invited
from tests.fakes.requests import FakeRequests
from tests.fakes.uploads import FakeUploads
from tests.in_memory import Browser, InMemoryService, outcome, password_record
from tests.unit.refusals import refused
from tests.unit.requests import draft


def member(**more: Any) -> Account:
    return active(**{"password": password_record("10000001"), **more})


@pytest.mark.parametrize("purpose", [Purpose.ACTIVATION, Purpose.PASSWORD_RESET])
def test_a_proven_anonymous_flow_still_shows_no_destination(purpose: Purpose) -> None:
    browser = Browser(InMemoryService(invited() if purpose is Purpose.ACTIVATION else member()))
    browser.prove(purpose=purpose)
    assert browser.where() == Position(flow=browser.flow)


def test_a_locked_flow_says_until_when() -> None:
    browser = Browser(InMemoryService(invited()))
    browser.start()
    browser.guess(5)
    assert browser.where().locked_until == NOW
    Browser(browser.app).start()
    Browser(browser.app).start()
    assert browser.where().locked_until == window("h", HOUR_SECONDS, NOW).ends_at
    browser.app.counters.lock_throttle(browser.flow.throttle_key, until=NOW + DAY_SECONDS)
    assert browser.where().locked_until == NOW + DAY_SECONDS


def test_a_spent_sign_in_is_started_again_at_once_as_long_as_the_day_has_starts() -> None:
    browser = Browser(InMemoryService(member()))
    for _ in range(3):
        browser.flow_id = ""
        browser.sign_in()
    for _ in range(5):
        outcome(lambda: browser.verify_sign_in(browser.wrong_code))
    assert browser.where().locked_until == NOW


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


def test_a_session_shows_its_person_beside_a_flow_too_and_looking_is_not_activity() -> None:
    browser = Browser(InMemoryService(member()))
    assert browser.where() == Position()
    browser.enter()
    browser.app.wait(1_000)
    for _ in range(2):
        where = browser.where()
        assert where.access
        assert (where.access.account.identifier, where.flow) == ("10000001", None)
        browser.start()
    assert browser.app.sessions.touched == 0


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


def test_the_contacts_code_is_sent_again_in_its_session_alone() -> None:
    browser = Browser(InMemoryService(member(terms=None)))
    browser.enter()
    browser.choose(Channel.SMS, MOBILE)
    browser.app.wait(60)
    assert browser.resend_contact().recipients == {1: MOBILE, 2: MOBILE}
    browser.app.wait(60)
    flow_id, token = browser.flow_id, browser.flow_token
    browser.session = None
    assert outcome(browser.resend_contact) == "SessionExpiredError"
    browser.enter()
    browser.flow_id, browser.flow_token = flow_id, token
    assert outcome(browser.resend_contact) == "FlowExpiredError"


def test_home_shows_the_person_and_the_structure_of_now_if_there_is_one() -> None:
    app = InMemoryService(member(roster=entry(structure_id="S1")))
    browser = Browser(app)
    browser.enter()
    assert browser.home().structure is None
    structures = [Structure("S1", "Mairie de Mondomaine", "Claire Fontaine"), Structure("S2", "Mairie de Villeneuve")]
    for structure in structures:
        app.structures.save(structure)
    home = browser.home()
    assert (home.access.account.identifier, home.structure) == ("10000001", structures[0])
    app.change_account(roster=entry(structure_id="S2"))  # since they came
    assert browser.home().structure == structures[1]


NEW_MAIL = Contact(Channel.EMAIL, "louis@exemple.fr")


def at_home(**more: Any) -> Browser:
    browser = Browser(InMemoryService(member(**more), wrong_passwords=3))
    browser.enter()
    browser.app.deliver()
    browser.app.mail.sent.clear()
    return browser


@pytest.mark.parametrize("waits", [0, DAY_SECONDS - 1, DAY_SECONDS])
def test_the_old_contact_and_the_new_are_told_of_the_change_for_a_day(waits: int) -> None:
    browser = at_home(proven={Channel.EMAIL: MAIL, Channel.SMS: MOBILE})
    browser.change_contact(NEW_MAIL)
    where = browser.where()
    assert (where.flow, where.destination) == (browser.flow, "à l'adresse l•••@e•••.fr")
    browser.home()  # beside which it waits
    browser.app.wait(60)
    assert browser.change_contact(NEW_MAIL).code_number == 2
    browser.app.deliver()
    browser.app.mail.sent.clear()
    browser.verify_contact(browser.code)
    assert {kind for kind, _ in browser.app.notices()} == {MessageKind.EMAIL_CHANGED}
    browser.app.wait(waits)
    browser.app.deliver()
    told = [] if waits == DAY_SECONDS else [MAIL.value, NEW_MAIL.value]
    assert sorted(mail.to for mail in browser.app.mail.sent) == sorted(told)
    assert [sms.to for sms in browser.app.sms.sent] == [MOBILE.value] * bool(told)


def test_the_same_contact_again_is_refused_by_the_requests_name_for_it_and_any_before_home() -> None:
    browser = at_home(proven={Channel.EMAIL: MAIL, Channel.SMS: MOBILE})
    for contact, field in ((MAIL, "email"), (MOBILE, "mobile")):
        assert refused(ContactUnchangedError, browser.change_contact, contact).field == field
    assert outcome(lambda: at_home(terms=None).change_contact(NEW_MAIL)) == "WrongStepError accept_terms"


def test_a_known_browser_changes_a_contact_whatever_others_guessed_and_a_first_one_replaces_none() -> None:
    browser = at_home()
    stranger = Browser(browser.app)
    assert [outcome(lambda: stranger.sign_in(password="wrong")) for _ in range(4)][-1] == "AccountLockedError"
    assert browser.change_contact(MOBILE).recipients == {1: MOBILE}
    browser.app.deliver()
    browser.verify_contact(browser.code)
    changed = [(MessageKind.MOBILE_CHANGED, channel) for channel in (Channel.EMAIL, Channel.SMS)]
    assert sorted(browser.app.notices()) == changed


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
    names = ["Event", "Event", "ConsentEntry", "Event", "TermsEntry"]
    assert [type(line).__name__ for line in records.history] == names
    assert [line.at - NOW for line in records.history] == [0, 0, 1, 2, 3]


def test_records_never_wait_for_the_terms() -> None:
    browser = at_home(terms=None)
    assert [line.at for line in browser.records().history] == [NOW]
    assert browser.records().structure is None
    browser.session = None
    assert outcome(browser.records) == outcome(browser.home) == "SessionExpiredError"


@pytest.mark.parametrize("who", [active(), active_correspondent()], ids=["beneficiary", "correspondent"])
def test_an_export_has_the_requests_and_a_correspondent_s_files(who: Account) -> None:
    browser = Browser(InMemoryService(replace(who, password=password_record(who.identifier))))
    browser.enter(who.identifier)
    requests, uploads = FakeRequests(), FakeUploads()
    for identifier in (who.identifier, "C00000001"):
        own = replace(draft(), identifier=identifier, request_id=identifier)
        requests.rows[identifier], requests.lines[identifier] = own, []
        uploads.rows[identifier, "U1"] = Upload("U1", identifier, NOW)
    found = browser.everything(ExportPorts(requests, uploads))
    files = [uploads.rows[who.identifier, "U1"]] if who.role is Role.CORRESPONDENT else None
    assert found == (browser.records(), requests.filed(who.identifier), files)
    assert found[0].structure is None
