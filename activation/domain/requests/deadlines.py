"""Until when a benefit may be asked for. `web/assets/deadlines.js` counts alike, by the same table of cases."""

import calendar
from datetime import date
from enum import StrEnum


class DeadlineRule(StrEnum):
    """How the last day is counted, from the day of the event."""

    MONTHS = "months"
    """The same day so many months later, or that month's last."""
    CALENDAR_YEAR = "calendar_year"
    """The last day of the event's year."""


def last_day(rule: DeadlineRule, event: date, *, months: int = 0) -> date:
    """The last day on which it may be asked for.

    The rule and its examples are the CNAS's own (« Rappel du délai de forclusion », 2022).
    """
    if rule is DeadlineRule.CALENDAR_YEAR:
        return date(event.year, 12, 31)
    return months_later(event, months)


def months_later(day: date, months: int) -> date:
    """The same day that many months later; the last of that month when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
