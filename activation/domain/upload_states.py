"""How far a file that a correspondent sent may come; apart from `uploads`, as every start of `account` imports it."""

from enum import StrEnum


class UploadState(StrEnum):
    """How far an upload has come."""

    CHECKING = "checking"
    REFUSED = "refused"
    CHECKED = "checked"
    EXPIRED = "expired"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"
