"""The consent in force, and the ledger that proves each decision (RGPD art. 7(1)). A line is never changed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Consent:
    """The decision in force: on the correspondent of that structure, and after a move on no other correspondent."""

    consents: bool
    text_version: str
    decided_at: int
    structure_id: str = ""


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """A line of the consent ledger; refusals and withdrawals are lines too."""

    purpose: str
    text_version: str
    text_sha256: str
    consents: bool
    decided_at: int
    session_id: str
    channel: str = "web"
    structure_id: str = ""

    @property
    def at(self) -> int:
        """The time of the decision (epoch seconds)."""
        return self.decided_at
