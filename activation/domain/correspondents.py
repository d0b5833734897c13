"""A correspondent, the owner of an account: who they are, and for which structures they answer.

A structure's row names its correspondents, and each of their accounts names the structure. Only both together give
access: a table restored from a backup opens nothing by itself.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from activation.domain.beneficiaries import QuarantinedContact
from activation.domain.contacts import Contact, contacts_of
from activation.domain.employment import Structure

if TYPE_CHECKING:
    from activation.domain.accounts import Account

MOST_CORRESPONDENTS = 10
"""How many correspondents a structure has at most."""

MOST_STRUCTURES = 200
"""For how many structures a correspondent answers at most."""

INVITATION_DAYS = 30
"""How long an invitation is good for."""


@dataclass(frozen=True, slots=True)
class Correspondent:
    """What the account of a correspondent has beside what every account has.

    Names are as written. `other_name` is a second last name under which another structure knows them, or empty.
    `structures` are the ids of those that they answer for, as their own row names them. `invited_until` is the last day
    (`YYYY-MM-DD`) of their invitation, empty once the account is active. `mail_key` is the keyed hash under which no
    other account has the same work mail.
    """

    last_name: str
    first_name: str
    email: str = field(default="", repr=False)
    mobile: str = field(default="", repr=False)
    structures: tuple[str, ...] = ()
    other_name: str = ""
    invited_until: str = ""
    mail_key: str = field(default="", repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of the person: no password may be made of them."""
        return tuple(filter(None, (self.last_name, self.other_name, self.first_name)))

    @property
    def last_names(self) -> tuple[str, ...]:
        """The last names that open a flow, two at most (docs/adr/0032)."""
        return tuple(filter(None, (self.last_name, self.other_name)))

    @property
    def birth_name(self) -> str:
        """The name that stands for the birth name: nothing more is known."""
        return self.last_name

    @property
    def structure_id(self) -> str:
        """The one structure to read with the account: none, they may answer for many."""
        return ""

    @property
    def has_shared_contacts(self) -> bool:
        """Whether other people may read their contacts: nothing says so."""
        return False

    @property
    def consent(self) -> None:
        """The consent in force: correspondents are asked for none."""
        return

    @property
    def lacks_consent(self) -> bool:
        """Whether the consent is still to decide: correspondents are asked for none."""
        return False

    @property
    def quarantine(self) -> tuple[QuarantinedContact, ...]:
        """The contacts to which no message may go yet: none, an invitation that waits for an agent has no account."""
        return ()

    def is_current(self, day: str) -> bool:
        """Whether they may have an account on that day (`YYYY-MM-DD`): an invitation lapses."""
        return not self.invited_until or day <= self.invited_until

    def declared_contacts(self) -> list[Contact]:
        """Their work contacts, mail first."""
        return contacts_of(self.email, self.mobile)

    def shares(self, contact: Contact) -> bool:  # noqa: ARG002  # as a beneficiary
        """Whether another person may read the messages to that contact: nothing says so."""
        return False

    def is_quarantined(self, contact: Contact, now: int) -> bool:  # noqa: ARG002  # as a beneficiary
        """Whether no message may go to that contact yet: see `quarantine`."""
        return False

    def once_active(self) -> "Correspondent":
        """The owner once the account is active: the invitation is over."""
        return replace(self, invited_until="")

    def once_bounced(self, values: Collection[str]) -> "Correspondent":  # noqa: ARG002  # as a beneficiary
        """The owner once a message to these contacts came back: told to nobody else."""
        return self

    def once_lifted(self) -> "Correspondent":
        """The owner once the desk has found their contacts well."""
        return self

    def once_closed(self) -> "Correspondent":
        """The owner once the account is closed: no contact is left, and no structure."""
        return replace(self, email="", mobile="", structures=(), mail_key="", invited_until="")


@dataclass(frozen=True, slots=True)
class WaitingInvitation:
    """An invitation that one agent asked for; nothing is sent before another confirms it, before `until`."""

    last_name: str
    first_name: str
    email: str = field(repr=False)
    mobile: str = field(repr=False)
    agent: str
    reason: str
    until: int


@dataclass(frozen=True, slots=True)
class LinkedStructure:
    """A structure with the identifiers of who answers for it, as its own row names them.

    They are no part of `Structure`, which is what rosters say: no roster changes them.
    """

    structure: Structure
    correspondents: tuple[str, ...] = ()
    waiting: WaitingInvitation | None = None

    @property
    def structure_id(self) -> str:
        """The structure's id."""
        return self.structure.structure_id


def answers_for(account: "Account", structure: LinkedStructure) -> bool:
    """Whether the account's owner answers for that structure: only if both rows say so."""
    return (
        isinstance(account.owner, Correspondent)
        and structure.structure_id in account.owner.structures
        and account.identifier in structure.correspondents
    )
