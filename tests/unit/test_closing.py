"""Closing an account: who is over, what is left of them, and when the rest is due."""

import pytest

from activation.domain.accounts import Account, Status, close, is_over
from activation.domain.contacts import Channel
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


def test_closing_ends_access_and_leaves_no_contact_password_browser_or_undo_data() -> None:
    two = {Channel.EMAIL: MAIL, Channel.SMS: MOBILE}
    who = active(proven=two, devices={"a": 1}, session_epoch=4, journal=RosterJournal("import", NOW, 1, entry()))
    closed = close(who, now=NOW)
    assert (closed.status, closed.closed_at, closed.session_epoch) == (Status.CLOSED, NOW, 5)
    assert (closed.proven, closed.password, closed.devices, closed.owner.journal) == (
        {}, None, {}, RosterJournal("import", NOW, 1),
    )  # fmt: skip
    assert closed.owner.roster == entry(email="", mobile="")


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
