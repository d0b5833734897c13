"""The port `Breaker` in memory."""

from activation.domain.limits import BREAKER_HOLD_SECONDS, BREAKER_WINDOW_SECONDS, Limits, window


class FakeBreaker:
    """Everybody's wrong codes, `counted` by the end of their window; tripped until `until`."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.counted: dict[int, int] = {}
        self.until = 0

    def count_wrong_code(self, *, now: int) -> None:
        ends_at = window("w", BREAKER_WINDOW_SECONDS, now).ends_at
        self.counted[ends_at] = self.counted.get(ends_at, 0) + 1
        if self.counted[ends_at] >= self._limits.wrong_codes_per_10_minutes:
            self.until = ends_at + BREAKER_HOLD_SECONDS

    def is_tripped(self, *, now: int) -> bool:
        return now < self.until
