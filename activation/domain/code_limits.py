"""What limits a security code: its digits, its life, the wrong ones; and the breaker, for everybody's together."""

from dataclasses import dataclass
from typing import NamedTuple

CODE_DIGITS = 6
LONGER_CODE_DIGITS = 8
BREAKER_WINDOW_SECONDS = 600
BREAKER_HOLD_SECONDS = 3_600
"""How long the breaker stays tripped after the window in which it tripped: codes then have 8 digits."""
RIGHT_CODES_FOR_A_WRONG = 5
"""Right codes that allow everybody together one wrong code more: people mistype one in ten (docs/adr/0030)."""


@dataclass(frozen=True, slots=True)
class CodeLimits:
    """The limits of codes, each a setting as all `Limits` are.

    A code lives 15 minutes, 10 where a password or a session stands beside it (`flows.code_life`). Five wrong ones,
    and its flow takes no more: counted by `Flows.spend_attempt`, in the condition of its write.
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
    """Everybody's codes of one window of the breaker. Of the `right` ones only a person's first of a day counts."""

    wrong: int = 0
    right: int = 0

    def trip(self, limits: CodeLimits) -> bool:
        """Whether they trip the breaker: from now on codes are sent with 8 digits."""
        return self.wrong >= self._allowed(limits)

    def shut(self, limits: CodeLimits) -> bool:
        """Whether they shut it: as many wrong codes came again as tripped it with no right one beside them."""
        return self.wrong >= self._allowed(limits) + limits.wrong_codes_per_10_minutes

    def _allowed(self, limits: CodeLimits) -> int:
        return limits.wrong_codes_per_10_minutes + self.right // RIGHT_CODES_FOR_A_WRONG
