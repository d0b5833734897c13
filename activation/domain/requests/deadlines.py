"""The rules for the last day on which a benefit may be asked for; `web/assets/deadlines.js` counts by them.

The rules and their examples are the CNAS's own (« Rappel du délai de forclusion », 2022).
"""

import calendar
from datetime import date
from enum import StrEnum


class DeadlineRule(StrEnum):
    """How the last day is counted, from the day of the event."""

    MONTHS = "months"
    """The same day so many months later, or the last day of that month."""
    CALENDAR_YEAR = "calendar_year"
    """The last day of the event's year."""


def months_later(day: date, months: int) -> date:
    """The same day that many months later; the last of that month when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
