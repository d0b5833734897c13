"""The back office's file of states, from the bucket to who is told of it, and taken back."""

from datetime import UTC, datetime, timedelta

import pytest

from activation.domain.roster.imports import STATES, UploadOption
from local.roster import Rosters
from local.running import running_on
from tests.in_memory.states import as_states, said
from tests.people import come_home, invite
from tests.stack import Stack
from tests.visitor import Visitor, await_message


@pytest.fixture
def states(product: Stack) -> Rosters:
    return Rosters(running_on(product.deployment), folder=STATES)


def day(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def listed(visitor: Visitor) -> list[tuple[str, str]]:
    answer = visitor.get("/api/requests")
    return [(each["kind"], each["state"]) for each in answer.body["requests"]]


def test_a_file_of_states_is_checked_applied_and_undone(product: Stack, states: Rosters) -> None:
    someone = invite(product)
    visitor = come_home(product, someone)
    rows = [
        said("settled", day(-2), identifier=someone.identifier, sent_on=day(-20), words="Par virement."),
        said(identifier="59999999"),
    ]

    checked = states.report(states.send("etats.csv", as_states(rows), {}))
    assert (checked["state"], listed(visitor)) == ("checked", [])
    assert checked["lines"][0] == "1 demande ouverte, 0 demande change d'état, 0 inchangée"
    before = {message.id for message in product.messages()}
    applied = states.send("etats.csv", as_states(rows), {UploadOption.APPLY: "yes"})
    assert states.report(applied)["state"] == "applied"
    assert listed(visitor) == [("rentree-11-18", "settled")]
    notice = await_message(product, before, to=someone.contact, with_code=False)
    assert notice.subject == "Votre demande est terminée"
    states.undo(applied)
    assert states.report(applied)["lines"][0] == "1 demande remise comme avant."
    assert listed(visitor) == []
