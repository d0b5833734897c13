"""A beneficiary, and what becomes of their account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.employment import RosterEntry, RosterJournal
from activation.domain.errors import ContactNotProvenError, NextStep
from activation.domain.flows import Flow, Purpose, make_throttle_key
from activation.domain.ledger import Consent, TermsAcceptance
from activation.domain.limits import DAY_SECONDS
from activation.domain.names import fold_name

DEVICE_SECONDS = 365 * DAY_SECONDS
"""How long a browser is known that the account was not entered from again."""

FRESH_CONTACT_SECONDS = 3 * DAY_SECONDS
"""For this long after a change, reset codes go to the contacts as they stood before it."""


class Status(StrEnum):
    """The life of an account."""

    INVITED = "invited"
    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class PasswordRecord:
    """What is kept of a password: the Argon2id hash of its KMS MAC, and which key made that MAC."""

    encoded: str = field(repr=False)
    key_id: str


@dataclass(frozen=True, slots=True)
class FormerContacts:
    """The proven contacts as they stood before a change, and when that was."""

    contacts: Mapping[Channel, Contact]
    changed_at: int


@dataclass(frozen=True, slots=True)
class QuarantinedContact:
    """A contact that an agent put right: no message goes to it before `until`, unless another agent confirms it."""

    contact: Contact
    until: int
    agent: str


@dataclass(frozen=True, slots=True)
class ClosingRequest:
    """An agent asks that the account be closed; another one may confirm it before `until`."""

    agent: str
    until: int


@dataclass(frozen=True, slots=True)
class Person:
    """A beneficiary as the accounts table holds them; `version` grows by one at every write.

    `devices` are the known browsers: by the hash of their token, when they were last entered from (docs/adr/0007).
    `deliverability` is what became known of mail addresses, by their value. `undated_closing` is when the account
    closed, until the proofs of before have the date when they go; an account that reopens keeps it.
    """

    identifier: str
    roster: RosterEntry
    status: Status = Status.INVITED
    version: int = 0
    proven: Mapping[Channel, Contact] = field(default_factory=dict)
    former: tuple[FormerContacts, ...] = ()
    password: PasswordRecord | None = None
    channel: Channel | None = None
    consent: Consent | None = None
    terms: TermsAcceptance | None = None
    session_epoch: int = 0
    devices: Mapping[str, int] = field(default_factory=dict)
    signed_in_at: int | None = None
    previously_signed_in_at: int | None = None
    deliverability: Mapping[str, Deliverability] = field(default_factory=dict, repr=False)
    closed_at: int | None = None
    undated_closing: int | None = None
    journal: RosterJournal | None = None
    code_sent_at: int | None = None
    code_delivered_at: int | None = None
    quarantine: tuple[QuarantinedContact, ...] = ()
    closing: ClosingRequest | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that the person goes by."""
        return tuple(filter(None, (self.roster.usage_name, self.roster.last_name, self.roster.first_name)))

    @property
    def last_name(self) -> str:
        """The last name to address the person by."""
        return self.roster.usage_name or self.roster.last_name

    def is_current(self, day: str) -> bool:
        """Whether the person belongs to the roster on that day (`YYYY-MM-DD`)."""
        return not self.roster.end_date or day <= self.roster.end_date

    def answers_to(self, flow: Flow) -> bool:
        """Whether the flow is theirs: opened after their password, or under their usage or birth name."""
        if flow.purpose in (Purpose.SIGN_IN, Purpose.CONTACT):
            return flow.identifier == self.identifier
        folded = {fold_name(name) for name in (self.roster.usage_name, self.roster.last_name)} - {""}
        return flow.throttle_key in {make_throttle_key(flow.purpose, self.identifier, name) for name in folded}

    def roster_contacts(self) -> list[Contact]:
        """What the roster has, mail first."""
        given = ((Channel.EMAIL, self.roster.email), (Channel.SMS, self.roster.mobile))
        return [Contact(channel, value) for channel, value in given if value]

    def roster_contact(self, now: int) -> Contact | None:
        """Where an invited person's code goes now: the roster's mail if it can be reached, else its mobile."""
        return self._first_reachable(
            [contact for contact in self.roster_contacts() if not self.is_quarantined(contact, now)]
        )

    def shares(self, contact: Contact) -> bool:
        """Whether somebody else may read what goes to that contact, as far as the roster knows."""
        return self.roster.shared and contact in self.roster_contacts()

    def is_quarantined(self, contact: Contact, now: int) -> bool:
        """Whether nothing may go to that contact yet: an agent put it right a moment ago (docs/adr/0033)."""
        return any(quarantined.contact == contact and now < quarantined.until for quarantined in self.quarantine)

    def knows(self, device: str | None, *, now: int) -> bool:
        """Whether the account was entered from that browser within a year."""
        return device is not None and now < self.devices.get(device, 0) + DEVICE_SECONDS

    def contact_on(self, channel: Channel) -> Contact:
        """The proven contact on that channel. Raises ContactNotProvenError when there is none."""
        if channel not in self.proven:
            raise ContactNotProvenError
        return self.proven[channel]

    def chosen_contact(self, *, former_at: int | None = None) -> Contact | None:
        """The proven contact on the chosen channel, else, or when it can't be reached, the other one.

        With `former_at` (now): as they stood before the first change of the last 72 hours.
        """
        proven = self.proven if former_at is None else self.proven_at(former_at)
        chosen = self.channel or Channel.EMAIL
        return self._first_reachable(sorted(proven.values(), key=lambda contact: contact.channel is not chosen))

    def proven_at(self, now: int) -> Mapping[Channel, Contact]:
        """The proven contacts as they stood before the first change of the last 72 hours."""
        fresh = fresh_changes(self.former, now)
        return fresh[0].contacts if fresh else self.proven

    def is_reachable(self, contact: Contact) -> bool:
        """Whether nothing came back from that contact."""
        return self.deliverability.get(contact.value) is not Deliverability.UNDELIVERABLE

    def takes_notices(self, contact: Contact) -> bool:
        """Whether notices go to that contact; codes always may."""
        return contact.value not in self.deliverability

    def _first_reachable(self, contacts: Sequence[Contact]) -> Contact | None:
        """The first one that can be reached; one that came back is better than none: a provider may be wrong."""
        return next(filter(self.is_reachable, contacts), contacts[0] if contacts else None)


def activate(person: Person, *, contact: Contact, password: PasswordRecord, now: int) -> Person:
    """The person with an account: active, the contact whose code matched proven, the password set."""
    return replace(
        person,
        status=Status.ACTIVE,
        proven={contact.channel: contact},
        password=password,
        signed_in_at=now,
        deliverability=_without(person.deliverability, contact),
        quarantine=(),
    )


def end_sessions(person: Person) -> Person:
    """The person with every session and known browser of before void."""
    return replace(person, session_epoch=person.session_epoch + 1, devices={})


def reset_password(person: Person, password: PasswordRecord, *, contact: Contact, now: int) -> Person:
    """The person with a new password, and every session and known browser of before void.

    `contact` is the one whose code was right. Where a change of the last 72 hours replaced it, it is whoever holds
    the former contacts that has come back: these stand again, and what was changed since is gone, but for a contact
    that the roster names too (docs/adr/0041).
    """
    reset = replace(end_sessions(person), password=password)
    if contact in person.proven.values():
        return reset
    named = {proven.channel: proven for proven in person.proven.values() if proven in person.roster_contacts()}
    return replace(
        reset,
        proven={**named, **person.proven_at(now), contact.channel: contact},
        channel=contact.channel,
        former=(),
        deliverability=_without(person.deliverability, contact),
    )


def prove_contact(person: Person, contact: Contact, *, now: int) -> Person:
    """The person with one more, or one other, proven contact; the state before is remembered for 72 hours."""
    former = (*fresh_changes(person.former, now), FormerContacts(person.proven, now))
    return replace(
        person,
        proven={**person.proven, contact.channel: contact},
        former=former,
        deliverability=_without(person.deliverability, contact),
    )


def _without(marks: Mapping[str, Deliverability], contact: Contact) -> dict[str, Deliverability]:
    """The marks but for that contact's: a code from it was right, so it is reached."""
    return {address: mark for address, mark in marks.items() if address != contact.value}


def fresh_changes(former: tuple[FormerContacts, ...], now: int) -> tuple[FormerContacts, ...]:
    """What stood before each change of the last 72 hours, oldest first."""
    return tuple(change for change in former if now < change.changed_at + FRESH_CONTACT_SECONDS)


def onboarding_step(person: Person, *, current_terms: str) -> NextStep:
    """The first thing still missing before home; no answer is no consent, so it is asked."""
    if person.terms and person.terms.covers(current_terms):
        return NextStep.HOME
    if person.consent is None:
        return NextStep.GIVE_CONSENT
    if person.channel is None:
        return NextStep.CHOOSE_CHANNEL
    return NextStep.ACCEPT_TERMS


def correspondent_may_see_requests(person: Person) -> bool:
    """Whether the correspondent may follow this person's benefit requests: only on the consent in force.

    Whoever moves to another employer has consented to nobody there.
    """
    if person.status is not Status.ACTIVE or person.consent is None:
        return False
    return person.consent.consents and person.consent.structure_id == person.roster.structure_id
