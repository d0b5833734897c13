"""Every item that the requests of more than one person write, and how often at 2,000 starts a second.

`tests/functions/test_hot_items.py` walks different people through the product and fails on one that is not named here.
"""

import re
from dataclasses import dataclass

from activation.adapters.breaker import SHARDS
from activation.adapters.tables import LIMITS, TableSpec
from activation.domain.budgets import MOST_PARTS
from activation.domain.code_limits import BREAKER_WINDOW_SECONDS
from activation.domain.limits import ADDRESS_WINDOW_SECONDS, Limits
from infra.traffic import CALLS_OF_A_START, STARTS_AT_MOST, Traffic

MOST_WRITES = 500
"""A second, on one item: half of what DynamoDB takes on one key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HotItem:
    """An item, by what its key looks like in that table. `writes`: a second on each of its parts, at most.

    A budget's key is looked at before its scope is hashed: hashes are all alike.
    """

    name: str
    table: TableSpec = LIMITS
    key: str
    writes: float

    def is_at(self, table: str, key: str) -> bool:
        """Whether a row is this item, or one of its parts."""
        return table == self.table.name and re.fullmatch(self.key, key) is not None


_FIREWALLS_CALLS = Limits().starts_per_ip_per_5_minutes * CALLS_OF_A_START
"""Calls of one address in five minutes, as the firewall has it: past the limit they still write."""

_TRAFFIC = Traffic(STARTS_AT_MOST)

HOT_ITEMS = (
    # A code and a confirmation for each person without a mail.
    HotItem(name="SMS of the hour", key=r"message#hour#h\d+#\d+", writes=_TRAFFIC.sms / MOST_PARTS),
    HotItem(name="codes of ten minutes", key=r"wrong-codes#w\d+#\d+", writes=_TRAFFIC.typed_codes / SHARDS),
    # Only while tripped: once a window, and once for each copy of verify_code that had not read it yet.
    HotItem(
        name="switch of the breaker",
        key=r"breaker#wrong-codes",
        writes=_TRAFFIC.busy["verify_code"] / BREAKER_WINDOW_SECONDS,
    ),
    # Taken or refused; the firewall lets no more through.
    HotItem(
        name="calls of an address",
        key=r"address#[0-9a-f]{64}#i\d+",
        writes=_FIREWALLS_CALLS / ADDRESS_WINDOW_SECONDS,
    ),
)
