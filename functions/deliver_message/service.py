"""One message of the outbox: claimed, composed for whoever may get it, sent; or dropped, or left for later."""

from dataclasses import dataclass, field
from enum import Enum, auto

from activation.domain.budgets import Budget, hour_budget, number_budget
from activation.domain.codes import code_for, code_message
from activation.domain.contacts import Channel, Contact
from activation.domain.flows import Flow, FlowState, Purpose
from activation.domain.limits import DAY_SECONDS, Limits, window
from activation.domain.outbox import DeliveryState, MessageKind, OutboxMessage, RefusedByProviderError
from activation.domain.people import Person, Status, code_recipient
from activation.domain.ports import Accounts, Counters, Deliveries, Flows, Macs, MailSender, SmsSender
from activation.domain.times import day_of
from activation.messages import render_mail, render_sms

MOST_NOTICES_PER_DAY = 1
"""Of those that a stranger can cause: « already active », « activate first »."""


class Outcome(Enum):
    """What became of a message."""

    SENT = auto()
    DROPPED = auto()
    """Nobody may get it, or it is too late: a decoy's, a dead code, a number that has had enough."""
    SETTLED = auto()
    """It was sent or dropped before."""
    LEASED = auto()
    """Another worker holds it: to be looked at once its lease is over."""
    WAITING = auto()
    """This hour's SMS are spent: to be tried again without counting as a failure."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What the worker needs."""

    deliveries: Deliveries
    flows: Flows
    accounts: Accounts
    counters: Counters
    codes: Macs
    mail: MailSender
    sms: SmsSender


@dataclass(frozen=True, slots=True)
class Letter:
    """A message with its recipient and its words' context. `purpose` is a code's, `budget` a notice's own."""

    kind: MessageKind
    to: Contact
    purpose: Purpose | None = None
    context: dict[str, object] = field(default_factory=dict, repr=False)
    budget: Budget | None = None


def deliver(ports: Ports, message_id: str, *, host: str, now: int, limits: Limits) -> Outcome:
    """Send the message once, to whoever may get it.

    Fails as the provider fails for now; the lease is then given back.
    """
    message, claimed = ports.deliveries.claim(message_id, now=now)
    if message is None:
        return Outcome.SETTLED
    if not claimed:
        return Outcome.LEASED
    try:
        letter = _compose(ports, message, now) if message.dies_at > now else None
        if letter is None:
            return _drop(ports, message, now)
        return _send(ports, message, letter, host=host, now=now, limits=limits)
    except RefusedByProviderError:
        return _drop(ports, message, now)
    except Exception:
        ports.deliveries.release(message_id)
        raise


def _compose(ports: Ports, message: OutboxMessage, now: int) -> Letter | None:
    """The letter, or None when nobody may get it."""
    flow = ports.flows.get(message.flow_id) if message.flow_id else None
    person = ports.accounts.get(message.identifier)
    if message.kind is MessageKind.CODE:
        return _code_letter(ports, message, flow, person, now) if flow else None
    if message.recipient:
        return Letter(message.kind, message.recipient)
    if person is None:
        return None
    if flow and message.issue is not None:
        former = flow.recipients.get(message.issue)
        return Letter(message.kind, former) if former else None
    if flow:
        to = person.chosen_contact() or person.roster_contact()
        return Letter(message.kind, to) if to and person.answers_to(flow) else None
    to = person.proven.get(message.channel) if message.channel else None
    return Letter(message.kind, to) if to else None


def _code_letter(ports: Ports, message: OutboxMessage, flow: Flow, person: Person | None, now: int) -> Letter | None:
    issue = flow.issues.get(message.issue or 0)
    if issue is None or message.issue is None or flow.state is not FlowState.CODE_SENT:
        return None
    to = flow.recipients.get(message.issue)
    if to is None:
        to = code_recipient(person, flow, now=now, day=day_of(now))
        if to is None or person is None:
            return _instead_of_code(flow, person, now)
        if not ports.flows.name_recipient(flow, message.issue, to, epoch=person.session_epoch):
            return None
    mac = ports.codes.mac(code_message(flow.purpose, flow.flow_id))
    context: dict[str, object] = {
        "code": code_for(mac, issue=message.issue, digits=issue.digits),
        "minutes": -(-(issue.expires_at - now) // 60),
        "structure": None,
        "purpose": flow.purpose.value,
    }
    return Letter(MessageKind.CODE, to, flow.purpose, context)


def _instead_of_code(flow: Flow, person: Person | None, now: int) -> Letter | None:
    """What somebody is told who asked for a code that their account's state forbids; at most once a day."""
    if person is None or not person.answers_to(flow) or not person.is_current(day_of(now)):
        return None
    kind, to = _state_notice(flow.purpose, person)
    if kind is None or to is None:
        return None
    day = window("d", DAY_SECONDS, now)
    scope = f"notice#{person.identifier}#{day.name}"
    return Letter(kind, to, budget=Budget(scope, MOST_NOTICES_PER_DAY, day.ends_at))


def _state_notice(purpose: Purpose, person: Person) -> tuple[MessageKind | None, Contact | None]:
    if purpose is Purpose.ACTIVATION and person.status is Status.ACTIVE:
        return MessageKind.ALREADY_ACTIVE, person.chosen_contact()
    if purpose is Purpose.PASSWORD_RESET and person.status is Status.INVITED:
        return MessageKind.ACTIVATE_FIRST, person.roster_contact()
    return None, None


def _send(ports: Ports, message: OutboxMessage, letter: Letter, *, host: str, now: int, limits: Limits) -> Outcome:
    own, hour = letter.budget, None
    if letter.to.channel is Channel.SMS:
        own = own or number_budget(letter.to, letter.purpose, now=now, limits=limits)
        hour = hour_budget(letter.purpose, now=now, limits=limits)
    if own and not _take(ports, own):
        return _drop(ports, message, now)
    if hour and not _take(ports, hour):
        _give_back(ports, own)
        ports.deliveries.release(message.message_id)
        return Outcome.WAITING
    try:
        provider_id = _hand_over(ports, message, letter, host)
    except Exception:
        _give_back(ports, own, hour)
        raise
    ports.deliveries.finish(message.message_id, DeliveryState.SENT, now=now, provider_id=provider_id)
    return Outcome.SENT


def _hand_over(ports: Ports, message: OutboxMessage, letter: Letter, host: str) -> str:
    """Give the letter to its provider; returns the provider's id."""
    if letter.to.channel is Channel.SMS:
        return ports.sms.send(letter.to.value, render_sms(letter.kind, host=host, **letter.context))
    mail = render_mail(letter.kind, host=host, **letter.context)
    return ports.mail.send(
        letter.to.value, subject=mail.subject, text=mail.text, html=mail.html, message_id=message.message_id
    )


def _drop(ports: Ports, message: OutboxMessage, now: int) -> Outcome:
    ports.deliveries.finish(message.message_id, DeliveryState.DROPPED, now=now)
    return Outcome.DROPPED


def _take(ports: Ports, budget: Budget) -> bool:
    return ports.counters.count_message(budget.scope, most=budget.most, ends_at=budget.ends_at)


def _give_back(ports: Ports, *budgets: Budget | None) -> None:
    for budget in budgets:
        if budget:
            ports.counters.return_message(budget.scope)
