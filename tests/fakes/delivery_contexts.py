"""The ports `DeliveryContexts` and `ThrottledAccounts` in memory."""

from dataclasses import dataclass

from activation.domain.accounts import Account
from activation.domain.limits import ThrottleState
from activation.domain.outbox import OutboxMessage
from activation.domain.ports import DeliveryContext
from tests.fakes.accounts import FakeAccounts
from tests.fakes.counters import FakeCounters
from tests.fakes.flows import FakeFlows


@dataclass(frozen=True)
class FakeDeliveryContexts:
    accounts: FakeAccounts
    flows: FakeFlows
    counters: FakeCounters

    def of(self, message: OutboxMessage) -> DeliveryContext:
        flow = self.flows.get(message.flow_id) if message.flow_id else None
        return DeliveryContext(
            self.accounts.get(message.identifier), flow, self.counters.throttle(message.throttle_key or "")
        )


@dataclass(frozen=True)
class FakeThrottledAccounts:
    accounts: FakeAccounts
    counters: FakeCounters

    def get(self, identifier: str, throttle_key: str) -> tuple[Account | None, ThrottleState]:
        return self.accounts.get(identifier), self.counters.throttle(throttle_key)
