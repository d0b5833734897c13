"""An order of events as data: who goes on, for how many calls to AWS, and which call fails how.

Written as in `A3 B1 A*`: three calls of A, one of B, then A to its end; whoever is left goes on after the last turn.
A call is one step, a transaction two: it begins, and others meet it, before it is carried out. `A'` lets the threads
that A started go first. A sign after a turn fails one more call of it: `A2-` the third call never reaches AWS, `A2~`
it is carried out and its answer lost, and `A2=` the same, where the client tries again and has it carried out twice.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

_WRITTEN = re.compile(r"(?P<who>[A-Z])(?P<beside>'?)(?P<steps>\d+|\*)(?P<fault>[-~=]?)")


class Fault(Enum):
    """How a call to AWS fails."""

    UNREACHED = "-"
    UNANSWERED = "~"
    TWICE = "="


@dataclass(frozen=True, slots=True)
class Turn:
    """A call's turn: for so many steps, None for all that are left; `fault` fails the step after them."""

    who: str
    steps: int | None = None
    beside_first: bool = False
    fault: Fault | None = None

    def __str__(self) -> str:
        steps = "*" if self.steps is None else self.steps
        return f"{self.who}{chr(39) * self.beside_first}{steps}{self.fault.value if self.fault else ''}"


Order = tuple[Turn, ...]


def written(order: Order) -> str:
    return " ".join(map(str, order))


def read_order(line: str) -> Order:
    """The order that the line writes. Raises ValueError when it writes none."""
    return tuple(map(_read_turn, line.split()))


def _read_turn(text: str) -> Turn:
    found = _WRITTEN.fullmatch(text)
    if not found:
        raise ValueError(f"{text} is no turn")
    steps = None if found["steps"] == "*" else int(found["steps"])
    return Turn(found["who"], steps, bool(found["beside"]), Fault(found["fault"]) if found["fault"] else None)


def one_after_the_other(names: Sequence[str]) -> Order:
    return tuple(map(Turn, names))


Points = Mapping[str, Sequence[int]]
"""After how many steps it matters who goes on, for each call."""


def with_two_changes(first: str, second: str, points: Points, *, beside: bool) -> Iterator[Order]:
    """Every order of two calls in which `first` begins, loses its turn and gets it back; the shortest first.

    With `beside` each comes once more, with the threads that `first` started going first.
    """
    for beside_first in (False, True) if beside else (False,):
        for begun in points[first]:
            yield Turn(first, begun, beside_first), Turn(second), Turn(first)


def with_a_fault(failing: str, other: str, steps: int) -> Iterator[Order]:
    """Every order in which a call of `failing` fails in each way, and `other` comes right after that, or at the end."""
    for before in range(steps):
        for fault in Fault:
            yield Turn(failing, before, fault=fault), Turn(other), Turn(failing)
            yield Turn(failing, before, fault=fault), Turn(failing), Turn(other)


def of_three(first: str, second: str, third: str, points: Points) -> Iterator[Order]:
    """Orders in which the second breaks into the first, and the third into the second or after it."""
    for begun in points[first]:
        yield Turn(first, begun), Turn(second), Turn(third), Turn(first)
        for between in points[second]:
            yield Turn(first, begun), Turn(second, between), Turn(third), Turn(second), Turn(first)
            yield Turn(first, begun), Turn(second, between), Turn(third), Turn(first), Turn(second)
