"""Consent and terms: the texts shown, and the proofs kept of each decision (RGPD art. 7(1))."""

import hashlib
from dataclasses import dataclass

from activation.domain.errors import OutdatedVersionError

CORRESPONDENT_FOLLOW_UP = "correspondent_follow_up"
"""The purpose of the only consent asked: that the correspondent follows the person's benefit requests."""


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The text that a person reads before deciding."""

    version: str
    text: str

    @property
    def sha256(self) -> str:
        """The SHA-256 (hexadecimal) of the text shown, in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()


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


@dataclass(frozen=True, slots=True)
class Consent:
    """The decision in force: about the correspondent of that structure, and nobody's after a move."""

    consents: bool
    text_version: str
    decided_at: int
    structure_id: str = ""


@dataclass(frozen=True, slots=True)
class TermsAcceptance:
    """The version of the terms in force for a person."""

    version: str
    accepted_at: int

    def covers(self, version: str) -> bool:
        """Whether that version needs no acceptance any more: a release that is taken back asks nobody again."""
        return int(self.version) >= int(version)


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """A line of the consent ledger: never changed, never removed; refusals and withdrawals are lines too."""

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
        """When it was decided."""
        return self.decided_at


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
        """When they were accepted."""
        return self.accepted_at


def decide_consent(
    shown: ConsentText, *, consents: bool, text_version: str, session_id: str, structure_id: str, now: int
) -> tuple[Consent, ConsentEntry]:
    """The decision on the correspondent of that structure, and its proof.

    Raises OutdatedVersionError when the text read is not the current one.
    """
    if text_version != shown.version:
        raise OutdatedVersionError(shown.version)
    entry = ConsentEntry(
        CORRESPONDENT_FOLLOW_UP,
        shown.version,
        shown.sha256,
        consents,
        now,
        session_id,
        structure_id=structure_id,
    )
    return Consent(consents, shown.version, now, structure_id), entry


def accept_terms(current: Terms, *, version: str, session_id: str, now: int) -> tuple[TermsAcceptance, TermsEntry]:
    """The acceptance and its proof. Raises OutdatedVersionError when that version is not the current one."""
    if version != current.version:
        raise OutdatedVersionError(current.version)
    return TermsAcceptance(version, now), TermsEntry(version, current.sha256, now, session_id)
