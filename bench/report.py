"""Results on the terminal, in `bench/results.json` and in `docs/performance.md`, which all say the same."""

import json
import os
import platform
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

KEPT = Path(__file__).with_name("results.json")
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"

_SECTION = re.compile(r"(?<=<!-- results: )([a-z-]+)( -->\n).*?(?=<!-- end -->)", re.DOTALL)

Cell = str | int | float

Measurements = dict[str, dict[str, Any]]
"""What each part measured, with its machine and date, as `results.json` has it."""


@dataclass(frozen=True, slots=True)
class Results:
    """One table of figures, under a name by which `docs/performance.md` asks for it."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


def ratio_of(ours: Sequence[float], floor: Sequence[float]) -> float:
    """The median of the ratios of interleaved rounds: what the machine did to one round it did to both."""
    return median(mine / least for mine, least in zip(ours, floor, strict=True))


def show(measured: Iterable[Results]) -> None:
    """Print the tables."""
    for results in measured:
        rows = [[_written(cell) for cell in row] for row in (results.columns, *results.rows)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        print(f"{results.title}\n{results.note}")
        for first, *others in rows:
            print(first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)))


def kept() -> Measurements:
    """What was measured last, part by part."""
    return dict(json.loads(KEPT.read_text("utf-8")))


def keep(part: str, measured: Iterable[Results]) -> None:
    """Put what a part measured in the place of what it measured before."""
    entry = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores ({platform.machine()})",
        "results": [asdict(results) for results in measured],
    }
    text = json.dumps(kept() | {part: entry}, ensure_ascii=False, indent=1, sort_keys=True)
    KEPT.write_text(text + "\n", "utf-8")


def results_of(measured: Measurements) -> dict[str, tuple[Results, str]]:
    """All results by name, each with the date on which it was measured."""
    return {
        values["name"]: (Results(**values), entry["date"]) for entry in measured.values() for values in entry["results"]
    }


def fill(page: str, measured: Measurements) -> str:
    """The page with its generated sections as the results stand. Raises KeyError for a section without results."""
    results = results_of(measured)
    return _SECTION.sub(lambda found: f"{found[1]}{found[2]}{_section(*results[found[1]])}", page)


def sections_of(page: str) -> list[str]:
    """The names of the page's generated sections."""
    return [name for name, _ in _SECTION.findall(page)]


def write() -> None:
    """Write the page anew from what is kept."""
    PAGE.write_text(fill(PAGE.read_text("utf-8"), kept()), "utf-8")


def _section(results: Results, date: str) -> str:
    ruled = f"|---|{'---:|' * (len(results.columns) - 1)}\n"
    note = f"{results.note} " if results.note else ""
    return f"{_line(results.columns)}{ruled}{''.join(map(_line, results.rows))}\n{note}*{date}.*\n"


def _line(cells: Iterable[Cell]) -> str:
    return "| " + " | ".join(_written(cell).replace("|", "\\|") for cell in cells) + " |\n"


def _written(cell: Cell) -> str:
    """Counts whole; a measure with as many digits as it is worth."""
    if not isinstance(cell, float):
        return f"{cell:,}" if isinstance(cell, int) else cell
    return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.3g}"  # noqa: PLR2004  # three digits, as above a hundred
