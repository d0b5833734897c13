"""A beneficiary, the owner of an account: names, roster entry, consent and contacts in quarantine."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from activation.domain.contacts import Contact, contacts_of
from activation.domain.employment import RosterEntry, RosterJournal
from activation.domain.ledger import Consent
from activation.domain.standing import Standing, standing_of


@dataclass(frozen=True, slots=True)
class QuarantinedContact:
    """A contact corrected by an agent: no message goes to it before `until`, unless another agent confirms it."""

    contact: Contact
    until: int
    agent: str


@dataclass(frozen=True, slots=True)
class NameCorrection:
    """An agent asked for `last_name` in place of the birth name `former`; another may confirm it before `until`."""

    last_name: str
    former: str
    agent: str
    until: int


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """The data that only a beneficiary's account has.

    `journal` names the import that wrote `roster` last. `consent` is the decision in force, and None before the first.
    `has_bounced`: a message to a contact of the roster came back since the roster gave it. It is shown to the
    correspondent, so nothing that the owner proves or decides changes it.
    """

    roster: RosterEntry
    consent: Consent | None = None
    quarantine: tuple[QuarantinedContact, ...] = ()
    name_correction: NameCorrection | None = None
    journal: RosterJournal | None = None
    has_bounced: bool = False

    @property
    def standing(self) -> Standing:
        """The standing of the roster's contacts."""
        return standing_of(self.roster, has_bounced=self.has_bounced)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of the person: no password may be made of them."""
        return tuple(filter(None, (self.roster.usage_name, self.roster.last_name, self.roster.first_name)))

    @property
    def last_names(self) -> tuple[str, ...]:
        """The last names that open a flow: the usage name and the birth name."""
        return tuple(filter(None, (self.roster.usage_name, self.roster.last_name)))

    @property
    def last_name(self) -> str:
        """The last name to address the person by."""
        return self.roster.usage_name or self.roster.last_name

    @property
    def birth_name(self) -> str:
        """The birth name."""
        return self.roster.last_name

    @property
    def first_name(self) -> str:
        """The first name."""
        return self.roster.first_name

    @property
    def structure_id(self) -> str:
        """The structure to read with the account: the employer."""
        return self.roster.structure_id

    @property
    def has_shared_contacts(self) -> bool:
        """Whether other people may read one of the contacts, as far as the roster knows."""
        return self.roster.shared

    @property
    def lacks_consent(self) -> bool:
        """Whether the consent is still to decide."""
        return self.consent is None

    def is_current(self, day: str) -> bool:
        """Whether the person belongs to the roster on that day (`YYYY-MM-DD`)."""
        return not self.roster.end_date or day <= self.roster.end_date

    def declared_contacts(self) -> list[Contact]:
        """The roster's contacts, mail first."""
        return contacts_of(self.roster.email, self.roster.mobile)

    def shares(self, contact: Contact) -> bool:
        """Whether another person may read the messages to that contact, as far as the roster knows."""
        return self.roster.shared and any(map(contact.is_same_as, self.declared_contacts()))

    def is_quarantined(self, contact: Contact, now: int) -> bool:
        """Whether no message may go to that contact yet, because an agent has just corrected it (docs/adr/0022)."""
        return any(waiting.contact.is_same_as(contact) and now < waiting.until for waiting in self.quarantine)

    def once_active(self) -> "Beneficiary":
        """The owner once the account is active: contact and name are proven, so no correction waits for an agent."""
        return replace(self, quarantine=(), name_correction=None)

    def once_closed(self) -> "Beneficiary":
        """The owner once the account is closed: no contact is left, not even to undo an import with."""
        return replace(
            self,
            roster=replace(self.roster, email="", mobile="", shared=False, desk_email=False, desk_mobile=False),
            journal=self.journal and replace(self.journal, before=None),
            quarantine=(),
            name_correction=None,
            has_bounced=False,
        )

    def once_bounced(self, values: Collection[str]) -> "Beneficiary":
        """The owner once messages to these contacts came back: `has_bounced` is set if the roster has one of them."""
        return replace(self, has_bounced=self.has_bounced or any(c.value in values for c in self.declared_contacts()))

    def once_lifted(self) -> "Beneficiary":
        """The owner once the desk has lifted the marks of their contacts."""
        return replace(self, has_bounced=False)
