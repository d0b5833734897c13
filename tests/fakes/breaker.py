"""The port `Breaker` in memory."""

from activation.domain.code_limits import BREAKER_HOLD_SECONDS, BREAKER_WINDOW_SECONDS, TypedCodes
from activation.domain.limits import Limits, window


class FakeBreaker:
    """Everybody's codes, `counted` by the end of their window; tripped until `until`, shut until `shut_until`."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.counted: dict[int, TypedCodes] = {}
        self.until = self.shut_until = 0

    def count_wrong_code(self, *, now: int) -> None:
        ends_at, typed = self._window(now)
        typed = self.counted[ends_at] = typed._replace(wrong=typed.wrong + 1)
        if typed.trip(self._limits):
            self.until = ends_at + BREAKER_HOLD_SECONDS
        if typed.shut(self._limits):
            self.shut_until = ends_at + BREAKER_HOLD_SECONDS

    def count_right_code(self, *, now: int) -> None:
        ends_at, typed = self._window(now)
        self.counted[ends_at] = typed._replace(right=typed.right + 1)

    def is_tripped(self, *, now: int) -> bool:
        return now < self.until

    def is_shut(self, *, now: int) -> bool:
        return now < self.shut_until

    def _window(self, now: int) -> tuple[int, TypedCodes]:
        ends_at = window("w", BREAKER_WINDOW_SECONDS, now).ends_at
        return ends_at, self.counted.get(ends_at, TypedCodes())
