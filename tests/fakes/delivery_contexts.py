"""The port `DeliveryContexts` in memory."""

from dataclasses import dataclass

from activation.domain.outbox import OutboxMessage
from activation.domain.ports import DeliveryContext
from tests.fakes.accounts import FakeAccounts
from tests.fakes.counters import FakeCounters
from tests.fakes.flows import FakeFlows


@dataclass(frozen=True)
class FakeDeliveryContexts:
    """What messages depend on, in the other fakes."""

    accounts: FakeAccounts
    flows: FakeFlows
    counters: FakeCounters

    def of(self, message: OutboxMessage) -> DeliveryContext:
        flow = self.flows.get(message.flow_id) if message.flow_id else None
        return DeliveryContext(
            self.accounts.get(message.identifier), flow, self.counters.throttle(message.throttle_key or "")
        )
