"""Runs one order again: `python -m tests.orders 'scene: call | call: order'`, as a failure prints it."""

import difflib
import sys
from collections.abc import Mapping

from tests.orders.actors import Actor, actors
from tests.orders.invariants import broken
from tests.orders.search import UNSERIAL, Serial
from tests.orders.simulation import Outcome, Simulation, simulation
from tests.orders.turns import Turn, one_after_the_other, read_order


def main(line: str) -> int:
    """Say what the order does and what it breaks; 1 when it breaks something."""
    scene, names, written = (part.strip() for part in line.split(": "))
    everybody = {str(actor): actor for actor in (*actors(), *actors(1))}
    cast = dict(zip("ABC", (everybody[name] for name in names.split(" | ")), strict=False))
    with simulation() as simulated:
        outcome = simulated.run(scene, cast, read_order(written))
        for name, answer in outcome.answers.items():
            print(f"{name} {cast[name].name}: {getattr(answer, 'said', repr(answer))}")
            print("   ", ", ".join(step.operation for step in outcome.steps[name]))
        wrong = broken(outcome)
        if len(cast) == len("AB"):
            wrong += _unserial(simulated, scene, cast, outcome)
    print(*(wrong or ["nothing is broken"]), sep="\n")
    return 1 if wrong else 0


def _unserial(simulated: Simulation, scene: str, cast: Mapping[str, Actor], outcome: Outcome) -> list[str]:
    serial = Serial(
        simulated.run(scene, cast, one_after_the_other("AB")),
        simulated.run(scene, cast, one_after_the_other("BA")),
        {name: simulated.run(scene, {name: actor}, (Turn(name),)) for name, actor in cast.items()},
    )
    if outcome.has_fault or serial.explains(outcome):
        return []
    for told, other in (("A, then B", serial.first), ("B, then A", serial.second)):
        print(
            f"--- {told}:", *(f"{name} {getattr(answer, 'said', answer)!r}" for name, answer in other.answers.items())
        )
        found = difflib.unified_diff(other.state.split("\n"), outcome.state.split("\n"), lineterm="", n=0)
        print(*list(found)[2:], sep="\n")
    return [UNSERIAL]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
