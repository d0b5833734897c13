"""What a correspondent may know."""

import pytest

from activation.domain.accounts import Account, Status
from activation.domain.activation_funnel import Figures, FunnelStage, cells_of, count
from activation.domain.consent import consent_allows
from activation.domain.correspondents import LinkedStructure
from activation.domain.employment import Structure
from activation.domain.ledger import Consent
from tests.builders import NOW, active, correspondent, entry, invited

OURS = correspondent(structures=("S1",))
OURS_OF_ANOTHER = correspondent(structures=("S2",))


@pytest.mark.parametrize(
    ("who_asks", "who", "allowed"),
    [
        (OURS, active(), True),
        (OURS_OF_ANOTHER, active(), False),
        (OURS, active(roster=entry(structure_id="S2")), False),
        (OURS, active(consent=Consent(consents=False, text_version="1", decided_at=NOW, structure_id="S1")), False),
        (OURS_OF_ANOTHER, active(roster=entry(structure_id="S2")), False),
        (OURS, active(consent=None), False),
        (OURS, invited(), False),
        (OURS, active(status=Status.CLOSED), False),
    ],
)
def test_only_consent_opens_a_person_and_only_to_their_own_correspondent(
    who_asks: Account, who: Account, allowed: bool
) -> None:
    structure = LinkedStructure(Structure("S1", "Mairie de Mondomaine"), (OURS.identifier,))
    assert consent_allows(who_asks, structure, who) is allowed


def test_the_consent_of_a_person_opens_nothing_to_who_does_not_answer_for_their_structure_in_both_rows() -> None:
    structure = LinkedStructure(Structure("S1", "Mairie de Mondomaine"))
    assert not consent_allows(OURS, structure, active())
    assert not consent_allows(active(), LinkedStructure(structure.structure, ("10000001",)), active())


def test_people_are_counted_by_structure_and_how_far_they_came() -> None:
    people = [
        FunnelStage("S2", Status.INVITED),
        FunnelStage("S1", Status.INVITED),
        FunnelStage("S1", Status.INVITED, was_sent_a_code=True),
        FunnelStage("S1", Status.INVITED, was_sent_a_code=True, got_a_code=True),
        FunnelStage("S1", Status.ACTIVE),
        FunnelStage("S1", Status.CLOSED, was_sent_a_code=True),
        FunnelStage("S1", Status.ACTIVE),
        FunnelStage("S1", Status.INVITED),
    ]
    assert count(people) == [Figures("S1", 6, 4, 3, 2), Figures("S2", 1, 0, 0, 0)]
    assert Figures("S1", 7, 3, 2, 3).share == 42


def test_figures_of_fewer_than_five_people_say_only_how_many() -> None:
    assert cells_of(Figures("S1", 4, 3, 2, 1)) == ("S1", "4", "", "", "", "")
    assert cells_of(Figures("S1", 5, 3, 2, 1)) == ("S1", "5", "3", "2", "1", "20")
