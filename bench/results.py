"""What a measurement gives: tables that the terminal, `results.json` and `docs/performance.md` show alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Results:
    """One table of figures, under a name by which `docs/performance.md` asks for it."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    bars: tuple[str, ...] = ()
    """The columns that a chart draws."""
    stacked: bool = False
    """Whether these are parts of one whole, drawn one after the other."""


def ratio_of(ours: Sequence[float], floor: Sequence[float]) -> float:
    """The median of the ratios of interleaved rounds: what the machine did to one round it did to both."""
    return median(mine / least for mine, least in zip(ours, floor, strict=True))
