"""What a correspondent is shown of somebody, its version, and whether they can be reached."""

from dataclasses import replace
from functools import partial

import pytest

from activation.domain.accounts import Account, close
from activation.domain.code_recipients import mark_contact
from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.desk import correct_contact, lift_marks
from activation.domain.employment import RosterEntry
from activation.domain.errors import NothingToLiftError
from activation.domain.roster.columns import Column
from activation.domain.roster.comparison import ChangeKind, StoredPerson, compare, still_bounced
from activation.domain.roster.declared import declared_row, given_to_desk, version_of
from activation.domain.roster.rows import STRUCTURE_FIELDS
from activation.domain.standing import Standing
from activation.domain.times import day_of_rights
from tests.builders import MAIL, MOBILE, NOW, WORK_MAIL, active, active_correspondent, changed, entry, invited
from tests.unit.refusals import refused

OTHERS = [
    *(
        entry(last_name="Durand"),
        entry(usage_name="Durand"),
        entry(first_name="Lou"),
        entry(email=""),
        entry(mobile=""),
    ),
    *(entry(structure_id="S2"), entry(end_date="2027-01-31"), entry(start_date="2020-09-01"), entry(desk_email=True)),
    entry(desk_mobile=True),
]


def stored(roster: RosterEntry) -> StoredPerson:
    account = invited(roster=roster)
    return StoredPerson(account.beneficiary.roster, account.status, account.version)


def test_what_the_roster_says_is_shown_by_column() -> None:
    who = {Column.LAST_NAME: "Garcia", Column.FIRST_NAME: "Louis", Column.STRUCTURE_ID: "S1"}
    reached = {Column.EMAIL: MAIL.value, Column.MOBILE: MOBILE.value}
    blank = dict.fromkeys((Column.USAGE_NAME, Column.START_DATE, Column.END_DATE), "")
    assert declared_row(entry()) == {**who, **reached, **blank}


def test_every_column_that_tells_of_a_person_is_shown_and_each_counts_in_the_version() -> None:
    assert {Column.IDENTIFIER, *declared_row(entry())} == set(Column) - set(STRUCTURE_FIELDS)
    versions = [version_of(one) for one in (entry(), *OTHERS)]
    assert len(set(versions)) == len(versions)
    assert version_of(entry()) == version_of(replace(entry(email="x"), email=MAIL.value))
    assert version_of(entry(first_name="Zoé \udc80")) == "2b7a420ce8d5254a34f6d78acca2a5c4"  # pages outlive releases


def test_what_is_not_shown_has_no_part_in_the_version() -> None:
    assert version_of(entry(shared=True)) == version_of(entry())
    one, other = (entry(desk_email=True, email=email) for email in ("a@exemple.fr", "b@exemple.fr"))
    assert version_of(one) == version_of(other)


GIVEN = [
    (Contact(Channel.EMAIL, "louis@chez-lui.example"), Column.EMAIL),
    (Contact(Channel.SMS, "+33698765432"), Column.MOBILE),
]


@pytest.mark.parametrize(("contact", "column"), GIVEN)
def test_a_contact_that_the_person_gave_to_the_desk_is_not_shown(contact: Contact, column: Column) -> None:
    roster = correct_contact(invited(), contact, agent="claire", now=NOW).beneficiary.roster
    assert (given_to_desk(roster), declared_row(roster)) == ((column,), {**declared_row(entry()), column: None})
    assert contact.value not in str(declared_row(roster))


def test_it_stays_unshown_until_the_employer_declares_another() -> None:
    given = entry(email="louis@chez-lui.example", desk_email=True)
    now = partial(compare, "10000001", today=day_of_rights(NOW))
    again = now(entry(email="Louis@Chez-Lui.example"), stored(given))
    assert given_to_desk(again.entry) == (Column.EMAIL,)
    unsaid = now(entry(email=""), stored(given), unsaid=(Column.EMAIL,))
    assert (unsaid.kind, unsaid.entry) == (ChangeKind.UNCHANGED, given)
    other = now(entry(), stored(given))
    assert (given_to_desk(other.entry), other.entry) == ((), entry())
    assert given_to_desk(now(entry(), stored(entry(desk_mobile=True))).entry) == (Column.MOBILE,)


WHOEVER = pytest.mark.parametrize("who", [invited(), active(), active(proven={Channel.SMS: MOBILE})])


def bounced(who: Account, value: str = MAIL.value) -> Account:
    return mark_contact(who, value, Deliverability.UNDELIVERABLE)


@WHOEVER
def test_whoever_has_no_contact_in_the_roster_is_missing_whatever_they_proved(who: Account) -> None:
    assert changed(who, roster=entry(email="", mobile="")).beneficiary.standing is Standing.MISSING
    assert changed(who, roster=entry(email="")).beneficiary.standing is Standing.FINE
    assert changed(who, roster=entry(email="", mobile=""), has_bounced=True).beneficiary.standing is Standing.MISSING


@WHOEVER
def test_a_contact_of_the_roster_that_comes_back_is_told(who: Account) -> None:
    assert bounced(who).beneficiary.standing is Standing.BOUNCED
    assert bounced(who, MAIL.value.upper()).beneficiary.standing is Standing.BOUNCED
    assert mark_contact(who, MAIL.value, Deliverability.COMPLAINED).beneficiary.standing is Standing.FINE
    assert not close(bounced(who), now=NOW).beneficiary.has_bounced
    own = Contact(Channel.EMAIL, "louis@chez-lui.example")  # given by its owner, or to the desk
    assert bounced(active(proven={Channel.EMAIL: own}), own.value).beneficiary.standing is Standing.FINE
    assert correct_contact(bounced(invited()), own, agent="claire", now=NOW).beneficiary.standing is Standing.FINE
    given_again = changed(bounced(active()), has_bounced=False)  # it may come back again
    assert bounced(given_again).beneficiary.standing is Standing.BOUNCED


@WHOEVER
def test_it_is_told_until_the_desk_lifts_it(who: Account) -> None:
    unwanted = {MOBILE.value: Deliverability.COMPLAINED}
    back = lift_marks(bounced(changed(who, deliverability=unwanted)))
    assert (back.beneficiary.standing, back.deliverability) == (Standing.FINE, unwanted)
    refused(NothingToLiftError, lift_marks, back)


STANDS = [
    (entry(), True),
    (entry(last_name="Durand"), True),
    (entry(email=MAIL.value.upper()), True),
    (entry(mobile=""), True),
    (entry(email="louis@exemple.fr"), False),
    (entry(mobile="+33698765432"), False),
]


@pytest.mark.parametrize(("after", "stands"), STANDS)
def test_what_came_back_stands_until_the_roster_gives_another_contact(after: RosterEntry, *, stands: bool) -> None:
    assert still_bounced(has_bounced=True, before=entry(), after=after) is stands
    assert not still_bounced(has_bounced=False, before=entry(), after=after)


def test_of_a_correspondents_own_contacts_nobody_else_is_told() -> None:
    claire = active_correspondent()
    back = bounced(claire, WORK_MAIL.value)
    assert (back.owner, back.deliverability) == (claire.owner, {WORK_MAIL.value: Deliverability.UNDELIVERABLE})
    assert lift_marks(back) == claire
