"""Tries every order of a cast and says what each breaks."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, permutations

from activation.adapters.tables import LIMITS
from tests.orders.actors import CHECK, WHOLE_IMPORTS, Actor, actors, is_import
from tests.orders.invariants import broken, takes_a_code
from tests.orders.simulation import Outcome, Simulation
from tests.orders.steps import Step
from tests.orders.turns import (
    Order,
    Points,
    Turn,
    of_three,
    one_after_the_other,
    with_a_fault,
    with_two_changes,
    written,
)

UNSERIAL = "what comes of it, one after the other gives too"


@dataclass(frozen=True)
class Found:
    """An order that breaks something."""

    scene: str
    cast: Sequence[str]
    order: Order
    broken: Sequence[str]

    @property
    def line(self) -> str:
        cast = " | ".join(self.cast)
        return f".venv/bin/python -m tests.orders '{self.scene}: {cast}: {written(self.order)}'"

    def __str__(self) -> str:
        return f"{'; '.join(self.broken)}\n    {self.line}"


@dataclass(frozen=True)
class Serial:
    """What comes of two calls one after the other, in both ways, and of each alone."""

    first: Outcome
    second: Outcome
    alone: Mapping[str, Outcome]

    def points(self) -> Points:
        """After how many steps of each it matters that the other goes on."""
        return {name: sorted(set(self._points(name))) for name in "AB"}

    def _points(self, name: str) -> Iterator[int]:
        """Before each step that meets the other's; and after a look at a counter, as a lock is to hold at once."""
        outcomes = (self.first, self.second)
        others = [other for told in outcomes for other in told.steps[_other(name)]]
        written = {row for other in others for row in other.writes if row[0] == LIMITS.name}
        for steps in (outcome.steps[name] for outcome in outcomes):
            for place, step in enumerate(steps):
                if place and _meets(step, others):
                    yield place
                if step.reads & written and place + 1 < len(steps):
                    yield place + 1

    def explains(self, outcome: Outcome) -> bool:
        """Whether the outcome is one of them, but for calls that say that they were too busy."""
        busy = {name for name in outcome.answers if outcome.says_busy(name)}
        states = {self.first.state, self.second.state}
        states |= {self.alone[_other(name)].state for name in busy}
        return outcome.state in states or len(busy) > 1


def _drawn(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311  # chance that is the same in every run


def _some(orders: Iterable[Order], most: int | None, seed: str) -> list[Order]:
    """So many of the orders at most, drawn by that seed, as they stand."""
    every = list(orders)
    if most is None or len(every) <= most:
        return every
    return [every[place] for place in sorted(_drawn(seed).sample(range(len(every)), most))]


def _other(name: str) -> str:
    return "B" if name == "A" else "A"


def _meets(step: Step, others: Sequence[Step]) -> bool:
    return any(step.meets(other) for other in others)


def pairs() -> list[tuple[Actor, Actor]]:
    """Every two, wrong codes with everybody; and each with itself, and with one of its kind that does it otherwise."""
    alike = [(one, other) for again in (actors(), actors(1)) for one, other in zip(actors(), again, strict=True)]
    wrong = [actor for actor in actors(1) if takes_a_code(actor.name)]
    return [
        *combinations(actors(), 2),
        *alike,
        *((one, other) for other in wrong for one in actors() if one.name != other.name),
    ]


class Search:
    """Tries orders in a simulation; `found` lists what breaks something, the shortest order of each pair.

    Where only some orders are tried, `draw` chooses them: the same one, the same orders.
    """

    def __init__(self, simulation: Simulation, draw: str = "") -> None:
        self.simulation, self._draw = simulation, draw
        self.found: list[Found] = []

    def told(self) -> str:
        return "\n" + "\n".join(map(str, self.found))

    def pair(self, scene: str, first: Actor, second: Actor, *, faults: int, most: int | None = None) -> None:
        """Every order of two with at most two changes of turn, and so many with a call that fails.

        Of two of whom one changes nothing, before the other or after, only one after the other. With `most`, so many
        orders at most. What a check comes to beside another import is judged by what must always hold alone: it reads
        row after row.
        """
        cast = {"A": first, "B": second}
        alone = {name: self._alone(scene, name, actor) for name, actor in cast.items()}
        meet = any(_meets(step, alone["B"].steps["B"]) for step in alone["A"].steps["A"])
        if not meet or not any(alone[name].moves(name) for name in cast):
            return
        serial = Serial(
            self._try(scene, cast, one_after_the_other("AB"), None),
            self._try(scene, cast, one_after_the_other("BA"), None),
            alone,
        )
        if not all(serial.first.moves(name) or serial.second.moves(name) for name in cast):
            return
        is_comparable = CHECK not in (first.name, second.name) or not (is_import(first) and is_import(second))
        seed = f"{self._draw} {scene} {first.name} {second.name}"
        for order in _some(self._without(serial), most, seed):
            if self._is_found(scene, cast):
                return
            self._try(scene, cast, order, serial if is_comparable else None)
        for order in _some(self._with_faults(serial), faults, seed):
            if self._is_found(scene, cast):
                return
            self._try(scene, cast, order, None)

    def triple(self, scene: str, three: Sequence[Actor], *, most: int) -> None:
        cast = dict(zip("ABC", three, strict=True))
        alone = {name: self._alone(scene, name, actor) for name, actor in cast.items()}
        points = {
            name: [
                place for place, step in enumerate(outcome.steps[name])
                if place and _meets(step, [step for told in cast if told != name for step in alone[told].steps[told]])
            ]
            for name, outcome in alone.items()
        }  # fmt: skip
        orders = [
            order for first, second, third in permutations("ABC") for order in of_three(first, second, third, points)
        ]
        seed = " ".join([self._draw, scene, *(actor.name for actor in three)])
        for order in _drawn(seed).sample(orders, min(most, len(orders))):
            if self._is_found(scene, cast):
                return
            self._try(scene, cast, order, None)

    def _alone(self, scene: str, name: str, actor: Actor) -> Outcome:
        outcome = self.simulation.alone(scene, actor, name)
        if (wrong := broken(outcome)) and not self._is_found(scene, {name: actor}):
            self.found.append(Found(scene, [str(actor)], (Turn(name),), wrong))
        return outcome

    def _without(self, serial: Serial) -> Iterator[Order]:
        points = serial.points()
        for first, second in (("A", "B"), ("B", "A")):
            beside = any(outcome.has_threads[first] for outcome in (serial.first, serial.second))
            yield from with_two_changes(first, second, points, beside=beside)

    def _with_faults(self, serial: Serial) -> Iterator[Order]:
        for failing, outcome in (("A", serial.first), ("B", serial.second)):
            yield from with_a_fault(failing, _other(failing), len(outcome.steps[failing]))

    def _is_found(self, scene: str, cast: Mapping[str, Actor]) -> bool:
        return any(found.scene == scene and found.cast == [*map(str, cast.values())] for found in self.found)

    def _try(self, scene: str, cast: Mapping[str, Actor], order: Order, serial: Serial | None) -> Outcome:
        outcome = self.simulation.run(scene, cast, order)
        wrong = broken(outcome)
        if serial and not serial.explains(outcome):
            wrong.append(UNSERIAL)
        if wrong:
            self.found.append(Found(scene, [*map(str, cast.values())], order, wrong))
        return outcome


@cache
def triples(simulation: Simulation, scene: str) -> list[tuple[Actor, Actor, Actor]]:
    """Every three of whom each writes a row that the two others write, too."""
    everybody = [actor for actor in actors() if actor.name not in WHOLE_IMPORTS]
    writes = {
        actor.name: {row for step in simulation.alone(scene, actor).steps["A"] for row in step.writes}
        for actor in everybody
    }
    return [
        three
        for three in combinations(everybody, 3)
        if all(writes[one.name] & writes[other.name] for one, other in combinations(three, 2))
    ]
