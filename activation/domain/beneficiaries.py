"""A beneficiary, the owner of an account: what the roster says of them, and what they consented to."""

from dataclasses import dataclass

from activation.domain.contacts import Channel, Contact
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
class Beneficiary:
    """The owner of an account.

    `journal` names the import that wrote `roster` last. `consent` is the decision in force, and None before the first.
    `has_bounced`: a message to a contact of the roster came back since the roster gave it. What the owner proves or
    decides does not change it: it is shown to their correspondent.
    """

    roster: RosterEntry
    consent: Consent | None = None
    quarantine: tuple[QuarantinedContact, ...] = ()
    journal: RosterJournal | None = None
    has_bounced: bool = False

    @property
    def standing(self) -> Standing:
        """How the roster's contacts stand."""
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

    def is_current(self, day: str) -> bool:
        """Whether the person belongs to the roster on that day (`YYYY-MM-DD`)."""
        return not self.roster.end_date or day <= self.roster.end_date

    def roster_contacts(self) -> list[Contact]:
        """The roster's contacts, mail first."""
        given = ((Channel.EMAIL, self.roster.email), (Channel.SMS, self.roster.mobile))
        return [Contact(channel, value) for channel, value in given if value]

    def shares(self, contact: Contact) -> bool:
        """Whether another person may read the messages to that contact, as far as the roster knows."""
        return self.roster.shared and any(map(contact.is_same_as, self.roster_contacts()))

    def is_quarantined(self, contact: Contact, now: int) -> bool:
        """Whether no message may go to that contact yet, because an agent has just corrected it (docs/adr/0022)."""
        return any(waiting.contact.is_same_as(contact) and now < waiting.until for waiting in self.quarantine)
