"""Transactions in memory: writes with their conditions, carried out together or not at all."""

from collections.abc import Callable
from dataclasses import dataclass

from activation.domain.errors import DomainError, StaleError
from activation.domain.ports import Write

Refusal = Callable[[], DomainError | None]


@dataclass(frozen=True)
class FakeWrite(Write):
    """`holds` is the condition, `refusal` what breaks it: None when it was our own earlier success."""

    row: str
    apply: Callable[[], None] = lambda: None
    holds: Callable[[], bool] = lambda: True
    refusal: Refusal = StaleError


class FakeStore:
    """Carries out transactions. `meanwhile` holds what others do just before the next ones, a failure included.

    `transactions` has the rows that each took.
    """

    def __init__(self) -> None:
        self.meanwhile: list[Callable[[], object]] = []
        self.transactions: list[set[str]] = []

    def commit(self, *writes: Write) -> None:
        if self.meanwhile:
            self.meanwhile.pop(0)()
        parts = [write for write in writes if isinstance(write, FakeWrite)]
        if len({part.row for part in parts}) < len(writes):
            raise ValueError("DynamoDB takes one operation a row in a transaction")
        self.transactions.append({part.row for part in parts})
        refused = [part for part in parts if not part.holds()]
        for part in refused:
            if refusal := part.refusal():
                raise refusal
        if not refused:
            for part in parts:
                part.apply()
