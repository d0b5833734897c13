"""What messages depend on, in the tables `accounts`, `pending_codes` and `limits` (port `Situations`)."""

from activation.adapters.accounts import PROFILE, account_of
from activation.adapters.counters import throttle_scope, throttle_state_of
from activation.adapters.dynamodb import Table, one_of_each
from activation.adapters.flows import flow_of
from activation.domain.outbox import OutboxMessage
from activation.domain.ports import DeliveryContext


class DynamoDeliveryContexts:
    """See the port. One call reads all of it: the worker makes it for every message."""

    def __init__(self, accounts: Table, flows: Table, limits: Table) -> None:
        self._accounts = accounts
        self._flows = flows
        self._limits = limits

    def of(self, message: OutboxMessage) -> DeliveryContext:
        """See the port."""
        wanted = [(self._accounts, {"identifier": message.identifier, "record": PROFILE})]
        if message.flow_id:
            wanted.append((self._flows, {"flow_id": message.flow_id}))
        if message.throttle_key:
            wanted.append((self._limits, {"scope": throttle_scope(message.throttle_key)}))
        found = one_of_each(*wanted)
        account, flow = found.get(self._accounts), found.get(self._flows)
        return DeliveryContext(
            account_of(account) if account else None,
            flow_of(flow) if flow else None,
            throttle_state_of(found.get(self._limits, {})),
        )
