"""Notes in the profiles when codes were sent and delivered, before the outbox's rows are removed."""

from collections.abc import Callable

from activation.domain.ports import ActivationFunnel
from functions.purge_expired.segments import Tell, work_through

LOOK_BACK_SECONDS = 3_600 + 900
"""The cleanup runs every hour: one that is late by less than 15 minutes still sees every code."""


def note_codes(activation_funnel: ActivationFunnel, *, now: int, has_time: Callable[[], bool], tell: Tell) -> bool:
    """Note the codes sent or delivered in the last 75 minutes; returns whether there was time for all of them."""
    since = now - LOOK_BACK_SECONDS
    return work_through(
        lambda segment, segments: activation_funnel.sent_codes(segment=segment, segments=segments, since=since),
        activation_funnel.note,
        has_time=has_time,
        failed=lambda code, error: tell("outbox", code.identifier if code else None, error),
    ).finished
