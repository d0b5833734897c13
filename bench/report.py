"""Results on the terminal, in `bench/results.json` and in `docs/performance.md`, which all say the same."""

import json
import os
import platform
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import charts
from bench.results import Cell, Results

KEPT = Path(__file__).with_name("results.json")
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
CHARTS = PAGE.with_suffix("")

_SECTION = re.compile(r"(?<=<!-- results: )([a-z-]+)( -->\n).*?(?=<!-- end -->)", re.DOTALL)

DataCategory = dict[str, dict[str, Any]]
"""What each part measured, with its machine and date, as `results.json` has it."""


def show(measured: Iterable[Results]) -> None:
    """Print the tables."""
    console = Console()
    for results in measured:
        table = Table(title=results.title, title_justify="left", caption=results.note, caption_justify="left")
        for place, column in enumerate(results.columns):
            table.add_column(column, justify="left" if place == 0 else "right", overflow="fold")
        for row in results.rows:
            table.add_row(*map(_written, row))
        console.print(table)


def kept() -> DataCategory:
    """What was measured last, part by part."""
    return dict(json.loads(KEPT.read_text("utf-8"))) if KEPT.exists() else {}


def keep(part: str, measured: Iterable[Results]) -> None:
    """Put what a part measured in the place of what it measured before."""
    entry = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {
            "cores": os.cpu_count(),
            "processor": platform.machine(),
            "python": platform.python_version(),
            "system": platform.system(),
        },
        "results": [asdict(results) for results in measured],
    }
    text = json.dumps(kept() | {part: entry}, ensure_ascii=False, indent=1, sort_keys=True)
    KEPT.write_text(text + "\n", "utf-8")


def results_of(measured: DataCategory) -> dict[str, tuple[Results, str]]:
    """All results by name, each with where and when it was measured."""
    found = {}
    for entry in measured.values():
        machine = entry["machine"]
        where = f"{entry['date']}, {machine['cores']} cores ({machine['processor']}), Python {machine['python']}"
        for values in entry["results"]:
            results = Results(
                **values
                | {
                    "columns": tuple(values["columns"]),
                    "rows": tuple(map(tuple, values["rows"])),
                    "bars": tuple(values["bars"]),
                }
            )
            found[results.name] = (results, where)
    return found


def fill(page: str, measured: DataCategory) -> str:
    """The page with its generated sections as the results stand. Raises KeyError for a section without results."""
    results = results_of(measured)

    def section(found: re.Match[str]) -> str:
        name, ending = found.groups()
        return f"{name}{ending}{_section(*results[name])}"

    return _SECTION.sub(section, page)


def sections_of(page: str) -> list[str]:
    """The names of the page's generated sections."""
    return [name for name, _ in _SECTION.findall(page)]


def drawings(measured: DataCategory) -> Mapping[str, str]:
    """Every chart, by the name of its file."""
    return {f"{name}.svg": charts.draw(results) for name, (results, _) in results_of(measured).items() if results.bars}


def write() -> None:
    """Write the page and its charts anew from what is kept."""
    measured = kept()
    PAGE.write_text(fill(PAGE.read_text("utf-8"), measured), "utf-8")
    CHARTS.mkdir(exist_ok=True)
    drawn = drawings(measured)
    for file in CHARTS.glob("*.svg"):
        if file.name not in drawn:
            file.unlink()
    for name, drawing in drawn.items():
        (CHARTS / name).write_text(drawing, "utf-8")


def _section(results: Results, where: str) -> str:
    chart = f"![{results.title}]({CHARTS.name}/{results.name}.svg)\n\n" if results.bars else ""
    note = f"{results.note} " if results.note else ""
    lines = [
        _line(results.columns),
        _line(["---", *["---:"] * (len(results.columns) - 1)]),
        *map(_line, results.rows),
    ]
    return f"**{results.title}**\n\n{chart}{''.join(lines)}\n{note}*Measured {where}.*\n"


def _line(cells: Iterable[Cell]) -> str:
    return "| " + " | ".join(_written(cell).replace("|", "\\|") for cell in cells) + " |\n"


def _written(cell: Cell) -> str:
    """Counts whole; a measure with as many digits as it is worth."""
    if not isinstance(cell, float):
        return f"{cell:,}" if isinstance(cell, int) else cell
    return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.3g}"  # noqa: PLR2004  # three digits, as above a hundred
