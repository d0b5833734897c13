"""Where a visitor is, and the account's home."""

from typing import Any

import pytest

from activation.domain.contacts import Channel
from activation.domain.flows import Purpose
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, window
from activation.domain.people import Person, Structure
from functions.account.service import Position
from tests.builders import MAIL, MOBILE, NOW, active, entry, person
from tests.unit.house import Browser, House, outcome, password_record

HOUR_ENDS = window("h", HOUR_SECONDS, NOW).ends_at


def member(**more: Any) -> Person:
    return active(**{"password": password_record("10000001"), **more})


def test_without_cookies_a_visitor_is_nobody() -> None:
    assert Browser(House()).where() == Position()


def test_a_code_that_is_out_is_told_without_a_destination() -> None:
    browser = Browser(House(person()))
    flow = browser.start()
    assert browser.where() == Position(flow=flow)
    browser.house.deliver()
    assert browser.where() == Position(flow=browser.flow)


@pytest.mark.parametrize("purpose", [Purpose.ACTIVATION, Purpose.PASSWORD_RESET])
def test_a_proven_anonymous_flow_still_shows_no_destination(purpose: Purpose) -> None:
    browser = Browser(House(person() if purpose is Purpose.ACTIVATION else member()))
    browser.start(purpose=purpose)
    browser.house.deliver()
    browser.verify(browser.code, purpose)
    assert browser.where() == Position(flow=browser.flow)


def test_a_locked_flow_says_until_when() -> None:
    browser = Browser(House(person()))
    browser.start()
    browser.guess(5)
    assert browser.where().locked_until == NOW
    Browser(browser.house).start()
    Browser(browser.house).start()
    assert browser.where().locked_until == HOUR_ENDS


def test_a_locked_flow_of_a_locked_pair_says_until_when_the_pair_is() -> None:
    browser = Browser(House(person()))
    browser.start()
    browser.guess(5)
    house = browser.house
    house.store.commit(house.counters.lock_pair(browser.flow.pair, until=NOW + DAY_SECONDS))
    assert browser.where().locked_until == NOW + DAY_SECONDS


def test_after_the_password_the_masked_destination_is_shown() -> None:
    browser = Browser(House(member(proven={Channel.EMAIL: MAIL, Channel.SMS: MOBILE})))
    browser.sign_in()
    assert browser.where().destination == "à l'adresse l•••@m•••.com"
    browser.house.wait(60)
    browser.resend_sign_in(Channel.SMS)
    assert browser.where().destination == "au numéro se terminant par 78"


def test_a_session_shows_its_person_and_looking_is_not_activity() -> None:
    browser = Browser(House(member()))
    browser.enter()
    browser.house.wait(1_000)
    where = browser.where()
    assert where.access
    assert where.access.person.identifier == "10000001"
    assert browser.house.sessions.touched == 0
    assert where.flow is None


@pytest.mark.parametrize(("seconds", "is_open"), [(1_799, True), (1_800, False)])
def test_an_idle_session_is_nobodys(seconds: int, is_open: bool) -> None:
    browser = Browser(House(member()))
    browser.enter()
    browser.house.wait(seconds)
    assert (browser.where().access is not None) is is_open


def test_with_both_cookies_the_session_answers() -> None:
    browser = Browser(House(member()))
    browser.enter()
    browser.start()
    where = browser.where()
    assert where.access
    assert where.flow is None


def test_a_pending_contact_is_shown_beside_its_own_session_only() -> None:
    browser = Browser(House(member(terms=None)))
    browser.enter()
    browser.choose(Channel.SMS, MOBILE)
    assert browser.where().flow == browser.flow
    assert browser.where().destination == "au numéro se terminant par 78"
    elsewhere = Browser(browser.house)
    elsewhere.enter()
    elsewhere.flow_id, elsewhere.flow_token = browser.flow_id, browser.flow_token
    assert elsewhere.where().flow is None
    browser.sign_out()
    assert browser.where() == Position()


def test_the_contacts_code_is_sent_again_in_its_session() -> None:
    browser = Browser(House(member(terms=None)))
    browser.enter()
    browser.choose(Channel.SMS, MOBILE)
    browser.house.wait(60)
    assert browser.resend_contact().recipients == {1: MOBILE, 2: MOBILE}
    browser.house.wait(60)
    browser.session = None
    assert outcome(browser.resend_contact) == "SessionExpiredError"


def test_the_contacts_code_is_not_sent_again_in_another_session() -> None:
    browser = Browser(House(member(terms=None)))
    browser.enter()
    browser.choose(Channel.SMS, MOBILE)
    flow_id, token = browser.flow_id, browser.flow_token
    browser.enter()
    browser.flow_id, browser.flow_token = flow_id, token
    browser.house.wait(60)
    assert outcome(browser.resend_contact) == "FlowExpiredError"


def test_home_shows_the_person_and_their_correspondent() -> None:
    house = House(member(roster=entry(structure_id="S1")))
    structure = Structure("S1", "Mairie de Mondomaine", "Claire Fontaine")
    house.structures.save(structure)
    browser = Browser(house)
    browser.enter()
    home = browser.home()
    assert (home.access.person.identifier, home.structure) == ("10000001", structure)


def test_home_does_without_a_correspondent() -> None:
    browser = Browser(House(member()))
    browser.enter()
    assert browser.home().structure is None


def test_home_is_activity() -> None:
    browser = Browser(House(member()))
    browser.enter()
    browser.house.wait(1_700)
    browser.home()
    browser.house.wait(1_700)
    browser.home()
    browser.house.wait(1_800)
    assert outcome(browser.home) == "SessionExpiredError"
