"""What the outbox knows of people's progress, noted before its rows go."""

from collections.abc import Callable

from activation.domain.ports import ActivationFunnel

HOUR_SECONDS = 3_600
LOOK_BACK_SECONDS = 3 * HOUR_SECONDS
"""The cleanup runs every hour: one that fails or comes late leaves nothing out."""


def note_codes(activation_funnel: ActivationFunnel, *, now: int, has_time: Callable[[], bool]) -> int:
    """Note who was sent a code lately, and who got it; returns how many codes there were."""
    noted = 0
    for code in activation_funnel.sent_codes(since=now - LOOK_BACK_SECONDS):
        if not has_time():
            break
        activation_funnel.note(code)
        noted += 1
    return noted
