"""Messages that carry no code: who is told what, where, and how often."""

import pytest

from activation.domain.accounts import Account
from activation.domain.contacts import Channel, mask
from activation.domain.flows import Purpose
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS
from activation.domain.outbox import MessageKind, OutboxMessage, lock_notice_for
from activation.domain.times import paris_time
from functions.deliver_message.service import Outcome
from tests.builders import MAIL, MOBILE, NOW, active, entry, invited
from tests.unit.deliveries import DAY, HOUR, RESET, DownError, queue_notice, spend_the_hour, started
from tests.unit.in_memory import Browser, InMemoryService


@pytest.mark.parametrize(
    ("who", "purpose", "words"),
    [
        (active(), Purpose.ACTIVATION, "déjà"),
        (invited(), RESET, "activez d'abord"),
    ],
    ids=["already active", "activate first"],
)
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


def test_such_a_notice_opens_nothing() -> None:
    browser = started(active())
    browser.app.deliver()
    assert browser.flow.recipients == {}


def test_such_a_notice_may_go_by_sms_outside_the_numbers_budget() -> None:
    who = active(proven={Channel.SMS: MOBILE}, channel=Channel.SMS)
    app = started(who, sms_per_number_per_day=1).app
    app.budgets.taken[f"number#{MOBILE.value}#any#{DAY.name}"] = 1
    assert app.deliver() == [Outcome.SENT]
    assert [sms.to for sms in app.sms.sent] == [MOBILE.value]


def test_such_a_notice_goes_once_a_day_by_sms_too() -> None:
    app = started(active(proven={Channel.SMS: MOBILE}, channel=Channel.SMS)).app
    Browser(app).start()
    assert app.deliver() == [Outcome.SENT, Outcome.DROPPED]


def test_somebody_invited_without_contact_is_told_nothing() -> None:
    assert started(invited(roster=entry(email="", mobile="")), purpose=RESET).app.deliver() == [Outcome.DROPPED]


def test_the_notice_of_the_day_is_not_lost_when_the_provider_is_down() -> None:
    app = started(active()).app
    app.mail.failures.append(DownError())
    with pytest.raises(DownError):
        app.deliver()
    assert app.deliver() == [Outcome.SENT]


def test_the_notice_of_the_day_is_not_lost_when_it_has_to_wait() -> None:
    who = active(proven={Channel.SMS: MOBILE}, channel=Channel.SMS)
    app = started(who, activation_code_life_seconds=HOUR_SECONDS).app
    spend_the_hour(app, 5_000)
    assert app.deliver() == [Outcome.WAITING]
    app.now = HOUR.ends_at
    assert app.deliver() == [Outcome.SENT]


def test_a_notice_goes_to_the_proven_contact_of_its_channel() -> None:
    app = InMemoryService(active(proven={Channel.EMAIL: MAIL, Channel.SMS: MOBILE}))
    queue_notice(app, MessageKind.PASSWORD_CHANGED, Channel.EMAIL, Channel.SMS)
    assert app.deliver() == [Outcome.SENT] * 2
    assert [mail.to for mail in app.mail.sent] == [MAIL.value]
    assert [sms.to for sms in app.sms.sent] == [MOBILE.value]


@pytest.mark.parametrize("who", [None, active(proven={Channel.SMS: MOBILE}), invited()])
def test_a_notice_without_a_proven_contact_is_dropped(who: Account | None) -> None:
    app = InMemoryService(*([who] if who else []))
    queue_notice(app, MessageKind.PASSWORD_CHANGED, Channel.EMAIL)
    assert app.deliver() == [Outcome.DROPPED]


def test_many_notices_that_say_the_same_are_capped_and_silence_no_other() -> None:
    app = InMemoryService(active())
    for _ in range(6):
        queue_notice(app, MessageKind.CHANNEL_CHANGED, Channel.EMAIL)
    queue_notice(app, MessageKind.PASSWORD_CHANGED, Channel.EMAIL)
    assert app.deliver() == [Outcome.SENT] * 5 + [Outcome.DROPPED, Outcome.SENT]
    app.now = DAY.ends_at
    queue_notice(app, MessageKind.CHANNEL_CHANGED, Channel.EMAIL)
    assert app.deliver() == [Outcome.SENT]


def test_a_notice_is_worth_sending_for_a_day() -> None:
    app = InMemoryService(active())
    queue_notice(app, MessageKind.PASSWORD_CHANGED, Channel.EMAIL)
    app.wait(DAY_SECONDS)
    assert app.deliver() == [Outcome.EXPIRED]


def test_a_notice_without_channel_or_flow_goes_nowhere() -> None:
    app = InMemoryService(active())
    message = OutboxMessage("m-1", MessageKind.ACCOUNT_CLOSED, "10000001", NOW, NOW + 60)
    app.store.commit(app.outbox.put(message))
    assert app.deliver() == [Outcome.DROPPED]


@pytest.mark.parametrize(
    ("people", "outcome"),
    [
        ([invited()], Outcome.SENT),
        ([active()], Outcome.SENT),
        ([invited(roster=entry(last_name="Petit"))], Outcome.DROPPED),
        ([invited(roster=entry(email="", mobile=""))], Outcome.DROPPED),
        ([], Outcome.DROPPED),
    ],
    ids=["invited", "active", "another name", "without contact", "unknown"],
)
def test_a_lock_is_told_to_whoever_answers_to_the_throttle_key(people: list[Account], outcome: Outcome) -> None:
    browser = started(*people)
    app = browser.app
    app.outbox.rows.clear()
    for _ in range(99):
        app.counters.count_guess(browser.flow.throttle_key, now=NOW)
    browser.guess(1)
    assert app.deliver() == [outcome]


def test_a_lock_is_told_to_the_proven_contact_and_not_to_the_rosters() -> None:
    app = started(active(roster=entry(email="correspondent@mondomaine.com"))).app
    [flow] = app.flows.rows.values()
    app.outbox.rows.clear()
    app.store.commit(app.outbox.put(lock_notice_for(flow, "m-1", now=NOW)))
    assert app.deliver() == [Outcome.SENT]
    assert [mail.to for mail in app.mail.sent] == [MAIL.value]


@pytest.mark.parametrize(
    ("kind", "channel", "said"),
    [
        (MessageKind.EMAIL_CHANGED, Channel.SMS, mask(MAIL)),
        (MessageKind.MOBILE_CHANGED, Channel.EMAIL, mask(MOBILE)),
        (MessageKind.CHANNEL_CHANGED, Channel.SMS, mask(MOBILE)),
        (MessageKind.CHANNEL_CHANGED, Channel.EMAIL, mask(MAIL)),
    ],
)
def test_a_notice_of_a_change_says_when_it_was_and_names_the_new_contact_masked(
    kind: MessageKind, channel: Channel, said: str
) -> None:
    app = InMemoryService(active(proven={Channel.EMAIL: MAIL, Channel.SMS: MOBILE}, channel=channel))
    queue_notice(app, kind, Channel.EMAIL)
    app.now += HOUR_SECONDS
    assert app.deliver() == [Outcome.SENT]
    [mail] = app.mail.sent
    assert f"{paris_time(NOW)} (heure de Paris)" in mail.text
    assert f"sont maintenant envoyés {said}." in mail.text
    assert MAIL.value not in mail.text
    assert MOBILE.value not in mail.text


def test_a_notice_of_a_contact_that_is_gone_again_names_none() -> None:
    app = InMemoryService(active(proven={Channel.EMAIL: MAIL}))
    queue_notice(app, MessageKind.MOBILE_CHANGED, Channel.EMAIL)
    assert app.deliver() == [Outcome.SENT]
    [mail] = app.mail.sent
    assert "envoyés" not in mail.text
