"""Finding a structure's people page by page: everybody once, in order, and nobody through a forged place."""

import base64
import json
import re
from dataclasses import replace
from itertools import product
from unittest.mock import create_autospec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.people_search import PAGE_PEOPLE, Cursor, Lack, Numbers, Place, Search, find, read_after, written
from tests.builders import entry, invited
from tests.fakes.accounts import FakeAccounts, FakeDeclaredPeople


def town(names: list[tuple[str, str]], **more: str) -> FakeDeclaredPeople:
    accounts = FakeAccounts()
    for number, (last, usage) in enumerate(names):
        roster = entry(last_name=last, usage_name=usage, **more)
        accounts.add(invited(f"{20_000_000 + number}", roster=roster))
    return FakeDeclaredPeople(accounts)


def pages(people: FakeDeclaredPeople, search: Search) -> list[tuple[str, ...]]:
    """Every page, by way of the word that leads to the next."""
    found, after = [], None
    while True:
        page = find(people, search, after)
        found.append(page.identifiers)
        if page.after is None:
            return found
        after = read_after(written(page.after), search)
        assert after == page.after


@pytest.mark.parametrize("number", [0, 1, PAGE_PEOPLE - 1, PAGE_PEOPLE, PAGE_PEOPLE + 1, 3 * PAGE_PEOPLE + 7])
def test_everybody_is_there_once_in_order_of_name(number: int) -> None:
    people = town([(f"N{place % 7}", "") for place in range(number)])
    all_pages = pages(people, Search("S1"))
    found = [identifier for page in all_pages for identifier in page]
    names = [int(identifier) % 10_000 % 7 for identifier in found]
    assert (len(found), len(set(found)), names) == (number, number, sorted(names))
    assert all(len(page) <= PAGE_PEOPLE for page in all_pages)
    assert len(all_pages) == number // PAGE_PEOPLE + 1  # a full last page leads to an empty one at most


def test_a_name_is_found_by_its_beginning_whether_by_birth_or_by_use_and_in_one_order() -> None:
    people = town([("Petit", ""), ("Saint-Martin", "Petit"), ("Petitjean", ""), ("Durand", ""), ("Apetit", "")])
    assert pages(people, Search("S1", prefix="petit")) == [("20000000", "20000001", "20000002")]


def test_an_order_that_has_nobody_on_a_page_goes_on_behind_whom_it_showed_before() -> None:
    by_birth = [("Ab", "")] * 3 * PAGE_PEOPLE
    all_pages = pages(town([("Zz", "Aa"), *by_birth]), Search("S1", prefix="a"))
    found = [identifier for page in all_pages for identifier in page]
    assert len(found) == len(set(found)) == len(by_birth) + 1
    half = PAGE_PEOPLE // 2
    both = town([("Ab", "")] * half + [("Zz", "Aa")] * half)
    assert list(map(len, pages(both, Search("S1", prefix="a")))) == [PAGE_PEOPLE]


def test_people_of_one_name_stay_as_their_index_has_them() -> None:
    index = create_autospec(FakeDeclaredPeople, instance=True)
    index.places.return_value = [Place("garcia", "3"), Place("garcia", "1")]
    assert find(index, Search("S1"), None).identifiers == ("3", "1")


@given(st.lists(st.tuples(st.sampled_from(["Aa", "Ab", "Ac", "Ba"]), st.sampled_from(["", "Aa", "Ab"])), max_size=230))
def test_under_two_names_nobody_is_missed(names: list[tuple[str, str]]) -> None:
    people = town(names)
    found = {identifier for page in pages(people, Search("S1", prefix="a")) for identifier in page}
    right = {f"{20_000_000 + number}" for number, both in enumerate(names) if any(n.startswith("A") for n in both)}
    assert found == right


def test_who_lacks_something_is_found_by_that() -> None:
    accounts = FakeAccounts()
    unreachable = entry(email="", mobile="")
    accounts.add(invited("1", roster=unreachable), invited("2", has_bounced=True), invited("3"))
    accounts.add(invited("4", roster=replace(unreachable, structure_id="S2")))
    people = FakeDeclaredPeople(accounts)
    assert pages(people, Search("S1", lack=Lack.CONTACT)) == [("1",)]
    assert pages(people, Search("S1", lack=Lack.REACHABLE)) == [("2",)]
    numbers = {"S1": Numbers(3, 1, 1), "S2": Numbers(1, 1, 0), "S3": Numbers(0, 0, 0)}
    assert people.numbers(["S1", "S2", "S3"]) == numbers


def word(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


SEARCHES = [Search("S1"), Search("S1", prefix="garcia"), Search("S1", lack=Lack.CONTACT)]
OF_ENTRIES = [
    *(["garcia"], ["garcia", "10000001", "x"], [1, "10000001"], ["garcia", 10000001], ["", "10000001"]),
    *(["garcia" * 200, "10000001"], ["missing#" + "\ud800" * 600, "10000001"], ["garcia", ""]),
    *(["garcia", "C40218866"], ["garcia", "1" * 1_025], ["fine#garcia", "x"]),
]
FORGED = [
    *("", "x", "é", "[]", "A" * 4_000, word([]), word({}), word(1), word([None] * 3)),
    *(word([entry]) for entry in OF_ENTRIES),
    word([["garcia" + "\u0439" * 600, "10000001"], None]),
    *(base64.urlsafe_b64encode(raw).decode() for raw in (b"[" * 2_000, b"\xff\xfe")),
    *(f"{word([['garcia', '10000001']] * number)}!!!!" for number in (1, 2)),  # no letter of base64
]


ELSEWHERE = [
    (SEARCHES[1], (Place("durand", "1"), None)),
    (SEARCHES[2], (Place("fine#garcia", "1"),)),
    (SEARCHES[0], (Place("garcia", "1"), None)),
    (SEARCHES[1], (Place("garcia", "1"),)),
]


@pytest.mark.parametrize(("search", "place"), [*product(SEARCHES, FORGED), *ELSEWHERE])
def test_a_forged_place_is_refused_and_one_of_another_search(search: Search, place: str | Cursor) -> None:
    with pytest.raises(ValueError, match="place"):
        read_after(place if isinstance(place, str) else written(place), search)


@pytest.mark.parametrize("key", ["garcia", "garcia?~", "garcia>>>", "garcia" + "z" * 1_018])
def test_a_place_is_one_word_for_an_address_and_read_again(key: str) -> None:
    for identifier in ("1", "12", "123"):
        places = (Place(key, identifier),)
        assert re.fullmatch(r"[\w-]+", written(places))
        assert read_after(written(places), SEARCHES[0]) == places


def test_an_order_of_which_nobody_was_shown_yet_begins_on_a_later_page() -> None:
    people = town([("Aa", "")] * (PAGE_PEOPLE + 10) + [("Zz", "Ab")])
    first, second = pages(people, Search("S1", prefix="a"))
    assert (len(first), len(second), second[-1]) == (PAGE_PEOPLE, 11, f"{20_000_000 + PAGE_PEOPLE + 10}")
