"""What becomes of a report on a mail."""

import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import permutations

import pytest

from activation.domain.accounts import Account
from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.events import Event, EventKind
from activation.domain.flows import Purpose
from activation.domain.outbox import DeliveryEvent, DeliveryState, MessageKind, OutboxMessage, notices_for
from functions.deliver_message.service import Outcome as Delivered
from functions.record_delivery.schemas import SesEvent, SmsStatus
from functions.record_delivery.service import Outcome, Ports, Report, SummaryReport, record, record_sms
from functions.support import acts
from tests.builders import MAIL, MOBILE, NOW, active, entry, invited
from tests.fakes.store import FakeStore
from tests.in_memory import Browser, InMemoryService
from tests.unit import desk
from tests.unit.deliveries import RESET, started

BOUNCED, COMPLAINED, BLOCKED = DeliveryEvent.BOUNCED, DeliveryEvent.COMPLAINED, DeliveryEvent.BLOCKED
DELIVERED, DELAYED, ANSWERED = DeliveryEvent.DELIVERED, DeliveryEvent.DELAYED, DeliveryEvent.ANSWERED
FOR_NOW, REJECTED = DeliveryEvent.BOUNCED_FOR_NOW, DeliveryEvent.REJECTED
OTHER_MOBILE = Contact(Channel.SMS, "+33698765432")
DEATHS: dict[str, Callable[[Browser], object]] = {
    "expired": lambda browser: browser.app.wait(900),
    "proven": lambda browser: browser.verify(browser.code),
    "no try left": lambda browser: browser.guess(5),
    "gone": lambda browser: browser.app.flows.rows.clear(),
}
BOTH = {Channel.EMAIL: MAIL, Channel.SMS: OTHER_MOBILE}


def report(app: InMemoryService, message: OutboxMessage, event: DeliveryEvent = BOUNCED) -> Outcome:
    ports = Ports(app.store, app.outbox, app.flows, app.accounts, app.outbox)
    return record(ports, Report(message.message_id, event, MAIL.value), app.context)


def mailed(*people: Account, purpose: Purpose = Purpose.ACTIVATION) -> tuple[Browser, OutboxMessage]:
    browser = started(*people, purpose=purpose)
    [message] = browser.app.outbox.pending
    assert (browser.app.deliver(), browser.app.sms.sent) == ([Delivered.SENT], [])
    return browser, message


def test_the_address_is_marked_and_the_next_code_goes_by_sms() -> None:
    browser, message = mailed(invited())
    app = browser.app
    app.wait(5)
    report(app, message)
    assert app.account().deliverability == {MAIL.value: Deliverability.UNDELIVERABLE}
    assert app.accounts.events["10000001"][-1] == Event(EventKind.MAIL_BOUNCED, app.now, flow_id=browser.flow_id)
    again = app.outbox.pending[0]
    whole = replace(message, purpose=Purpose.ACTIVATION, throttle_key=browser.flow.throttle_key)
    assert again == replace(whole, message_id=again.message_id, channel=Channel.SMS, created_at=app.now)
    assert again.message_id == str(uuid.uuid5(uuid.NAMESPACE_OID, f"{message.message_id}/sms"))  # never put twice
    app.deliver()
    Browser(app).start()
    app.deliver()
    assert [sms.to for sms in app.sms.sent] == [MOBILE.value] * 2
    app.change_account(roster=entry(email="louis@exemple.fr"))
    Browser(app).start()
    app.deliver()
    assert app.mail.sent[-1].to == "louis@exemple.fr"
    assert MAIL.value not in repr(Report("m-1", BOUNCED, MAIL.value))


@pytest.mark.parametrize("kill", DEATHS.values(), ids=DEATHS)
def test_a_dead_code_is_not_sent_again(kill: Callable[[Browser], object]) -> None:
    browser, message = mailed(invited())
    kill(browser)
    assert report(browser.app, message) is Outcome.RECORDED
    assert browser.app.outbox.pending == []
    assert browser.app.account().deliverability


def test_of_two_reports_at_once_the_code_goes_by_sms_once_and_the_same_report_is_recorded_once() -> None:
    browser, message = mailed(invited())
    app, elsewhere = browser.app, FakeStore()

    def other() -> None:
        ports = Ports(elsewhere, app.outbox, app.flows, app.accounts, app.outbox)
        record(ports, Report(message.message_id, BOUNCED, MAIL.value), app.context)

    app.store.meanwhile.append(other)
    assert report(app, message) is Outcome.KNOWN
    assert (len(app.outbox.pending), app.account().version) == (1, 2)
    browser, message = mailed(invited())
    app = browser.app
    app.store.meanwhile.append(lambda: report(app, message, DELAYED))
    assert report(app, message) is Outcome.RECORDED
    assert len(app.outbox.pending) == 1
    assert app.outbox.rows[message.message_id].events == {DELAYED, BOUNCED}


def end_of(events: Iterable[DeliveryEvent]) -> tuple[int, dict[str, Deliverability]]:
    """How many SMS wait after such reports, and what is known of the person's addresses then."""
    browser, message = mailed(invited())
    for event in events:
        report(browser.app, message, event)
    return len(browser.app.outbox.pending), dict(browser.app.account().deliverability)


def test_reports_in_any_order_end_the_same() -> None:
    ends = [end_of(order) for order in permutations([DELIVERED, DELAYED, COMPLAINED, BOUNCED])]
    assert ends == [(1, {MAIL.value: Deliverability.UNDELIVERABLE})] * len(ends)
    # Only a recipient that does not exist marks the address, and what has arrived goes nowhere else.
    assert [end_of([event]) for event in (BLOCKED, FOR_NOW, REJECTED, DELAYED)] == [(1, {})] * 4
    assert [end_of([DELIVERED, event]) for event in (FOR_NOW, DELAYED)] == [(0, {})] * 2


@pytest.mark.parametrize("order", list(permutations([DELIVERED, ANSWERED])))
def test_an_arrival_and_an_automatic_reply_are_recorded_and_change_nothing(order: tuple[DeliveryEvent, ...]) -> None:
    browser, message = mailed(invited())
    app = browser.app
    for event in order:
        assert report(app, message, event) is Outcome.RECORDED
    assert (app.account(), app.outbox.pending) == (invited(), [])
    assert app.outbox.rows[message.message_id].events == {DELIVERED, ANSWERED}
    assert [event.kind for event in app.accounts.events["10000001"]] == ["code_sent_email", "mail_delivered"]


@pytest.mark.parametrize("event", [BOUNCED, BLOCKED, FOR_NOW, REJECTED, DELAYED])
def test_a_code_goes_by_sms_on_the_first_word_that_its_mail_did_not_arrive(event: DeliveryEvent) -> None:
    browser, message = mailed(invited())
    app = browser.app
    report(app, message, event)
    assert app.deliver() == [Delivered.SENT]
    [sms] = app.sms.sent
    assert sms.to == MOBILE.value
    for other in (BOUNCED, BLOCKED, FOR_NOW, REJECTED, DELAYED):
        report(app, message, other)
    assert app.outbox.pending == []
    assert browser.verify(browser.code)


FAILED, NUMBER_REFUSED = DeliveryEvent.FAILED, DeliveryEvent.NUMBER_REFUSED


def texted(who: Account, purpose: Purpose = Purpose.ACTIVATION) -> tuple[Browser, str]:
    """A browser whose code went out by SMS, and SNS's id of that SMS."""
    browser = started(who, purpose=purpose)
    browser.app.deliver()
    [provider_id] = browser.app.outbox.pointers
    return browser, provider_id


def report_sms(app: InMemoryService, provider_id: str, event: DeliveryEvent, to: str) -> Outcome:
    ports = Ports(app.store, app.outbox, app.flows, app.accounts, app.outbox)
    return record_sms(ports, provider_id, event, to, app.context)


HISTORY = [(BOUNCED, [EventKind.MAIL_BOUNCED]), (COMPLAINED, [EventKind.MAIL_COMPLAINED]), (DELAYED, []), (BLOCKED, [])]


@pytest.mark.parametrize(("event", "kinds"), HISTORY)
def test_of_a_notice_the_history_tells_what_marks_its_contact(event: DeliveryEvent, kinds: list[EventKind]) -> None:
    app = InMemoryService(invited())
    desk.do(app, acts.correct, contact=desk.NEW)  # the contacts before are told
    [notice] = [message for message in app.outbox.pending if message.channel is Channel.EMAIL]
    app.deliver()
    app.accounts.events.clear()
    report(app, notice, event)
    assert app.accounts.events.get("10000001", []) == [Event(kind, NOW) for kind in kinds]
    version = app.account().version
    report(app, notice, DELIVERED)
    assert app.account().version == version


def test_a_summary_that_did_not_arrive_is_lost() -> None:
    lost = {event for event in DeliveryEvent if SummaryReport("an-import", event).is_lost}
    assert lost == {BOUNCED, BLOCKED, FOR_NOW, REJECTED}


BY_SMS = active(proven=BOTH, channel=Channel.SMS)


@pytest.mark.parametrize(
    ("event", "marks"), [(FAILED, {}), (NUMBER_REFUSED, {OTHER_MOBILE.value: Deliverability.UNDELIVERABLE})]
)
def test_a_code_whose_sms_did_not_arrive_goes_by_mail(event: DeliveryEvent, marks: dict[str, Deliverability]) -> None:
    browser, provider_id = texted(BY_SMS, RESET)
    app = browser.app
    assert report_sms(app, provider_id, event, OTHER_MOBILE.value) is Outcome.RECORDED
    assert report_sms(app, provider_id, event, OTHER_MOBILE.value) is Outcome.KNOWN
    [message] = app.outbox.pending
    assert (app.deliver(), [mail.to for mail in app.mail.sent]) == ([Delivered.SENT], [MAIL.value])
    assert app.account().deliverability == marks
    assert app.accounts.events["10000001"][1].kind == f"sms_{event.value}"
    report(app, message, BLOCKED)
    assert app.outbox.pending == []  # it has gone round once
    assert browser.verify(browser.code, RESET)


def test_an_sms_that_did_not_arrive_finds_no_mail_to_go_by() -> None:
    browser, provider_id = texted(invited(roster=entry(email="")))
    app = browser.app
    assert report_sms(app, "known no more", FAILED, MOBILE.value) is Outcome.UNMATCHED
    assert report_sms(app, provider_id, NUMBER_REFUSED, MOBILE.value) is Outcome.RECORDED
    assert app.outbox.pending == []
    assert app.account().deliverability == {MOBILE.value: Deliverability.UNDELIVERABLE}


OF_THE_NUMBER = [
    *("Invalid phone number", "Phone number is opted out", "Phone has blocked SMS", "Phone is on a blocked list"),
    "Destination is on a blocked list",
]
FOR_NOW_ALONE = [
    *("Blocked as spam by phone carrier", "Message body is invalid", "Phone carrier has blocked this message"),
    *("Phone carrier is currently unreachable/unavailable", "Phone is currently unreachable/unavailable"),
    *("This delivery would exceed max price", "Unknown error attempting to reach phone", ""),
]


@pytest.mark.parametrize("said", OF_THE_NUMBER + FOR_NOW_ALONE)
def test_what_an_operator_says_of_an_sms_is_about_the_number_or_for_now(said: str) -> None:
    delivery = {"destination": MOBILE.value, "providerResponse": said}
    line = {"notification": {"messageId": "s-1"}, "delivery": delivery, "status": "FAILURE"}
    status = SmsStatus.model_validate(line)
    assert status.event() is (NUMBER_REFUSED if said in OF_THE_NUMBER else FAILED)
    assert MOBILE.value not in repr(status)


def bounce(kind: str, sub_type: str, *recipients: dict[str, str]) -> DeliveryEvent:
    mail = {"destination": [MAIL.value], "tags": {"message_id": ["1b4e28ba-2fa1-41d2-883f-0016d3cca427"]}}
    details = {"bounceType": kind, "bounceSubType": sub_type, "bouncedRecipients": recipients}
    event = {"eventType": "Bounce", "mail": mail, "bounce": details}
    return SesEvent.model_validate_json(json.dumps(event)).report().event


BOUNCES = [
    ("5.1.1", "smtp; 550 5.1.1 user unknown", BOUNCED),
    ("5.1.0", "", BOUNCED),
    ("5.1.2", "", BOUNCED),
    ("5.1.10", "smtp; 556 5.1.10 null MX", BOUNCED),
    ("", "smtp; 550 5.1.1 user unknown", BOUNCED),
    ("5.1.7", "smtp; 550 5.1.7 sender rejected", BLOCKED),
    ("5.1.8", "smtp; 553 5.1.8 sender's domain unknown", BLOCKED),
    ("5.5.0", "smtp; 550 5.5.0 Service refuse. OFR006_102", BLOCKED),
    ("5.5.0", "smtp; 550 Message refuse. LPN007_510", BLOCKED),
    ("5.0.0", "smtp; 550 no such user, or so it seems", BLOCKED),
    ("5.7.1", "smtp; 554 5.7.1 blocked, see 5.1.1", BLOCKED),
    ("5.2.1", "smtp; 550 5.2.1 mailbox disabled", BLOCKED),
    ("5.11.1", "", BLOCKED),
    ("", "smtp; 554 your address 5.1.2.3 is listed, nor is 45.1.2", BLOCKED),
    ("4.1.1", "", BLOCKED),
    ("", "", BLOCKED),
]


@pytest.mark.parametrize(("status", "words", "expected"), BOUNCES)
def test_only_5_1_says_that_there_is_no_such_recipient(status: str, words: str, expected: DeliveryEvent) -> None:
    said = {name: value for name, value in (("status", status), ("diagnosticCode", words)) if value}
    assert bounce("Permanent", "General", {"emailAddress": MAIL.value, **said}) is expected


@pytest.mark.parametrize(("kind", "event"), [("Suppressed", BOUNCED), ("OnAccountSuppressionList", BLOCKED)])
def test_ses_s_list_knows_invalid_addresses_and_the_account_s_complaints_too(kind: str, event: DeliveryEvent) -> None:
    assert bounce("Permanent", kind, {"emailAddress": MAIL.value, "status": "5.1.1"}) is event
    assert bounce("Permanent", "NoEmail") is BLOCKED  # says nothing of a recipient


FOR_NOW_TOO = [
    ("Transient", "General", ANSWERED),
    ("Transient", "MailboxFull", FOR_NOW),
    ("Transient", "MessageTooLarge", FOR_NOW),
    ("Transient", "ContentRejected", FOR_NOW),
    ("Transient", "AttachmentRejected", FOR_NOW),
    ("Undetermined", "Undetermined", FOR_NOW),
]


@pytest.mark.parametrize(("kind", "sub_type", "expected"), FOR_NOW_TOO)
def test_a_general_bounce_for_now_is_an_automatic_reply(kind: str, sub_type: str, expected: DeliveryEvent) -> None:
    assert bounce(kind, sub_type, {"emailAddress": MAIL.value, "status": "4.2.2"}) is expected


def test_a_report_that_comes_before_the_worker_noted_the_sending_counts_and_is_decided_again() -> None:
    browser = Browser(InMemoryService(invited()))
    app = browser.app
    browser.start()
    [message] = app.outbox.pending
    app.store.commit(app.outbox.claim(message.message_id, now=app.now))
    app.store.meanwhile.append(lambda: app.change_account(signed_in_at=1))  # where the person is written meanwhile
    assert report(app, message) is Outcome.RECORDED
    assert app.account().signed_in_at == 1
    assert app.account().deliverability
    app.store.commit(app.outbox.finish(message.message_id, DeliveryState.SENT, now=app.now))
    assert report(app, message) is Outcome.KNOWN


def test_a_report_on_a_message_that_is_gone_or_was_never_sent_matches_nothing() -> None:
    browser = Browser(InMemoryService())
    browser.start()
    [message] = browser.app.outbox.pending
    browser.app.deliver()
    assert report(browser.app, message) is Outcome.UNMATCHED
    browser.app.outbox.rows.clear()
    assert report(browser.app, message) is Outcome.UNMATCHED


def test_a_report_on_an_address_that_is_no_longer_the_persons_marks_nothing() -> None:
    browser, message = mailed(invited())
    browser.app.change_account(roster=entry(email="louis@exemple.fr"))
    before = browser.app.account()
    report(browser.app, message)
    assert browser.app.account() is before
    assert (browser.app.account().deliverability, len(browser.app.outbox.pending)) == ({}, 1)
    browser, message = mailed(invited())
    browser.app.accounts.rows.clear()
    assert report(browser.app, message) is Outcome.RECORDED
    assert browser.app.outbox.pending == []


@pytest.mark.parametrize("event", [BOUNCED, COMPLAINED])
def test_a_mark_stops_notices_by_mail_and_no_codes(event: DeliveryEvent) -> None:
    browser, message = mailed(active(), purpose=RESET)
    app = browser.app
    report(app, message, event)
    [notice] = notices_for(MessageKind.PASSWORD_CHANGED, "10000001", [Channel.EMAIL], app.random, now=app.now)
    app.store.commit(app.outbox.put(notice))
    Browser(app).start()  # « already active » is a notice too
    assert app.deliver() == [Delivered.DROPPED] * 2
    Browser(app).start(purpose=RESET)
    assert (app.deliver(), [mail.to for mail in app.mail.sent]) == ([Delivered.SENT], [MAIL.value] * 2)
    app = InMemoryService(active(proven=BOTH))
    app.store.commit(app.outbox.put(notice))
    app.deliver()
    report(app, notice, event)  # a notice that came back marks too, and sends nothing
    assert app.account().deliverability
    assert app.outbox.pending == []
