"""What becomes of each message of the outbox."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from activation.domain import outbox
from activation.domain.accounts import Account, FormerContacts, Status
from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.employment import Structure
from activation.domain.events import Event, EventKind
from activation.domain.flows import FlowState, Purpose, add_code
from activation.domain.limits import DAY_SECONDS, Limits
from activation.domain.outbox import DeliveryState, MessageKind, RefusedByProviderError, lock_notice_for, notices_for
from functions.deliver_message.service import Outcome
from tests.builders import MAIL, MOBILE, NOW, active, changed, entry, flow, invited
from tests.fakes.outbox import Delivery
from tests.fakes.random import FakeRandom
from tests.in_memory import Browser, InMemoryService
from tests.in_memory.service import HOST
from tests.unit.deliveries import BY_SMS, RESET, DownError, member_by_sms, queue_notice, started
from tests.unit.refusals import refused

SHARED = invited(roster=entry(shared=True))
OTHER_MAIL = Contact(Channel.EMAIL, "louis@exemple.fr")


NAMED = [
    (SHARED, True),
    (invited(), False),
    (active(roster=entry(shared=True)), True),
    (active(roster=entry(shared=True), proven={Channel.EMAIL: OTHER_MAIL}), False),
]


@pytest.mark.parametrize(("who", "is_named"), NAMED, ids=["shared", "their own", "shared and proven", "proven since"])
def test_a_code_to_a_shared_contact_says_whose_employer_it_is(who: Account, *, is_named: bool) -> None:
    purpose = RESET if who.status is Status.ACTIVE else Purpose.ACTIVATION
    browser = started(who, purpose=purpose)
    browser.app.structures.save(Structure("S1", "Mairie de Mondomaine"))
    [message] = browser.app.outbox.pending
    browser.app.deliver()
    browser.app.outbox.rows[message.message_id] = Delivery(message)  # as if it had not been sent: it is tried again
    browser.app.deliver()
    mail, again = browser.app.mail.sent
    assert again == mail
    assert ("inscrite par la structure «\u00a0Mairie de Mondomaine\u00a0»" in mail.text) is is_named
    assert [told for told in ("Garcia", "Louis", "10000001") if told in mail.text] == []
    without_its_employer = started(who, purpose=purpose).app
    assert without_its_employer.deliver() == [Outcome.SENT]
    assert "structure" not in without_its_employer.mail.sent[0].text


@pytest.mark.parametrize(
    ("refusal", "marks"),
    [(RefusedByProviderError("x"), {}), (outbox.NumberRefusedError("x"), {MOBILE.value: Deliverability.UNDELIVERABLE})],
)
def test_a_code_that_sns_refuses_goes_by_mail(refusal: Exception, marks: dict[str, Deliverability]) -> None:
    proven = {Channel.SMS: MOBILE, Channel.EMAIL: MAIL}
    browser = started(active(proven=proven, channel=Channel.SMS), purpose=RESET)
    app = browser.app
    app.sms.failures.append(refusal)
    assert (app.deliver(), app.account().deliverability) == ([Outcome.DROPPED], marks)
    assert (app.deliver(), [mail.to for mail in app.mail.sent]) == ([Outcome.SENT], [MAIL.value])
    assert [event.kind for event in app.accounts.events["10000001"]] == ["code_refused", "code_sent_email"]
    assert browser.verify(browser.code, RESET)


@pytest.fixture
def browser() -> Browser:
    return started(invited())


def test_a_code_that_ses_refuses_goes_by_sms_and_no_further_nor_does_a_notice_in_its_place(browser: Browser) -> None:
    app = browser.app
    app.mail.failures.append(RefusedByProviderError("x"))
    app.sms.failures.append(RefusedByProviderError("x"))
    assert [app.deliver(), app.deliver(), app.deliver()] == [[Outcome.DROPPED], [Outcome.DROPPED], []]
    app = started(active(proven={Channel.SMS: MOBILE, Channel.EMAIL: MAIL})).app
    app.mail.failures.append(RefusedByProviderError("x"))
    assert [app.deliver(), app.deliver(), app.sms.sent] == [[Outcome.DROPPED], [], []]


def test_a_number_that_refuses_a_notice_is_marked() -> None:
    app = InMemoryService(active(proven={Channel.SMS: MOBILE}))
    queue_notice(app, MessageKind.PASSWORD_CHANGED, Channel.SMS)
    app.sms.failures.append(outbox.NumberRefusedError("x"))
    assert app.deliver() == [Outcome.DROPPED]
    assert app.account().deliverability == {MOBILE.value: Deliverability.UNDELIVERABLE}
    assert [row.state for row in app.outbox.rows.values()] == [DeliveryState.DROPPED]


def test_a_number_that_is_marked_already_is_not_marked_again() -> None:
    app = started(changed(BY_SMS, deliverability={MOBILE.value: Deliverability.UNDELIVERABLE}, has_bounced=True)).app
    before = app.account()
    app.sms.failures.append(outbox.NumberRefusedError("x"))
    assert (app.deliver(), app.account()) == ([Outcome.DROPPED], before)


@pytest.mark.parametrize(("who", "found"), [(BY_SMS, True), (invited(), False)], ids=["SMS", "mail"])
def test_an_sms_is_found_by_its_providers_id_and_a_mail_names_its_message_itself(who: Account, *, found: bool) -> None:
    app = started(who).app
    [message] = app.outbox.pending
    app.deliver()
    assert app.outbox.pointers == ({"provider-1": message.message_id} if found else {})


@pytest.mark.parametrize("purpose", [Purpose.ACTIVATION, RESET])
def test_each_code_says_when_it_was_asked_for_however_late_it_goes_out(purpose: Purpose) -> None:
    browser = started(active() if purpose is RESET else invited(), purpose=purpose)
    browser.app.wait(70)
    browser.app.deliver()
    browser.resend(purpose)
    browser.app.deliver()
    for mail, minute in zip(browser.app.mail.sent, (32, 33), strict=True):
        assert f"Il a été demandé le 24/11 à 10 h {minute} (heure de Paris)." in mail.text


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


def test_the_transaction_of_a_notice_takes_no_flows_row(browser: Browser) -> None:
    app = browser.app
    app.deliver()
    app.store.commit(app.outbox.put(lock_notice_for(browser.flow, "of a flow", now=NOW)))
    queue_notice(app, MessageKind.PASSWORD_CHANGED, Channel.EMAIL)
    [*_, of_none] = app.outbox.pending
    app.store.transactions.clear()
    app.deliver()
    taken = [rows for rows in app.store.transactions if rows & {"of a flow", of_none.message_id}]
    assert taken == [{"of a flow"}, {"of a flow"}, {of_none.message_id}]


def test_a_sent_message_is_kept_with_the_providers_id_for_the_reports_to_come(browser: Browser) -> None:
    [message] = browser.app.outbox.pending
    browser.app.deliver()
    [row] = browser.app.outbox.rows.values()
    kept = replace(message, purpose=None, throttle_key=None)
    assert row == Delivery(kept, DeliveryState.SENT, finished_at=NOW, provider_id="provider-1")
    events = [Event(EventKind.CODE_SENT_EMAIL, NOW, flow_id=browser.flow_id)]
    assert browser.app.accounts.events["10000001"] == events
    [mail] = browser.app.mail.sent
    assert (mail.message_id, mail.subject) == (message.message_id, "Votre code de sécurité CNAS")
    assert browser.code in mail.html
    browser.app.change_account(status=Status.ACTIVE, proven={Channel.EMAIL: MAIL})
    queue_notice(browser.app, MessageKind.PASSWORD_CHANGED, Channel.EMAIL)
    assert browser.app.deliver() == [Outcome.SENT]
    assert browser.app.accounts.events["10000001"] == events  # which has no notice


def test_a_message_that_another_worker_sends_or_has_settled_is_left_to_it(browser: Browser) -> None:
    app = browser.app
    [message] = app.outbox.pending
    sent = Delivery(message, DeliveryState.SENT, finished_at=NOW)
    app.store.meanwhile.append(lambda: app.outbox.rows.update({message.message_id: sent}))
    assert (app.deliver(), app.mail.sent) == ([Outcome.SETTLED], [])
    assert app.deliver_one("gone") is Outcome.SETTLED
    nobody = started().app
    [of_nobody] = nobody.outbox.pending
    nobody.deliver()
    assert nobody.deliver_one(of_nobody.message_id) is Outcome.SETTLED
    sending = started(invited()).app
    [message] = sending.outbox.pending
    sending.store.commit(sending.outbox.claim(message.message_id, now=NOW))
    sending.flows.rows.clear()  # nor is it dropped under its hands
    assert sending.deliver_one(message.message_id) is Outcome.LEASED
    assert sending.outbox.rows[message.message_id].message == message


DECOYS = [
    [],
    [invited(roster=entry(last_name="Petit"))],
    [invited(roster=entry(email="", mobile=""))],
    [invited(roster=entry(end_date="2020-01-01"))],
    [active(status=Status.CLOSED)],
]


@pytest.mark.parametrize("people", DECOYS, ids=["unknown", "another name", "without contact", "left", "closed"])
@pytest.mark.parametrize("purpose", [Purpose.ACTIVATION, RESET])
def test_a_decoys_code_is_dropped_and_its_message_forgotten(people: list[Account], purpose: Purpose) -> None:
    browser = started(*people, purpose=purpose)
    assert browser.app.deliver() == [Outcome.DROPPED]
    [row] = browser.app.outbox.rows.values()
    assert (row, browser.flow.recipients) == (Delivery(None, DeliveryState.DROPPED, finished_at=NOW), {})
    assert browser.app.mail.sent == browser.app.sms.sent == []


PETIT = entry(last_name="Petit")
COUNTED = [
    ([], 1),
    ([invited(roster=PETIT)], 1),
    ([active(roster=PETIT)], 1),
    ([invited()], 0),
    ([invited(roster=entry(last_name="Petit", usage_name="Garcia"))], 0),
    ([invited(roster=entry(email="", mobile=""))], 0),
]


@pytest.mark.parametrize(("people", "counted"), COUNTED)
@pytest.mark.parametrize("purpose", [Purpose.ACTIVATION, RESET])
def test_a_name_that_is_another_is_counted_once_a_flow(people: list[Account], counted: int, purpose: Purpose) -> None:
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


@pytest.mark.parametrize(("wrong", "outcome"), [(9, Outcome.SENT), (10, Outcome.DROPPED)])
def test_a_short_code_whose_throttle_key_needs_longer_ones_by_now_is_dropped(wrong: int, outcome: Outcome) -> None:
    browser = started(invited())
    for _ in range(wrong):
        browser.app.counters.count_guess(browser.flow.throttle_key, now=NOW)
    assert browser.app.deliver() == [outcome]


def went_on(browser: Browser) -> None:
    """The first of two codes was typed while the second waits."""
    browser.app.deliver()
    browser.app.wait(60)
    browser.resend()
    browser.verify(browser.app.code(browser.flow_id, 1))


def lacks(browser: Browser, **what: Any) -> None:
    [message] = browser.app.outbox.pending
    browser.app.outbox.rows[message.message_id] = Delivery(replace(message, **what))


def trip_the_breaker(browser: Browser) -> None:
    for _ in range(2):
        browser.app.breaker.count_wrong_code(now=NOW)


DEAD: list[Callable[[Browser], object]] = [
    lambda browser: browser.guess(5),
    lambda browser: browser.app.counters.lock_throttle(browser.flow.throttle_key, until=NOW + 1),
    lambda browser: browser.app.flows.rows.clear(),
    *(went_on, partial(lacks, code_number=None), partial(lacks, purpose=None), trip_the_breaker),
]


@pytest.mark.parametrize("happen", DEAD, ids=["spent", "locked", "gone", "went on", "number", "purpose", "breaker"])
def test_a_code_that_nobody_can_type_any_more_is_dropped(happen: Callable[[Browser], object]) -> None:
    browser = started(invited(), wrong_codes_per_10_minutes=1 if happen is trip_the_breaker else 1_000)
    happen(browser)
    assert browser.app.deliver() == [Outcome.DROPPED]


@pytest.mark.parametrize(("seconds", "outcome"), [(899, Outcome.SENT), (900, Outcome.EXPIRED)])
def test_a_dead_code_is_not_sent_nor_one_that_two_others_followed(seconds: int, outcome: Outcome) -> None:
    browser = started(invited())
    browser.app.wait(seconds)
    assert browser.app.deliver() == [outcome]
    late = started(invited())
    late.app.wait(60)
    late.resend()
    assert (late.app.deliver(), set(late.flow.recipients)) == ([Outcome.SENT] * 2, {1, 2})
    behind = started(invited())
    for _ in range(2):
        behind.app.wait(60)
        behind.resend()
    assert behind.app.deliver() == [Outcome.DROPPED, Outcome.SENT, Outcome.SENT]


def test_a_code_is_not_sent_once_its_flow_has_served_or_goes_on_while_it_is_made(browser: Browser) -> None:
    app, flow = browser.app, browser.flow
    app.store.meanwhile.append(lambda: app.flows.rows.update({flow.flow_id: replace(flow, state=FlowState.DONE)}))
    assert (app.deliver(), app.mail.sent) == ([Outcome.DROPPED], [])
    member = member_by_sms()
    member.enter()
    assert member.app.deliver() == [Outcome.DROPPED]


def test_a_code_goes_to_the_contact_as_it_stood_before_the_last_change_or_a_failure(browser: Browser) -> None:
    fresh = Contact(Channel.EMAIL, "louis@exemple.fr")
    changed = active(proven={Channel.EMAIL: fresh}, former=(FormerContacts({Channel.EMAIL: MAIL}, NOW),))
    app = started(changed, purpose=RESET).app
    app.deliver()
    browser.app.mail.failures.append(DownError())
    refused(DownError, browser.app.deliver)
    browser.app.change_account(roster=entry(email="other@exemple.fr"))
    browser.app.deliver()
    assert [mail.to for mail in app.mail.sent + browser.app.mail.sent] == [MAIL.value] * 2


@pytest.mark.parametrize("who", [invited(), BY_SMS], ids=["mail", "SMS"])
def test_a_message_costs_nothing_where_its_provider_is_down_or_refuses_it(who: Account) -> None:
    app = started(who).app
    app.mail.failures.append(DownError())
    app.sms.failures.append(DownError())
    refused(DownError, app.deliver)
    assert all(count == 0 for count in app.budgets.taken.values())
    app.mail.failures.append(RefusedByProviderError())
    app.sms.failures.append(RefusedByProviderError())
    assert app.deliver() == [Outcome.DROPPED]
    assert all(count == 0 for count in app.budgets.taken.values())


def test_a_codes_message_names_its_flow_its_throttle_key_and_its_number_and_dies_with_the_code() -> None:
    again = add_code(flow(), digits=6, now=NOW + 60, limits=Limits())
    message = outbox.code_message_for(again, "m-1", now=NOW + 60)
    assert message == outbox.OutboxMessage(
        "m-1", MessageKind.CODE, "10000001", NOW + 60, NOW + 960, "f-1", 2, again.purpose, again.throttle_key
    )
    assert message.expires_at == NOW + 60 + DAY_SECONDS  # its row may go


def test_a_notice_goes_to_each_channel_or_to_whoever_answers_to_the_flow_and_is_worth_sending_for_a_day() -> None:
    notices = notices_for(MessageKind.PASSWORD_CHANGED, "10000001", [Channel.EMAIL, Channel.SMS], FakeRandom(), now=NOW)
    assert [notice.channel for notice in notices] == [Channel.EMAIL, Channel.SMS]
    of_a_lock = lock_notice_for(flow(Purpose.SIGN_IN), "m-1", now=NOW)
    assert (of_a_lock.kind, of_a_lock.flow_id) == (MessageKind.TOO_MANY_WRONG_CODES, "f-1")
    assert of_a_lock.code_number is None
    assert {notice.dies_at for notice in (*notices, of_a_lock)} == {NOW + DAY_SECONDS}
    assert len({notice.message_id for notice in notices}) == 2


@pytest.mark.parametrize(("waited", "said"), [(0, "15 minutes"), (840, "1 minute"), (839, "2 minutes")])
def test_a_mail_says_how_many_minutes_its_code_is_good_for(waited: int, said: str, browser: Browser) -> None:
    browser.app.wait(waited)
    browser.app.deliver()
    assert f"Il est valable {said}." in browser.app.mail.sent[0].text


def test_a_lock_holds_back_codes_until_it_ends(browser: Browser) -> None:
    app = browser.app
    app.counters.lock_throttle(browser.flow.throttle_key, until=app.now)
    assert app.deliver() == [Outcome.SENT]
