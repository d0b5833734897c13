"""What a measurement gives: tables that the terminal, `results.json` and `docs/performance.md` show alike."""

import sys
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
    """The columns that a chart draws, one bar each (parts of one whole are stacked by the chart, not here)."""


def ratio_of(ours: Sequence[float], floor: Sequence[float]) -> float:
    """The median of the ratios of interleaved rounds: what the machine did to one round it did to both."""
    return median(mine / least for mine, least in zip(ours, floor, strict=True))


def show(measured: Sequence[Results]) -> None:
    """Print the tables."""
    for results in measured:
        rows = [tuple(map(str, row)) for row in (results.columns, *results.rows)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        sys.stdout.write(f"\n{results.title}\n")
        for row in rows:
            cells = [
                cell.ljust(width) if place == 0 else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            sys.stdout.write("  ".join(cells) + "\n")
        if results.note:
            sys.stdout.write(f"{results.note}\n")
