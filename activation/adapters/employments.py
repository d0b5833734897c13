"""People with their employers, in the tables `accounts` and `structures` (port `Employments`)."""

from activation.adapters.accounts import PROFILE, account_of, structure_of
from activation.adapters.dynamodb import Table, one_of_each
from activation.domain.accounts import Account
from activation.domain.employment import Structure


class DynamoEmployments:
    """See the port. One call reads both: a person looks at their home often."""

    def __init__(self, accounts: Table, structures: Table) -> None:
        self._accounts = accounts
        self._structures = structures

    def get(self, identifier: str, structure_id: str | None) -> tuple[Account | None, Structure | None]:
        """See the port."""
        wanted = [(self._accounts, {"identifier": identifier, "record": PROFILE})]
        if structure_id:
            wanted.append((self._structures, {"structure_id": structure_id}))
        found = one_of_each(*wanted)
        account, structure = found.get(self._accounts), found.get(self._structures)
        return account_of(account) if account else None, structure_of(structure) if structure else None
