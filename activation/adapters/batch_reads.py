"""Reads of several rows in one call (see `activation.domain.ports`, and `StructureReads` of correspondents)."""

from collections.abc import Sequence

from activation.adapters.accounts import account_key, account_of, structure_of
from activation.adapters.counters import throttle_scope, throttle_state_of
from activation.adapters.dynamodb import Table, from_attributes, one_of_each, read_together, to_attributes
from activation.adapters.flows import flow_of
from activation.adapters.links import linked_structure_of
from activation.adapters.sessions import session_of
from activation.domain.accounts import Account
from activation.domain.correspondents import LinkedStructure
from activation.domain.employment import Structure
from activation.domain.limits import ThrottleState
from activation.domain.outbox import OutboxMessage
from activation.domain.ports import DeliveryContext
from activation.domain.sessions import Session


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
    """Reads the lock together with the account, so that step 3 waits for one call instead of two."""

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


class DynamoStructureReads:
    """Two calls to DynamoDB instead of four: a correspondent turns over pages of people."""

    def __init__(self, sessions: Table, structures: Table, accounts: Table) -> None:
        self._sessions = sessions
        self._structures = structures
        self._accounts = accounts

    def session_and_structure(
        self, token_hash: str, structure_id: str
    ) -> tuple[Session | None, LinkedStructure | None]:
        found = one_of_each(
            (self._sessions, {"token_hash": token_hash}), (self._structures, {"structure_id": structure_id})
        )
        session, structure = found.get(self._sessions), found.get(self._structures)
        return session_of(session) if session else None, linked_structure_of(structure) if structure else None

    def account_and_people(self, identifier: str, people: Sequence[str]) -> tuple[Account | None, list[Account]]:
        keys = [to_attributes(account_key(one)) for one in dict.fromkeys((identifier, *people))]
        asked = {self._accounts.name: {"Keys": keys, "ConsistentRead": True}}
        rows = map(from_attributes, read_together(self._accounts.client, asked)[self._accounts.name])
        found = {row["identifier"]: account_of(row) for row in rows}
        return found.get(identifier), [found[one] for one in people if one in found]
