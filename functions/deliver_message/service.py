"""One message of the outbox: written, claimed, and sent within its budgets; or dropped, or left for later."""

from enum import Enum, auto
from typing import NamedTuple

from activation.domain.budgets import Budget
from activation.domain.code_recipients import code_another_way, mark_contact
from activation.domain.contacts import Channel, Deliverability
from activation.domain.errors import MessageTakenError, StaleError
from activation.domain.events import Event, EventKind
from activation.domain.limits import Limits
from activation.domain.outbox import (
    DeliveryState,
    MessageKind,
    NumberRefusedError,
    OutboxMessage,
    RefusedByProviderError,
)
from activation.domain.ports import Accounts, Budgets, Counters, Deliveries, MailSender, Outbox, SmsSender, Store, Write
from activation.messages import render_mail, render_sms
from functions.deliver_message.letters import Draft, Letter, LetterPorts, write_letter

SENT_BY = {Channel.EMAIL: EventKind.CODE_SENT_EMAIL, Channel.SMS: EventKind.CODE_SENT_SMS}


class Ports(NamedTuple):
    """The ports that the worker needs."""

    letters: LetterPorts
    store: Store
    outbox: Outbox
    deliveries: Deliveries
    accounts: Accounts
    budgets: Budgets
    counters: Counters
    mail: MailSender
    sms: SmsSender


class Outcome(Enum):
    """The outcome of handling a message."""

    SENT = auto()
    DROPPED = auto()
    """No contact may get it: a decoy's, a dead code, a number over its budget or refused, an unwanted notice."""
    EXPIRED = auto()
    """Its time was over before it could be sent."""
    SETTLED = auto()
    """It was sent or dropped before."""
    LEASED = auto()
    """Another worker has claimed it: to be looked at again once that lease is over."""
    WAITING = auto()
    """The hour's SMS are used up: to be tried again without counting as a failure."""


def deliver(ports: Ports, message: OutboxMessage, *, host: str, now: int, limits: Limits) -> Outcome:
    """Send the message to the contact that may get it: once, or twice where an answer was lost (docs/adr/0027).

    Raises what the provider raises when it fails for a time; the lease is then given back.
    """
    is_late = message.dies_at <= now
    draft = Draft() if is_late else write_letter(ports.letters, message, now=now, limits=limits)
    try:
        letter = _claim(ports, message, draft.letter, now)
    except MessageTakenError as taken:
        return Outcome.SETTLED if taken.is_settled else Outcome.LEASED
    if draft.has_other_name:  # apart from the transaction on the flow's row, whose length its browser can measure
        ports.counters.count_other_name(message.identifier, now=now)
    if letter is None:
        return Outcome.EXPIRED if is_late else Outcome.DROPPED
    try:
        return _send(ports, message, letter, host=host, now=now)
    except Exception:
        ports.deliveries.release(message.message_id)
        raise


def _claim(ports: Ports, message: OutboxMessage, letter: Letter | None, now: int) -> Letter | None:
    """The letter, once the message is leased to us and its recipient named; without a letter, the message is dropped.

    Raises MessageTakenError.
    """
    store, deliveries = ports.store, ports.deliveries
    if letter:
        try:
            store.commit(deliveries.claim(message.message_id, now=now), *(letter.naming or _flow_lock(ports, message)))
        except StaleError:  # its flow went on meanwhile
            letter = None
    if letter is None:
        store.commit(deliveries.drop(message.message_id, now=now), *_flow_lock(ports, message))
    return letter


def _flow_lock(ports: Ports, message: OutboxMessage) -> list[Write]:
    """The write that takes the flow's row into the transaction of a code's message, a decoy's too.

    A transaction keeps others off its rows for a moment, which the flow's browser can measure.
    """
    is_code = message.kind is MessageKind.CODE
    return [ports.letters.flows.lock(message.flow_id)] if is_code and message.flow_id else []


def _send(ports: Ports, message: OutboxMessage, letter: Letter, *, host: str, now: int) -> Outcome:
    """Hand the letter over, and write the outcome: sent if the provider took it, else dropped; with all that follows.

    The outcome of a code goes into the history of its account; a decoy has no letter, so the account exists. If this
    write fails, the message is tried again, and a code sent twice is harmless.

    Raises what the provider raises when it fails for a time; no budget is spent then.
    """
    own, hour = letter.budgets.own, letter.budgets.hour
    fate, provider_id, follows = SENT_BY[letter.to.channel], "", list[Write]()
    if own and not ports.budgets.take(own):
        fate = EventKind.CODE_WITHHELD
    elif hour and not ports.budgets.take(hour):
        _give_back(ports, own)
        ports.deliveries.release(message.message_id)
        return Outcome.WAITING
    else:
        try:
            provider_id = _hand_over(ports, message.message_id, letter, host)
        except RefusedByProviderError as refusal:
            _give_back(ports, own, hour)
            fate = EventKind.CODE_REFUSED
            follows = _mark(ports, letter, refusal) + _another_way(ports, message, letter, now)
        except Exception:
            _give_back(ports, own, hour)
            raise
    state = DeliveryState.SENT if provider_id else DeliveryState.DROPPED
    event = Event(fate, now, flow_id=message.flow_id)
    ports.store.commit(
        ports.deliveries.finish(message.message_id, state, now=now, provider_id=provider_id),
        *([ports.deliveries.point_to(message, provider_id)] if provider_id and _is_sms(letter) else []),
        *([ports.accounts.record_event(message.identifier, event)] if letter.kind is MessageKind.CODE else []),
        *follows,
    )
    return Outcome.SENT if provider_id else Outcome.DROPPED


def _mark(ports: Ports, letter: Letter, refusal: RefusedByProviderError) -> list[Write]:
    """The write of the mark on a number to which the provider sends nothing."""
    account = letter.account if isinstance(refusal, NumberRefusedError) else None
    marked = mark_contact(account, letter.to.value, Deliverability.UNDELIVERABLE) if account else None
    return [ports.accounts.save(marked)] if marked and marked != account else []


def _another_way(ports: Ports, message: OutboxMessage, letter: Letter, now: int) -> list[Write]:
    if letter.flow is None or letter.account is None:  # a notice, which goes nowhere else, has no flow
        return []
    again = code_another_way(message, letter.flow, letter.account, letter.to.channel, now=now)
    return [ports.outbox.put(again)] if again else []


def _is_sms(letter: Letter) -> bool:
    return letter.to.channel is Channel.SMS


def _hand_over(ports: Ports, message_id: str, letter: Letter, host: str) -> str:
    """Give the letter to its provider; returns the provider's id."""
    is_code = letter.kind is MessageKind.CODE
    if _is_sms(letter):
        text = render_sms(letter.kind, host=host, **letter.context)
        return ports.sms.send(letter.to.value, text, is_code=is_code)
    mail = render_mail(letter.kind, host=host, **letter.context)
    return ports.mail.send(
        letter.to.value, subject=mail.subject, text=mail.text, html=mail.html, message_id=message_id, is_code=is_code
    )


def _give_back(ports: Ports, *budgets: Budget | None) -> None:
    for budget in filter(None, budgets):
        ports.budgets.give_back(budget)
