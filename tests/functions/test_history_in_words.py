"""The history in words that a person understands, whatever was recorded."""

from tests.functions.people import ACCOUNT, CONSENT, LOUIS
from tests.functions.visitor import Visitor
from tests.functions.world import World

HISTORY = f"{ACCOUNT}/history"


def test_a_withdrawal_reads_otherwise_than_a_first_refusal(louis: Visitor) -> None:
    for consents in (False, False, True):
        louis.put(CONSENT, {"consents": consents, "text_version": "1"})
    said = [event["label"] for event in louis.get(HISTORY).body["events"] if event["kind"] == "consent"]
    assert [label.split(" au ")[0] for label in said] == [
        "Vous avez consenti",
        "Vous n'avez pas consenti",
        "Vous avez retiré votre consentement",
        "Vous avez consenti",
    ]


def test_an_event_of_a_release_that_was_taken_back_is_no_fault(world: World, louis: Visitor) -> None:
    world.deployment.dynamodb.put_item(
        TableName="accounts",
        Item={
            "identifier": {"S": LOUIS.identifier},
            "record": {"S": "EVENT#2026-11-24T09:31:00Z#00"},
            "kind": {"S": "something_new"},
            "at": {"N": str(world.now)},
        },
    )
    assert "Activité sur votre compte" in [event["label"] for event in louis.get(HISTORY).body["events"]]
    assert louis.get(f"{ACCOUNT}/export").status == 200
