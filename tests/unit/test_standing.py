"""What a correspondent is shown of who can be reached, which tells nothing of who activated."""

import pytest

from activation.domain.accounts import Account, close
from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.desk import correct_contact, lift_marks
from activation.domain.errors import NothingToLiftError
from activation.domain.recipients import mark_contact
from activation.domain.roster.comparison import still_bounced
from activation.domain.standing import Standing
from tests.builders import MAIL, MOBILE, NOW, WORK_MAIL, active, active_correspondent, changed, entry, invited

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


def test_a_contact_that_only_its_owner_gave_is_not_told() -> None:
    own = Contact(Channel.EMAIL, "louis@chez-lui.example")
    assert bounced(active(proven={Channel.EMAIL: own}), own.value).beneficiary.standing is Standing.FINE


@WHOEVER
def test_it_is_told_until_the_desk_lifts_it(who: Account) -> None:
    back = lift_marks(bounced(who))
    assert (back.beneficiary.standing, back.deliverability) == (Standing.FINE, {})
    with pytest.raises(NothingToLiftError):
        lift_marks(back)


def test_a_contact_that_the_desk_corrected_has_not_come_back() -> None:
    other = Contact(Channel.EMAIL, "louis@exemple.fr")
    assert correct_contact(bounced(invited()), other, agent="claire", now=NOW).beneficiary.standing is Standing.FINE


def test_a_closed_account_keeps_nothing_of_it() -> None:
    assert not close(bounced(active()), now=NOW).beneficiary.has_bounced


@pytest.mark.parametrize(
    ("after", "stands"),
    [
        (entry(), True),
        (entry(last_name="Durand"), True),
        (entry(email=MAIL.value.upper()), True),
        (entry(mobile=""), True),
        (entry(email="louis@exemple.fr"), False),
        (entry(mobile="+33698765432"), False),
    ],
)
def test_what_came_back_stands_until_the_roster_gives_another_contact(after: object, *, stands: bool) -> None:
    before = entry()
    assert still_bounced(has_bounced=True, before=before, after=after) is stands  # type: ignore[arg-type]  # an entry
    assert not still_bounced(has_bounced=False, before=before, after=after)  # type: ignore[arg-type]  # an entry


def test_of_a_correspondents_own_contacts_nobody_else_is_told() -> None:
    claire = active_correspondent()
    back = bounced(claire, WORK_MAIL.value)
    assert (back.owner, back.deliverability) == (claire.owner, {WORK_MAIL.value: Deliverability.UNDELIVERABLE})
    assert lift_marks(back) == claire


def test_a_beneficiary_has_a_first_name() -> None:
    assert invited().beneficiary.first_name == "Louis"
