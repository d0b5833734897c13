"""A file of states goes from the bucket to the requests of people, and back, over tables of its own."""

from typing import Any

from tests.builders import ROSTER
from tests.functions.desk import CLAIRE
from tests.functions.paths import REQUESTS
from tests.functions.printed import Printed, metrics_in
from tests.functions.requests import handle, opened, sent
from tests.functions.roster_steps import prepare, report, take_in_states, undo, upload, work_through
from tests.functions.visitor import Visitor
from tests.functions.world import World
from tests.unit.in_memory_states import as_states, by_number, said


def rows_of(world: World, beginning: str) -> list[dict[str, Any]]:
    return [row for row in world.rows("requests") if row["record"]["S"].startswith(beginning)]


def listed(visitor: Visitor) -> list[tuple[str, str]]:
    return [(each["kind"], each["state_label"]) for each in visitor.get(REQUESTS).body["requests"]]


def test_two_files_checked_at_once_open_one_request_and_tell_once(world: World, louis: Visitor) -> None:
    key = "states/deux.csv"
    both = [prepare(key, upload(world, as_states([said("settled")]), key, apply="yes")) for _ in range(2)]
    for prepared in (*both, *both):
        work_through(world, prepared)
    assert (len(rows_of(world, "R#")), len(rows_of(world, "L#")), len(rows_of(world, "POINTER"))) == (1, 2, 1)
    assert len(world.deliver()) == 1
    assert listed(louis) == [("rentree-11-18", "Réglée")]


def test_a_claim_ends_by_a_file_and_its_place_is_free_until_it_is_undone(world: World, louis: Visitor) -> None:
    claim = sent(louis)
    prepared = take_in_states(world, [by_number(claim["number"], "settled", words="Vos titres sont repartis.")])
    assert (listed(louis), rows_of(world, "OPEN")[0]["open_requests"]["N"]) == ([("reclamation", "Répondue")], "0")
    assert [row for row in rows_of(world, "R#") if "queue" in row] == []
    told = louis.get(f"{REQUESTS}/{claim['id']}").body["timeline"][-1]
    assert (told["by"], told["words"]) == ("back_office", "Vos titres sont repartis.")
    assert report(world, prepared)["state"] == "applied"
    heard = len(world.messages())
    assert undo(world, prepared)["lines"][0] == "1 demande remise comme avant."
    assert (listed(louis), rows_of(world, "OPEN")[0]["open_requests"]["N"]) == ([("reclamation", "Envoyée")], "1")
    assert [row["queue"]["S"] for row in rows_of(world, "R#")] == ["reclamation"]
    assert handle(CLAIRE, claim, "take").status == 200
    assert len(world.messages()) == heard


def test_what_a_file_opened_goes_when_it_is_undone_and_comes_again(world: World, louis: Visitor) -> None:
    prepared = take_in_states(world, [said("settled"), said(kind="permis")])
    assert undo(world, prepared)["lines"][0] == "2 demandes remises comme avant."
    assert world.rows("requests") == []
    take_in_states(world, [said("settled")])
    assert listed(louis) == [("rentree-11-18", "Réglée")]


def test_a_request_of_the_back_office_takes_no_place_and_no_agents_time(world: World, louis: Visitor) -> None:
    take_in_states(world, [said(sent_on=f"2026-10-{day:02}") for day in range(1, 22)])
    assert len(rows_of(world, "R#")) == 21
    assert rows_of(world, "OPEN") == []
    assert CLAIRE.ask("requests/queue").body["requests"] == []
    assert opened(louis)["state"] == "draft"


def test_answers_of_a_file_are_counted_as_those_of_agents(world: World, printed: Printed) -> None:
    world.import_rows(ROSTER)
    rows = [said("settled"), said("refused", kind="permis", words="Hors délai."), said(kind="depart-retraite")]
    take_in_states(world, rows)
    assert metrics_in(printed.getvalue())["RequestsAnswered"] == 2
