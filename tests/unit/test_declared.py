"""What a correspondent is shown of somebody, and its version."""

from dataclasses import replace
from itertools import pairwise

import pytest

from activation.domain.contacts import Channel, Contact
from activation.domain.desk import correct_contact
from activation.domain.employment import RosterEntry
from activation.domain.roster.columns import Column
from activation.domain.roster.comparison import ChangeKind, StoredPerson, compare
from activation.domain.roster.declared import declared_row, given_to_desk, version_of
from activation.domain.roster.rows import STRUCTURE_FIELDS
from activation.domain.times import day_of_rights
from tests.builders import MAIL, MOBILE, NOW, entry, invited

OTHERS = [
    entry(last_name="Durand"),
    entry(usage_name="Durand"),
    entry(first_name="Lou"),
    entry(email=""),
    entry(mobile=""),
    entry(structure_id="S2"),
    entry(end_date="2027-01-31"),
    entry(start_date="2020-09-01"),
    entry(desk_email=True),
    entry(desk_mobile=True),
]


def stored(roster: RosterEntry) -> StoredPerson:
    account = invited(roster=roster)
    return StoredPerson(account.beneficiary.roster, account.status, account.version)


def test_what_the_roster_says_is_shown_by_column() -> None:
    assert declared_row(entry()) == {
        Column.LAST_NAME: "Garcia",
        Column.USAGE_NAME: "",
        Column.FIRST_NAME: "Louis",
        Column.EMAIL: MAIL.value,
        Column.MOBILE: MOBILE.value,
        Column.STRUCTURE_ID: "S1",
        Column.START_DATE: "",
        Column.END_DATE: "",
    }


def test_every_column_that_tells_of_a_person_is_shown() -> None:
    assert {Column.IDENTIFIER, *declared_row(entry())} == set(Column) - set(STRUCTURE_FIELDS)


def test_a_version_is_another_for_whatever_is_shown_otherwise_and_the_same_for_the_same() -> None:
    versions = [version_of(one) for one in (entry(), *OTHERS)]
    assert len(set(versions)) == len(versions)
    assert version_of(entry()) == version_of(replace(entry(email="x"), email=MAIL.value))


def test_what_is_not_shown_has_no_part_in_the_version() -> None:
    assert version_of(entry(shared=True)) == version_of(entry())
    given = [entry(desk_email=True, email=email) for email in ("a@exemple.fr", "b@exemple.fr")]
    assert [version_of(before) == version_of(after) for before, after in pairwise(given)] == [True]


@pytest.mark.parametrize(
    ("contact", "column"),
    [
        (Contact(Channel.EMAIL, "louis@chez-lui.example"), Column.EMAIL),
        (Contact(Channel.SMS, "+33698765432"), Column.MOBILE),
    ],
)
def test_a_contact_that_the_person_gave_to_the_desk_is_not_shown(contact: Contact, column: Column) -> None:
    roster = correct_contact(invited(), contact, agent="claire", now=NOW).beneficiary.roster
    assert given_to_desk(roster) == (column,)
    assert declared_row(roster) == {**declared_row(entry()), column: None}
    assert contact.value not in str(declared_row(roster))


def test_it_stays_unshown_until_the_employer_declares_another() -> None:
    given = entry(email="louis@chez-lui.example", desk_email=True)
    today = day_of_rights(NOW)
    again = compare("10000001", entry(email="Louis@Chez-Lui.example"), stored(given), today=today)
    assert given_to_desk(again.entry) == (Column.EMAIL,)
    unsaid = compare("10000001", entry(email=""), stored(given), today=today, unsaid=(Column.EMAIL,))
    assert (unsaid.kind, unsaid.entry) == (ChangeKind.UNCHANGED, given)
    other = compare("10000001", entry(), stored(given), today=today)
    assert (given_to_desk(other.entry), other.entry) == ((), entry())
    mobile = compare("10000001", entry(), stored(entry(desk_mobile=True)), today=today)
    assert given_to_desk(mobile.entry) == (Column.MOBILE,)
