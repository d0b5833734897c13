"""The terms of use: their versions, an acceptance, and the entry that proves it (RGPD art. 7(1)).

`activation/texts` says which version is in force.
"""

from dataclasses import dataclass
from typing import NamedTuple

from activation.domain.errors import OutdatedVersionError


class Terms(NamedTuple):
    """One version of the terms of use: `date` is `YYYY-MM-DD`, `sha256` that of the PDF at `url`."""

    version: str
    date: str
    sha256: str

    @property
    def url(self) -> str:
        """The path of the PDF on the front."""
        return document_url(self.version)


@dataclass(frozen=True, slots=True)
class TermsAcceptance:
    """The version of the terms that the account's owner accepted last."""

    version: str
    accepted_at: int

    def covers(self, version: str) -> bool:
        """Whether that version needs no acceptance any more: if a release is taken back, nobody is asked again."""
        return int(self.version) >= int(version)


@dataclass(frozen=True, slots=True)
class TermsEntry:
    """The proof that a version of the terms was accepted."""

    version: str
    document_sha256: str
    accepted_at: int
    session_id: str
    channel: str = "web"

    @property
    def at(self) -> int:
        """The time of the acceptance (epoch seconds)."""
        return self.accepted_at


def document_url(version: str) -> str:
    """The path, on the front, of the PDF of that version of the terms; every released one stays there."""
    return f"/documents/cgu-{version}.pdf"


def accept_terms(current: Terms, *, version: str, session_id: str, now: int) -> tuple[TermsAcceptance, TermsEntry]:
    """The acceptance, and the ledger's line that proves it.

    Raises OutdatedVersionError when that version is not the current one.
    """
    if version != current.version:
        raise OutdatedVersionError(current.version)
    return TermsAcceptance(version, now), TermsEntry(version, current.sha256, now, session_id)
