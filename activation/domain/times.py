"""Times as the product shows them. Inside, every time is an integer of epoch seconds."""

from datetime import UTC, datetime


def rfc3339(epoch: int) -> str:
    """The time in RFC 3339, UTC, to the second: `2026-11-24T09:30:00Z`."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day_of(epoch: int) -> str:
    """The UTC day of that time: `2026-11-24`."""
    return rfc3339(epoch)[:10]
