"""Finding people of a structure for its correspondents: by name, or by what their contacts lack, page by page."""

import base64
import binascii
import json
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import NamedTuple, Protocol

from activation.domain.parallel import run_all
from activation.domain.standing import Standing

PAGE_PEOPLE = 50
MOST_PAGES_OF_NOBODY = 10
"""How many pages that have only people who left one call passes over."""
_MOST_KEY_BYTES = 1_024
"""The longest sort key of an index, or identifier, that DynamoDB takes."""


class Lack(StrEnum):
    """A lack: of any contact in the roster, or of one from which no message came back."""

    CONTACT = "contact"
    REACHABLE = "reachable"


LACKS = {Standing.MISSING: Lack.CONTACT, Standing.BOUNCED: Lack.REACHABLE}
"""The lack that goes with a standing; people of other standings lack nothing."""


class SortOrder(StrEnum):
    """An order in which a structure's people are found."""

    LAST_NAME = "last_name"
    USAGE_NAME = "usage_name"
    STANDING = "standing"


class Place(NamedTuple):
    """A person's place in an order: the sort key there, and the person's identifier."""

    key: str
    identifier: str


class Numbers(NamedTuple):
    """How many people a structure has, and how many have these two standings; closed accounts do not count."""

    people: int
    missing: int
    bounced: int


class DeclaredPeople(Protocol):
    """The people of structures, as indexes have them: a person who was just written may not be there yet."""

    def numbers(self, structure_ids: Sequence[str]) -> dict[str, Numbers]:
        """The numbers of people, by structure."""

    def places(
        self, structure_id: str, order: SortOrder, prefix: str, after: Place | None, *, most: int
    ) -> list[Place]:
        """At most `most` places, in order, whose key begins with `prefix`; only those behind `after`, if it is given.

        The orders of names have people whose account is closed, too.
        """


class Search(NamedTuple):
    """A search in one structure: by the beginning of names (`prefix`, folded), by what people lack, or by both."""

    structure_id: str
    prefix: str = ""
    lack: Lack | None = None

    @property
    def orders(self) -> tuple[tuple[SortOrder, str], ...]:
        """The orders to look in, each with the beginning of its keys."""
        if self.prefix:
            return (SortOrder.LAST_NAME, self.prefix), (SortOrder.USAGE_NAME, self.prefix)
        if self.lack:
            (standing,) = (standing for standing, lack in LACKS.items() if lack is self.lack)
            return ((SortOrder.STANDING, f"{standing}#"),)
        return ((SortOrder.LAST_NAME, ""),)


Cursor = tuple[Place | None, ...]
"""For each order of a search the last place that was shown; None where none was yet."""


class Page(NamedTuple):
    """The identifiers of a page, in order, and the cursor of the next page; None on the last."""

    identifiers: tuple[str, ...]
    after: Cursor | None


def find(people: DeclaredPeople, search: Search, after: Cursor | None) -> Page:
    """The next page of a search. A person who is found under two names is there once a page."""
    begun = after or (None,) * len(search.orders)
    looks = [
        partial(people.places, search.structure_id, order, prefix, place, most=PAGE_PEOPLE)
        for (order, prefix), place in zip(search.orders, begun, strict=True)
    ]
    found = run_all(looks) if len(looks) > 1 else [looks[0]()]
    # Each order stays as its index has it, people of one name too: the next page begins behind the last one shown.
    merged = sorted(((place, number) for number, places in enumerate(found) for place in places), key=_key)
    is_last = len(merged) <= PAGE_PEOPLE and all(len(places) < PAGE_PEOPLE for places in found)
    shown = merged[:PAGE_PEOPLE]
    last = {number: place for place, number in shown}
    behind = tuple(last.get(number, place) for number, place in enumerate(begun))
    return Page(tuple(dict.fromkeys(place.identifier for place, _ in shown)), None if is_last else behind)


def _key(found: tuple[Place, int]) -> str:
    return found[0].key


def written(after: Cursor) -> str:
    """The cursor as one opaque word."""
    places = [place and [place.key, place.identifier] for place in after]
    return base64.urlsafe_b64encode(json.dumps(places).encode()).decode().rstrip("=")


def read_after(word: str, search: Search) -> Cursor:
    """The cursor that `written` made a word of, for this very search. Raises ValueError for any other word."""
    try:
        padded = word.encode("ascii") + b"=" * (-len(word) % 4)
        places = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, RecursionError, binascii.Error):
        raise ValueError("no place of ours") from None
    if not isinstance(places, list) or len(places) != len(search.orders):
        raise ValueError("a place of another search")
    return tuple(_place(place, prefix) for place, (_, prefix) in zip(places, search.orders, strict=True))


def _place(values: object, prefix: str) -> Place | None:
    match values:
        case None:
            return None
        case [str(key), str(identifier)] if key.startswith(prefix) and key and _fits(key):
            if identifier.isascii() and identifier.isdigit() and _fits(identifier):
                return Place(key, identifier)
    raise ValueError("no place of this search")


def _fits(key: str) -> bool:
    return len(key.encode("utf-8", "surrogatepass")) <= _MOST_KEY_BYTES
