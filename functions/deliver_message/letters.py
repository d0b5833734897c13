"""What a message of the outbox says, and to whom: found out anew when it is sent, never kept with it."""

from dataclasses import dataclass, field
from functools import partial

from activation.domain.budgets import Budget, notice_budget
from activation.domain.codes import code_for, code_message
from activation.domain.contacts import Contact
from activation.domain.flows import Flow, Purpose, SentCode, open_code
from activation.domain.limits import DAY_SECONDS, Limits, window
from activation.domain.outbox import MessageKind, OutboxMessage
from activation.domain.parallel import run_both
from activation.domain.people import Person, Status
from activation.domain.ports import (
    Accounts,
    Breaker,
    Budgets,
    Deliveries,
    DeliveryContext,
    DeliveryContexts,
    Flows,
    Macs,
    MailSender,
    SmsSender,
    Store,
    Structures,
    Write,
)
from activation.domain.recipients import code_recipient, mobile_for_code
from activation.domain.times import day_of

MOST_NOTICES_PER_DAY = 1
"""Of those that a stranger can cause: « already active », « activate first »."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What the worker needs."""

    deliveries: Deliveries
    delivery_contexts: DeliveryContexts
    flows: Flows
    accounts: Accounts
    structures: Structures
    breaker: Breaker
    budgets: Budgets
    codes: Macs
    mail: MailSender
    sms: SmsSender
    store: Store


@dataclass(frozen=True, slots=True)
class Letter:
    """A message with its recipient and its words' context. `purpose` is a code's, `budget` a notice's own.

    `naming` is what must be written before it goes out: to whom the code goes.
    """

    kind: MessageKind
    to: Contact
    purpose: Purpose | None = None
    context: dict[str, object] = field(default_factory=dict, repr=False)
    budget: Budget | None = None
    naming: tuple[Write, ...] = ()


def compose(ports: Ports, message: OutboxMessage, *, now: int, limits: Limits) -> Letter | None:
    """The letter; None when nobody may get it, its code is dead, or it is a notice to an address that takes none."""
    if message.kind is MessageKind.CODE:
        return _code_letter(ports, message, now=now, limits=limits)
    delivery = ports.delivery_contexts.of(message)
    return _notice(message, delivery.flow, delivery.person, now) if delivery.person else None


def _notice(message: OutboxMessage, flow: Flow | None, person: Person, now: int) -> Letter | None:
    to = _notice_recipient(message, flow, person, now)
    if to is None or not person.takes_notices(to):
        return None
    return Letter(message.kind, to, budget=notice_budget(to, message.kind, now=now))


def _notice_recipient(message: OutboxMessage, flow: Flow | None, person: Person, now: int) -> Contact | None:
    if flow and message.code_number is not None:
        return flow.recipients.get(message.code_number)
    if flow:
        return (person.chosen_contact() or person.roster_contact(now)) if person.answers_to(flow) else None
    return person.proven.get(message.channel) if message.channel else None


def _open_code(ports: Ports, delivery: DeliveryContext, number: int, *, now: int, limits: Limits) -> SentCode | None:
    """The issue of the flow, unless its code is dead."""
    flow, throttle_key = delivery.flow, delivery.throttle_key
    if flow is None or throttle_key.locked_until > now:
        return None
    longer_codes = throttle_key.wrong >= limits.longer_codes_after or ports.breaker.is_tripped(now=now)
    return open_code(flow, number, longer_codes=longer_codes, now=now, limits=limits)


def _code_letter(ports: Ports, message: OutboxMessage, *, now: int, limits: Limits) -> Letter | None:
    if message.purpose is None or message.flow_id is None or message.code_number is None:
        return None
    delivery, mac = run_both(
        partial(ports.delivery_contexts.of, message),
        partial(ports.codes.mac, code_message(message.purpose, message.flow_id)),
    )
    person, flow, number = delivery.person, delivery.flow, message.code_number
    code_number = _open_code(ports, delivery, number, now=now, limits=limits)
    if flow is None or code_number is None:
        return None
    to, naming = flow.recipients.get(number), tuple[Write, ...]()
    if to is None or message.channel not in (None, to.channel):
        to = _recipient(message, flow, person, now)
        if to is None or person is None:
            return _instead_of_code(flow, person, now)
        naming = (ports.flows.name_recipient(flow, number, to, epoch=person.session_epoch),)
    context: dict[str, object] = {
        "code": code_for(mac, number=number, digits=code_number.digits),
        "minutes": -(-(code_number.expires_at - now) // 60),
        "structure": _structure_name(ports, person, to),
        "purpose": flow.purpose.value,
    }
    return Letter(MessageKind.CODE, to, flow.purpose, context, naming=naming)


def _structure_name(ports: Ports, person: Person | None, to: Contact) -> str | None:
    """The employer's name, where people share the contact: whose code it is, without a name or a number of theirs."""
    structure = ports.structures.get(person.roster.structure_id) if person and person.shares(to) else None
    return structure.name if structure else None


def _recipient(message: OutboxMessage, flow: Flow, person: Person | None, now: int) -> Contact | None:
    """Who gets the code; of a message with a channel, the mobile in place of the mail that came back."""
    if message.channel is None:
        return code_recipient(person, flow, now=now, day=day_of(now))
    return mobile_for_code(person, flow, now=now, day=day_of(now)) if person else None


def _instead_of_code(flow: Flow, person: Person | None, now: int) -> Letter | None:
    """What somebody is told who asked for a code that their account's state forbids; at most once a day."""
    if person is None or not person.answers_to(flow) or not person.is_current(day_of(now)):
        return None
    kind, to = _state_notice(flow.purpose, person, now)
    if kind is None or to is None or not person.takes_notices(to):
        return None
    day = window("d", DAY_SECONDS, now)
    scope = f"notice#{person.identifier}#{day.name}"
    return Letter(kind, to, budget=Budget(scope, MOST_NOTICES_PER_DAY, day.ends_at))


def _state_notice(purpose: Purpose, person: Person, now: int) -> tuple[MessageKind | None, Contact | None]:
    if purpose is Purpose.ACTIVATION and person.status is Status.ACTIVE:
        return MessageKind.ALREADY_ACTIVE, person.chosen_contact()
    if purpose is Purpose.PASSWORD_RESET and person.status is Status.INVITED:
        return MessageKind.ACTIVATE_FIRST, person.roster_contact(now)
    return None, None
