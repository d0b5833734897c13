"""What a message of the outbox says, and to whom: found out anew when it is sent, never kept with it."""

from dataclasses import dataclass, field
from functools import partial

from activation.domain.budgets import Budget, notice_budget
from activation.domain.codes import code_for, code_message
from activation.domain.contacts import Contact
from activation.domain.flows import Flow, Issue, Purpose, open_issue
from activation.domain.limits import DAY_SECONDS, Limits, window
from activation.domain.outbox import MessageKind, OutboxMessage
from activation.domain.people import Person, Status
from activation.domain.ports import (
    Accounts,
    Breaker,
    Budgets,
    Counters,
    Deliveries,
    Flows,
    Macs,
    MailSender,
    SmsSender,
    Store,
    Structures,
)
from activation.domain.recipients import code_recipient, mobile_for_code
from activation.domain.times import day_of
from activation.domain.together import both

MOST_NOTICES_PER_DAY = 1
"""Of those that a stranger can cause: « already active », « activate first »."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What the worker needs."""

    deliveries: Deliveries
    flows: Flows
    accounts: Accounts
    structures: Structures
    counters: Counters
    breaker: Breaker
    budgets: Budgets
    codes: Macs
    mail: MailSender
    sms: SmsSender
    store: Store


@dataclass(frozen=True, slots=True)
class Letter:
    """A message with its recipient and its words' context. `purpose` is a code's, `budget` a notice's own."""

    kind: MessageKind
    to: Contact
    purpose: Purpose | None = None
    context: dict[str, object] = field(default_factory=dict, repr=False)
    budget: Budget | None = None


def compose(ports: Ports, message: OutboxMessage, *, now: int, limits: Limits) -> Letter | None:
    """The letter; None when nobody may get it, its code is dead, or it is a notice to an address that takes none."""
    person, flow = both(
        partial(ports.accounts.get, message.identifier),
        lambda: ports.flows.get(message.flow_id) if message.flow_id else None,
    )
    if message.kind is MessageKind.CODE:
        letter = _code_letter(ports, message, flow, person, now=now, limits=limits) if flow else None
    else:
        letter = _notice(message, flow, person, now) if person else None
    if letter is None or letter.kind is MessageKind.CODE or person is None:
        return letter
    return letter if person.takes_notices(letter.to) else None


def _notice(message: OutboxMessage, flow: Flow | None, person: Person, now: int) -> Letter | None:
    to = _notice_recipient(message, flow, person, now)
    return Letter(message.kind, to, budget=notice_budget(to, message.kind, now=now)) if to else None


def _notice_recipient(message: OutboxMessage, flow: Flow | None, person: Person, now: int) -> Contact | None:
    if flow and message.issue is not None:
        return flow.recipients.get(message.issue)
    if flow:
        return (person.chosen_contact() or person.roster_contact(now)) if person.answers_to(flow) else None
    return person.proven.get(message.channel) if message.channel else None


def _open_issue(ports: Ports, flow: Flow, number: int, now: int, limits: Limits) -> Issue | None:
    """The issue, unless its code is dead."""
    pair = ports.counters.pair(flow.pair)
    if pair.locked_until > now:
        return None
    longer_codes = pair.wrong >= limits.longer_codes_after or ports.breaker.is_tripped(now=now)
    return open_issue(flow, number, longer_codes=longer_codes, now=now, limits=limits)


def _code_letter(
    ports: Ports, message: OutboxMessage, flow: Flow, person: Person | None, *, now: int, limits: Limits
) -> Letter | None:
    number = message.issue or 0
    issue = _open_issue(ports, flow, number, now, limits)
    if issue is None:
        return None
    make_mac = partial(ports.codes.mac, code_message(flow.purpose, flow.flow_id))
    to = flow.recipients.get(number)
    if to is None or message.channel not in (None, to.channel):
        to = _recipient(message, flow, person, now)
        if to is None or person is None:
            return _instead_of_code(flow, person, now)
        named, mac = both(partial(ports.flows.name_recipient, flow, number, to, epoch=person.session_epoch), make_mac)
        if not named:
            return None
    else:
        mac = make_mac()
    context: dict[str, object] = {
        "code": code_for(mac, issue=number, digits=issue.digits),
        "minutes": -(-(issue.expires_at - now) // 60),
        "structure": _structure_name(ports, person, to),
        "purpose": flow.purpose.value,
    }
    return Letter(MessageKind.CODE, to, flow.purpose, context)


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
    if kind is None or to is None:
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
