"""The limits that protect people and money, and the time windows in which they are counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from activation.domain.code_limits import CodeLimits

HOUR_SECONDS = 3_600
DAY_SECONDS = 86_400
ADDRESS_WINDOW_SECONDS = 300
THROTTLE_LOCK_SECONDS = DAY_SECONDS
THROTTLE_KEPT_SECONDS = 400 * DAY_SECONDS


@dataclass(frozen=True, slots=True)
class Limits(CodeLimits):
    """Every limit; each is a setting of the same name in capitals. `…_seconds` are durations, the rest are counts."""

    verified_flow_seconds: int = 1_800
    passwords_per_flow: int = 30
    starts_per_person_per_hour: int = 3
    starts_per_person_per_day: int = 5
    sign_in_codes_per_day: int = 30
    starts_per_ip_per_5_minutes: int = 60
    verifications_per_ip_per_5_minutes: int = 60
    wrong_passwords: int = 10
    password_lock_seconds: int = 900
    sms_per_number_per_day: int = 6
    sign_in_sms_per_number_per_day: int = 30
    sms_per_hour: int = 5_000
    contact_changes_per_day: int = 3
    session_idle_seconds: int = 1_800
    session_max_seconds: int = 43_200
    uploads_per_day: int = 20
    single_rows_per_day: int = 200


class Window(NamedTuple):
    """A fixed window of time: `name` is unique to it, `ends_at` is in epoch seconds."""

    name: str
    ends_at: int


def window(letter: str, seconds: int, now: int) -> Window:
    """The window of that length (seconds) that contains `now`; `letter` begins its name."""
    number = now // seconds
    return Window(f"{letter}{number}", (number + 1) * seconds)


class Daily(StrEnum):
    """The acts that are counted by the UTC day for one identifier; the value begins the counter's key."""

    CONTACT_CHANGES = "contact-changes"
    """Changes that correspondents make to one person's contacts."""
    UPLOADS = "uploads"
    """Files that a correspondent sends."""
    SINGLE_ROWS = "single-rows"
    """Rows that a correspondent changes one by one."""
    CONFIRMED_ROWS = "confirmed-rows"
    """Departures and other names that a correspondent confirms, one person at a time."""


CONFIRMED_ROWS_PER_DAY = 10


class Quota(NamedTuple):
    """How many starts a throttle key has, per UTC hour and per UTC day."""

    per_hour: int
    per_day: int

    def windows(self, now: int) -> tuple[tuple[Window, int], ...]:
        """The day and the hour that contain `now`, each with its maximum."""
        return (window("d", DAY_SECONDS, now), self.per_day), (window("h", HOUR_SECONDS, now), self.per_hour)


class OtherNames(NamedTuple):
    """The codes asked for with this identifier and another name than its owner's, each within a day of the one before.

    `last_at` is the time of the last one (epoch seconds).
    """

    requests: int
    last_at: int


@dataclass(frozen=True, slots=True)
class ThrottleState:
    """The counts under one throttle key.

    `wrong`: wrong codes in a row. `locked_until`: epoch seconds. `starts`: how many in each of the latest windows, by
    the window's name.
    """

    wrong: int = 0
    locked_until: int = 0
    starts: Mapping[str, int] = field(default_factory=dict)

    def may_start_at(self, quota: Quota, now: int) -> int:
        """The first moment (epoch seconds) at which the quota allows a start: `now`, or the end of a full window."""
        full = (span.ends_at for span, most in quota.windows(now) if self.starts.get(span.name, 0) >= most)
        return max(full, default=now)

    def can_be_cleared(self, limits: Limits, now: int) -> bool:
        """Whether there is something to clear: starts of this hour or day, longer codes, or a lock."""
        counting = (window("d", DAY_SECONDS, now).name, window("h", HOUR_SECONDS, now).name)
        has_started = any(self.starts.get(name) for name in counting)
        return has_started or self.wrong > limits.longer_codes_after or self.locked_until > now
