"""Links that an operator's roster ends: it gives another mail for a structure's correspondent."""

from collections.abc import Iterable
from dataclasses import dataclass

from activation.domain.accounts import Account
from activation.domain.contacts import contact_key
from activation.domain.correspondents import Correspondent
from activation.domain.employment import Structure
from activation.domain.roster.confirmations import MOST_PERCENT
from activation.domain.roster.words import count_of


@dataclass(frozen=True, slots=True)
class EndingLinks:
    """A file's structures that have a linked correspondent, and how many of these links the file ends."""

    structures: int
    linked: int

    @property
    def need_confirmation(self) -> bool:
        """Whether these links end only after a confirmation: a reformatted column would lock out all correspondents."""
        return self.structures * 100 > self.linked * MOST_PERCENT

    @property
    def counted(self) -> str:
        """In French: how many links end, out of how many."""
        of = count_of(self.linked, "structure qui a un correspondant", "structures qui ont un correspondant")
        return f"{count_of(self.structures, 'changement de correspondant', 'changements de correspondant')} sur {of}"

    @property
    def words(self) -> str:
        """In French: why the links do not end yet."""
        return f"{self.counted} : à confirmer ; la colonne de l'email a-t-elle été remplie autrement ?"


def brings_other_mail(before: Structure, after: Structure) -> bool:
    """Whether the structure gets another mail of its correspondent; another name alone does not count."""
    former = contact_key(before.correspondent_email)
    now = contact_key(after.correspondent_email)
    return bool(former and now) and former != now


def replaced_correspondents(before: Structure, answering: Iterable[Account]) -> tuple[str, ...]:
    """The identifiers of the structure's correspondents who have the mail that is replaced."""
    former = contact_key(before.correspondent_email)
    return tuple(
        account.identifier
        for account in answering
        if isinstance(account.owner, Correspondent) and contact_key(account.owner.email) == former
    )
