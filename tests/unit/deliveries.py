"""Messages that wait to be delivered, and what was spent of the SMS budgets."""

from activation.domain.accounts import Account
from activation.domain.budgets import MOST_PARTS
from activation.domain.contacts import Channel
from activation.domain.flows import Purpose
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, window
from activation.domain.outbox import MessageKind, notices_for
from tests.builders import MOBILE, NOW, active, entry, invited
from tests.in_memory import Browser, InMemoryService, password_record

BY_SMS = invited(roster=entry(email=""))
HOUR = window("h", HOUR_SECONDS, NOW)
DAY = window("d", DAY_SECONDS, NOW)
RESET = Purpose.PASSWORD_RESET


class DownError(Exception):
    """The provider does not answer."""


def started(*people: Account, purpose: Purpose = Purpose.ACTIVATION, **limits: int) -> Browser:
    browser = Browser(InMemoryService(*people, **limits))
    browser.start(purpose=purpose)
    return browser


def member_by_sms(**limits: int) -> Browser:
    record = password_record("10000001")
    who = active(proven={Channel.SMS: MOBILE}, channel=Channel.SMS, password=record)
    return Browser(InMemoryService(who, **limits))


def queue_notice(app: InMemoryService, kind: MessageKind, *channels: Channel) -> None:
    for message in notices_for(kind, "10000001", channels, app.random, now=app.now):
        app.store.commit(app.outbox.put(message))


def spend_the_hour(app: InMemoryService, messages: int) -> None:
    for part in range(MOST_PARTS):
        app.budgets.taken[f"hour#{HOUR.name}#{part}"] = messages // MOST_PARTS


def used_of_the_hour(app: InMemoryService) -> int:
    return sum(taken for scope, taken in app.budgets.taken.items() if scope.startswith(f"hour#{HOUR.name}#"))
