"""The port `Situations` in memory."""

from dataclasses import dataclass

from activation.domain.outbox import OutboxMessage
from activation.domain.ports import Situation
from tests.fakes.accounts import FakeAccounts
from tests.fakes.counters import FakeCounters
from tests.fakes.flows import FakeFlows


@dataclass(frozen=True)
class FakeSituations:
    """What messages depend on, in the other fakes."""

    accounts: FakeAccounts
    flows: FakeFlows
    counters: FakeCounters

    def of(self, message: OutboxMessage) -> Situation:
        """See the port."""
        flow = self.flows.get(message.flow_id) if message.flow_id else None
        return Situation(self.accounts.get(message.identifier), flow, self.counters.pair(message.pair or ""))
