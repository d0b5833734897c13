"""Consent and terms: the decision, and the proof kept of it."""

import hashlib

import pytest

from activation.domain.consent import CORRESPONDENT_FOLLOW_UP, decide_consent
from activation.domain.errors import OutdatedVersionError
from activation.domain.ledger import Consent, ConsentEntry
from activation.domain.terms import TermsAcceptance, TermsEntry, accept_terms
from tests.builders import NOW, TEXTS


@pytest.mark.parametrize("consents", [True, False])
def test_a_refusal_is_a_line_of_the_ledger_as_a_consent_is(consents: bool) -> None:
    decision, proof = decide_consent(
        TEXTS.consent, consents=consents, text_version="1", session_id="s-1", structure_id="S1", before=None, now=NOW
    )
    assert decision == Consent(consents, "1", NOW, "S1")
    shown = hashlib.sha256(TEXTS.consent.text.encode()).hexdigest()
    assert proof == ConsentEntry(CORRESPONDENT_FOLLOW_UP, "1", shown, consents, NOW, "s-1", "web", "S1")


@pytest.mark.parametrize(("now", "decided_at"), [(NOW - 2, NOW), (NOW, NOW), (NOW + 2, NOW + 2)])
def test_no_decision_is_of_a_time_before_the_one_that_it_replaces(now: int, decided_at: int) -> None:
    before = Consent(False, "1", NOW, "S1")
    decision, proof = decide_consent(
        TEXTS.consent, consents=True, text_version="1", session_id="s-1", structure_id="S1", before=before, now=now
    )
    assert (decision.decided_at, proof.decided_at) == (decided_at, decided_at)


def test_a_decision_on_another_text_is_refused() -> None:
    with pytest.raises(OutdatedVersionError) as refused:
        decide_consent(
            TEXTS.consent, consents=True, text_version="0", session_id="s-1", structure_id="S1", before=None, now=NOW
        )
    assert refused.value.current == "1"


def test_accepted_terms_are_proven_by_the_documents_hash() -> None:
    accepted, proof = accept_terms(TEXTS.terms, version="1", session_id="s-1", now=NOW)
    assert accepted == TermsAcceptance("1", NOW)
    assert proof == TermsEntry("1", TEXTS.terms.sha256, NOW, "s-1", "web")
    assert TEXTS.terms.url == "/documents/cgu-1.pdf"


def test_other_terms_than_the_current_ones_are_refused() -> None:
    with pytest.raises(OutdatedVersionError) as refused:
        accept_terms(TEXTS.terms, version="2", session_id="s-1", now=NOW)
    assert refused.value.current == "1"
