"""What a correspondent may know."""

import pytest

from activation.domain.accounts import Account, Status
from activation.domain.activation_funnel import Figures, FunnelStage, cells_of, count
from activation.domain.consent import Correspondent, consent_allows
from activation.domain.ledger import Consent
from tests.builders import NOW, active, entry, invited

OURS = Correspondent("S1")


@pytest.mark.parametrize(
    ("correspondent", "who", "allowed"),
    [
        (OURS, active(), True),
        (Correspondent("S2"), active(), False),
        (OURS, active(roster=entry(structure_id="S2")), False),
        (OURS, active(consent=Consent(consents=False, text_version="1", decided_at=NOW, structure_id="S1")), False),
        (Correspondent("S2"), active(roster=entry(structure_id="S2")), False),
        (OURS, active(consent=None), False),
        (OURS, invited(), False),
        (OURS, active(status=Status.CLOSED), False),
    ],
)
def test_only_consent_opens_a_person_and_only_to_their_own_correspondent(
    correspondent: Correspondent, who: Account, allowed: bool
) -> None:
    assert consent_allows(correspondent, who) is allowed


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
