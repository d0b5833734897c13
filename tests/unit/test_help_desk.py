"""What an agent may do and see, by the rules alone."""

from typing import Any

import pytest

from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.desk import HOLD_SECONDS, correct_contact, lift_marks, pairs_of
from activation.domain.events import Event, EventKind
from activation.domain.flows import Purpose
from activation.domain.history import words_of
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS
from activation.domain.outbox import MessageKind
from activation.domain.people import ClosingRequest, HeldContact, Status
from functions.support import acts, service
from tests.builders import MAIL, MOBILE, NOW, active, entry, person
from tests.unit.desk import CLAIRE, KARIM, NEW, WHO, do, line, look, ports
from tests.unit.house import Browser, House, outcome, password_record


def test_a_reason_is_told_to_the_person_and_an_agent_is_not() -> None:
    event = Event(EventKind.DESK_LOOKED, NOW, agent="claire", reason="Appel du jour")
    assert words_of(event) == "Le service d'assistance a consulté votre dossier. Motif : Appel du jour"
    assert words_of(Event(EventKind.SIGNED_IN, NOW)) == "Connexion"


def test_looking_is_written_before_anything_is_shown() -> None:
    house = House(person())
    file = look(house)
    assert file.events == [Event(EventKind.DESK_LOOKED, NOW, agent="claire", reason="Appel")]

    def fail() -> None:
        raise ConnectionError

    house.store.meanwhile.append(fail)
    assert outcome(lambda: look(house)) == "ConnectionError"


def test_within_one_second_a_look_stands_before_the_act_that_follows_it() -> None:
    house = House(person())
    acted = Event(EventKind.DESK_CLOSING_ASKED, NOW, agent="claire", reason="Appel")
    house.accounts.events[WHO] = [acted, Event(EventKind.DESK_CONTACT_CHECKED, NOW, agent="claire", reason="Appel")]
    kinds = [EventKind.DESK_CONTACT_CHECKED, EventKind.DESK_LOOKED, EventKind.DESK_CLOSING_ASKED]
    assert [event.kind for event in look(house).events] == kinds


def test_nobody_is_looked_at_or_helped_under_an_unknown_identifier() -> None:
    house = House()
    assert outcome(lambda: look(house)) == "PersonNotFoundError"
    for act in (acts.send_again, acts.clear_counters, acts.unlock, acts.lift_mark, acts.ask_to_close, acts.close):
        assert do(house, act) == "PersonNotFoundError"
    assert house.accounts.events == {}


def test_a_correction_holds_the_contact_and_tells_every_one_on_file() -> None:
    house = House(person())
    assert do(house, acts.correct, contact=NEW) == "ok"
    corrected = house.person()
    assert corrected.roster.email == NEW.value
    assert corrected.held == (HeldContact(NEW, NOW + HOLD_SECONDS, "claire"),)
    assert corrected.roster_contact(NOW) == MOBILE
    assert corrected.roster_contact(NOW + HOLD_SECONDS) == NEW
    told = house.outbox.pending
    carried = [house.flows.rows[message.flow_id or ""].recipients[message.issue or 0] for message in told]
    assert list(zip([message.kind for message in told], carried, strict=True)) == [
        (MessageKind.ROSTER_CONTACT_CHANGED, MAIL),
        (MessageKind.ROSTER_CONTACT_CHANGED, MOBILE),
    ]
    house.deliver()
    assert [sent.to for sent in (*house.mail.sent, *house.sms.sent)] == [MAIL.value, MOBILE.value]


def test_only_another_agent_frees_a_corrected_contact() -> None:
    house = House(person())
    assert do(house, acts.confirm_correction) == "NothingToConfirmError"
    do(house, acts.correct, contact=NEW)
    assert do(house, acts.confirm_correction) == "SecondAgentNeededError"
    assert do(house, acts.confirm_correction, KARIM) == "ok"
    assert house.person().roster_contact(NOW) == NEW


def test_each_agent_frees_what_the_other_corrected_and_not_their_own() -> None:
    house = House(person())
    mobile = Contact(Channel.SMS, "+33698765432")
    do(house, acts.correct, contact=NEW)
    do(house, acts.correct, KARIM, contact=mobile)
    do(house, acts.confirm_correction, KARIM)
    assert [held.contact for held in house.person().held] == [mobile]


def test_a_hold_that_is_over_or_overwritten_by_the_roster_is_confirmed_no_more() -> None:
    house = House(person())
    do(house, acts.correct, contact=NEW)
    house.change_person(roster=entry())
    assert do(house, acts.confirm_correction, KARIM) == "NothingToConfirmError"
    house.change_person(roster=entry(email=NEW.value))
    house.wait(HOLD_SECONDS)
    assert do(house, acts.confirm_correction, KARIM) == "NothingToConfirmError"


def test_an_active_or_unchanged_contact_is_not_corrected() -> None:
    assert do(House(active()), acts.correct, contact=NEW) == "PastActivationError"
    assert do(House(person()), acts.correct, contact=MAIL) == "ContactUnchangedError"


@pytest.mark.parametrize("mobile", ["", MOBILE.value])
def test_the_mark_that_others_read_a_contact_goes_with_the_last_one_that_had_it(mobile: str) -> None:
    corrected = correct_contact(person(roster=entry(mobile=mobile, shared=True)), NEW, agent="claire", now=NOW)
    assert corrected.roster == entry(email=NEW.value, mobile=mobile, shared=bool(mobile))


def test_activation_ends_what_was_held() -> None:
    browser = Browser(House(person()))
    do(browser.house, acts.correct, contact=NEW)
    assert browser.activate().held == ()


def test_the_waiting_code_is_sent_again_within_the_limits_of_its_page() -> None:
    browser = Browser(House(person()))
    house = browser.house
    assert do(house, acts.send_again) == "NoCodeOutError"
    browser.start()
    house.deliver()
    assert do(house, acts.send_again) == "ResendTooEarlyError"
    house.wait(60)
    assert do(house, acts.send_again) == "ok"
    assert (browser.flow.issue, browser.flow.resends) == (2, 1)
    assert house.accounts.events[WHO][-1].kind is EventKind.DESK_CODE_SENT_AGAIN
    house.wait(900)
    assert do(house, acts.send_again) == "NoCodeOutError"


def test_a_proven_flow_gets_no_code_again_and_a_sign_in_s_goes_to_its_recipient() -> None:
    browser = Browser(House(person()))
    browser.start()
    browser.house.deliver()
    browser.verify(browser.code)
    browser.house.wait(60)
    assert do(browser.house, acts.send_again) == "NoCodeOutError"
    member = Browser(House(active(password=password_record(WHO))))
    member.sign_in()
    member.house.deliver()
    member.house.wait(60)
    assert do(member.house, acts.send_again) == "ok"
    assert member.flow.recipients[2] == MAIL


def test_cleared_counters_give_starts_back_and_never_make_codes_shorter() -> None:
    house = House(person(), wrong_codes_per_person=100)
    for _ in range(3):
        Browser(house).start()
    [pair] = {flow.pair for flow in house.flows.rows.values()}
    for _ in range(40):
        house.counters.count_guess(pair, now=house.now)
    house.counters.lock_pair(pair, until=house.now + DAY_SECONDS)
    assert do(house, acts.clear_counters) == "ok"
    state = house.counters.pair(pair)
    assert (state.wrong, state.locked_until, state.starts) == (house.limits.longer_codes_after, 0, {})


def test_counters_are_read_again_when_somebody_guesses_meanwhile() -> None:
    house = House(person())
    browser = Browser(house)
    pair = browser.start().pair
    house.store.meanwhile.append(lambda: house.counters.count_guess(pair, now=house.now))
    assert do(house, acts.clear_counters) == "ok"
    assert house.counters.pair(pair).wrong == 1


def test_everything_counted_in_a_person_s_name_is_cleared() -> None:
    rose = person(roster=entry(last_name="Saint-Martin", usage_name="Petit"))
    assert len(pairs_of(rose)) == 6
    assert len(pairs_of(person())) == 4
    assert Browser(House(active())).start(purpose=Purpose.PASSWORD_RESET).pair in pairs_of(active())


def test_a_password_lock_is_lifted_for_known_browsers_too() -> None:
    house = House(active(password=password_record(WHO), devices={"known": NOW}))
    for scope in (WHO, f"{WHO}#known"):
        for _ in range(house.limits.wrong_passwords):
            house.counters.count_wrong_password(scope, now=house.now)
    assert line(house) == "bloqué jusqu'à 10 h 47 le 24/11 (trop de mots de passe incorrects)"
    assert do(house, acts.unlock) == "ok"
    assert [house.counters.password_locked_until(scope, now=house.now) for scope in (WHO, f"{WHO}#known")] == [0, 0]


@pytest.mark.parametrize("act", [acts.clear_counters, acts.unlock, acts.lift_mark])
def test_an_act_with_nothing_to_lift_is_refused_and_leaves_no_line(act: Any) -> None:
    marks = {MAIL.value: Deliverability.COMPLAINED}
    house = House(active(password=password_record(WHO), devices={"known": NOW}, deliverability=marks))
    house.counters.count_wrong_password(WHO, now=house.now)
    before = (house.person(), house.counters.passwords.copy())
    assert do(house, act) == "NothingToLiftError"
    assert (house.person(), house.counters.passwords, house.accounts.events) == (*before, {})


def test_what_was_lifted_once_is_not_lifted_again() -> None:
    house = House(person(deliverability={MAIL.value: Deliverability.UNDELIVERABLE}))
    Browser(house).start()
    for _ in range(house.limits.wrong_passwords):
        house.counters.count_wrong_password(WHO, now=house.now)
    for act in (acts.clear_counters, acts.unlock, acts.lift_mark):
        assert [do(house, act), do(house, act)] == ["ok", "NothingToLiftError"]


def test_counters_of_a_time_that_is_over_are_nothing_to_clear() -> None:
    house = House(person())
    [flow] = [Browser(house).start()]
    house.counters.lock_pair(flow.pair, until=house.now + HOUR_SECONDS)
    house.wait(DAY_SECONDS)
    assert do(house, acts.clear_counters) == "NothingToLiftError"


def test_wrong_codes_are_cleared_down_to_those_that_keep_codes_long() -> None:
    house = House(person())
    pair = pairs_of(person())[0]
    for _ in range(house.limits.longer_codes_after + 1):
        house.counters.count_guess(pair, now=house.now)
    assert [do(house, acts.clear_counters), do(house, acts.clear_counters)] == ["ok", "NothingToLiftError"]


def test_a_lifted_mark_leaves_the_wish_for_no_notices() -> None:
    marks = {MAIL.value: Deliverability.UNDELIVERABLE, "other@exemple.fr": Deliverability.COMPLAINED}
    assert lift_marks(person(deliverability=marks)).deliverability == {"other@exemple.fr": Deliverability.COMPLAINED}


def test_closing_takes_two_agents_within_a_week() -> None:
    house = House(active(password=password_record(WHO)))
    assert do(house, acts.close, KARIM) == "NothingToConfirmError"
    do(house, acts.ask_to_close)
    assert house.person().closing == ClosingRequest("claire", NOW + 7 * DAY_SECONDS)
    assert do(house, acts.close) == "SecondAgentNeededError"
    house.wait(7 * DAY_SECONDS)
    assert do(house, acts.close, KARIM) == "NothingToConfirmError"
    do(house, acts.ask_to_close)
    assert do(house, acts.close, KARIM) == "ok"
    closed = house.person()
    assert (closed.status, closed.password, dict(closed.proven), closed.roster.email) == (Status.CLOSED, None, {}, "")
    assert [message.kind for message in house.outbox.pending] == [MessageKind.ACCOUNT_CLOSED]
    assert do(house, acts.ask_to_close) == "PastActivationError"
    house.deliver()
    assert [sent.to for sent in house.mail.sent] == [MAIL.value]


def test_a_contact_that_the_caller_says_is_compared() -> None:
    house = House(active())
    for contact, expected in ((MAIL, True), (MOBILE, True), (NEW, False)):
        assert expected is service.check_contact(
            ports(house), CLAIRE, identifier=WHO, contact=contact, clock=house.clock
        )


def test_a_search_for_nothing_finds_nobody() -> None:
    house = House(person())
    found = service.search(ports(house), CLAIRE, structure_id="S1", last_name="---", clock=house.clock)
    assert (found.people, found.has_more) == ([], False)
    found = service.search(ports(house), CLAIRE, structure_id="S1", last_name="gar", clock=house.clock)
    assert [who.identifier for who in found.people] == [WHO]
