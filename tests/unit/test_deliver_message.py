"""What becomes of each message of the outbox."""

from dataclasses import replace

import pytest

from activation.domain.contacts import Channel, Contact
from activation.domain.employment import Structure
from activation.domain.flows import FlowState, Purpose
from activation.domain.outbox import LEASE_SECONDS, DeliveryState, RefusedByProviderError
from activation.domain.people import FormerContacts, Person, Status
from functions.deliver_message.service import Outcome
from tests.builders import MAIL, MOBILE, NOW, active, entry, person
from tests.fakes.outbox import Delivery
from tests.unit.deliveries import BY_SMS, RESET, DownError, member_by_sms, started

SHARED = person(roster=entry(shared=True))
OTHER_MAIL = Contact(Channel.EMAIL, "louis@exemple.fr")


@pytest.mark.parametrize(
    ("who", "is_named"),
    [
        (SHARED, True),
        (person(), False),
        (active(roster=entry(shared=True)), True),
        (active(roster=entry(shared=True), proven={Channel.EMAIL: OTHER_MAIL}), False),
    ],
    ids=["shared", "their own", "shared and proven", "proven since"],
)
def test_a_code_to_a_shared_contact_says_whose_employer_it_is(who: Person, *, is_named: bool) -> None:
    purpose = RESET if who.status is Status.ACTIVE else Purpose.ACTIVATION
    browser = started(who, purpose=purpose)
    browser.house.structures.save(Structure("S1", "Mairie de Mondomaine"))
    browser.house.deliver()
    [mail] = browser.house.mail.sent
    assert ("inscrite par la structure «\u00a0Mairie de Mondomaine\u00a0»" in mail.text) is is_named
    assert [told for told in ("Garcia", "Louis", "10000001") if told in mail.text] == []


def test_a_code_by_sms_to_a_shared_number_says_it_too() -> None:
    browser = started(person(roster=entry(email="", shared=True)))
    browser.house.structures.save(Structure("S1", "Mairie"))
    browser.house.deliver()
    assert "CNAS (Mairie)." in browser.house.sms.sent[0].text


def test_a_code_to_a_shared_contact_goes_out_though_the_employer_is_not_known() -> None:
    browser = started(SHARED)
    assert browser.house.deliver() == [Outcome.SENT]
    assert "structure" not in browser.house.mail.sent[0].text


def test_a_code_goes_out_by_mail_and_its_recipient_is_named_first() -> None:
    browser = started(person(session_epoch=3))
    assert browser.house.deliver() == [Outcome.SENT]
    [mail] = browser.house.mail.sent
    assert mail.to == MAIL.value
    assert browser.code in mail.text
    assert (browser.flow.recipients, browser.flow.epoch) == ({1: MAIL}, 3)


def test_a_code_goes_out_by_sms_where_there_is_no_mail() -> None:
    browser = started(BY_SMS)
    assert browser.house.deliver() == [Outcome.SENT]
    [sms] = browser.house.sms.sent
    assert sms.to == MOBILE.value
    assert sms.text.endswith(f"@compte.exemple.fr #{browser.code}")


def test_a_sent_message_is_kept_with_the_providers_id_for_the_reports_to_come() -> None:
    browser = started(person())
    [message] = browser.house.outbox.pending
    browser.house.deliver()
    [row] = browser.house.outbox.rows.values()
    kept = replace(message, purpose=None, pair=None)
    assert row == Delivery(kept, DeliveryState.SENT, finished_at=NOW, provider_id="provider-1")


@pytest.mark.parametrize(
    "people",
    [
        [],
        [person(roster=entry(last_name="Petit"))],
        [person(roster=entry(email="", mobile=""))],
        [person(roster=entry(end_date="2020-01-01"))],
        [active(status=Status.CLOSED)],
    ],
    ids=["unknown", "another name", "without contact", "left", "closed"],
)
@pytest.mark.parametrize("purpose", [Purpose.ACTIVATION, RESET])
def test_a_decoys_code_is_dropped_and_its_message_forgotten(people: list[Person], purpose: Purpose) -> None:
    browser = started(*people, purpose=purpose)
    assert browser.house.deliver() == [Outcome.DROPPED]
    [row] = browser.house.outbox.rows.values()
    assert row == Delivery(None, DeliveryState.DROPPED, finished_at=NOW)
    assert browser.flow.recipients == {}
    assert browser.house.mail.sent == browser.house.sms.sent == []


def test_a_message_is_sent_once() -> None:
    browser = started(person())
    [message] = browser.house.outbox.pending
    outcomes = [browser.house.deliver_one(message.message_id) for _ in range(2)]
    assert outcomes == [Outcome.SENT, Outcome.SETTLED]
    assert len(browser.house.mail.sent) == 1


def test_a_dropped_or_vanished_message_is_settled() -> None:
    browser = started()
    [message] = browser.house.outbox.pending
    browser.house.deliver()
    assert browser.house.deliver_one(message.message_id) is Outcome.SETTLED
    assert browser.house.deliver_one("gone") is Outcome.SETTLED


@pytest.mark.parametrize(("seconds", "outcome"), [(LEASE_SECONDS - 1, Outcome.LEASED), (LEASE_SECONDS, Outcome.SENT)])
def test_a_message_that_another_worker_holds_waits_for_its_lease_to_end(seconds: int, outcome: Outcome) -> None:
    browser = started(person())
    [message] = browser.house.outbox.pending
    browser.house.store.commit(browser.house.outbox.claim(message.message_id, now=NOW))
    browser.house.wait(seconds)
    assert browser.house.deliver_one(message.message_id) is outcome


def test_a_message_that_another_worker_sends_is_not_dropped_under_its_hands() -> None:
    browser = started(person())
    house = browser.house
    [message] = house.outbox.pending
    house.store.commit(house.outbox.claim(message.message_id, now=NOW))
    house.flows.rows.clear()
    assert house.deliver_one(message.message_id) is Outcome.LEASED
    assert house.outbox.rows[message.message_id].message == message


def test_the_code_of_a_flow_whose_tries_are_spent_is_dropped() -> None:
    browser = started(person())
    browser.guess(5)
    assert browser.house.deliver() == [Outcome.DROPPED]


@pytest.mark.parametrize(("wrong", "outcome"), [(9, Outcome.SENT), (10, Outcome.DROPPED)])
def test_a_short_code_whose_pair_needs_longer_ones_by_now_is_dropped(wrong: int, outcome: Outcome) -> None:
    browser = started(person())
    for _ in range(wrong):
        browser.house.counters.count_guess(browser.flow.pair, now=NOW)
    assert browser.house.deliver() == [outcome]


def test_a_short_code_is_dropped_once_everybodys_are_longer() -> None:
    browser = started(person(), wrong_codes_per_10_minutes=1)
    browser.house.breaker.count_wrong_code(now=NOW)
    assert browser.house.deliver() == [Outcome.DROPPED]


def test_the_code_of_a_locked_pair_is_dropped() -> None:
    browser = started(person())
    browser.house.counters.lock_pair(browser.flow.pair, until=NOW + 1)
    assert browser.house.deliver() == [Outcome.DROPPED]


@pytest.mark.parametrize(("seconds", "outcome"), [(899, Outcome.SENT), (900, Outcome.EXPIRED)])
def test_a_dead_code_is_not_sent(seconds: int, outcome: Outcome) -> None:
    browser = started(person())
    browser.house.wait(seconds)
    assert browser.house.deliver() == [outcome]


def test_a_late_first_code_is_still_sent_and_named() -> None:
    browser = started(person())
    browser.house.wait(60)
    browser.resend()
    assert browser.house.deliver() == [Outcome.SENT] * 2
    assert set(browser.flow.recipients) == {1, 2}


def test_a_code_that_two_others_followed_is_dropped() -> None:
    browser = started(person())
    for _ in range(2):
        browser.house.wait(60)
        browser.resend()
    assert browser.house.deliver() == [Outcome.DROPPED, Outcome.SENT, Outcome.SENT]


def test_the_code_of_a_flow_that_went_on_is_dropped() -> None:
    browser = started(person())
    browser.house.deliver()
    browser.house.wait(60)
    browser.resend()
    browser.verify(browser.house.code(browser.flow_id, 1))
    assert browser.house.deliver() == [Outcome.DROPPED]


def test_a_sign_in_code_is_not_sent_once_its_flow_has_served() -> None:
    browser = member_by_sms()
    browser.enter()
    assert browser.house.deliver() == [Outcome.DROPPED]


def test_the_code_of_a_flow_that_goes_on_while_it_is_made_is_dropped() -> None:
    browser = started(person())
    house, flow = browser.house, browser.flow
    house.store.meanwhile.append(lambda: house.flows.rows.update({flow.flow_id: replace(flow, state=FlowState.DONE)}))
    assert house.deliver() == [Outcome.DROPPED]
    assert house.mail.sent == []


def test_the_code_of_a_flow_that_is_gone_is_dropped() -> None:
    browser = started(person())
    browser.house.flows.rows.clear()
    assert browser.house.deliver() == [Outcome.DROPPED]


def test_a_message_without_an_issue_is_no_code() -> None:
    house = started(person()).house
    [message] = house.outbox.pending
    house.outbox.rows[message.message_id] = Delivery(replace(message, issue=None))
    assert house.deliver() == [Outcome.DROPPED]


def test_a_reset_code_goes_to_the_contact_as_it_stood_before_the_last_change() -> None:
    fresh = Contact(Channel.EMAIL, "louis@exemple.fr")
    changed = active(proven={Channel.EMAIL: fresh}, former=(FormerContacts({Channel.EMAIL: MAIL}, NOW),))
    house = started(changed, purpose=RESET).house
    house.deliver()
    assert [mail.to for mail in house.mail.sent] == [MAIL.value]


def test_a_code_sent_again_after_a_failure_goes_to_the_same_contact() -> None:
    browser = started(person())
    browser.house.mail.failures.append(DownError())
    with pytest.raises(DownError):
        browser.house.deliver()
    browser.house.change_person(roster=entry(email="other@exemple.fr"))
    browser.house.deliver()
    assert [mail.to for mail in browser.house.mail.sent] == [MAIL.value]


@pytest.mark.parametrize("who", [person(), BY_SMS], ids=["mail", "SMS"])
def test_a_provider_that_is_down_leaves_the_message_for_later(who: Person) -> None:
    browser = started(who)
    house = browser.house
    house.mail.failures.append(DownError())
    house.sms.failures.append(DownError())
    with pytest.raises(DownError):
        house.deliver()
    assert all(count == 0 for count in house.budgets.taken.values())
    assert house.deliver() == [Outcome.SENT]


@pytest.mark.parametrize("who", [person(), BY_SMS], ids=["mail", "SMS"])
def test_a_message_that_the_provider_refuses_is_dropped_and_costs_nothing(who: Person) -> None:
    browser = started(who)
    house = browser.house
    house.mail.failures.append(RefusedByProviderError())
    house.sms.failures.append(RefusedByProviderError())
    assert house.deliver() == [Outcome.DROPPED]
    assert all(count == 0 for count in house.budgets.taken.values())
