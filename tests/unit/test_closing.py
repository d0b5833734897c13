"""Closing an account: who is over, what is left of them, and when the rest is due."""

import pytest

from activation.domain.accounts import Account, ClosingRequest, FormerContacts, Status, close, is_over
from activation.domain.beneficiaries import Beneficiary, QuarantinedContact
from activation.domain.contacts import Channel, Deliverability
from activation.domain.employment import RosterJournal
from activation.domain.limits import DAY_SECONDS
from activation.domain.retention import FIVE_YEARS_SECONDS, YEAR_SECONDS, Cutoffs, DataCategory
from tests.builders import MAIL, MOBILE, NOW, active, entry, invited

GONE = entry(end_date="2026-11-22")


@pytest.mark.parametrize(
    ("who", "over"),
    [
        (invited(), False),
        (invited(roster=entry(end_date="2026-11-23")), False),
        (invited(roster=GONE), True),
        (active(roster=GONE), True),
        (invited(roster=GONE, status=Status.CLOSED), False),
    ],
    ids=["no end", "their last day", "past it", "past it, active", "closed already"],
)
def test_an_open_account_past_its_last_day_is_over(who: Account, over: bool) -> None:
    assert is_over(who, Cutoffs(NOW).today) is over


def test_closing_leaves_the_roster_entry_without_contacts_and_what_was_decided() -> None:
    who = active(
        roster=entry(shared=True),
        proven={Channel.EMAIL: MAIL, Channel.SMS: MOBILE},
        former=(FormerContacts({Channel.EMAIL: MAIL}, NOW),),
        deliverability={MAIL.value: Deliverability.COMPLAINED},
        devices={"a": 1},
        session_epoch=4,
        closing=ClosingRequest("agent", NOW),
        quarantine=(QuarantinedContact(MAIL, NOW, "agent"),),
        journal=RosterJournal("import", NOW, 1, entry()),
    )
    assert close(who, now=NOW) == Account(
        "10000001",
        Beneficiary(entry(email="", mobile=""), who.beneficiary.consent, journal=RosterJournal("import", NOW, 1)),
        Status.CLOSED,
        version=1,
        terms=who.terms,
        session_epoch=5,
        closed_at=NOW,
        undated_closing=NOW,
    )


@pytest.mark.parametrize(
    ("data", "seconds"),
    [
        (DataCategory.BEFORE_IMPORT, DAY_SECONDS),
        (DataCategory.EVENTS, YEAR_SECONDS),
        (DataCategory.CLOSED, YEAR_SECONDS),
        (DataCategory.PROOFS, FIVE_YEARS_SECONDS),
    ],
)
def test_what_is_kept_is_due_once_its_time_is_over(data: DataCategory, seconds: int) -> None:
    assert Cutoffs(NOW).of(data) == NOW - seconds
