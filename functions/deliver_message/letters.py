"""The words and the recipient of a message of the outbox: found when it is sent, never stored with it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from activation.domain.accounts import Account
from activation.domain.budgets import MessageBudgets, budgets_of
from activation.domain.code_digits import code_for, code_message
from activation.domain.code_recipients import addressee_of, chosen_contact, has_other_name
from activation.domain.contacts import Contact
from activation.domain.flows import Flow, SentCode, code_life, open_code
from activation.domain.identifiers import Role, role_of
from activation.domain.limits import Limits
from activation.domain.outbox import CONTACT_CHANGED, MessageKind, OutboxMessage
from activation.domain.parallel import run_both
from activation.domain.ports import Breaker, DeliveryContext, DeliveryContexts, Flows, Macs, Structures, Write
from activation.domain.verification import refuses_short_codes

_HELPERS = {Role.BENEFICIARY: "votre correspondant CNAS", Role.CORRESPONDENT: "le CNAS"}
"""The people whom a notice asks its reader to tell when something is wrong."""

_CHANGED = {kind: channel for channel, kind in CONTACT_CHANGED.items()}
"""The channel whose contact a notice reports on."""


class LetterPorts(NamedTuple):
    """The ports that writing a letter needs."""

    delivery_contexts: DeliveryContexts
    flows: Flows
    structures: Structures
    breaker: Breaker
    codes: Macs


@dataclass(frozen=True, slots=True)
class Letter:
    """A message with its recipient, its budgets, and the context that its template is filled in with.

    `naming` is the write that names a code's recipient, made before it goes out. `account` and `flow` are as they were
    read; a notice has no flow.
    """

    kind: MessageKind
    to: Contact
    budgets: MessageBudgets
    context: dict[str, object] = field(default_factory=dict, repr=False)
    naming: tuple[Write, ...] = ()
    account: Account | None = field(default=None, repr=False)
    flow: Flow | None = field(default=None, repr=False)


class Draft(NamedTuple):
    """The result of writing: no `letter` when no contact may get it, its code is dead, or its address takes no notices.

    `has_other_name`: nobody gets the code, as it was asked for with a name that is not the identifier's owner's.
    """

    letter: Letter | None = None
    has_other_name: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """The data that a message depends on, as it stands now; `mac` makes the code; no `code` unless it is accepted."""

    flow: Flow | None = None
    account: Account | None = None
    mac: bytes = field(default=b"", repr=False)
    code: SentCode | None = None


def write_letter(ports: LetterPorts, message: OutboxMessage, *, now: int, limits: Limits) -> Draft:
    """The draft of that message, made from the data that it depends on as it stands now."""
    found = _look_up(ports, message, now, limits)
    flow, account = found.flow, found.account
    addressee = addressee_of(message, flow, account, found.code, now=now)
    if addressee is None:
        return Draft(has_other_name=has_other_name(message, flow, account))
    kind, to, number, code, structure_id, epoch = addressee
    budgets = budgets_of(message, kind, to, flow.purpose if flow else None, now=now, limits=limits)
    if flow is None or code is None:
        notice = Letter(kind, to, budgets, _told_by_notice(ports, kind, message, account), account=account)
        return Draft(notice)
    structure = ports.structures.get(structure_id) if structure_id else None
    context: dict[str, object] = {
        "code": code_for(found.mac, number=number, digits=code.digits),
        "asked": code.expires_at - code_life(flow.purpose, limits),
        "minutes": -(-(code.expires_at - now) // 60),
        "structure": structure.name if structure else None,
        "purpose": flow.purpose.value,
    }
    naming = () if epoch is None else (ports.flows.name_recipient(flow, number, to, epoch=epoch),)
    return Draft(Letter(kind, to, budgets, context, naming, account, flow))


def _told_by_notice(
    ports: LetterPorts, kind: MessageKind, message: OutboxMessage, account: Account | None
) -> dict[str, object]:
    """The context of a notice: its time, whom to tell, the account's contact since then, the structure, the counts."""
    changed = None
    if account and kind is MessageKind.CHANNEL_CHANGED:
        changed = chosen_contact(account)
    elif account and kind in _CHANGED:
        changed = account.proven.get(_CHANGED[kind])
    structure = ports.structures.get(message.structure_id) if message.structure_id else None
    return {
        "at": message.created_at,
        "destination": changed,
        "helper": _HELPERS[role_of(message.identifier)],
        "identifier": message.identifier,
        "structure": structure.name if structure else None,
        "number": message.request_number,
        "counts": message.counts,
    }


def _look_up(ports: LetterPorts, message: OutboxMessage, now: int, limits: Limits) -> _Found:
    """Read the data that the message depends on; none for a code whose flow is gone or throttle key is locked."""

    def read() -> DeliveryContext:
        return ports.delivery_contexts.of(message)

    def sign() -> bytes:
        return ports.codes.mac(code_message(message.purpose or "", message.flow_id or ""))

    if message.kind is not MessageKind.CODE:
        context = read()
        return _Found(context.flow, context.account)
    if message.purpose is None or message.flow_id is None:
        return _Found()
    context, mac = run_both(read, sign)
    if context.flow is None or context.throttle.locked_until > now:
        return _Found()
    longer_codes = context.throttle.wrong >= limits.longer_codes_after or refuses_short_codes(
        ports.breaker, context.flow.attempts, now=now
    )
    code = open_code(context.flow, message.code_number or 0, longer_codes=longer_codes, now=now, limits=limits)
    return _Found(context.flow, context.account, mac, code)
