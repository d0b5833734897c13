"""The looks of an agent at a person. Every look is written into the person's history before anything is shown."""

from collections.abc import Sequence
from typing import NamedTuple

from activation.domain.accounts import Account, Status
from activation.domain.code_recipients import declared_contact
from activation.domain.contacts import Contact
from activation.domain.credentials import password_scope
from activation.domain.desk import throttle_keys_by_name, throttle_keys_of
from activation.domain.employment import Structure
from activation.domain.errors import PersonNotFoundError
from activation.domain.events import Event, EventKind
from activation.domain.flows import FlowState, Purpose, start_quota
from activation.domain.names import fold_name, fold_words
from activation.domain.ports import Accounts, ImportedMails, Links, Structures
from activation.domain.steps import Texts
from activation.domain.upload_keys import rights_of
from activation.domain.verification import RequestContext, VerificationPorts
from functions.support.account_status import Block, StatusLine, in_order, status_line

_WRONG_CODES = (
    "trop de codes incorrects",
    "Aucun code ne peut être demandé ni saisi avant {until}, parce que trop de codes incorrects ont été saisis.",
)
_ASKED_CODES = (
    "trop de codes demandés",
    "Aucun code ne peut être demandé avant {until}, parce que trop de codes ont été demandés.",
)
_WRONG_PASSWORDS = (
    "trop de mots de passe incorrects",
    "La connexion est impossible avant {until}, parce que trop de mots de passe incorrects ont été saisis.",
)
_QUARANTINED = (
    "contact corrigé, en attente d'un second agent",
    "Aucun code ne peut partir avant {until}, parce qu'un second agent doit encore confirmer votre contact corrigé.",
)
_DECLARED_ANEW = (
    "contact changé par la structure, en attente",
    "Aucun code ne peut partir avant {until}, parce que votre structure vient de changer votre contact.",
)
"""The reason of a block: words for the agent, and the sentence to the caller."""

MOST_FOUND = 10
"""The most people that a search shows, and the most structures in which it looks for them."""


class Ports(NamedTuple):
    """The ports that the help desk needs."""

    verification: VerificationPorts
    accounts: Accounts
    structures: Structures
    links: Links
    imported_mails: ImportedMails


class Call(NamedTuple):
    """One call of an agent: their name as IAM knows it, and the reason, which the person can read."""

    agent: str
    reason: str

    def event(self, kind: EventKind, now: int) -> Event:
        """The line for the person's history."""
        return Event(kind, now, agent=self.agent, reason=self.reason)


class Found(NamedTuple):
    """The result of a search; `has_more` when there are more people than are shown.

    `structures` are those that it looked in, none if the words mean no structure. If they mean more than ten,
    `has_more_structures`, it looked in none, and these are the first.
    """

    people: list[Account]
    has_more: bool
    structures: list[Structure]
    has_more_structures: bool = False


class File(NamedTuple):
    """A person's file for agents: never a code, a password or a hash of one."""

    account: Account
    structure: Structure | None
    status: StatusLine
    events: list[Event]


def search(ports: Ports, call: Call, *, structure: str, last_name: str, context: RequestContext) -> Found:
    """The people in the structures meant whose usage or birth name has these letters; their histories say so.

    `structure`: an id, or words of a name.
    """
    meant = _structures_meant(ports, structure)
    if len(meant) > MOST_FOUND:
        return Found([], has_more=False, structures=meant[:MOST_FOUND], has_more_structures=True)
    folded = fold_name(last_name)
    found: list[Account] = []
    for each in meant if folded else []:
        if len(found) <= MOST_FOUND:
            found += ports.accounts.search(each.structure_id, folded, most=MOST_FOUND + 1 - len(found))
    shown = found[:MOST_FOUND]
    if shown:
        event = call.event(EventKind.DESK_LISTED, context.now)
        ports.verification.store.commit(*(ports.accounts.record_event(account.identifier, event) for account in shown))
    return Found(shown, has_more=len(found) > len(shown), structures=meant)


def _structures_meant(ports: Ports, said: str) -> list[Structure]:
    """The structure with that id; else those whose name has these words, one that has no other words first."""
    structure, words = ports.structures.get(said), fold_words(said)
    if structure or not words:
        return [structure] if structure else []
    named = ports.structures.named(words)
    return sorted(named, key=lambda one: (fold_words(one.name) != words, one.name, one.structure_id))


def look(ports: Ports, call: Call, *, identifier: str, texts: Texts, context: RequestContext) -> File:
    """The person's file. Raises PersonNotFoundError."""
    require(ports, identifier)
    record(ports, call, identifier, EventKind.DESK_LOOKED, context)
    return file_of(ports, identifier, texts=texts, context=context)


def check_contact(ports: Ports, call: Call, *, identifier: str, contact: Contact, context: RequestContext) -> bool:
    """Whether the contact that the caller names is on file; so the agent needs to see no contact in full.

    Raises PersonNotFoundError.
    """
    account = require(ports, identifier)
    record(ports, call, identifier, EventKind.DESK_CONTACT_CHECKED, context)
    return any(map(contact.is_same_as, (*account.owner.declared_contacts(), *account.proven.values())))


def require(ports: Ports, identifier: str) -> Account:
    """The person's account as it stands now. Raises PersonNotFoundError."""
    account = ports.accounts.get(identifier)
    if account is None:
        raise PersonNotFoundError
    return account


def record(ports: Ports, call: Call, identifier: str, kind: EventKind, context: RequestContext) -> None:
    """Write a line into the person's history."""
    ports.verification.store.commit(ports.accounts.record_event(identifier, call.event(kind, context.now)))


def file_of(ports: Ports, identifier: str, *, texts: Texts, context: RequestContext) -> File:
    """The person's file as it stands now; call it only once the look or the act is in the history."""
    account = require(ports, identifier)
    events = in_order(line for line in ports.accounts.history(identifier) if isinstance(line, Event))
    employer = account.owner.structure_id
    structure = ports.structures.get(employer) if employer else None
    status = status_line(
        account,
        events,
        _block(ports, account, events, context),
        ports.verification.counters.other_names(identifier, now=context.now),
        current_terms=texts.terms.version,
        limits=context.limits,
        now=context.now,
    )
    return File(account, structure, status, events)


def _block(ports: Ports, account: Account, events: Sequence[Event], context: RequestContext) -> Block | None:
    """The block that lasts longest; one with `leaves_code` only when there is no other."""
    blocks = _blocks(ports, account, has_code_out=_has_code_out(ports, events, context), context=context)
    return max(blocks, key=lambda block: (not block.leaves_code, block.until), default=None)


def _has_code_out(ports: Ports, events: Sequence[Event], context: RequestContext) -> bool:
    """Whether the person's latest flow waits for a code that may still be typed."""
    flow_id = next((event.flow_id for event in reversed(events) if event.flow_id), None)
    flow = ports.verification.flows.get(flow_id) if flow_id else None
    is_waiting = flow is not None and flow.state is FlowState.CODE_SENT and flow.ends_at > context.now
    return bool(flow and is_waiting and flow.attempts_left(context.limits))


def _blocks(ports: Ports, account: Account, *, has_code_out: bool, context: RequestContext) -> Sequence[Block]:
    """Every block of the person that is not over: locks, used-up quotas, contacts in quarantine."""
    counters, now = ports.verification.counters, context.now
    states = {throttle_key: counters.throttle(throttle_key) for throttle_key in throttle_keys_of(account)}
    purpose = Purpose.ACTIVATION if account.status is Status.INVITED else Purpose.PASSWORD_RESET
    quota = start_quota(purpose, context.limits)
    blocks = [
        *(Block(state.locked_until, *_WRONG_CODES) for state in states.values()),
        *(
            Block(states[throttle_key].may_start_at(quota, now), *_ASKED_CODES, leaves_code=has_code_out)
            for throttle_key in throttle_keys_by_name(account, purpose)
        ),
        Block(counters.password_locked_until(password_scope(account.identifier), now=now), *_WRONG_PASSWORDS),
        *_quarantines(account, now),
    ]
    return [block for block in blocks if block.until > now]


def _quarantines(account: Account, now: int) -> Sequence[Block]:
    """A block for each contact in quarantine, when the person has no other contact for a code."""
    if account.status is not Status.INVITED or declared_contact(account, now):
        return []
    return [
        Block(quarantined.until, *(_DECLARED_ANEW if rights_of(quarantined.agent) else _QUARANTINED))
        for quarantined in account.owner.quarantine
    ]
