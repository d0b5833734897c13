"""What a correspondent sees: their own structures as both rows say at that moment, and nothing of who activated."""

from typing import Any

import pytest

from tests.builders import CLAIRE, ROSTER, row
from tests.functions.correspondents import claire_at_home, link
from tests.functions.desk import CLAIRE as AGENT
from tests.functions.paths import HOME, SEARCH
from tests.functions.people import LOUIS, LOUIS_MAIL, activate, ask_code
from tests.functions.reports import report_mail
from tests.functions.visitor import Answer, Visitor
from tests.functions.world import World

FILE = b"identifiant;nom\n10000001;Garcia\n"


def search(visitor: Visitor, structure: str = "S1", **more: str) -> Answer:
    return visitor.post(SEARCH, {"structure": structure, **more})


def names(answer: Answer) -> list[str]:
    return [person["row"]["last_name"] for person in answer.body["people"]]


# The home


def test_the_home_says_how_many_people_a_structure_has_and_who_cannot_be_reached(world: World, claire: Visitor) -> None:
    ask_code(world, Visitor(), LOUIS)
    report_mail(world.wire.asked("SendEmail")[-1]["EmailTags"][0]["Value"], "bounce", to=LOUIS_MAIL)
    counted = {"people": 5, "without_contact": 1, "unreachable": 1}
    structure = {"id": "S1", "name": "Mairie de Mondomaine", **counted}
    assert claire.get(HOME).body == {"structures": [structure], "uploads": []}


def test_structures_come_a_page_at_a_time(world: World, claire: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.correspondent.service.PAGE_STRUCTURES", 1)
    link(world, "S2")
    first = claire.get(HOME).body
    second = claire.get(f"{HOME}?after={first['after']}").body
    assert [[one["id"] for one in page["structures"]] for page in (first, second)] == [["S1"], ["S2"]]
    assert "after" not in second


@pytest.mark.parametrize("after", ["0", "1", "11", "-1", "x", "", "S1"])
def test_a_page_that_is_none_of_ours_is_refused(claire: Visitor, after: str) -> None:
    answer = claire.get(f"{HOME}?after={after}")
    assert (answer.said, {pointer for pointer, _ in answer.faults}) == ((422, "invalid-request"), {"#/after"})


# People


def test_what_the_roster_says_is_listed_in_order_of_name(claire: Visitor) -> None:
    answer = search(claire)
    assert names(answer) == ["D’Almeida-Cœur", "Garcia", "Le Goff", "N'Diaye", "Saint-Martin"]
    louis = answer.body["people"][1]
    said = {"last_name": "Garcia", "first_name": "Louis", "email": LOUIS_MAIL, "mobile": "+33612345678"}
    nothing = dict.fromkeys(("usage_name", "start_date", "end_date"), "")
    row = {**said, **nothing, "structure_id": "S1"}
    assert louis == {"identifier": "10000001", "version": louis["version"], "row": row}
    assert "after" not in answer.body


def test_people_are_found_by_how_a_name_begins_by_what_they_lack_and_by_identifier(claire: Visitor) -> None:
    assert names(search(claire, name="d'al")) == ["D’Almeida-Cœur"]
    assert names(search(claire, name="PETIT")) == names(search(claire, name="saint")) == ["Saint-Martin"]
    assert names(search(claire, name="arcia")) == []
    assert names(search(claire, missing="contact")) == ["Le Goff"]
    assert names(search(claire, missing="reachable")) == []
    assert names(search(claire, identifier="1000 0002")) == ["N'Diaye"]
    assert names(search(claire, name="le", missing="contact")) == ["Le Goff"]
    assert names(search(claire, name="ga", missing="contact")) == []
    [yann] = search(claire, missing="contact").body["people"]
    assert yann["missing"] == "contact"


def test_thousands_are_listed_fifty_at_a_time_each_page_by_so_many_calls(world: World) -> None:
    world.import_rows(
        [*ROSTER, *(row(f"4000{number:04}", f"Martin-{'ABCDEFGHI'[number % 9]}", "A") for number in range(120))]
    )
    claire = claire_at_home(world)
    for wanted, number in (({}, 125), ({"name": "martin"}, 120), ({"missing": "contact"}, 121)):
        seen, after = [], None
        while True:
            heard = len(world.wire.done)
            answer = search(claire, **wanted, **({"after": after} if after else {}))
            asked = [call for call, _ in world.wire.done[heard:]]
            assert asked == ["BatchGetItem", *["Query"] * (2 if "name" in wanted else 1), "BatchGetItem"]
            seen += [person["identifier"] for person in answer.body["people"]]
            assert len(answer.body["people"]) <= 50
            after = answer.body.get("after")
            if not after:
                break
        assert (len(seen), len(set(seen))) == (number, number)


@pytest.mark.parametrize("after", ["x", "W10", "bnVsbA", "é", "A" * 4_000])
def test_a_forged_place_is_refused(claire: Visitor, after: str) -> None:
    answer = search(claire, after=after)
    assert (answer.said, answer.faults) == ((422, "invalid-request"), {("#/after", "invalid")})


def test_a_contact_given_to_the_desk_is_not_shown(claire: Visitor) -> None:
    assert AGENT.ask("contact", "10000001", email="louis@chez-lui.example").status == 200
    answer = search(claire, identifier="10000001")
    [louis] = answer.body["people"]
    assert (louis["row"]["email"], louis["row"]["mobile"]) == (None, "+33612345678")
    assert "chez-lui" not in answer.text


# Attacks


def everything_said(claire: Visitor) -> list[Any]:
    """All that Claire is told of S1, without what differs by the minute."""
    lacking = [search(claire, missing=what).body for what in ("contact", "reachable")]
    return [claire.get(HOME).body, search(claire).body, *lacking]


def test_nothing_tells_who_activated(world: World, claire: Visitor) -> None:
    before = everything_said(claire)
    activate(world, Visitor(), LOUIS)
    world.deliver()
    assert everything_said(claire) == before


def test_no_identifier_and_no_structure_of_others_is_told_from_none_at_all(world: World, claire: Visitor) -> None:
    work = []
    for identifier in ("30000001", "29999999", CLAIRE):
        heard = len(world.wire.done)
        assert search(claire, identifier=identifier).body == {"people": []}
        work.append([operation for operation, _ in world.wire.done[heard:]])
    assert work == work[:1] * 3
    refused = [search(claire, structure, identifier="30000001") for structure in ("S2", "S3", "x" * 80)]
    assert {(answer.status, answer.code) for answer in refused} == {(404, "not-found")}
    assert len({str({**answer.body, "correlation_id": ""}) for answer in refused}) == 1
