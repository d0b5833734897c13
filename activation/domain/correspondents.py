"""A correspondent, the owner of an account: names, contacts, and the structures that they answer for.

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
"""The most correspondents that a structure has."""

MOST_STRUCTURES = 200
"""The most structures that a correspondent answers for."""

INVITATION_DAYS = 30
"""How many days an invitation is valid."""


@dataclass(frozen=True, slots=True)
class Correspondent:
    """The data that only a correspondent's account has.

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
        """The only last name that is known, in place of a birth name."""
        return self.last_name

    @property
    def structure_id(self) -> str:
        """Empty: no structure is read with the account, as a correspondent may answer for many."""
        return ""

    @property
    def has_shared_contacts(self) -> bool:
        """False: nothing says that other people read a correspondent's contacts."""
        return False

    @property
    def consent(self) -> None:
        """None: correspondents are asked for no consent."""
        return

    @property
    def lacks_consent(self) -> bool:
        """False: correspondents are asked for no consent."""
        return False

    @property
    def quarantine(self) -> tuple[QuarantinedContact, ...]:
        """Empty: a correspondent's contacts are never in quarantine, as an invitation that waits has no account yet."""
        return ()

    def is_current(self, day: str) -> bool:
        """Whether they may have an account on that day (`YYYY-MM-DD`): an invitation lapses."""
        return not self.invited_until or day <= self.invited_until

    def declared_contacts(self) -> list[Contact]:
        """Their work contacts, mail first."""
        return contacts_of(self.email, self.mobile)

    def shares(self, contact: Contact) -> bool:  # noqa: ARG002  # as a beneficiary
        """False: nothing says that another person reads the messages to that contact."""
        return False

    def is_quarantined(self, contact: Contact, now: int) -> bool:  # noqa: ARG002  # as a beneficiary
        """False: see `quarantine`."""
        return False

    def once_active(self) -> "Correspondent":
        """The owner once the account is active: the invitation is over."""
        return replace(self, invited_until="")

    def once_bounced(self, values: Collection[str]) -> "Correspondent":  # noqa: ARG002  # as a beneficiary
        """The owner, unchanged: nobody is shown that a message to these contacts came back."""
        return self

    def once_lifted(self) -> "Correspondent":
        """The owner, unchanged: there is no mark on them that the desk could lift."""
        return self

    def once_closed(self) -> "Correspondent":
        """The owner once the account is closed: no contact is left, and no structure."""
        return replace(self, email="", mobile="", structures=(), mail_key="", invited_until="")


@dataclass(frozen=True, slots=True)
class WaitingInvitation:
    """An invitation that one agent asked for; it is sent only if another agent confirms it before `until`."""

    last_name: str
    first_name: str
    email: str = field(repr=False)
    mobile: str = field(repr=False)
    agent: str
    reason: str
    until: int


@dataclass(frozen=True, slots=True)
class LinkedStructure:
    """A structure with the identifiers of its correspondents, as its own row names them.

    They are no part of `Structure`, which has what rosters say: no roster changes them.
    """

    structure: Structure
    correspondents: tuple[str, ...] = ()
    waiting: WaitingInvitation | None = None

    @property
    def structure_id(self) -> str:
        """The structure's id."""
        return self.structure.structure_id


def answers_for(account: "Account", structure: LinkedStructure) -> bool:
    """Whether the account's owner answers for that structure: only if both rows name each other."""
    return (
        isinstance(account.owner, Correspondent)
        and structure.structure_id in account.owner.structures
        and account.identifier in structure.correspondents
    )
