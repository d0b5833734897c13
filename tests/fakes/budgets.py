"""The port `Budgets` in memory."""

from activation.domain.budgets import Budget


class FakeBudgets:
    """What messages may cost: what is `taken`, by scope."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}

    def take(self, budget: Budget) -> bool:
        taken = self.taken.get(budget.scope, 0)
        if taken >= budget.most:
            return False
        self.taken[budget.scope] = taken + 1
        return True

    def give_back(self, budget: Budget) -> None:
        self.taken[budget.scope] -= 1
