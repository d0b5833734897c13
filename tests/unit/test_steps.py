"""Where a visitor stands, what the next page shows, and the proof that is kept of a decision."""

import hashlib
from functools import partial
from typing import Any

import pytest

from activation.domain.accounts import Account
from activation.domain.consent import CORRESPONDENT_FOLLOW_UP, decide_consent
from activation.domain.contacts import Channel
from activation.domain.errors import NextStep, OutdatedVersionError
from activation.domain.flows import FlowState, Purpose
from activation.domain.ledger import Consent, ConsentEntry
from activation.domain.steps import OfferedContacts, Step, offered_contacts, step_of_account, step_of_flow
from activation.domain.terms import TermsAcceptance, TermsEntry, accept_terms
from tests.builders import MAIL, MOBILE, NOW, TEXTS, active, entry, flow
from tests.unit.refusals import refused

UNDECIDED = active(consent=None, channel=None, terms=None)
CONSENTED = active(channel=None, terms=None)
CHOSEN = active(terms=None, consent=Consent(consents=False, text_version="1", decided_at=NOW))
PENDING = flow(Purpose.CONTACT)


def test_the_step_of_a_flow_is_the_flows() -> None:
    proven = flow(state=FlowState.VERIFIED)
    assert step_of_flow(proven) == Step(NextStep.SET_PASSWORD, proven)


SHOWN = [
    (UNDECIDED, Step(NextStep.GIVE_CONSENT, consent=TEXTS.consent)),
    (CONSENTED, Step(NextStep.CHOOSE_CHANNEL, contacts=OfferedContacts(MAIL.value, MOBILE.value, (Channel.EMAIL,)))),
    (CHOSEN, Step(NextStep.ACCEPT_TERMS, terms=TEXTS.terms)),
    (active(terms=TermsAcceptance("0", NOW)), Step(NextStep.ACCEPT_TERMS, terms=TEXTS.terms, replaces="0")),
    (active(consent=None, terms=None), Step(NextStep.GIVE_CONSENT, consent=TEXTS.consent)),
    (active(), Step(NextStep.HOME)),
    (active(consent=None, channel=None), Step(NextStep.HOME)),
]


@pytest.mark.parametrize(("who", "step"), SHOWN)
def test_each_step_asks_for_the_first_thing_missing_and_brings_what_its_page_shows(who: Account, step: Step) -> None:
    assert step_of_account(who, TEXTS) == step


@pytest.mark.parametrize("who", [CONSENTED, CHOSEN])
def test_before_home_a_contact_to_verify_comes_first(who: Account) -> None:
    contacts = offered_contacts(who)
    assert step_of_account(who, TEXTS, pending=PENDING) == Step(NextStep.VERIFY_CONTACT, PENDING, contacts=contacts)


def test_from_home_on_a_contact_to_verify_waits_beside() -> None:
    assert step_of_account(active(), TEXTS, pending=PENDING) == Step(NextStep.HOME)


OTHER = "+33698765432"
OFFERED = [
    (active(roster=entry(email="", mobile="")), (MAIL.value, None, (Channel.EMAIL,))),
    (active(roster=entry(mobile=OTHER), proven={Channel.SMS: MOBILE}), (MAIL.value, MOBILE.value, (Channel.SMS,))),
    (active(roster=entry(email="old@exemple.fr", mobile=OTHER)), (MAIL.value, OTHER, (Channel.EMAIL,))),
]


@pytest.mark.parametrize(("who", "offered"), OFFERED)
def test_the_choice_is_prefilled_with_proven_contacts_and_the_rosters(who: Account, offered: tuple[Any, ...]) -> None:
    assert offered_contacts(who) == OfferedContacts(*offered)


OF_THIS_SESSION = partial(decide_consent, TEXTS.consent, session_id="s-1", structure_id="S1")
decide = partial(OF_THIS_SESSION, consents=True, text_version="1", before=None, now=NOW)


@pytest.mark.parametrize("consents", [True, False])
def test_a_refusal_is_a_line_of_the_ledger_as_a_consent_is(consents: bool) -> None:
    decision, proof = decide(consents=consents)
    assert decision == Consent(consents, "1", NOW, "S1")
    shown = hashlib.sha256(TEXTS.consent.text.encode()).hexdigest()
    assert proof == ConsentEntry(CORRESPONDENT_FOLLOW_UP, "1", shown, consents, NOW, "s-1", "web", "S1")


@pytest.mark.parametrize(("now", "decided_at"), [(NOW - 2, NOW), (NOW, NOW), (NOW + 2, NOW + 2)])
def test_no_decision_is_of_a_time_before_the_one_that_it_replaces(now: int, decided_at: int) -> None:
    decision, proof = decide(now=now, before=Consent(False, "1", NOW, "S1"))
    assert (decision.decided_at, proof.decided_at) == (decided_at, decided_at)


def test_accepted_terms_are_proven_by_the_documents_hash() -> None:
    accepted, proof = accept_terms(TEXTS.terms, version="1", session_id="s-1", now=NOW)
    assert accepted == TermsAcceptance("1", NOW)
    assert proof == TermsEntry("1", TEXTS.terms.sha256, NOW, "s-1", "web")
    assert TEXTS.terms.url == "/documents/cgu-1.pdf"


def test_a_decision_on_another_text_and_other_terms_than_the_current_ones_are_refused() -> None:
    assert refused(OutdatedVersionError, decide, text_version="0").current == "1"
    other = refused(OutdatedVersionError, accept_terms, TEXTS.terms, version="2", session_id="s-1", now=NOW)
    assert other.current == "1"
