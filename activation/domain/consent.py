"""Consent to the correspondent's following of benefit requests: asked, decided, proven, and what it allows."""

import hashlib
from typing import NamedTuple

from activation.domain.accounts import Account, Status
from activation.domain.correspondents import LinkedStructure, answers_for
from activation.domain.errors import OutdatedVersionError
from activation.domain.ledger import Consent, ConsentEntry

CORRESPONDENT_FOLLOW_UP = "correspondent_follow_up"
"""The purpose of the only consent that is asked: that the correspondent follows the person's benefit requests."""


class ConsentText(NamedTuple):
    """The text that a person reads before deciding."""

    version: str
    text: str

    @property
    def sha256(self) -> str:
        """The SHA-256 (hexadecimal) of the text shown, in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def decide_consent(
    shown: ConsentText,
    *,
    consents: bool,
    text_version: str,
    session_id: str,
    structure_id: str,
    before: Consent | None,
    now: int,
) -> tuple[Consent, ConsentEntry]:
    """The decision on the correspondent of that structure, and the ledger's line that proves it.

    Consent may be given and withdrawn at any time, as often as the person likes: each decision is a line of its own. No
    decision is dated before the one that it replaces (`before`), though its call may have begun earlier: the last line
    is the consent in force. Raises OutdatedVersionError when the text read is not the current one.
    """
    if text_version != shown.version:
        raise OutdatedVersionError(shown.version)
    decided_at = max(now, before.decided_at) if before else now
    entry = ConsentEntry(
        CORRESPONDENT_FOLLOW_UP,
        shown.version,
        shown.sha256,
        consents,
        decided_at,
        session_id,
        structure_id=structure_id,
    )
    return Consent(consents, shown.version, decided_at, structure_id), entry


def correspondent_may_see_requests(account: Account) -> bool:
    """Whether the correspondent may follow the owner's benefit requests: only on the consent in force.

    After a move to another employer nobody there may, until the person consents anew.
    """
    consent = account.beneficiary.consent
    if account.status is not Status.ACTIVE or consent is None:
        return False
    return consent.consents and consent.structure_id == account.beneficiary.roster.structure_id


def consent_allows(correspondent: Account, structure: LinkedStructure, account: Account) -> bool:
    """Whether the correspondent may follow this person's requests.

    Only a correspondent of the person's own `structure` may, and only while the person consents.
    """
    is_theirs = account.beneficiary.roster.structure_id == structure.structure_id
    return is_theirs and answers_for(correspondent, structure) and correspondent_may_see_requests(account)
