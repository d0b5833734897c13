"""The contact that gets a code or a notice, and with it the channel: mail or SMS.

While invited, the first of the declared contacts that is known to be reached: mail, and SMS where no mail is on file
(`contacts.contacts_of` has them in that order). Once active, only contacts that the account's owner proved, the chosen
channel first; but a new contact gets the code that proves it, and for 72 hours after a change the code of a password
reset goes to the contacts before the change.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from activation.domain.accounts import FRESH_CONTACT_SECONDS, Account, Status
from activation.domain.contacts import Channel, Contact, Deliverability, contact_key
from activation.domain.flows import Flow, Purpose, SentCode
from activation.domain.outbox import OF_STRUCTURES, MessageKind, OutboxMessage
from activation.domain.times import day_of_rights

UNREACHABLE_WORDS = {
    Channel.EMAIL: "Votre adresse email n'a pas pu être jointe. Vérifiez-la dans Vos informations personnelles.",
    Channel.SMS: "Votre téléphone mobile n'a pas pu être joint. Vérifiez-le dans Vos informations personnelles.",
}

_OTHER = {Channel.EMAIL: Channel.SMS, Channel.SMS: Channel.EMAIL}


class Addressee(NamedTuple):
    """The contact that a message goes to, and the message's kind: a notice may replace the code that was asked for.

    `number` and `code` are set for a code only. `structure_id` is set for a contact that several people read: the
    message then shows whose code it is without a name. `epoch` is set when the flow does not name the contact yet.
    """

    kind: MessageKind
    contact: Contact
    number: int = 0
    code: SentCode | None = None
    structure_id: str | None = None
    epoch: int | None = None


def addressee_of(
    message: OutboxMessage, flow: Flow | None, account: Account | None, code: SentCode | None, *, now: int
) -> Addressee | None:
    """The contact that gets a message; None when nobody may, as for a decoy, or when the code is dead.

    `flow` is the one that the message names, `account` that of its identifier, and `code` is there while it is
    accepted when typed (`open_code`).
    """
    if message.kind is MessageKind.CODE:
        if flow is None or code is None:
            return None
        is_theirs = account is not None and answers_to(account, flow)
        return _addressee_of_code(message, flow, account if is_theirs else None, code, now)
    contact = _notice_recipient(message, flow, account, now) if account else None
    return Addressee(message.kind, contact) if account and contact and takes_notices(account, contact) else None


def code_recipient(account: Account, flow: Flow, *, now: int, channel: Channel | None = None) -> Contact | None:
    """The contact that gets the flow's code, on `channel` if one is given; None when no code goes to the account."""
    return _allowed_contact(account, flow, channel, now) if answers_to(account, flow) else None


def next_recipient(account: Account, flow: Flow, channel: Channel | None = None) -> Contact | None:
    """The contact that gets the flow's next code; None when the worker finds it later, as in an activation.

    A sign-in's code goes to the proven contact on the channel that was asked for, else to the contact of the last code,
    unless messages do not reach it. The code for a new contact goes nowhere else.

    Raises ContactNotProvenError when no contact is proven on the channel that was asked for.
    """
    if flow.purpose is Purpose.CONTACT:
        return flow.recipients[flow.code_number]
    if flow.purpose is not Purpose.SIGN_IN:
        return None
    if channel:
        return account.contact_on(channel)
    last = flow.recipients[flow.code_number].channel
    return _first_reachable(account, _preferred_first(account.proven, last))


def code_another_way(
    message: OutboxMessage, flow: Flow, account: Account, failed: Channel, *, now: int
) -> OutboxMessage | None:
    """The message with a code that did not arrive by `failed`, on the other channel; the code is still accepted.

    None when that message was the other way already, or no contact that is known to be reached may get it there. The
    new message dies with that code too, and its id is made from the undelivered one's, so that it can't be put twice.
    The worker checks again before it sends, and also the throttle key and the breaker.
    """
    if message.kind is not MessageKind.CODE or message.channel:
        return None
    contact = code_recipient(account, flow, now=now, channel=_OTHER[failed])
    if contact is None or not is_reachable(account, contact):
        return None
    return replace(
        message,
        message_id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{message.message_id}/{contact.channel}")),
        created_at=now,
        purpose=flow.purpose,
        throttle_key=flow.throttle_key,
        channel=contact.channel,
    )


def answers_to(account: Account, flow: Flow) -> bool:
    """Whether the flow is the account's."""
    return flow.is_for(account.identifier, account.owner.last_names)


def has_other_name(message: OutboxMessage, flow: Flow | None, account: Account | None) -> bool:
    """Whether this is the first code of a flow whose name is not that of the identifier's owner.

    An identifier without owner counts too, so that the result does not show which identifiers exist (docs/adr/0021).
    """
    is_first = message.kind is MessageKind.CODE and message.code_number == 1
    return is_first and flow is not None and not (account and answers_to(account, flow))


def declared_contact(account: Account, now: int) -> Contact | None:
    """The declared contact that a notice goes to, mail first unless it came back. Codes go by `code_recipient`."""
    return _first_reachable(account, _usable_contacts(account, now))


def chosen_contact(account: Account) -> Contact | None:
    """The proven contact on the chosen channel; the other one if there is none, or messages do not reach it."""
    return _first_reachable(account, _chosen_first(account, account.proven))


def proven_before_changes(account: Account, now: int) -> Mapping[Channel, Contact]:
    """The proven contacts as they stood before the first change of the last 72 hours.

    Reset codes go there: somebody who changes the contacts of another's account gets no reset code by it.
    """
    fresh = (change.contacts for change in account.former if now < change.changed_at + FRESH_CONTACT_SECONDS)
    return next(fresh, account.proven)


def _addressee_of_code(
    message: OutboxMessage, flow: Flow, account: Account | None, code: SentCode, now: int
) -> Addressee | None:
    """The contact that the flow names for the code, else the one that its account's state allows."""
    number = message.code_number or 0
    named = flow.recipients.get(number)
    if named and message.channel in (None, named.channel):
        return Addressee(MessageKind.CODE, named, number, code, _structure_of_shared(account, named))
    if account is None:
        return None
    contact = _allowed_contact(account, flow, message.channel, now)
    if contact is None:
        return _instead_of_code(account, flow.purpose, now)
    shared = _structure_of_shared(account, contact)
    return Addressee(MessageKind.CODE, contact, number, code, shared, account.session_epoch)


def _structure_of_shared(account: Account | None, contact: Contact) -> str | None:
    return account.owner.structure_id if account and account.owner.shares(contact) else None


def _allowed_contact(account: Account, flow: Flow, channel: Channel | None, now: int) -> Contact | None:
    contacts = [
        contact for contact in _code_contacts(account, flow, channel, now) if channel in (None, contact.channel)
    ]
    return _first_reachable(account, contacts)


def _code_contacts(account: Account, flow: Flow, channel: Channel | None, now: int) -> Sequence[Contact]:
    """The contacts that the account's state allows a code, the preferred one first; only on `channel`, if it is given.

    The code of a sign-in or of a new contact has its recipient from the start: a sign-in's may go to the other proven
    contact when it did not arrive, and one that proves a contact goes nowhere else.
    """
    is_current = account.owner.is_current(day_of_rights(now))
    match flow.purpose, account.status:
        case Purpose.ACTIVATION, Status.INVITED if is_current:
            return _usable_contacts(account, now)
        case Purpose.PASSWORD_RESET, Status.ACTIVE if is_current:
            return _chosen_first(account, proven_before_changes(account, now))
        case Purpose.SIGN_IN, Status.ACTIVE if channel:
            return _chosen_first(account, account.proven)
        case _:
            return ()


def _instead_of_code(account: Account, purpose: Purpose, now: int) -> Addressee | None:
    """The notice to somebody who asked for a code that their account's state forbids."""
    if not account.owner.is_current(day_of_rights(now)):
        return None
    match purpose, account.status:
        case Purpose.ACTIVATION, Status.ACTIVE:
            kind, contact = MessageKind.ALREADY_ACTIVE, chosen_contact(account)
        case Purpose.PASSWORD_RESET, Status.INVITED:
            kind, contact = MessageKind.ACTIVATE_FIRST, declared_contact(account, now)
        case _:
            return None
    return Addressee(kind, contact) if contact and takes_notices(account, contact) else None


def _notice_recipient(message: OutboxMessage, flow: Flow | None, account: Account, now: int) -> Contact | None:
    if flow is None:
        if message.kind in OF_STRUCTURES:
            return chosen_contact(account) or declared_contact(account, now)
        return account.proven.get(message.channel) if message.channel else None
    if message.channel:
        return flow.notified_contacts.get(message.channel)
    return (chosen_contact(account) or declared_contact(account, now)) if answers_to(account, flow) else None


def _usable_contacts(account: Account, now: int) -> Sequence[Contact]:
    owner = account.owner
    return [contact for contact in owner.declared_contacts() if not owner.is_quarantined(contact, now)]


def _chosen_first(account: Account, proven: Mapping[Channel, Contact]) -> Sequence[Contact]:
    return _preferred_first(proven, account.channel or Channel.EMAIL)


def _preferred_first(proven: Mapping[Channel, Contact], preferred: Channel) -> Sequence[Contact]:
    return sorted(proven.values(), key=lambda contact: contact.channel is not preferred)


def takes_notices(account: Account, contact: Contact) -> bool:
    """Whether notices go to that contact; codes always may."""
    return contact.value not in account.deliverability


def is_reachable(account: Account, contact: Contact) -> bool:
    """Whether no message is known to have come back from that contact."""
    return account.deliverability.get(contact.value) is not Deliverability.UNDELIVERABLE


def mark_contact(account: Account, value: str, mark: Deliverability) -> Account:
    """The account with that mark on one of its contacts, unless it has no such contact or the mark there is worse.

    A mark belongs to the value: a new contact has none. Marks of contacts that the account no longer has go.
    """
    own = set(_values(account))
    marked = {known for known in own if contact_key(known) == contact_key(value)}
    worse = {known for known in marked if account.deliverability.get(known) is Deliverability.UNDELIVERABLE}
    owner = account.owner.once_bounced(marked) if mark is Deliverability.UNDELIVERABLE else account.owner
    if not marked - worse:
        return replace(account, owner=owner) if owner != account.owner else account
    kept = {known: old for known, old in account.deliverability.items() if known in own}
    return replace(account, owner=owner, deliverability={**kept, **dict.fromkeys(marked - worse, mark)})


def things_to_do(account: Account) -> list[str]:
    """The French sentences on the home page that ask the owner to act: one for each proven contact that came back."""
    if account.status is not Status.ACTIVE:
        return []
    return [words for channel, words in UNREACHABLE_WORDS.items() if _came_back(account, account.proven.get(channel))]


def _came_back(account: Account, contact: Contact | None) -> bool:
    return contact is not None and not is_reachable(account, contact)


def _first_reachable(account: Account, contacts: Sequence[Contact]) -> Contact | None:
    """The first reachable contact, else the first of all: a provider that reports a bounce may be wrong."""
    reachable = (contact for contact in contacts if is_reachable(account, contact))
    return next(reachable, contacts[0] if contacts else None)


def _values(account: Account) -> Iterable[str]:
    proven = (account.proven, *(change.contacts for change in account.former))
    contacts = (*account.owner.declared_contacts(), *(contact for each in proven for contact in each.values()))
    return (contact.value for contact in contacts)
