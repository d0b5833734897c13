"""The starts of a pair as its row in the table `limits` counts them: one window of each length, the latest."""

from collections.abc import Mapping
from dataclasses import dataclass

from activation.adapters.dynamodb import Item
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, Quota, window

_LENGTHS = {"day": DAY_SECONDS, "hour": HOUR_SECONDS}
"""In the order of `Quota.windows`. Of each length a row counts the starts of one window, and says when that ends."""

TALLY_NAMES = tuple(name for length in _LENGTHS for name in (f"{length}_ends_at", f"starts_of_{length}"))
"""Every attribute that counts starts."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The starts of a pair in the window of one length, as its row was seen."""

    length: str
    ends_at: int
    most: int
    seen: Item

    @property
    def goes_on(self) -> bool:
        """Whether the row counts that window, or one after it: whoever comes late counts there."""
        return bool(self.seen.get(f"{self.length}_ends_at", 0) >= self.ends_at)

    @property
    def is_full(self) -> bool:
        """Whether no start is left in it."""
        return self.goes_on and bool(self.seen[f"starts_of_{self.length}"] >= self.most)

    @property
    def condition(self) -> str:
        """That the row still is as it was seen, and a start is left."""
        ends = f"{self.length}_ends_at"
        if self.goes_on:
            return f"{ends} >= :{self.length}_ends AND starts_of_{self.length} < :per_{self.length}"
        return f"(attribute_not_exists({ends}) OR {ends} < :{self.length}_ends)"

    @property
    def update(self) -> str:
        """One more start, or the first of its window."""
        starts = f"starts_of_{self.length}"
        if self.goes_on:
            return f"{starts} = {starts} + :one"
        return f"{self.length}_ends_at = :{self.length}_ends, {starts} = :one"

    @property
    def values(self) -> dict[str, int]:
        """What the two name."""
        ends = {f"{self.length}_ends": self.ends_at}
        return ends | {f"per_{self.length}": self.most} if self.goes_on else ends


def tallies_of(row: Item, quota: Quota, now: int) -> list[Tally]:
    """What the row counts in each window of now."""
    windows = zip(_LENGTHS, quota.windows(now), strict=True)
    return [Tally(length, span.ends_at, most, row) for length, (span, most) in windows]


def counted_starts(row: Item) -> Mapping[str, int]:
    """The starts that the row counts, by the names of their windows."""
    return {
        window(length[0], seconds, row[f"{length}_ends_at"] - 1).name: row[f"starts_of_{length}"]
        for length, seconds in _LENGTHS.items()
        if f"{length}_ends_at" in row
    }
