"""The budgets of messages, in the table `limits` (port `Budgets`)."""

import hashlib

from activation.adapters.dynamodb import Table
from activation.domain.budgets import Budget


class DynamoBudgets:
    """The table has only a hash of a budget's scope, which may contain a phone number."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def take(self, budget: Budget) -> bool:
        _, taken = self._table.update(
            _key(budget),
            "SET expires_at = :ends ADD messages :one",
            condition="attribute_not_exists(messages) OR messages < :most",
            ends=budget.ends_at,
            one=1,
            most=budget.most,
        )
        return taken

    def give_back(self, budget: Budget) -> None:
        """A budget that expired and was removed meanwhile is not created again."""
        self._table.update(_key(budget), "ADD messages :minus", condition="attribute_exists(messages)", minus=-1)


def _key(budget: Budget) -> dict[str, str]:
    return {"scope": f"message#{hashlib.sha256(budget.scope.encode()).hexdigest()}"}
