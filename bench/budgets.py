"""How many calls to AWS each step may make: `bench.trips` counts them, and the model takes its times from them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """How many calls a step makes, and the longest chain of them in which each waited for the one before."""

    calls: int
    in_sequence: int


BUDGETS = {
    "start": Budget(1, 1),
    "deliver a code": Budget(5, 4),
    "record a delivery": Budget(2, 2),
    "verify": Budget(4, 3),
    "set password": Budget(4, 3),
    "deliver a notice": Budget(5, 5),
    "record a notice's delivery": Budget(2, 2),
    "consent": Budget(3, 3),
    "channel": Budget(3, 3),
    "terms": Budget(3, 3),
    "home": Budget(2, 2),
    "look, as a stranger": Budget(0, 0),
    "look, on the way": Budget(1, 1),
    "look, signed in": Budget(2, 2),
    "sign in": Budget(6, 6),
    "verify a sign-in": Budget(5, 4),
}
"""What a step may ask. A call more is 5 to 12 ms of somebody's time: it stands here with its reason, or not at all.

To look is `GET /api/session`, which each page asks first.
"""
