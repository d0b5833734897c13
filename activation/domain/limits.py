"""The limits that protect people and money, and the windows they are counted in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

HOUR_SECONDS = 3_600
DAY_SECONDS = 86_400
ADDRESS_WINDOW_SECONDS = 300
BREAKER_WINDOW_SECONDS = 600
BREAKER_HOLD_SECONDS = HOUR_SECONDS
"""How long everybody's codes stay longer once fewer wrong ones come in."""
THROTTLE_LOCK_SECONDS = DAY_SECONDS
THROTTLE_KEPT_SECONDS = 400 * DAY_SECONDS
CODE_DIGITS = 6
LONGER_CODE_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit; each is a setting of the same name in capitals. Lives and waits are seconds, the rest counts."""

    activation_code_life_seconds: int = 900
    sign_in_code_life_seconds: int = 600
    verified_flow_seconds: int = 1_800
    wrong_codes_per_flow: int = 5
    longer_codes_after: int = 10
    wrong_codes_per_person: int = 100
    resend_wait_seconds: int = 60
    resends_per_flow: int = 4
    starts_per_person_per_hour: int = 3
    starts_per_person_per_day: int = 5
    sign_in_codes_per_day: int = 30
    starts_per_ip_per_5_minutes: int = 60
    wrong_passwords: int = 10
    password_lock_seconds: int = 900
    sms_per_number_per_day: int = 6
    sign_in_sms_per_number_per_day: int = 30
    sms_per_hour: int = 5_000
    wrong_codes_per_10_minutes: int = 500
    session_idle_seconds: int = 1_800
    session_max_seconds: int = 43_200


@dataclass(frozen=True, slots=True)
class Window:
    """A fixed window of time: `name` is unique to it, `ends_at` is in epoch seconds."""

    name: str
    ends_at: int


def window(letter: str, seconds: int, now: int) -> Window:
    """The window of that length that `now` falls in."""
    number = now // seconds
    return Window(f"{letter}{number}", (number + 1) * seconds)


@dataclass(frozen=True, slots=True)
class Quota:
    """How many starts a pair has, per UTC hour and per UTC day."""

    per_hour: int
    per_day: int

    def windows(self, now: int) -> tuple[tuple[Window, int], ...]:
        """Each window that counts now, with its maximum; the longer one first."""
        return (window("d", DAY_SECONDS, now), self.per_day), (window("h", HOUR_SECONDS, now), self.per_hour)


@dataclass(frozen=True, slots=True)
class ThrottleState:
    """What is counted against one pair. `wrong`: wrong codes in a row; `starts`: of its latest windows, by name."""

    wrong: int = 0
    locked_until: int = 0
    starts: Mapping[str, int] = field(default_factory=dict)

    def may_start_at(self, quota: Quota, now: int) -> int:
        """The first moment (epoch seconds) at which the quota lets this pair start: now, or a window's end."""
        full = (span.ends_at for span, most in quota.windows(now) if self.starts.get(span.name, 0) >= most)
        return max(full, default=now)

    def can_be_cleared(self, limits: Limits, now: int) -> bool:
        """Whether clearing gives anything back: starts of this hour or day, or wrong codes, or an end to a lock."""
        counting = (window("d", DAY_SECONDS, now).name, window("h", HOUR_SECONDS, now).name)
        has_started = any(self.starts.get(name) for name in counting)
        return has_started or self.wrong > limits.longer_codes_after or self.locked_until > now
