"""The port `Expirable` in memory."""

from collections.abc import Iterator
from zlib import crc32


class FakeExpirable:
    """A table of keys and their expiry, in `rows`; pages hold `page_rows` keys, found when the page is read."""

    def __init__(self, name: str, rows: dict[str, int], *, page_rows: int = 2) -> None:
        self.name = name
        self.rows = rows
        self._page_rows = page_rows

    def expired(self, *, segment: int, segments: int, now: int) -> Iterator[list[str]]:
        keys = [key for key in sorted(self.rows) if crc32(key.encode("utf-8", "surrogatepass")) % segments == segment]
        for start in range(0, len(keys), self._page_rows):
            page = keys[start : start + self._page_rows]
            yield [key for key in page if key in self.rows and self.rows[key] <= now]

    def remove(self, key: str, *, now: int) -> bool:
        if self.rows.get(key, now + 1) > now:
            return False
        del self.rows[key]
        return True
