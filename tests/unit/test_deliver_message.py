"""What becomes of each message of the outbox."""

from contextlib import suppress
from dataclasses import replace

import pytest

from activation.domain.accounts import Account, FormerContacts, Status
from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.employment import Structure
from activation.domain.events import Event, EventKind
from activation.domain.flows import FlowState, Purpose
from activation.domain.outbox import (
    DeliveryState,
    MessageKind,
    NumberRefusedError,
    RefusedByProviderError,
    lock_notice_for,
)
from functions.deliver_message.service import Outcome
from tests.builders import MAIL, MOBILE, NOW, active, entry, invited
from tests.fakes.outbox import Delivery
from tests.unit.deliveries import BY_SMS, RESET, DownError, member_by_sms, queue_notice, started
from tests.unit.in_memory import InMemoryService
from tests.unit.in_memory.service import HOST

SHARED = invited(roster=entry(shared=True))
OTHER_MAIL = Contact(Channel.EMAIL, "louis@exemple.fr")


@pytest.mark.parametrize(
    ("who", "is_named"),
    [
        (SHARED, True),
        (invited(), False),
        (active(roster=entry(shared=True)), True),
        (active(roster=entry(shared=True), proven={Channel.EMAIL: OTHER_MAIL}), False),
    ],
    ids=["shared", "their own", "shared and proven", "proven since"],
)
def test_a_code_to_a_shared_contact_says_whose_employer_it_is(who: Account, *, is_named: bool) -> None:
    purpose = RESET if who.status is Status.ACTIVE else Purpose.ACTIVATION
    browser = started(who, purpose=purpose)
    browser.app.structures.save(Structure("S1", "Mairie de Mondomaine"))
    browser.app.deliver()
    [mail] = browser.app.mail.sent
    assert ("inscrite par la structure «\u00a0Mairie de Mondomaine\u00a0»" in mail.text) is is_named
    assert [told for told in ("Garcia", "Louis", "10000001") if told in mail.text] == []


@pytest.mark.parametrize(
    ("refusal", "marks"),
    [(RefusedByProviderError("x"), {}), (NumberRefusedError("x"), {MOBILE.value: Deliverability.UNDELIVERABLE})],
)
def test_a_code_that_sns_refuses_goes_by_mail(refusal: Exception, marks: dict[str, Deliverability]) -> None:
    proven = {Channel.SMS: MOBILE, Channel.EMAIL: MAIL}
    browser = started(active(proven=proven, channel=Channel.SMS), purpose=RESET)
    app = browser.app
    app.sms.failures.append(refusal)
    assert app.deliver() == [Outcome.DROPPED]
    assert app.account().deliverability == marks
    assert app.deliver() == [Outcome.SENT]
    assert [mail.to for mail in app.mail.sent] == [MAIL.value]
    assert [event.kind for event in app.accounts.events["10000001"]] == ["code_refused", "code_sent_email"]
    assert browser.verify(browser.code, RESET)


def test_a_code_that_ses_refuses_goes_by_sms_and_no_further() -> None:
    browser = started(invited())
    app = browser.app
    app.mail.failures.append(RefusedByProviderError("x"))
    app.sms.failures.append(RefusedByProviderError("x"))
    assert [app.deliver(), app.deliver(), app.deliver()] == [[Outcome.DROPPED], [Outcome.DROPPED], []]


def test_a_number_that_refuses_a_notice_is_marked() -> None:
    app = InMemoryService(active(proven={Channel.SMS: MOBILE}))
    queue_notice(app, MessageKind.PASSWORD_CHANGED, Channel.SMS)
    app.sms.failures.append(NumberRefusedError("x"))
    assert app.deliver() == [Outcome.DROPPED]
    assert app.account().deliverability == {MOBILE.value: Deliverability.UNDELIVERABLE}
    assert [row.state for row in app.outbox.rows.values()] == [DeliveryState.DROPPED]


@pytest.mark.parametrize("purpose", [Purpose.ACTIVATION, RESET])
def test_each_code_says_when_it_was_asked_for_however_late_it_goes_out(purpose: Purpose) -> None:
    browser = started(active() if purpose is RESET else invited(), purpose=purpose)
    browser.app.wait(70)
    browser.app.deliver()
    browser.resend(purpose)
    browser.app.deliver()
    for mail, minute in zip(browser.app.mail.sent, (32, 33), strict=True):
        assert f"Il a été demandé le 24/11 à 10 h {minute} (heure de Paris)." in mail.text


def test_a_code_to_a_shared_contact_goes_out_though_the_employer_is_not_known() -> None:
    browser = started(SHARED)
    assert browser.app.deliver() == [Outcome.SENT]
    assert "structure" not in browser.app.mail.sent[0].text


@pytest.mark.parametrize("who", [invited(), BY_SMS], ids=["mail", "SMS"])
def test_a_code_names_the_site_and_its_provider_is_told_that_it_is_a_code(who: Account) -> None:
    browser = started(who)
    app = browser.app
    channel = Channel.SMS if who is BY_SMS else Channel.EMAIL
    app.deliver()
    app.change_account(status=Status.ACTIVE, proven={channel: MOBILE if channel is Channel.SMS else MAIL})
    queue_notice(app, MessageKind.PASSWORD_CHANGED, channel)
    app.deliver()
    code, notice = app.sms.sent + app.mail.sent
    assert browser.code in code.text
    assert (code.is_code, notice.is_code) == (True, False)
    assert HOST in code.text
    assert "mot de passe" in notice.text


@pytest.mark.parametrize(("people", "tries"), [([], 1), ([invited()], 2)], ids=["a decoy", "somebody, named and again"])
def test_the_transaction_of_a_code_takes_its_flows_row_whoever_it_is_for(people: list[Account], tries: int) -> None:
    browser = started(*people)
    app = browser.app
    [message] = app.outbox.pending
    app.mail.failures.append(DownError())
    for _ in range(tries):
        before = len(app.store.transactions)
        with suppress(DownError):
            app.deliver()
        assert app.store.transactions[before] == {message.message_id, browser.flow_id}


def test_the_transaction_of_a_notice_takes_no_flows_row() -> None:
    browser = started(invited())
    app = browser.app
    app.deliver()
    app.store.commit(app.outbox.put(lock_notice_for(browser.flow, "of a flow", now=NOW)))
    queue_notice(app, MessageKind.PASSWORD_CHANGED, Channel.EMAIL)
    [*_, of_none] = app.outbox.pending
    app.store.transactions.clear()
    app.deliver()
    assert [rows for rows in app.store.transactions if rows & {"of a flow", of_none.message_id}] == [
        {"of a flow"},
        {"of a flow"},
        {of_none.message_id},
    ]


def test_a_number_that_is_marked_already_is_not_marked_again() -> None:
    marked = {MOBILE.value: Deliverability.UNDELIVERABLE}
    app = started(replace(BY_SMS, deliverability=marked)).app
    before = app.account()
    app.sms.failures.append(NumberRefusedError("x"))
    assert app.deliver() == [Outcome.DROPPED]
    assert app.account() == before


def test_a_notice_in_a_codes_place_that_is_refused_goes_nowhere_else() -> None:
    app = started(active(proven={Channel.SMS: MOBILE, Channel.EMAIL: MAIL})).app
    app.mail.failures.append(RefusedByProviderError("x"))
    assert [app.deliver(), app.deliver()] == [[Outcome.DROPPED], []]
    assert app.sms.sent == []


def test_a_sent_message_is_kept_with_the_providers_id_for_the_reports_to_come() -> None:
    browser = started(invited())
    [message] = browser.app.outbox.pending
    browser.app.deliver()
    [row] = browser.app.outbox.rows.values()
    kept = replace(message, purpose=None, throttle_key=None)
    assert row == Delivery(kept, DeliveryState.SENT, finished_at=NOW, provider_id="provider-1")
    [event] = browser.app.accounts.events["10000001"]
    assert event == Event(EventKind.CODE_SENT_EMAIL, NOW, flow_id=browser.flow_id)


def test_an_sms_is_found_by_its_providers_id_and_a_mail_names_its_message_itself() -> None:
    for who, found in ((BY_SMS, True), (invited(), False)):
        app = started(who).app
        [message] = app.outbox.pending
        app.deliver()
        assert app.outbox.pointers == ({"provider-1": message.message_id} if found else {})


def test_a_notice_is_no_event_of_the_history() -> None:
    app = InMemoryService(active())
    queue_notice(app, MessageKind.PASSWORD_CHANGED, Channel.EMAIL)
    assert app.deliver() == [Outcome.SENT]
    assert app.accounts.events == {}


def test_a_message_that_another_worker_finishes_first_is_settled() -> None:
    app = started(invited()).app
    [message] = app.outbox.pending
    sent = Delivery(message, DeliveryState.SENT, finished_at=NOW)
    app.store.meanwhile.append(lambda: app.outbox.rows.update({message.message_id: sent}))
    assert app.deliver() == [Outcome.SETTLED]
    assert app.mail.sent == []


def test_a_mail_has_its_messages_id_a_subject_and_two_forms() -> None:
    browser = started(invited())
    [message] = browser.app.outbox.pending
    browser.app.deliver()
    [mail] = browser.app.mail.sent
    assert (mail.message_id, mail.subject) == (message.message_id, "Votre code de sécurité CNAS")
    assert browser.code in mail.html


@pytest.mark.parametrize(
    "people",
    [
        [],
        [invited(roster=entry(last_name="Petit"))],
        [invited(roster=entry(email="", mobile=""))],
        [invited(roster=entry(end_date="2020-01-01"))],
        [active(status=Status.CLOSED)],
    ],
    ids=["unknown", "another name", "without contact", "left", "closed"],
)
@pytest.mark.parametrize("purpose", [Purpose.ACTIVATION, RESET])
def test_a_decoys_code_is_dropped_and_its_message_forgotten(people: list[Account], purpose: Purpose) -> None:
    browser = started(*people, purpose=purpose)
    assert browser.app.deliver() == [Outcome.DROPPED]
    [row] = browser.app.outbox.rows.values()
    assert row == Delivery(None, DeliveryState.DROPPED, finished_at=NOW)
    assert browser.flow.recipients == {}
    assert browser.app.mail.sent == browser.app.sms.sent == []


@pytest.mark.parametrize(
    ("people", "counted"),
    [
        ([], 1),
        ([invited(roster=entry(last_name="Petit"))], 1),
        ([active(roster=entry(last_name="Petit"))], 1),
        ([invited(roster=entry(last_name="Petit", usage_name="Garcia"))], 0),
        ([invited(roster=entry(email="", mobile=""))], 0),
        ([invited()], 0),
    ],
    ids=["unknown", "another name", "another's reset", "usage name", "without contact", "theirs"],
)
@pytest.mark.parametrize("purpose", [Purpose.ACTIVATION, RESET])
def test_a_name_that_is_not_the_owners_is_counted_once_a_flow(
    people: list[Account], counted: int, purpose: Purpose
) -> None:
    browser = started(*people, purpose=purpose)
    app = browser.app
    [message] = app.outbox.pending
    app.deliver()
    app.deliver_one(message.message_id)
    app.wait(60)
    browser.resend(purpose)
    app.deliver()
    names = app.counters.other_names("10000001", now=app.now)
    assert (names.requests if names else 0) == counted


def test_a_dropped_or_vanished_message_is_settled() -> None:
    browser = started()
    [message] = browser.app.outbox.pending
    browser.app.deliver()
    assert browser.app.deliver_one(message.message_id) is Outcome.SETTLED
    assert browser.app.deliver_one("gone") is Outcome.SETTLED


def test_a_message_that_another_worker_sends_is_not_dropped_under_its_hands() -> None:
    browser = started(invited())
    app = browser.app
    [message] = app.outbox.pending
    app.store.commit(app.outbox.claim(message.message_id, now=NOW))
    app.flows.rows.clear()
    assert app.deliver_one(message.message_id) is Outcome.LEASED
    assert app.outbox.rows[message.message_id].message == message


def test_the_code_of_a_flow_whose_tries_are_spent_is_dropped() -> None:
    browser = started(invited())
    browser.guess(5)
    assert browser.app.deliver() == [Outcome.DROPPED]


@pytest.mark.parametrize(("wrong", "outcome"), [(9, Outcome.SENT), (10, Outcome.DROPPED)])
def test_a_short_code_whose_throttle_key_needs_longer_ones_by_now_is_dropped(wrong: int, outcome: Outcome) -> None:
    browser = started(invited())
    for _ in range(wrong):
        browser.app.counters.count_guess(browser.flow.throttle_key, now=NOW)
    assert browser.app.deliver() == [outcome]


def test_a_short_code_is_dropped_once_none_is_good_any_more() -> None:
    browser = started(invited(), wrong_codes_per_10_minutes=1)
    for _ in range(2):
        browser.app.breaker.count_wrong_code(now=NOW)
    assert browser.app.deliver() == [Outcome.DROPPED]


def test_the_code_of_a_locked_throttle_key_is_dropped() -> None:
    browser = started(invited())
    browser.app.counters.lock_throttle(browser.flow.throttle_key, until=NOW + 1)
    assert browser.app.deliver() == [Outcome.DROPPED]


@pytest.mark.parametrize(("seconds", "outcome"), [(899, Outcome.SENT), (900, Outcome.EXPIRED)])
def test_a_dead_code_is_not_sent(seconds: int, outcome: Outcome) -> None:
    browser = started(invited())
    browser.app.wait(seconds)
    assert browser.app.deliver() == [outcome]


def test_a_late_first_code_is_still_sent_and_named() -> None:
    browser = started(invited())
    browser.app.wait(60)
    browser.resend()
    assert browser.app.deliver() == [Outcome.SENT] * 2
    assert set(browser.flow.recipients) == {1, 2}


def test_a_code_that_two_others_followed_is_dropped() -> None:
    browser = started(invited())
    for _ in range(2):
        browser.app.wait(60)
        browser.resend()
    assert browser.app.deliver() == [Outcome.DROPPED, Outcome.SENT, Outcome.SENT]


def test_the_code_of_a_flow_that_went_on_is_dropped() -> None:
    browser = started(invited())
    browser.app.deliver()
    browser.app.wait(60)
    browser.resend()
    browser.verify(browser.app.code(browser.flow_id, 1))
    assert browser.app.deliver() == [Outcome.DROPPED]


def test_a_sign_in_code_is_not_sent_once_its_flow_has_served() -> None:
    browser = member_by_sms()
    browser.enter()
    assert browser.app.deliver() == [Outcome.DROPPED]


def test_the_code_of_a_flow_that_goes_on_while_it_is_made_is_dropped() -> None:
    browser = started(invited())
    app, flow = browser.app, browser.flow
    app.store.meanwhile.append(lambda: app.flows.rows.update({flow.flow_id: replace(flow, state=FlowState.DONE)}))
    assert app.deliver() == [Outcome.DROPPED]
    assert app.mail.sent == []


def test_the_code_of_a_flow_that_is_gone_is_dropped() -> None:
    browser = started(invited())
    browser.app.flows.rows.clear()
    assert browser.app.deliver() == [Outcome.DROPPED]


def test_a_message_without_a_code_number_is_no_code() -> None:
    app = started(invited()).app
    [message] = app.outbox.pending
    app.outbox.rows[message.message_id] = Delivery(replace(message, code_number=None))
    assert app.deliver() == [Outcome.DROPPED]


def test_a_reset_code_goes_to_the_contact_as_it_stood_before_the_last_change() -> None:
    fresh = Contact(Channel.EMAIL, "louis@exemple.fr")
    changed = active(proven={Channel.EMAIL: fresh}, former=(FormerContacts({Channel.EMAIL: MAIL}, NOW),))
    app = started(changed, purpose=RESET).app
    app.deliver()
    assert [mail.to for mail in app.mail.sent] == [MAIL.value]


def test_a_code_sent_again_after_a_failure_goes_to_the_same_contact() -> None:
    browser = started(invited())
    browser.app.mail.failures.append(DownError())
    with pytest.raises(DownError):
        browser.app.deliver()
    browser.app.change_account(roster=entry(email="other@exemple.fr"))
    browser.app.deliver()
    assert [mail.to for mail in browser.app.mail.sent] == [MAIL.value]


@pytest.mark.parametrize("who", [invited(), BY_SMS], ids=["mail", "SMS"])
def test_a_provider_that_is_down_leaves_the_message_for_later(who: Account) -> None:
    browser = started(who)
    app = browser.app
    app.mail.failures.append(DownError())
    app.sms.failures.append(DownError())
    with pytest.raises(DownError):
        app.deliver()
    assert all(count == 0 for count in app.budgets.taken.values())
    assert app.deliver() == [Outcome.SENT]


@pytest.mark.parametrize("who", [invited(), BY_SMS], ids=["mail", "SMS"])
def test_a_message_that_the_provider_refuses_is_dropped_and_costs_nothing(who: Account) -> None:
    browser = started(who)
    app = browser.app
    app.mail.failures.append(RefusedByProviderError())
    app.sms.failures.append(RefusedByProviderError())
    assert app.deliver() == [Outcome.DROPPED]
    assert all(count == 0 for count in app.budgets.taken.values())
