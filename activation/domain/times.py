"""Times as people and the API see them. Inside the service every time is an integer of epoch seconds."""

from datetime import UTC, date, datetime, timedelta

_BEHIND_UTC_SECONDS = 10 * 3_600
"""How far the clock of Papeete is behind UTC, the whole year."""
_AHEAD_OF_UTC_SECONDS = 12 * 3_600
"""How far the clock of Wallis is ahead of UTC, the whole year."""


def rfc3339(epoch: int) -> str:
    """The time in RFC 3339, UTC, to the second: `2026-11-24T09:30:00Z`."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def paris_time(epoch: int) -> str:
    """The time in mainland France, in French: `le 24/11 à 10 h 30`.

    Summer time runs from 01:00 UTC on the last Sunday of March to that of October (directive 2000/84/EC).
    """
    local = _in_paris(epoch)
    return f"le {local:%d/%m} à {local.hour} h {local:%M}"


def paris_day(epoch: int) -> str:
    """The day in mainland France at that time: `2026-11-24`."""
    return f"{_in_paris(epoch):%Y-%m-%d}"


def moment_of(day: str) -> int:
    """A moment (epoch seconds) that is on that day (`YYYY-MM-DD`) everywhere in France."""
    return int(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()) + _BEHIND_UTC_SECONDS


def _in_paris(epoch: int) -> datetime:
    moment = datetime.fromtimestamp(epoch, UTC)
    begins, ends = (_last_sunday(moment.year, month) for month in (3, 10))
    return moment + timedelta(hours=2 if begins <= moment < ends else 1)


def _last_sunday(year: int, month: int) -> datetime:
    """The last Sunday of a month of 31 days, at 01:00 UTC."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def french_day(day: str) -> str:
    """A day (`YYYY-MM-DD`) as people read it: `le 24/11/2026`; empty for an empty day."""
    return f"le {date.fromisoformat(day):%d/%m/%Y}" if day else ""


def day_of_rights(epoch: int) -> str:
    """The day until whose end rights last at that time: that of French Polynesia, where days end last in France.

    As `2026-11-24`. So a person's last day of rights has ended wherever they are in France when their rights end.
    """
    return rfc3339(epoch - _BEHIND_UTC_SECONDS)[:10]


def latest_day(epoch: int) -> str:
    """The latest day that has begun somewhere in France at that time: that of Wallis, as `2026-11-24`."""
    return rfc3339(epoch + _AHEAD_OF_UTC_SECONDS)[:10]
