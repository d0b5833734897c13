"""Where a visitor stands, and what the next page shows."""

import pytest

from activation.domain.accounts import Account
from activation.domain.contacts import Channel
from activation.domain.errors import NextStep
from activation.domain.flows import FlowState, Purpose
from activation.domain.steps import OfferedContacts, Step, offered_contacts, step_of_account, step_of_flow
from activation.domain.terms import TermsAcceptance
from tests.builders import MAIL, MOBILE, NOW, TEXTS, active, entry, flow

UNDECIDED = active(consent=None, channel=None, terms=None)
CONSENTED = active(channel=None, terms=None)
CHOSEN = active(terms=None)
PENDING = flow(Purpose.CONTACT)


def test_the_step_of_a_flow_is_the_flows() -> None:
    proven = flow(state=FlowState.VERIFIED)
    assert step_of_flow(proven) == Step(NextStep.SET_PASSWORD, proven)


@pytest.mark.parametrize(
    ("who", "step"),
    [
        (UNDECIDED, Step(NextStep.GIVE_CONSENT, consent=TEXTS.consent)),
        (
            CONSENTED,
            Step(NextStep.CHOOSE_CHANNEL, contacts=OfferedContacts(MAIL.value, MOBILE.value, (Channel.EMAIL,))),
        ),
        (CHOSEN, Step(NextStep.ACCEPT_TERMS, terms=TEXTS.terms)),
        (active(terms=TermsAcceptance("0", NOW)), Step(NextStep.ACCEPT_TERMS, terms=TEXTS.terms, replaces="0")),
        (active(), Step(NextStep.HOME)),
    ],
)
def test_each_step_brings_what_its_page_shows_and_no_more(who: Account, step: Step) -> None:
    assert step_of_account(who, TEXTS) == step


@pytest.mark.parametrize("who", [CONSENTED, CHOSEN])
def test_before_home_a_contact_to_prove_comes_first(who: Account) -> None:
    contacts = offered_contacts(who)
    assert step_of_account(who, TEXTS, pending=PENDING) == Step(NextStep.VERIFY_CONTACT, PENDING, contacts=contacts)


def test_from_home_on_a_contact_to_prove_waits_beside() -> None:
    assert step_of_account(active(), TEXTS, pending=PENDING) == Step(NextStep.HOME)


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        (active(roster=entry(email="", mobile="")), OfferedContacts(MAIL.value, None, (Channel.EMAIL,))),
        (
            active(roster=entry(mobile="+33698765432"), proven={Channel.SMS: MOBILE}),
            OfferedContacts(MAIL.value, MOBILE.value, (Channel.SMS,)),
        ),
        (
            active(roster=entry(email="old@exemple.fr", mobile="+33698765432"), proven={Channel.EMAIL: MAIL}),
            OfferedContacts(MAIL.value, "+33698765432", (Channel.EMAIL,)),
        ),
    ],
    ids=["only what is proven", "the roster's mail and the proven mobile", "the proven mail before the roster's"],
)
def test_the_choice_is_prefilled_with_proven_contacts_and_the_rosters_others(
    who: Account, offered: OfferedContacts
) -> None:
    assert offered_contacts(who) == offered
