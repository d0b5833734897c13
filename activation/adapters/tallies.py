"""The starts of a throttle key, as its row in the table `limits` counts them: the latest window of each length."""

from collections.abc import Mapping
from typing import NamedTuple

from activation.adapters.dynamodb import Item
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, Quota, window

_LENGTHS = {"day": DAY_SECONDS, "hour": HOUR_SECONDS}
"""Lengths of a window in seconds, in the order of `Quota.windows`. A row has the starts and the end of one of each."""

TALLY_NAMES = tuple(name for length in _LENGTHS for name in (f"{length}_ends_at", f"starts_of_{length}"))
"""Every attribute that serves to count starts."""


class Tally(NamedTuple):
    """The starts of a throttle key in the current window of one length; `seen` is its row as it was read."""

    length: str
    ends_at: int
    most: int
    seen: Item

    @property
    def goes_on(self) -> bool:
        """Whether the row already counts this window, or a later one, in which a late call is then counted."""
        return bool(self.seen.get(f"{self.length}_ends_at", 0) >= self.ends_at)

    @property
    def is_full(self) -> bool:
        """Whether no start is left in the window."""
        return self.goes_on and bool(self.seen[f"starts_of_{self.length}"] >= self.most)

    @property
    def condition(self) -> str:
        """The condition that the row still counts the window that was seen, and that a start is left in it."""
        ends = f"{self.length}_ends_at"
        if self.goes_on:
            return f"{ends} >= :{self.length}_ends AND starts_of_{self.length} < :per_{self.length}"
        return f"(attribute_not_exists({ends}) OR {ends} < :{self.length}_ends)"

    @property
    def update(self) -> str:
        """The assignment that counts one more start, or the first start of a new window."""
        starts = f"starts_of_{self.length}"
        if self.goes_on:
            return f"{starts} = {starts} + :one"
        return f"{self.length}_ends_at = :{self.length}_ends, {starts} = :one"

    @property
    def values(self) -> dict[str, int]:
        """The values that `condition` and `update` use."""
        ends = {f"{self.length}_ends": self.ends_at}
        return ends | {f"per_{self.length}": self.most} if self.goes_on else ends


def tallies_of(row: Item, quota: Quota, now: int) -> list[Tally]:
    """The tally of each window that contains `now`."""
    windows = zip(_LENGTHS, quota.windows(now), strict=True)
    return [Tally(length, span.ends_at, most, row) for length, (span, most) in windows]


def counted_starts(row: Item) -> Mapping[str, int]:
    """The starts that the row counts, by the names of their windows."""
    return {
        window(length[0], seconds, row[f"{length}_ends_at"] - 1).name: row[f"starts_of_{length}"]
        for length, seconds in _LENGTHS.items()
        if f"{length}_ends_at" in row
    }


def tallies_unchanged(starts: Mapping[str, int]) -> tuple[str, dict[str, int]]:
    """The condition that a row still counts these starts, by the names of their windows, and the values it uses."""
    parts: list[str] = []
    values: dict[str, int] = {}
    for length, seconds in _LENGTHS.items():
        counted = [name for name in starts if name.startswith(length[0])]
        if not counted:
            parts.append(f"attribute_not_exists(starts_of_{length})")
        for name in counted:
            parts.append(f"{length}_ends_at = :{length}_ends AND starts_of_{length} = :{length}_starts")
            ends_at = (int(name.removeprefix(length[0])) + 1) * seconds
            values |= {f"{length}_ends": ends_at, f"{length}_starts": starts[name]}
    return " AND ".join(parts), values
