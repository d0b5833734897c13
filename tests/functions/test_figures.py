"""Figures of the structures: noted every hour, exported every night, and nobody in them."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.builders import row
from tests.functions.people import ACTIVATION, DAY, HOUR, LOUIS, Person, ask_code, in_session
from tests.functions.reports import report_mail
from tests.functions.roster_steps import read, step
from tests.functions.visitor import CONTEXT, Visitor, handler
from tests.functions.world import World

OTHERS = [Person(f"2000000{number}", "Roux") for number in range(4)]


@pytest.fixture(autouse=True)
def one_segment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments are read side by side, and moto knows no threads."""
    monkeypatch.setattr("functions.purge_expired.segments.SEGMENTS", 1)


def clean() -> None:
    """The hourly cleanup."""
    context = SimpleNamespace(**vars(CONTEXT) | {"get_remaining_time_in_millis": lambda: 300_000})
    handler("purge_expired")({}, context)


def figures(world: World) -> list[str]:
    """The lines of tonight's export."""
    return read(world, step("figures")["figures"]).splitlines()


def invite(world: World, structure: str = "S1") -> None:
    rows = [
        row(person.identifier, person.last_name, "Zoé", email=f"z{person.identifier}@exemple.fr")
        | {"structure_id": structure}
        for person in OTHERS
    ]
    world.import_rows(rows)


def profile(world: World, person: Person) -> dict[str, Any]:
    return world.row("accounts", identifier=person.identifier, record="PROFILE")


def test_a_structure_sees_how_many_were_invited_sent_a_code_got_it_and_are_active(world: World) -> None:
    in_session(world, LOUIS)
    invite(world)
    for person in OTHERS[:2]:
        assert Visitor().post(ACTIVATION, person.start_body).status == 202
    first, _ = world.pending()
    world.deliver()
    report_mail(first, "delivery", to=f"z{OTHERS[0].identifier}@exemple.fr")
    clean()
    assert figures(world) == ["structure;invités;code envoyé;code remis;activés;part (%)", "S1;9;3;2;1;11"]


def test_figures_of_few_people_tell_nothing_of_them(world: World) -> None:
    invite(world, "=S9")
    assert figures(world)[1] == "'=S9;4;;;;"


def test_a_code_is_noted_once_and_stays_noted_when_the_outbox_has_forgotten_it(world: World) -> None:
    ask_code(world, Visitor(), LOUIS)
    sent_at = world.now
    for seconds in (0, HOUR, DAY):
        world.advance(seconds)
        clean()
        assert profile(world, LOUIS)["code_sent_at"] == {"N": str(sent_at)}
    assert world.rows("outbox") == []


def test_a_code_for_somebody_active_is_not_noted(world: World) -> None:
    in_session(world, LOUIS)
    clean()
    assert "code_sent_at" not in profile(world, LOUIS)
