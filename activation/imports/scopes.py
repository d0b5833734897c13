"""The structures that correspondents answer for, read from their accounts and the structures' rows (port `Scopes`)."""

from typing import NamedTuple

from activation.domain.accounts import Account, Status
from activation.domain.contacts import contact_key
from activation.domain.correspondents import LinkedStructure, answers_for
from activation.domain.ports import Accounts, Links
from activation.domain.roster.scope import Scope


class LinkedScopes(NamedTuple):
    """Reads both rows of each link, as only both together give access."""

    accounts: Accounts
    links: Links

    def of(self, sender: str) -> Scope:
        """The structures that this correspondent answers for now; none for an account that is not active."""
        account = self.accounts.get(sender)
        if account is None or account.status is not Status.ACTIVE:
            return Scope()
        found = self.links.structures(account.correspondent.structures)
        return Scope({name: structure for name, structure in found.items() if answers_for(account, structure)})

    def contacts_of(self, structure: LinkedStructure) -> frozenset[str]:
        """The contact keys of all correspondents of that structure."""
        accounts = map(self.accounts.get, structure.correspondents)
        return frozenset(key for account in accounts if account for key in _contact_keys(account))


def _contact_keys(account: Account) -> set[str]:
    contacts = (*account.owner.declared_contacts(), *account.proven.values())
    return {contact_key(contact.value) for contact in contacts}
