"""Rows that do not say the same of their structure."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.employment import Structure
from activation.domain.roster.structures import (
    MOST_SPELLINGS,
    StructureVariant,
    likely_spellings,
    most_frequent,
    spelling_key,
)
from tests.unit.in_memory_roster import STRUCTURE, InMemoryRosterService, line

OTHER = {"correspondent_name": "Marc Hoarau", "correspondent_email": "marc@mairie.example"}
MARC = Structure("S1", "Mairie de Mondomaine", "Marc Hoarau", "marc@mairie.example")
variants = st.lists(
    st.builds(
        StructureVariant,
        st.builds(Structure, st.just("S1"), st.sampled_from("ABC")),
        st.integers(1, 3),
        st.integers(2, 9),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda variant: variant.structure,
)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_one_row_does_not_replace_everybodys_correspondent(order: tuple[int, ...]) -> None:
    app = InMemoryRosterService()
    rows = [line("10000001"), line("10000002"), line("10000003", **OTHER)]
    prepared = app.take_in(*(rows[place] for place in order))
    assert app.structures.rows["S1"] == STRUCTURE
    number = str(order.index(2) + 2)
    text = "la structure a ici autre chose qu'ailleurs, et ce n'est pas repris (1 ligne le dit)"
    assert app.findings(prepared) == [
        [number, "remarque", "nom du correspondant", text],
        [number, "remarque", "email du correspondant", text],
    ]


def test_where_no_way_has_most_rows_what_is_stored_stays() -> None:
    app = InMemoryRosterService()
    app.take_in(line("10000001", **OTHER))
    prepared = app.take_in(line("10000001"), line("10000002", **OTHER))
    assert app.structures.rows["S1"] == MARC
    assert {(found[0], found[3]) for found in app.findings(prepared)} == {
        ("2", "les lignes se contredisent sur la structure : ce qui était connu reste")
    }


def test_where_no_way_has_most_rows_and_nothing_is_stored_the_first_is_taken() -> None:
    app = InMemoryRosterService()
    prepared = app.take_in(line("10000001", **OTHER), line("10000002"), line("10000003"), line("10000004", **OTHER))
    assert app.structures.rows["S1"] == MARC
    assert {tuple(found[::3]) for found in app.findings(prepared)} == {
        ("3", "la structure a ici autre chose qu'ailleurs, et ce n'est pas repris (2 lignes le disent)")
    }


def test_a_file_that_agrees_replaces_what_is_stored() -> None:
    app = InMemoryRosterService()
    app.take_in(line("10000001"))
    prepared = app.take_in(line("10000001", **OTHER), line("10000002", **OTHER))
    text = "le correspondant de la structure S1 change"
    assert (app.structures.rows["S1"], app.findings(prepared)) == (
        MARC, [["2", "remarque", column, text] for column in ("nom du correspondant", "email du correspondant")],
    )  # fmt: skip


def test_what_nothing_was_known_of_is_new_and_no_change() -> None:
    app = InMemoryRosterService()
    app.take_in(line("10000001", correspondent_email=""))
    prepared = app.take_in(line("10000001"))
    assert app.structures.rows["S1"] == STRUCTURE
    assert app.findings(prepared) == [
        ["2", "remarque", "email du correspondant", "le correspondant de la structure S1 est nouveau"]
    ]


BLANK = {"structure_name": "", "correspondent_name": "", "correspondent_email": ""}


@pytest.mark.parametrize("filled", [0, 2])
def test_an_empty_cell_is_no_vote(filled: int) -> None:
    app = InMemoryRosterService()
    app.take_in(line("10000001"))
    rows = [line(f"1000000{place}", **({} if place == filled else BLANK)) for place in range(4)]
    prepared = app.take_in(*rows)
    assert (app.structures.rows["S1"], app.findings(prepared)) == (STRUCTURE, [])
    app.take_in(*(row | ({} if place == filled else {"structure_name": "Ville"}) for place, row in enumerate(rows)))
    assert app.structures.rows["S1"] == replace(STRUCTURE, name="Ville")


def test_one_filled_row_of_two_counts_against_what_is_stored() -> None:
    app = InMemoryRosterService()
    app.take_in(line("10000001"))
    app.take_in(line("10000001", **OTHER), line("10000002", correspondent_name="", correspondent_email=""))
    assert app.structures.rows["S1"] == MARC


def test_what_every_row_leaves_empty_is_erased_and_told() -> None:
    app = InMemoryRosterService()
    app.take_in(line("10000001"))
    prepared = app.take_in(line("10000001", correspondent_email=""))
    assert app.structures.rows["S1"].correspondent_email == ""
    assert app.findings(prepared) == [
        ["2", "remarque", "email du correspondant", "le correspondant de la structure S1 est effacé"]
    ]


HELD_CODES = [
    ("M0088", "m0088"),
    ("0974", "00974"),
    ("0974", "974"),
    ("974", "0974"),
    ("P0001", "p0001"),
    ("M0001", "M 0001"),
]


@pytest.mark.parametrize(("held", "written"), HELD_CODES)
def test_a_new_code_that_is_a_known_one_spelt_otherwise_is_a_remark(held: str, written: str) -> None:
    app = InMemoryRosterService()
    app.take_in(line("10000001", structure_id=held))
    prepared = app.check(line("10000002", structure_id=written), line("10000003", structure_id=written))
    text = "ce code ressemble à celui d'une structure connue : si c'est la même, écrivez-le de la même façon"
    assert app.findings(prepared) == [["2", "remarque", "code structure", text]]


@given(st.text("0 -aM9", max_size=6))
def test_a_code_has_so_many_other_spellings_at_most(code: str) -> None:
    assert len(likely_spellings(code)) <= MOST_SPELLINGS


def test_rows_that_are_refused_say_nothing_of_a_structure() -> None:
    app = InMemoryRosterService()
    app.take_in(line("10000001"), *(line(f"2000000{place}", last_name="?", **OTHER) for place in range(5)))
    assert app.structures.rows["S1"] == STRUCTURE


@given(variants, st.one_of(st.none(), st.just(Structure("S1", "D"))))
def test_what_is_taken_has_most_rows_or_is_stored(said: list[StructureVariant], stored: Structure | None) -> None:
    taken = most_frequent(said, stored)
    most = max(variant.rows for variant in said)
    assert taken == stored or any(variant.structure == taken and variant.rows == most for variant in said)
    assert taken == most_frequent(said[::-1], stored) or len({variant.first for variant in said}) < len(said)


@pytest.mark.parametrize(
    ("one", "other"), [("M0001", "m0001"), ("M0001", "M 0001"), ("M0001", "M-0001"), ("0974", "974"), ("0974", "00974")]
)
def test_a_code_that_is_written_in_two_ways_is_a_remark(one: str, other: str) -> None:
    app = InMemoryRosterService()
    rows = [line("10000001", structure_id=one), line("10000002", structure_id="Z9")]
    prepared = app.check(*rows, line("10000003", structure_id=other), line("10000004", structure_id=other))
    assert app.findings(prepared) == [
        [
            "4",
            "remarque",
            "code structure",
            "ce code est écrit autrement ligne 2 : si c'est la même structure, écrivez-le de la même façon",
        ]
    ]


@pytest.mark.parametrize(("one", "other"), [("M0001", "M0002"), ("974", "975"), ("M1", "M01")])
def test_other_codes_are_others(one: str, other: str) -> None:
    assert spelling_key(one) != spelling_key(other)
