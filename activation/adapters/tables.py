"""The seven tables, as data: read by the infrastructure, the adapters and the tests."""

from typing import NamedTuple


class IndexSpec(NamedTuple):
    """A secondary index of a table: the keys of the rows that have both attributes, which are strings."""

    name: str
    partition_key: str
    sort_key: str


class TableSpec(NamedTuple):
    """A DynamoDB table; every key is a string. `time_to_live` names the attribute with the expiry in epoch seconds."""

    name: str
    partition_key: str
    sort_key: str | None = None
    time_to_live: str | None = None
    stream: bool = False
    recoverable: bool = False
    """Whether it has point-in-time recovery and deletion protection, as its data cannot be made again."""
    indexes: tuple[IndexSpec, ...] = ()

    @property
    def setting(self) -> str:
        """The environment variable with the deployed table's name."""
        return f"{self.name.upper()}_TABLE"


BY_LAST_NAME = IndexSpec("by_last_name", "structure_id", "folded_last_name")
BY_USAGE_NAME = IndexSpec("by_usage_name", "structure_id", "folded_usage_name")
BY_STANDING = IndexSpec("by_standing", "structure_id", "standing")
"""People who are not closed: `missing`, `bounced` or `fine`, `#` and the folded last name (docs/adr/0040)."""

MAIL_PREFIX = "MAIL#"
"""The start of the partition keys of those rows of `accounts` that say which account has a work mail."""

ACCOUNTS = TableSpec(
    "accounts", "identifier", "record", recoverable=True, indexes=(BY_LAST_NAME, BY_USAGE_NAME, BY_STANDING)
)
STRUCTURES = TableSpec("structures", "structure_id", recoverable=True)
FLOWS = TableSpec("pending_codes", "flow_id", time_to_live="ends_at")  # each awaits a code
SESSIONS = TableSpec("sessions", "token_hash", time_to_live="expires_at")
LIMITS = TableSpec("limits", "scope", time_to_live="expires_at")
OUTBOX = TableSpec("outbox", "message_id", time_to_live="expires_at", stream=True)

BY_QUEUE = IndexSpec("by_queue", "queue", "queued_at")
BY_DUE = IndexSpec("by_due", "due_on", "record")

REQUESTS = TableSpec("requests", "identifier", "record", recoverable=True, indexes=(BY_QUEUE, BY_DUE))

TABLES = (ACCOUNTS, STRUCTURES, FLOWS, SESSIONS, LIMITS, OUTBOX, REQUESTS)
