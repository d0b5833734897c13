"""`docs/threat-model.md` leaves nothing out, and every proof that it names exists."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
ABUSE_CASES = 44

LAST_OF_SECTION = {"2": (3, 3, 5, 2), "6": (3, 12, 8, 6, 8, 4, 2, 4), "7": (3, 4, 2, 5, 3, 2), "16": (1, 5, 4, 3, 4)}
"""How many requirements each section of ASVS 5.0 has, by chapter."""

TEST = re.compile(r"`(test_\w+)`")
CASE = re.compile(r"^\| (\d+) \| [^|]+ \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
REQUIREMENT = re.compile(r"^\| (\d+\.\d+\.\d+) \| [^|]+ \| (met|not met|not applicable) \| ([^|]+) \|$", re.MULTILINE)


def test_every_abuse_case_has_a_row_with_its_proof() -> None:
    rows = {int(number): cell for number, cell in CASE.findall(PAGE)}
    assert list(rows) == list(range(1, ABUSE_CASES + 1))
    assert [number for number, cell in rows.items() if not TEST.search(cell)] == []


def test_every_file_that_is_named_exists() -> None:
    named = re.findall(r"`((?:activation|functions|tests|docs|local)/[\w./*-]+)`", PAGE)
    assert named
    assert [name for name in named if not any(ROOT.glob(f"{name}*"))] == []


def test_every_requirement_of_the_four_chapters_is_answered() -> None:
    expected = [
        f"{chapter}.{section}.{number}"
        for chapter, lasts in LAST_OF_SECTION.items()
        for section, last in enumerate(lasts, 1)
        for number in range(1, last + 1)
    ]
    answered = REQUIREMENT.findall(PAGE)
    assert [requirement for requirement, _, _ in answered] == expected
    assert all(where.strip() for _, _, where in answered)


def test_what_is_not_met_is_said_plainly() -> None:
    unmet = {requirement for requirement, state, _ in REQUIREMENT.findall(PAGE) if state == "not met"}
    assert {"6.2.5", "6.3.6", "6.5.5"} <= unmet
    for words in ("Mail is a factor", "Composition rules", "15 minutes"):
        assert words in PAGE


def test_the_page_is_linked_from_where_people_look() -> None:
    assert "docs/threat-model.md" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
