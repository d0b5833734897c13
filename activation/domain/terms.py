"""The terms of use: which version is in force, and its acceptance.

Whether somebody has to accept again is in `ledger.TermsAcceptance.covers`.
"""

from dataclasses import dataclass

from activation.domain.errors import OutdatedVersionError
from activation.domain.ledger import TermsAcceptance, TermsEntry


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of the terms of use: `date` is `YYYY-MM-DD`, `sha256` that of the PDF at `url`."""

    version: str
    date: str
    sha256: str

    @property
    def url(self) -> str:
        """The path of the PDF on the front."""
        return document_url(self.version)


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
