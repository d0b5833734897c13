"""`docs/roster.md` explains motives in the words that a report has."""

import ast
import re
from pathlib import Path

import pytest

from activation.domain.roster.columns import Column
from activation.domain.roster.confirmations import Departures, MassChanges, Renamings
from activation.domain.roster.ending_links import EndingLinks

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("activation/domain/roster", "activation/imports", "functions/import_roster")
SOURCES = [source for folder in FOLDERS for source in ROOT.glob(f"{folder}/*.py")]

GUIDE = (ROOT / "docs/roster.md").read_text(encoding="utf-8")
EXPLAINED = re.search(r"\| motif \|.*\n\| --- .*\n((?:\|.*\n)+)", GUIDE)
MOTIVES = [motive for row in EXPLAINED[1].splitlines() for motive in row.split(" | ")[0][2:].split(" ; ")]  # type: ignore[index]


def texts_of(source: Path) -> list[str]:
    """Every text in a module, `N` in place of what an f-string fills in."""
    found = []
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            found.append("".join(str(part.value) if isinstance(part, ast.Constant) else "N" for part in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return found


COUNTED = [
    Departures("S1", 7, 20).words,
    Renamings("S1", 7, 0, 20).words,
    Renamings("S1", 0, 1, 20).words,
    EndingLinks(7, 20).words,
    *(MassChanges("S1", what, 7, 20).words for what in ("moves", "contacts")),
]
WORDS = [text for source in SOURCES for text in texts_of(source)] + [re.sub(r"\d+", "N", words) for words in COUNTED]


@pytest.mark.parametrize("motive", MOTIVES)
def test_a_motive_that_the_guide_explains_is_one_that_reports_have(motive: str) -> None:
    assert any(re.sub(r"\bM\b", "N", motive) in words for words in WORDS)


def test_every_column_is_named_in_the_guide_and_has_its_place_in_the_demo() -> None:
    demo = (ROOT / "local/demo_roster.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert [column for column in Column if f"`{column}`" not in GUIDE or column not in demo] == []
