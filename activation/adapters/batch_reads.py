"""Reads of rows of several tables in one call (ports `DeliveryContexts`, `ThrottledAccounts`, `Employments`)."""

from activation.adapters.accounts import account_key, account_of, structure_of
from activation.adapters.counters import throttle_scope, throttle_state_of
from activation.adapters.dynamodb import Table, one_of_each
from activation.adapters.flows import flow_of
from activation.domain.accounts import Account
from activation.domain.employment import Structure
from activation.domain.limits import ThrottleState
from activation.domain.outbox import OutboxMessage
from activation.domain.ports import DeliveryContext


class DynamoDeliveryContexts:
    """One call to DynamoDB instead of three: the worker reads this for every message."""

    def __init__(self, accounts: Table, flows: Table, limits: Table) -> None:
        self._accounts = accounts
        self._flows = flows
        self._limits = limits

    def of(self, message: OutboxMessage) -> DeliveryContext:
        wanted = [(self._accounts, account_key(message.identifier))]
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


class DynamoThrottledAccounts:
    """Step 3 learns of a lock with the account: it waits for no call more."""

    def __init__(self, accounts: Table, limits: Table) -> None:
        self._accounts = accounts
        self._limits = limits

    def get(self, identifier: str, throttle_key: str) -> tuple[Account | None, ThrottleState]:
        found = one_of_each(
            (self._accounts, account_key(identifier)),
            (self._limits, {"scope": throttle_scope(throttle_key)}),
        )
        account = found.get(self._accounts)
        return account_of(account) if account else None, throttle_state_of(found.get(self._limits, {}))


class DynamoEmployments:
    """One call to DynamoDB instead of two: the home page is read often."""

    def __init__(self, accounts: Table, structures: Table) -> None:
        self._accounts = accounts
        self._structures = structures

    def get(self, identifier: str, structure_id: str | None) -> tuple[Account | None, Structure | None]:
        wanted = [(self._accounts, account_key(identifier))]
        if structure_id:
            wanted.append((self._structures, {"structure_id": structure_id}))
        found = one_of_each(*wanted)
        account, structure = found.get(self._accounts), found.get(self._structures)
        return account_of(account) if account else None, structure_of(structure) if structure else None
