"""What a message of the outbox says, and to whom: found out anew when it is sent, never kept with it."""

from dataclasses import dataclass, field
from functools import partial

from activation.domain.accounts import Account, Status
from activation.domain.budgets import Budget, notice_budget
from activation.domain.codes import code_for, code_message
from activation.domain.contacts import Contact
from activation.domain.flows import Flow, Purpose, SentCode, open_code
from activation.domain.limits import DAY_SECONDS, Limits, window
from activation.domain.outbox import MessageKind, OutboxMessage
from activation.domain.parallel import run_both
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
from activation.domain.recipients import chosen_contact, code_recipient, mobile_for_code, roster_contact, takes_notices
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
    return _notice(message, delivery.flow, delivery.account, now) if delivery.account else None


def _notice(message: OutboxMessage, flow: Flow | None, account: Account, now: int) -> Letter | None:
    to = _notice_recipient(message, flow, account, now)
    if to is None or not takes_notices(account, to):
        return None
    return Letter(message.kind, to, budget=notice_budget(to, message.kind, now=now))


def _notice_recipient(message: OutboxMessage, flow: Flow | None, account: Account, now: int) -> Contact | None:
    if flow and message.code_number is not None:
        return flow.recipients.get(message.code_number)
    if flow:
        return (chosen_contact(account) or roster_contact(account, now)) if account.answers_to(flow) else None
    return account.proven.get(message.channel) if message.channel else None


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
    account, flow, number = delivery.account, delivery.flow, message.code_number
    code_number = _open_code(ports, delivery, number, now=now, limits=limits)
    if flow is None or code_number is None:
        return None
    to, naming = flow.recipients.get(number), tuple[Write, ...]()
    if to is None or message.channel not in (None, to.channel):
        to = _recipient(message, flow, account, now)
        if to is None or account is None:
            return _instead_of_code(flow, account, now)
        naming = (ports.flows.name_recipient(flow, number, to, epoch=account.session_epoch),)
    context: dict[str, object] = {
        "code": code_for(mac, number=number, digits=code_number.digits),
        "minutes": -(-(code_number.expires_at - now) // 60),
        "structure": _structure_name(ports, account, to),
        "purpose": flow.purpose.value,
    }
    return Letter(MessageKind.CODE, to, flow.purpose, context, naming=naming)


def _structure_name(ports: Ports, account: Account | None, to: Contact) -> str | None:
    """The employer's name, where people share the contact: whose code it is, without a name or a number of theirs."""
    structure = (
        ports.structures.get(account.owner.roster.structure_id) if account and account.owner.shares(to) else None
    )
    return structure.name if structure else None


def _recipient(message: OutboxMessage, flow: Flow, account: Account | None, now: int) -> Contact | None:
    """Who gets the code; of a message with a channel, the mobile in place of the mail that came back."""
    if message.channel is None:
        return code_recipient(account, flow, now=now, day=day_of(now))
    return mobile_for_code(account, flow, now=now, day=day_of(now)) if account else None


def _instead_of_code(flow: Flow, account: Account | None, now: int) -> Letter | None:
    """What somebody is told who asked for a code that their account's state forbids; at most once a day."""
    if account is None or not account.answers_to(flow) or not account.owner.is_current(day_of(now)):
        return None
    kind, to = _state_notice(flow.purpose, account, now)
    if kind is None or to is None or not takes_notices(account, to):
        return None
    day = window("d", DAY_SECONDS, now)
    scope = f"notice#{account.identifier}#{day.name}"
    return Letter(kind, to, budget=Budget(scope, MOST_NOTICES_PER_DAY, day.ends_at))


def _state_notice(purpose: Purpose, account: Account, now: int) -> tuple[MessageKind | None, Contact | None]:
    if purpose is Purpose.ACTIVATION and account.status is Status.ACTIVE:
        return MessageKind.ALREADY_ACTIVE, chosen_contact(account)
    if purpose is Purpose.PASSWORD_RESET and account.status is Status.INVITED:
        return MessageKind.ACTIVATE_FIRST, roster_contact(account, now)
    return None, None
