"""Messages that carry no code, and how many messages a number gets in a day and all of them in an hour."""

from dataclasses import replace

import pytest

from activation.domain.accounts import Account
from activation.domain.beneficiaries import QuarantinedContact
from activation.domain.contacts import Channel, mask
from activation.domain.flows import Purpose
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS
from activation.domain.outbox import MessageKind, OutboxMessage, lock_notice_for, structure_notice_for
from activation.domain.times import paris_time
from functions.deliver_message.service import Outcome
from tests.builders import CLAIRE, MAIL, MOBILE, NOW, active, active_correspondent, entry, invited
from tests.in_memory import Browser, InMemoryService
from tests.unit import deliveries
from tests.unit.deliveries import BY_SMS, DAY, RESET, queue_notice, spend_the_hour, started, used_of_the_hour
from tests.unit.refusals import refused

STATES = [(active(), Purpose.ACTIVATION, "déjà"), (invited(), RESET, "activez d'abord")]


@pytest.mark.parametrize(("who", "purpose", "words"), STATES, ids=["already active", "activate first"])
def test_whoever_is_at_another_point_is_told_so_once_a_day(who: Account, purpose: Purpose, words: str) -> None:
    app = started(who, purpose=purpose).app
    Browser(app).start(purpose=purpose)
    assert app.deliver() == [Outcome.SENT, Outcome.DROPPED]
    [mail] = app.mail.sent
    assert mail.to == MAIL.value
    assert words in f"{mail.subject} {mail.text}".replace("’", "'").lower()
    app.now = DAY.ends_at
    Browser(app).start(purpose=purpose)
    assert app.deliver() == [Outcome.SENT]


def test_such_a_notice_may_go_by_sms_once_a_day_outside_the_numbers_budget_and_opens_nothing() -> None:
    browser = started(active(proven={Channel.SMS: MOBILE}, channel=Channel.SMS), sms_per_number_per_day=1)
    app = browser.app
    app.budgets.taken[f"number#{MOBILE.value}#any#{DAY.name}"] = 1
    Browser(app).start()
    assert app.deliver() == [Outcome.SENT, Outcome.DROPPED]
    assert ([sms.to for sms in app.sms.sent], browser.flow.recipients) == ([MOBILE.value], {})


def test_such_a_notice_goes_to_no_contact_in_quarantine() -> None:
    new = QuarantinedContact(MAIL, NOW + DAY_SECONDS, "claire")
    browser = started(invited(quarantine=(new,)), purpose=RESET)
    app = browser.app
    app.store.commit(app.outbox.put(lock_notice_for(browser.flow, "of a lock", now=NOW)))
    assert app.deliver() == [Outcome.SENT] * 2
    assert [sms.to for sms in app.sms.sent] == [MOBILE.value] * 2


def test_somebody_invited_without_contact_is_told_nothing() -> None:
    assert started(invited(roster=entry(email="", mobile="")), purpose=RESET).app.deliver() == [Outcome.DROPPED]


def test_the_notice_of_the_day_is_not_lost_when_it_has_to_wait_or_the_provider_is_down() -> None:
    who = active(proven={Channel.SMS: MOBILE}, channel=Channel.SMS)
    app = started(who, activation_code_life_seconds=HOUR_SECONDS).app
    spend_the_hour(app, 5_000)
    assert app.deliver() == [Outcome.WAITING]
    app.now = deliveries.HOUR.ends_at
    app.sms.failures.append(deliveries.DownError())
    refused(deliveries.DownError, app.deliver)
    assert app.deliver() == [Outcome.SENT]


@pytest.mark.parametrize("who", [None, active(proven={Channel.SMS: MOBILE}), invited()])
def test_a_notice_without_a_proven_contact_or_a_channel_is_dropped(who: Account | None) -> None:
    app = InMemoryService(*([who] if who else []))
    queue_notice(app, MessageKind.PASSWORD_CHANGED, Channel.EMAIL)
    of_no_channel = OutboxMessage("m-1", MessageKind.ACCOUNT_CLOSED, "10000001", NOW, NOW + 60)
    app.store.commit(app.outbox.put(of_no_channel))
    assert app.deliver() == [Outcome.DROPPED] * 2


def test_many_notices_that_say_the_same_are_capped_and_silence_no_other() -> None:
    app = InMemoryService(active())
    for _ in range(6):
        queue_notice(app, MessageKind.CHANNEL_CHANGED, Channel.EMAIL)
    queue_notice(app, MessageKind.PASSWORD_CHANGED, Channel.EMAIL)
    assert app.deliver() == [Outcome.SENT] * 5 + [Outcome.DROPPED, Outcome.SENT]
    app.now = DAY.ends_at
    queue_notice(app, MessageKind.CHANNEL_CHANGED, Channel.EMAIL)
    assert app.deliver() == [Outcome.SENT]


TOLD = {
    "invited": ([invited()], Outcome.SENT),
    "active": ([active(roster=entry(email="correspondent@mondomaine.com"))], Outcome.SENT),
    "another name": ([invited(roster=entry(last_name="Petit"))], Outcome.DROPPED),
    "without contact": ([invited(roster=entry(email="", mobile=""))], Outcome.DROPPED),
    "unknown": ([], Outcome.DROPPED),
}


@pytest.mark.parametrize(("people", "outcome"), TOLD.values(), ids=TOLD)
def test_a_lock_is_told_to_whoever_answers_to_the_throttle_key(people: list[Account], outcome: Outcome) -> None:
    browser = started(*people)
    app = browser.app
    app.outbox.rows.clear()
    for _ in range(99):
        app.counters.count_guess(browser.flow.throttle_key, now=NOW)
    browser.guess(1)
    assert app.deliver() == [outcome]
    assert [mail.to for mail in app.mail.sent] == [MAIL.value] * (outcome is Outcome.SENT)


CHANGES = [
    (MessageKind.EMAIL_CHANGED, Channel.SMS, mask(MAIL)),
    (MessageKind.MOBILE_CHANGED, Channel.EMAIL, mask(MOBILE)),
    (MessageKind.CHANNEL_CHANGED, Channel.SMS, mask(MOBILE)),
    (MessageKind.CHANNEL_CHANGED, Channel.EMAIL, mask(MAIL)),
]


@pytest.mark.parametrize(("kind", "channel", "said"), CHANGES)
def test_a_notice_of_a_change_says_when_and_masks_the_contact(kind: MessageKind, channel: Channel, said: str) -> None:
    app = InMemoryService(active(proven={Channel.EMAIL: MAIL, Channel.SMS: MOBILE}, channel=channel))
    queue_notice(app, kind, Channel.EMAIL)
    app.now += HOUR_SECONDS
    assert app.deliver() == [Outcome.SENT]
    [mail] = app.mail.sent
    assert f"{paris_time(NOW)} (heure de Paris)" in mail.text
    assert f"sont maintenant envoyés {said}." in mail.text
    assert MAIL.value not in mail.text
    assert MOBILE.value not in mail.text
    gone_again = InMemoryService(active(proven={Channel.EMAIL: MAIL}))
    queue_notice(gone_again, MessageKind.MOBILE_CHANGED, Channel.EMAIL)
    assert gone_again.deliver() == [Outcome.SENT]
    assert "envoyés" not in gone_again.mail.sent[0].text


def test_a_number_that_has_had_enough_costs_nothing_of_the_hour_and_a_mail_nothing_at_all() -> None:
    app = started(BY_SMS, sms_per_number_per_day=1).app
    app.deliver()
    Browser(app).start()
    assert (app.deliver(), used_of_the_hour(app)) == ([Outcome.DROPPED], 1)
    assert [event.kind for event in app.accounts.events["10000001"]] == ["code_sent_sms", "code_withheld"]
    by_mail = started(invited()).app
    assert (by_mail.deliver(), by_mail.budgets.taken) == ([Outcome.SENT], {})


def test_signing_in_has_a_budget_of_its_own() -> None:
    browser = deliveries.member_by_sms(sms_per_number_per_day=1, sign_in_sms_per_number_per_day=2)
    app = browser.app
    for _ in range(2):
        Browser(app).start(purpose=RESET)
    assert app.deliver() == [Outcome.SENT, Outcome.DROPPED]
    for _ in range(3):
        replace(browser).sign_in()
    assert app.deliver() == [Outcome.SENT, Outcome.SENT, Outcome.DROPPED]


@pytest.mark.parametrize(("used", "outcome"), [(3_980, Outcome.SENT), (4_000, Outcome.WAITING)])
def test_past_the_hours_budget_a_code_waits(used: int, outcome: Outcome) -> None:
    app = started(BY_SMS).app
    spend_the_hour(app, used)
    assert app.deliver() == [outcome]


@pytest.mark.parametrize(("used", "outcome"), [(4_000, Outcome.SENT), (4_980, Outcome.SENT), (5_000, Outcome.WAITING)])
def test_the_last_fifth_of_the_hour_is_for_signing_in(used: int, outcome: Outcome) -> None:
    browser = deliveries.member_by_sms()
    browser.sign_in()
    spend_the_hour(browser.app, used)
    assert browser.app.deliver() == [outcome]


def test_a_message_that_waits_is_sent_once_the_hour_is_over() -> None:
    browser = started(BY_SMS, activation_code_life_seconds=HOUR_SECONDS)
    app = browser.app
    spend_the_hour(app, 5_000)
    assert ([app.deliver() for _ in range(3)], used_of_the_hour(app)) == ([[Outcome.WAITING]] * 3, 5_000)
    assert sum(app.budgets.taken.values()) == 5_000
    app.now = deliveries.HOUR.ends_at
    assert app.deliver() == [Outcome.SENT]


def test_a_notice_says_the_number_of_its_request_and_what_a_file_changed() -> None:
    app = InMemoryService(active(), active_correspondent())
    ends = NOW + DAY_SECONDS
    about = OutboxMessage("m1", MessageKind.REQUEST_SENT, "10000001", NOW, ends, request_number="123 456 789")
    of_file = structure_notice_for(MessageKind.FILE_APPLIED, CLAIRE, "S1", app.random, now=NOW, counts="3 départs")
    for message in (replace(about, channel=Channel.EMAIL), of_file):
        app.store.commit(app.outbox.put(message))
    assert app.deliver() == [Outcome.SENT] * 2
    assert ["123 456 789" in app.mail.sent[0].text, "3 départs" in app.mail.sent[1].text] == [True, True]
