"""The limits of security codes: digits, life, wrong codes; and of the breaker, for all people's codes together."""

from dataclasses import dataclass
from typing import NamedTuple

CODE_DIGITS = 6
LONGER_CODE_DIGITS = 8
BREAKER_WINDOW_SECONDS = 600
BREAKER_HOLD_SECONDS = 3_600
"""How long the breaker stays tripped after the window in which it tripped: codes then have 8 digits."""
RIGHT_CODES_FOR_A_WRONG = 5
"""So many right codes allow one more wrong code of all people together: people mistype one in ten (docs/adr/0030)."""


@dataclass(frozen=True, slots=True)
class CodeLimits:
    """The limits of codes, each a setting as all `Limits` are.

    A code lives 15 minutes, but 10 where a password or a session is needed too (`flows.code_life`). After five wrong
    codes a flow takes no more: `Flows.spend_attempt` counts them, in the condition of its write.
    """

    activation_code_life_seconds: int = 900
    sign_in_code_life_seconds: int = 600
    wrong_codes_per_flow: int = 5
    longer_codes_after: int = 10
    wrong_codes_per_person: int = 100
    resend_wait_seconds: int = 60
    resends_per_flow: int = 4
    wrong_codes_per_10_minutes: int = 500


class TypedCodes(NamedTuple):
    """All people's codes in one window of the breaker. `right` counts only a person's first right code of the day."""

    wrong: int = 0
    right: int = 0

    def trip(self, limits: CodeLimits) -> bool:
        """Whether these codes trip the breaker: from then on codes are sent with 8 digits."""
        return self.wrong >= self._allowed(limits)

    def shut(self, limits: CodeLimits) -> bool:
        """Whether these codes shut the breaker: `wrong_codes_per_10_minutes` wrong codes more than tripped it."""
        return self.wrong >= self._allowed(limits) + limits.wrong_codes_per_10_minutes

    def _allowed(self, limits: CodeLimits) -> int:
        return limits.wrong_codes_per_10_minutes + self.right // RIGHT_CODES_FOR_A_WRONG
