"""What messages may cost: SMS per number and day and per hour for all together, notices per contact and day."""

from dataclasses import dataclass

from activation.domain.contacts import Contact
from activation.domain.flows import Purpose
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, Limits, window

SIGN_IN_SHARE = 5
"""The last fifth of an hour's SMS is kept for signing in."""

SAME_NOTICES_PER_DAY = 5


@dataclass(frozen=True, slots=True)
class Budget:
    """A count that a message needs a place in: `most` in that scope until `ends_at` (epoch seconds)."""

    scope: str
    most: int
    ends_at: int


def number_budget(contact: Contact, purpose: Purpose | None, *, now: int, limits: Limits) -> Budget | None:
    """The day's budget of the number; none for a notice. What a right password asked for counts apart."""
    if purpose is None:
        return None
    day = window("d", DAY_SECONDS, now)
    kind, most = ("any", limits.sms_per_number_per_day)
    if purpose is Purpose.SIGN_IN:
        kind, most = ("sign_in", limits.sign_in_sms_per_number_per_day)
    return Budget(f"number#{contact.value}#{kind}#{day.name}", most, day.ends_at)


def notice_budget(contact: Contact, kind: str, *, now: int) -> Budget:
    """The day's budget of one contact for notices that say the same: more tell nothing, and could be made a nuisance.

    Each kind has its own, so that many harmless ones never silence the one that matters (docs/adr/0012).
    """
    day = window("d", DAY_SECONDS, now)
    return Budget(f"notice#{contact.value}#{kind}#{day.name}", SAME_NOTICES_PER_DAY, day.ends_at)


def hour_budget(purpose: Purpose | None, *, now: int, limits: Limits) -> Budget:
    """The hour's budget of everybody: a breaker against SMS pumping."""
    hour = window("h", HOUR_SECONDS, now)
    most = limits.sms_per_hour
    if purpose is not Purpose.SIGN_IN:
        most -= most // SIGN_IN_SHARE
    return Budget(f"hour#{hour.name}", most, hour.ends_at)
