"""One message of the outbox: claimed, composed for whoever may get it, sent; or dropped, or left for later."""

from enum import Enum, auto

from activation.domain.budgets import Budget, hour_budget, number_budget
from activation.domain.contacts import Channel
from activation.domain.errors import MessageTakenError, StaleError
from activation.domain.events import Event, EventKind
from activation.domain.limits import Limits
from activation.domain.outbox import DeliveryState, MessageKind, OutboxMessage, RefusedByProviderError
from activation.messages import render_mail, render_sms
from functions.deliver_message.letters import Letter, Ports, compose

SENT_BY = {Channel.EMAIL: EventKind.CODE_SENT_EMAIL, Channel.SMS: EventKind.CODE_SENT_SMS}


class Outcome(Enum):
    """What became of a message."""

    SENT = auto()
    DROPPED = auto()
    """Nobody may get it: a decoy's, a dead code, a number that has had enough, a notice to who wants none."""
    EXPIRED = auto()
    """Its time was over before it could be sent."""
    SETTLED = auto()
    """It was sent or dropped before."""
    LEASED = auto()
    """Another worker holds it: to be looked at once its lease is over."""
    WAITING = auto()
    """This hour's SMS are spent: to be tried again without counting as a failure."""


def deliver(ports: Ports, message: OutboxMessage, *, host: str, now: int, limits: Limits) -> Outcome:
    """Send the message once, to whoever may get it.

    Fails as the provider fails for now; the lease is then given back.
    """
    try:
        letter = _claim(ports, message, now=now, limits=limits)
    except MessageTakenError as taken:
        return Outcome.SETTLED if taken.is_settled else Outcome.LEASED
    if not isinstance(letter, Letter):
        return letter
    try:
        return _send(ports, message, letter, host=host, now=now, limits=limits)
    except Exception:
        ports.deliveries.release(message.message_id)
        raise


def _claim(ports: Ports, message: OutboxMessage, *, now: int, limits: Limits) -> Letter | Outcome:
    """The letter, which is ours to send, with its recipient named; or why nothing is sent.

    Raises MessageTakenError.
    """
    message_id = message.message_id
    if message.dies_at <= now:
        ports.store.commit(ports.deliveries.drop(message_id, now=now))
        return Outcome.EXPIRED
    letter = compose(ports, message, now=now, limits=limits)
    # A transaction keeps others off its rows for a moment, which whoever holds the flow can measure: every code takes
    # its flow's row once, a decoy's too.
    held = [ports.flows.lock(message.flow_id)] if message.kind is MessageKind.CODE and message.flow_id else []
    if letter:
        try:
            ports.store.commit(ports.deliveries.claim(message_id, now=now), *(letter.naming or held))
        except StaleError:  # its flow went on meanwhile
            letter = None
    if letter is None:
        ports.store.commit(ports.deliveries.drop(message_id, now=now), *held)
    return letter or Outcome.DROPPED


def _send(ports: Ports, message: OutboxMessage, letter: Letter, *, host: str, now: int, limits: Limits) -> Outcome:
    own, hour = letter.budget, None
    if letter.to.channel is Channel.SMS:
        own = own or number_budget(letter.to, letter.purpose, now=now, limits=limits)
        hour = hour_budget(letter.purpose, message.message_id, now=now, limits=limits)
    if own and not ports.budgets.take(own):
        return _finish(ports, message, letter, EventKind.CODE_WITHHELD, now)
    if hour and not ports.budgets.take(hour):
        _give_back(ports, own)
        ports.deliveries.release(message.message_id)
        return Outcome.WAITING
    try:
        provider_id = _hand_over(ports, message, letter, host)
    except RefusedByProviderError:
        _give_back(ports, own, hour)
        return _finish(ports, message, letter, EventKind.CODE_REFUSED, now)
    except Exception:
        _give_back(ports, own, hour)
        raise
    return _finish(ports, message, letter, SENT_BY[letter.to.channel], now, provider_id=provider_id)


def _hand_over(ports: Ports, message: OutboxMessage, letter: Letter, host: str) -> str:
    """Give the letter to its provider; returns the provider's id."""
    is_code = letter.kind is MessageKind.CODE
    if letter.to.channel is Channel.SMS:
        text = render_sms(letter.kind, host=host, **letter.context)
        return ports.sms.send(letter.to.value, text, is_code=is_code)
    mail = render_mail(letter.kind, host=host, **letter.context)
    return ports.mail.send(
        letter.to.value,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        message_id=message.message_id,
        is_code=is_code,
    )


def _finish(
    ports: Ports, message: OutboxMessage, letter: Letter, kind: EventKind, now: int, *, provider_id: str | None = None
) -> Outcome:
    """Write what became of the message, which went out if a provider has it.

    What became of a code goes into the history of its person, who is known by now: a decoy has no letter.
    Should this fail, the message is tried again, and a code sent twice is harmless.
    """
    state = DeliveryState.SENT if provider_id else DeliveryState.DROPPED
    event = Event(kind, now, flow_id=message.flow_id)
    is_code = letter.kind is MessageKind.CODE
    ports.store.commit(
        ports.deliveries.finish(message.message_id, state, now=now, provider_id=provider_id),
        *([ports.accounts.record_event(message.identifier, event)] if is_code else []),
    )
    return Outcome.SENT if provider_id else Outcome.DROPPED


def _give_back(ports: Ports, *budgets: Budget | None) -> None:
    for budget in budgets:
        if budget:
            ports.budgets.give_back(budget)
