"""An account of either role: how it is opened, its contacts are proven, its sessions end, and it is closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from activation.domain.beneficiaries import Beneficiary
from activation.domain.contacts import Channel, Contact, Deliverability, contact_key
from activation.domain.correspondents import Correspondent
from activation.domain.errors import ContactNotProvenError, NotYourAccountError
from activation.domain.identifiers import Role
from activation.domain.limits import DAY_SECONDS
from activation.domain.terms import TermsAcceptance

DEVICE_SECONDS = 365 * DAY_SECONDS
"""How long a browser stays known after the last sign-in from it."""

FRESH_CONTACT_SECONDS = 3 * DAY_SECONDS
"""For this long after a change, reset codes go to the contacts as they stood before it."""


class Status(StrEnum):
    """The life of an account."""

    INVITED = "invited"
    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class PasswordRecord:
    """The stored form of a password: the Argon2id hash of its KMS MAC, and the id of the key that made that MAC."""

    encoded: str = field(repr=False)
    key_id: str


@dataclass(frozen=True, slots=True)
class FormerContacts:
    """The proven contacts as they stood before a change, and the time of the change."""

    contacts: Mapping[Channel, Contact]
    changed_at: int


@dataclass(frozen=True, slots=True)
class ClosingRequest:
    """An agent's request to close the account; another agent may confirm it before `until`."""

    agent: str
    until: int


@dataclass(frozen=True, slots=True)
class Account:
    """An account as its table has it; `version` grows by one at every write.

    `devices` are the known browsers: the time of the last sign-in, by the hash of the browser's token (docs/adr/0007).
    `deliverability` is what is known of mail addresses and numbers, by value. `undated_closing` is the time of a
    closing whose proofs have no date of erasure yet; an account that is opened again keeps it.
    """

    identifier: str
    owner: Beneficiary | Correspondent
    status: Status = Status.INVITED
    version: int = 0
    proven: Mapping[Channel, Contact] = field(default_factory=dict)
    former: tuple[FormerContacts, ...] = ()
    password: PasswordRecord | None = None
    channel: Channel | None = None
    terms: TermsAcceptance | None = None
    session_epoch: int = 0
    devices: Mapping[str, int] = field(default_factory=dict)
    signed_in_at: int | None = None
    previously_signed_in_at: int | None = None
    deliverability: Mapping[str, Deliverability] = field(default_factory=dict, repr=False)
    closed_at: int | None = None
    undated_closing: int | None = None
    code_sent_at: int | None = None
    code_delivered_at: int | None = None
    closing: ClosingRequest | None = None

    @property
    def role(self) -> Role:
        """The kind of account."""
        return Role.CORRESPONDENT if isinstance(self.owner, Correspondent) else Role.BENEFICIARY

    @property
    def beneficiary(self) -> Beneficiary:
        """The owner, where only a beneficiary can be meant. Raises NotYourAccountError when it is a correspondent."""
        if isinstance(self.owner, Correspondent):
            raise NotYourAccountError
        return self.owner

    @property
    def correspondent(self) -> Correspondent:
        """The owner, where only a correspondent can be meant. Raises NotYourAccountError when it is a beneficiary."""
        if isinstance(self.owner, Beneficiary):
            raise NotYourAccountError
        return self.owner

    def knows(self, device: str | None, *, now: int) -> bool:
        """Whether somebody signed in from that browser within a year."""
        return device is not None and now < self.devices.get(device, 0) + DEVICE_SECONDS

    def is_active_since(self, epoch: int | None) -> bool:
        """Whether the account is active, and no later change has ended the sessions and flows of that session epoch."""
        return self.status is Status.ACTIVE and self.session_epoch == epoch

    def contact_on(self, channel: Channel) -> Contact:
        """The proven contact on that channel. Raises ContactNotProvenError when there is none."""
        if channel not in self.proven:
            raise ContactNotProvenError
        return self.proven[channel]


def activate(account: Account, *, contact: Contact, password: PasswordRecord, now: int) -> Account:
    """The account once active: its password is set, and the contact that got the right code is proven."""
    return replace(
        account,
        status=Status.ACTIVE,
        proven={contact.channel: contact},
        password=password,
        signed_in_at=now,
        deliverability=_without(account.deliverability, contact),
        owner=account.owner.once_active(),
    )


def end_sessions(account: Account) -> Account:
    """The account with every earlier session and known browser void."""
    return replace(account, session_epoch=account.session_epoch + 1, devices={})


def reset_password(
    account: Account, password: PasswordRecord, *, contact: Contact, former: Mapping[Channel, Contact]
) -> Account:
    """The account with a new password, and every earlier session and known browser void.

    `contact` is the one that got the right code. If a change of the last 72 hours had replaced it, the `former`
    contacts stand again: their owner has come back. Later contacts go, unless they are declared too (docs/adr/0025).
    """
    reset = replace(end_sessions(account), password=password)
    if contact in account.proven.values():
        return reached(reset, contact)
    declared = account.owner.declared_contacts()
    kept = {proven.channel: proven for proven in account.proven.values() if any(map(proven.is_same_as, declared))}
    return replace(
        reset,
        proven={**kept, **former, contact.channel: contact},
        channel=contact.channel,
        former=(),
        deliverability=_without(account.deliverability, contact),
    )


def reached(account: Account, contact: Contact) -> Account:
    """The account after a right code to one of its proven contacts: messages reach it; a mark `COMPLAINED` stays."""
    without = _without(account.deliverability, contact)
    unwanted = {value: mark for value, mark in account.deliverability.items() if mark is Deliverability.COMPLAINED}
    return replace(account, deliverability=without | unwanted)


def prove_contact(account: Account, contact: Contact, *, now: int) -> Account:
    """The account with a new proven contact on its channel; the former contacts are remembered for 72 hours."""
    former = (*fresh_changes(account.former, now), FormerContacts(account.proven, now))
    return replace(
        account,
        proven={**account.proven, contact.channel: contact},
        former=former,
        deliverability=_without(account.deliverability, contact),
    )


def fresh_changes(former: tuple[FormerContacts, ...], now: int) -> tuple[FormerContacts, ...]:
    """The contacts as they stood before each change of the last 72 hours, oldest first."""
    return tuple(change for change in former if now < change.changed_at + FRESH_CONTACT_SECONDS)


def is_over(account: Account, today: str) -> bool:
    """Whether the owner's last day is past and the account still open."""
    return account.status is not Status.CLOSED and not account.owner.is_current(today)


def close(account: Account, *, now: int) -> Account:
    """The account once closed: no session, contact, password or known browser is left."""
    return replace(
        end_sessions(account),
        status=Status.CLOSED,
        closed_at=now,
        undated_closing=now,
        proven={},
        former=(),
        password=None,
        channel=None,
        deliverability={},
        closing=None,
        owner=account.owner.once_closed(),
    )


def keep_across_reopening(fresh: Account, closed: Account) -> Account:
    """The account opened anew, with the data that outlives a closing: old sessions stay void, proofs get their date."""
    return replace(fresh, session_epoch=closed.session_epoch, undated_closing=closed.undated_closing)


def _without(marks: Mapping[str, Deliverability], contact: Contact) -> dict[str, Deliverability]:
    """The marks without that contact's: its code was right, so messages reach it."""
    return {value: mark for value, mark in marks.items() if contact_key(value) != contact_key(contact.value)}
