"""Which contact gets a code or a notice: every rule of it (design, « Who gets a code »).

While invited, the roster's contacts; once active, only contacts that the account's owner proved.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from activation.domain.accounts import Account, Status
from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.flows import Flow, Purpose

UNREACHABLE_WORDS = "Votre adresse email n'a pas pu être jointe. Vérifiez-la dans Vos informations personnelles."


def roster_contact(account: Account, now: int) -> Contact | None:
    """The contact for an invited person's code: the roster's mail if mail reaches it, else the roster's mobile."""
    owner = account.owner
    usable = [contact for contact in owner.roster_contacts() if not owner.is_quarantined(contact, now)]
    return _first_reachable(account, usable)


def chosen_contact(account: Account, *, former_at: int | None = None) -> Contact | None:
    """The proven contact on the chosen channel; the other one if there is none, or mail does not reach it.

    With `former_at` (now): as the contacts stood before the first change of the last 72 hours.
    """
    proven = account.proven if former_at is None else account.proven_at(former_at)
    chosen = account.channel or Channel.EMAIL
    return _first_reachable(account, sorted(proven.values(), key=lambda contact: contact.channel is not chosen))


def code_recipient(account: Account | None, flow: Flow, *, now: int, day: str) -> Contact | None:
    """The contact that gets the code of a flow that anybody may start; None for a decoy."""
    if account is None or not account.answers_to(flow) or not account.owner.is_current(day):
        return None
    if flow.purpose is Purpose.ACTIVATION and account.status is Status.INVITED:
        return roster_contact(account, now)
    if flow.purpose is Purpose.PASSWORD_RESET and account.status is Status.ACTIVE:
        return chosen_contact(account, former_at=now)
    return None


def mobile_for_code(account: Account, flow: Flow, *, now: int, day: str) -> Contact | None:
    """The mobile for the flow's code after its mail came back; None when the account's state allows none.

    A code that proves a new contact goes nowhere else.
    """
    if not account.answers_to(flow):
        return None
    owner = account.owner
    match flow.purpose, account.status:
        case Purpose.ACTIVATION, Status.INVITED:
            mobile = Contact(Channel.SMS, owner.roster.mobile)
            allowed = mobile.value and owner.is_current(day) and not owner.is_quarantined(mobile, now)
            return mobile if allowed else None
        case Purpose.PASSWORD_RESET, Status.ACTIVE:
            return account.proven_at(now).get(Channel.SMS) if owner.is_current(day) else None
        case Purpose.SIGN_IN, Status.ACTIVE:
            return account.proven.get(Channel.SMS)
        case _:
            return None


def takes_notices(account: Account, contact: Contact) -> bool:
    """Whether notices go to that contact; codes always may."""
    return contact.value not in account.deliverability


def is_reachable(account: Account, contact: Contact) -> bool:
    """Whether no mail to that contact came back."""
    return account.deliverability.get(contact.value) is not Deliverability.UNDELIVERABLE


def mark_address(account: Account, address: str, mark: Deliverability) -> Account:
    """The account with that mark on one of its addresses; unchanged for another address, or one marked worse already.

    A mark belongs to the value: a new address has none. Marks of addresses that the account has no longer go.
    """
    own = set(_addresses(account))
    marked = {known for known in own if known.casefold() == address.casefold()}
    worse = {known for known in marked if account.deliverability.get(known) is Deliverability.UNDELIVERABLE}
    if not marked - worse:
        return account
    kept = {known: old for known, old in account.deliverability.items() if known in own}
    return replace(account, deliverability={**kept, **dict.fromkeys(marked - worse, mark)})


def things_to_do(account: Account) -> list[str]:
    """What the account asks its owner to do, in words for the home page."""
    email = account.proven.get(Channel.EMAIL)
    waits = email and account.status is Status.ACTIVE and not is_reachable(account, email)
    return [UNREACHABLE_WORDS] if waits else []


def _first_reachable(account: Account, contacts: Sequence[Contact]) -> Contact | None:
    """The first reachable one; one whose mail came back is better than none, since a provider may be wrong."""
    reachable = (contact for contact in contacts if is_reachable(account, contact))
    return next(reachable, contacts[0] if contacts else None)


def _addresses(account: Account) -> Iterable[str]:
    contacts = [account.proven.get(Channel.EMAIL)]
    contacts += [change.contacts.get(Channel.EMAIL) for change in account.former]
    return filter(None, (account.owner.roster.email, *(contact.value for contact in contacts if contact)))
